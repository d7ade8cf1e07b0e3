"""The event stream as text: the story in its order, for a terminal or a pipe."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta, tzinfo

from rich.console import Console, RenderableType
from rich.console import Group as Stack
from rich.text import Text

from incidentbook.gitrepo import Commit
from incidentbook.history import Event
from incidentbook.history.story import lag, moment
from incidentbook.reports.log.words import in_words
from incidentbook.reports.sla.words import minute, roughly
from incidentbook.reports.stats.words import plural, printable

_WORTH_SAYING = timedelta(hours=1)
"""A claim that was committed within this time of what it claims is not remarked upon."""

_LONGEST = 300
"""Of a longer text the beginning is told; the record has the rest."""

_UNKNOWN = "time not said"


def log_as_text(
    events: Sequence[Event],
    *,
    zone: tzinfo,
    name: str | None,
    with_commits: bool = True,
    shallow: bool = False,
    width: int | None = None,
) -> RenderableType:
    """Lay events out, one below the other; `name` is that of the one record that they are of, if any.

    `with_commits` says of each that has no commit that it is not committed: others may not see commits.
    `shallow` says that this clone does not know the beginning. Lines end at `width`, if there is one.
    """
    if not events:
        return Text(_nothing(name, shallow=shallow))
    page = _Page(zone, max(len(_when(event, zone)) for event in events) + 2, width)
    lines = list(_lines(events, page, with_name=name is None, with_commits=with_commits))
    records = len({event.known_as.id for event in events})
    total = plural(len(events), "event") + ("" if name else f" of {plural(records, 'record')}")
    heading = [Text(printable(name), "bold")] if name else []
    return Stack(*heading, *lines, Text(), Text(f"{total}.", "bold"))


def _nothing(name: str | None, *, shallow: bool) -> str:
    if name:
        return f"Nothing is told of {printable(name)}."
    if shallow:
        return "Nothing is known of any record: this clone does not have the commits that would tell."
    return "Nothing happened to any record."


@dataclass(frozen=True)
class _Page:
    """How lines are set: the zone of their times, the room for a label, and where they end, if anywhere."""

    zone: tzinfo
    margin: int
    width: int | None


def _lines(events: Sequence[Event], page: _Page, *, with_name: bool, with_commits: bool) -> Iterator[Text]:
    """Each event, and the commit below the last of those in a row that it told."""
    following = [*(event.commit for event in events[1:]), None]
    for event, after in zip(events, following, strict=True):
        name = f"{printable(event.known_as.id)}  " if with_name else ""
        words = Text(name + _shortened(in_words(event)))
        words.stylize("bold", 0, len(name))
        if with_commits:
            words.append(_remark(event), "yellow")
        yield from _fitted(words, _when(event, page.zone), page)
        if event.commit is not None and event.commit is not after:
            yield from _fitted(Text(_source(event.commit, page.zone), "dim"), "", page)


def _shortened(words: str) -> str:
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1].rstrip() + "…"


def _fitted(words: Text, label: str, page: _Page) -> Iterator[Text]:
    """Break words into lines beside a label, by the width of characters in a terminal."""
    if page.width is None:
        yield Text.assemble((f"{label:<{page.margin}}", "dim"), words)
        return
    room = page.width - page.margin
    # a console of its own, for the width must not depend on where the text goes
    for at, part in enumerate(words.wrap(Console(width=room), room, overflow="fold")):
        part.rstrip()
        yield Text.assemble((f"{'' if at else label:<{page.margin}}", "dim"), part)


def _when(event: Event, zone: tzinfo) -> str:
    at = moment(event, zone)
    return _UNKNOWN if at is None else minute(at, zone)


def _remark(event: Event) -> str:
    """How far the commit is from what the record claims, where that is far."""
    if event.commit is None:
        return "  [not committed]"
    behind = lag(event)
    if behind is None or abs(behind) < _WORTH_SAYING:
        return ""
    return f"  [committed {roughly(abs(behind))} {'later' if behind > timedelta(0) else 'before'}]"


def _source(commit: Commit, zone: tzinfo) -> str:
    said = f"commit {commit.hash[:10]} by {printable(commit.author.name)}, {minute(commit.committed, zone)}"
    if abs(commit.committed - commit.authored) < _WORTH_SAYING:
        return said
    return f"{said} (dated {minute(commit.authored, zone)})"
