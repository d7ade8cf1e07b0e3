"""Incidents like this one: why they are alike, and how each ended."""

from __future__ import annotations

from dataclasses import dataclass

from incidentbook.pages.hypertext import Html, chip, joined, text
from incidentbook.pages.site import Site
from incidentbook.pages.times import time_tag
from incidentbook.pages.words import with_code
from incidentbook.publication.standing import IncidentEntry, is_open, start_of
from incidentbook.similarity import Neighbour

MOST = 4
_LONGEST = 220


@dataclass(frozen=True, slots=True)
class Similar:
    """An incident like the page's own."""

    entry: IncidentEntry
    because: Neighbour

    @property
    def facts(self) -> tuple[object, ...]:
        """What the page says of the likeness."""
        return (self.because.words, self.because.services, self.because.same_category)


def similar_to(entry: IncidentEntry, known: frozenset[str], site: Site) -> tuple[Similar, ...]:
    """The incidents most like one, but for those that its page names already."""
    found = []
    for neighbour in site.neighbours.get(entry.id, ()):
        other = site.readable(neighbour.id)
        if other is not None and other.id not in known:
            found.append(Similar(other, neighbour))
    return tuple(found[:MOST])


def list_of(similar: tuple[Similar, ...], site: Site, prefix: str) -> Html:
    """Name each with the reason, and how it was fixed, as far as the reader may know."""
    rows = joined(_row(one, site, prefix) for one in similar)
    return Html(f'<ul class="ib-links ib-links--cards">{rows}</ul>\n')


def _row(one: Similar, site: Site, prefix: str) -> Html:
    incident = one.entry.record
    start = start_of(incident)
    began = f" <span>{time_tag(start, site.zone, 'day')}</span>" if start else ""
    head = f"{site.record_link(one.entry.id, prefix)} {chip(incident.status)}{began}"
    if is_open(incident):
        head += ' <span class="ib-tag ib-tag--strong">May be the same</span>'
    fixed = incident.resolution.summary if incident.resolution else None
    fix = f'<p class="ib-fix">{with_code(_short(fixed))}</p>' if fixed else ""
    return Html(f'<li>{head}{fix}<span class="ib-note">{_why(one.because, site)}</span></li>')


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
