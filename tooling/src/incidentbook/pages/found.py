"""What the search is told of a record beside its words: what it is filed under."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from incidentbook.archive import RecordEntry
from incidentbook.pages.page import Content, Page
from incidentbook.pages.site import Site
from incidentbook.pages.words import label
from incidentbook.publication.standing import is_open, start_of
from incidentbook.records import KINDS, Article, Handover, Incident, Maintenance, Problem, Record, Review

Filter = tuple[str, str, str]

OPEN: Filter = ("state", "open", "Any open")
"""Every state in which somebody still has to act, as the lists have it."""


def findable(page: Page, entry: RecordEntry[Any], site: Site) -> Page:
    """Let the search know a record's page as more than its words, whatever made them."""
    return replace(page, make=lambda: _with_filters(page.make(), entry, site))


def _with_filters(content: Content, entry: RecordEntry[Any], site: Site) -> Content:
    day = _moment(entry.record)
    filters = tuple(_filters(entry, site, day))
    local = day.astimezone(site.zone).date() if day else None
    return replace(content, search=tuple(replace(one, filters=filters, day=local) for one in content.search))


def _filters(entry: RecordEntry[Any], site: Site, day: datetime | None) -> Iterator[Filter]:
    record = entry.record
    yield "kind", entry.kind, label(entry.kind)
    for key, name in site.service_pairs(_services(entry, site)):
        yield "service", key, name
    if _is_open(record):
        yield OPEN
    state = str(record.status)
    if state != OPEN[1]:
        yield "state", state, label(state)
    if isinstance(record, Incident):
        priority = site.taxonomy.priority_of(record)
        if priority:
            yield "priority", priority, priority
    if day:
        year = str(day.astimezone(site.zone).year)
        yield "year", year, year


def _is_open(record: Record) -> bool:
    if isinstance(record, Incident):
        return is_open(record)
    # nobody waits for the draft of an article as for the others
    return not isinstance(record, Article) and record.status in KINDS[_KIND[type(record)]].open_states


def _services(entry: RecordEntry[Any], site: Site) -> list[str]:
    record = entry.record
    if isinstance(record, Review):
        lead = site.readable(entry.name.lead_incident)
        return _services(lead, site) if lead is not None else []
    if isinstance(record, Incident | Maintenance):
        return [impact.service for impact in record.services]
    return [] if isinstance(record, Handover) else list(record.services)


def _moment(record: Record) -> datetime | None:
    if isinstance(record, Incident):
        return start_of(record)
    if isinstance(record, Problem):
        return record.opened
    if isinstance(record, Review):
        return record.published
    if isinstance(record, Maintenance):
        window = record.actual or record.planned
        return window.from_ if window else None
    if isinstance(record, Handover):
        return record.at
    return None


_KIND = {kind.model: name for name, kind in KINDS.items()}
