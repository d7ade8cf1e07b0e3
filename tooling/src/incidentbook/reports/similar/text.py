"""What is known of a trouble as text, for a terminal or a pipe."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from rich.console import Console, RenderableType
from rich.console import Group as Stack
from rich.text import Text

from incidentbook.records import Article, Incident
from incidentbook.reports.diagnostics.text import visible
from incidentbook.reports.similar.words import how_resolved, short, what_to_do
from incidentbook.reports.sla.words import roughly
from incidentbook.similarity import Hit, Known
from incidentbook.taxonomy import Taxonomy

WIDTH = 100
_INDENT = 6


def known_as_text(
    known: Known,
    *,
    id_: str | None,
    taxonomy: Taxonomy,
    now: datetime,
    width: int = WIDTH,
    is_linked: bool = True,
) -> RenderableType:
    """Lay out what may be the same, what to do about it, and how it went before.

    `id_` is the record that it was looked up for, if it was one; `is_linked` says whether it can link what
    helped: only an incident does.
    """
    if known.is_empty:
        return Text("Nothing like it is known.")
    page = _Page(taxonomy, now, width)
    parts = [
        *page.shelf("Open, may be the same", known.open),
        *page.shelf("Known errors and open problems", known.known_errors),
        *page.shelf("Articles to try", known.articles),
        *page.shelf("Past, and how each was resolved", known.past),
        *page.fitted(_next(known, id_) if is_linked else "", "dim"),
    ]
    return Stack(*parts)


class _Page:
    def __init__(self, taxonomy: Taxonomy, now: datetime, width: int) -> None:
        self._taxonomy, self._now = taxonomy, now
        self._width = max(40, min(width, WIDTH))

    def shelf(self, title: str, hits: Sequence[Hit]) -> Iterator[Text]:
        """A heading with what stands below it; nothing where nothing does."""
        if not hits:
            return
        yield Text(title, "bold")
        for hit in hits:
            yield from self._hit(hit)
        yield Text()

    def _hit(self, hit: Hit) -> Iterator[Text]:
        record = hit.entry.record
        head = Text.assemble((f"{hit.score:4.2f}  ", "dim"), (visible(hit.entry.id), "bold"))
        head.append(f"  {short(record.title, 200)}")
        yield from self._broken(head, _INDENT)
        for line, style in self._about(hit):
            if line:
                yield from self._broken(Text(" " * _INDENT + line, style), _INDENT)

    def _about(self, hit: Hit) -> Iterable[tuple[str, str]]:
        record = hit.entry.record
        state = str(record.type if isinstance(record, Article) else record.status).replace("_", " ")
        if isinstance(record, Incident):
            said = how_resolved(record, self._taxonomy)
            yield f"{state}{_ago(record, self._now)}{f'; {said}' if said else ''}", ""
        else:
            do = what_to_do(record)
            yield f"{state}{f'; {do}' if do else ''}", ""
            if isinstance(record, Article) and record.review_by and record.review_by < self._now.date():
                yield f"nobody has tried it again since it was due, {record.review_by}", "yellow"
        yield visible(hit.reason(self._taxonomy)), "dim"

    def fitted(self, words: str, style: str = "") -> Iterator[Text]:
        """Lines of words; none where there are none."""
        if words:
            yield from self._broken(Text(words, style), 0)

    def _broken(self, text: Text, indent: int) -> Iterator[Text]:
        # a console of its own, for the width must not depend on where the text goes
        lines = text.wrap(Console(width=self._width), self._width - indent, overflow="fold")
        for number, line in enumerate(lines):
            line.rstrip()
            yield line if number == 0 else Text.assemble(" " * indent, line)


def _ago(incident: Incident, now: datetime) -> str:
    at = incident.resolved or incident.restored or incident.closed or incident.opened
    if at is None or at > now:
        return ""
    return f", {'since ' if at == incident.opened else ''}{roughly(now - at)} ago"


def _next(known: Known, id_: str | None) -> str:
    """The command that records what helped, so that it is counted and found again."""
    options = list(_links(known))
    if not options:
        shelves = (known.open, known.known_errors, known.articles, known.past)
        is_all_named = all(hit.named for hits in shelves for hit in hits)
        return "This record names all of it." if is_all_named else ""
    commands = " or ".join(f"incidentbook link {id_ or 'ID'} {option}" for option in options[:2])
    return f"If it helped, say so, so that it is counted: {commands}"


def _links(known: Known) -> Iterator[str]:
    for option, hits in (
        ("--article", known.articles),
        ("--known-error", [hit for hit in known.known_errors if hit.entry.record.status == "known_error"]),
        ("--problem", [hit for hit in known.known_errors if hit.entry.record.status == "open"]),
        ("--duplicate-of", [hit for hit in known.open if hit.earlier]),
        ("--earlier", [hit for hit in known.past if hit.earlier]),
    ):
        for hit in [hit for hit in hits if not hit.named][:1]:
            yield f"{option} {visible(hit.entry.id)}"
