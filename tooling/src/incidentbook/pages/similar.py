"""What is known of a trouble like this one: open, how past ones ended, known errors, what to try."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from incidentbook.archive import RecordEntry
from incidentbook.pages.hypertext import Html, chip, joined, tag, text
from incidentbook.pages.site import Site
from incidentbook.pages.times import time_tag
from incidentbook.pages.words import label, with_code
from incidentbook.publication.standing import is_open, start_of
from incidentbook.records import Article, Incident, Problem
from incidentbook.records.incident import Permanence, Resolution
from incidentbook.similarity import Neighbour

MOST = 4
"""How many incidents are told; of known errors and of articles, half as many each."""

_LONGEST = 220


@dataclass(frozen=True, slots=True)
class Similar:
    """A record that may help with the page's own."""

    entry: RecordEntry[Any]
    because: Neighbour

    @property
    def facts(self) -> tuple[object, ...]:
        """What the page says of the likeness."""
        return (self.entry.id, self.because.words, self.because.services, self.because.same_category)


def similar_to(entry: RecordEntry[Incident], known: frozenset[str], site: Site) -> tuple[Similar, ...]:
    """The records most like one, but for those that its page names already."""
    incidents = list(_readable(site.surroundings.incidents.get(entry.id, ()), known, site))
    solutions = list(_readable(site.surroundings.solutions.get(entry.id, ()), known, site))
    problems = [one for one in solutions if one.entry.kind == "problem"]
    articles = [one for one in solutions if one.entry.kind == "article"]
    return (*incidents[:MOST], *problems[: MOST // 2], *articles[: MOST // 2])


def _readable(near: Iterable[Neighbour], known: frozenset[str], site: Site) -> Iterator[Similar]:
    for neighbour in near:
        other = site.readable(neighbour.id)
        if other is not None and other.id not in known:
            yield Similar(other, neighbour)


def list_of(similar: tuple[Similar, ...], site: Site, prefix: str) -> Html:
    """Name each with the reason, and what it teaches, as far as the reader may know."""
    # the public is told of a resolution only what its updates say
    past = "Past, and how each was resolved" if site.internal else "Past"
    shelves: tuple[tuple[str, Callable[[Any], bool]], ...] = (
        ("Open, may be the same", lambda record: isinstance(record, Incident) and is_open(record)),
        ("Known errors and open problems", lambda record: isinstance(record, Problem)),
        ("Articles to try", lambda record: isinstance(record, Article)),
        (
            past,
            lambda record: isinstance(record, Incident) and not is_open(record),
        ),
    )
    parts = []
    for title, belongs in shelves:
        rows = [_row(one, site, prefix) for one in similar if belongs(one.entry.record)]
        if rows:
            parts.append(f'<h3>{title}</h3>\n<ul class="ib-links ib-links--cards">{joined(rows)}</ul>\n')
    return Html("".join(parts))


def _row(one: Similar, site: Site, prefix: str) -> Html:
    record = one.entry.record
    link = site.record_link(one.entry.id, prefix)
    why = f'<span class="ib-note">{_why(one.because, site)}</span>'
    return Html(f"<li>{link} {joined(_about(record, site))}{why}</li>")


def _about(record: Any, site: Site) -> Iterator[Html]:
    match record:
        case Incident():
            start = start_of(record)
            yield chip(record.status)
            if start:
                yield Html(f" <span>{time_tag(start, site.zone, 'day')}</span>")
            if record.resolution:
                yield from _ended(record.resolution, site)
        case Problem():
            yield chip(record.status)
            if record.workaround:
                yield _said(f"<b>Workaround:</b> {with_code(_short(record.workaround))}")
        case Article():
            yield tag(Html(label(record.type)))
            if record.do_first:
                yield _said(f"<b>Do first:</b> {with_code(_short(record.do_first))}")
            elif record.summary:
                yield _said(with_code(_short(record.summary)))


def _ended(resolution: Resolution, site: Site) -> Iterator[Html]:
    """How an incident ended; the public is told nothing of it, for a resolution is internal."""
    if resolution.code:
        code = site.taxonomy.resolution_code(resolution.code)
        yield Html(f" {tag(text(code.name if code else resolution.code))}")
    if resolution.permanence:
        tone = "good" if resolution.permanence is Permanence.PERMANENT else "warn"
        yield Html(f" {chip(resolution.permanence, label(resolution.permanence), tone)}")
    if resolution.summary:
        yield _said(with_code(_short(resolution.summary)))


def _said(inside: str) -> Html:
    return Html(f'<p class="ib-fix">{inside}</p>')


def _short(said: str) -> str:
    line = " ".join(said.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1].rsplit(" ", 1)[0] + "…"


def _why(because: Neighbour, site: Site) -> Html:
    parts = []
    if because.services:
        names = ", ".join([text(site.service_name(key)) for key in because.services])
        parts.append(f"Same service: {names}")
    if because.same_category:
        parts.append("same category")
    if because.words:
        told = ", ".join([f"“{text(words)}”" for words in because.words])
        parts.append(f"both say {told}")
    said = "; ".join(parts)
    return Html(said[:1].upper() + said[1:])
