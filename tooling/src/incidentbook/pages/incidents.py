"""The lists of incidents: the index that filters and sorts, and a page a month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from incidentbook.pages import times
from incidentbook.pages.page import Content, Page, TocItem
from incidentbook.pages.site import Site
from incidentbook.publication import urls
from incidentbook.publication.standing import IncidentEntry, end_of, is_open, start_of
from incidentbook.records import Incident

NEWEST = 1000
"""More rows than this make the index slow on a phone; older ones are on the pages of their months."""


@dataclass(frozen=True)
class IncidentRow:
    """One incident as lists show it."""

    entry: IncidentEntry
    priority: str | None
    services: tuple[tuple[str, str], ...]
    lasted: timedelta | None

    @property
    def incident(self) -> Incident:
        """The record."""
        return self.entry.record


def row_of(entry: IncidentEntry, site: Site) -> IncidentRow:
    """Gather what a list shows of an incident."""
    incident = entry.record
    start, end = start_of(incident), end_of(incident)
    until = end or (site.now if is_open(incident) else None)
    return IncidentRow(
        entry,
        site.taxonomy.priority_of(incident),
        tuple(site.service_pairs(impact.service for impact in incident.services)),
        until - start if start and until and until >= start else None,
    )


def pages(site: Site) -> list[Page]:
    """Plan the index and the months."""
    newest = sorted(
        site.published.incidents,
        key=lambda e: (start_of(e.record) or site.now, e.name.sort_key()),
        reverse=True,
    )
    months: dict[str, list[IncidentEntry]] = {}
    for entry in newest:
        months.setdefault(month_of(entry, site), []).append(entry)
    index = Page(
        path=urls.INCIDENTS,
        kind="incidents",
        title="Incidents",
        description=f"Every incident of {site.name}, newest first.",
        make=partial(_index_content, newest, tuple(months), site),
        single=True,
    )
    names = list(months)
    return [
        index,
        *(_month_page(month, entries, _neighbours(names, month), site) for month, entries in months.items()),
    ]


def month_of(entry: IncidentEntry, site: Site) -> str:
    """The month in which an incident began, in the repository's zone: 2026-03."""
    return (start_of(entry.record) or site.now).astimezone(site.zone).strftime("%Y-%m")


def _neighbours(months: list[str], month: str) -> tuple[str | None, str | None]:
    """The months before and after; the list begins with the newest."""
    at = months.index(month)
    return (months[at + 1] if at + 1 < len(months) else None, months[at - 1] if at else None)


def _index_content(newest: list[IncidentEntry], months: tuple[str, ...], site: Site) -> Content:
    rows = [row_of(entry, site) for entry in newest[:NEWEST]]
    years: dict[str, list[str]] = {}
    for month in months:
        years.setdefault(month[:4], []).append(month)
    return site.fill(
        "incidents.html",
        urls.INCIDENTS,
        [TocItem("list", "Incidents"), *([TocItem("months", "By month")] if rows else [])],
        rows=rows,
        total=len(newest),
        years=years,
        states=sorted({row.incident.status for row in rows}, key=list(type(rows[0].incident.status)).index)
        if rows
        else [],
        services=sorted(
            {service for row in rows for service in row.services}, key=lambda pair: pair[1].casefold()
        ),
        priorities=sorted({row.priority for row in rows if row.priority}),
        row_years=sorted({month_of(row.entry, site)[:4] for row in rows}, reverse=True),
        month_of=lambda entry: month_of(entry, site),
        start_of=start_of,
    )


def _month_page(
    month: str, entries: list[IncidentEntry], neighbours: tuple[str | None, str | None], site: Site
) -> Page:
    path = urls.month_path(month)
    return Page(
        path=path,
        kind="month",
        title=f"Incidents of {times.month_words(month)}",
        description=f"{len(entries)} incidents of {site.name} in {times.month_words(month)}.",
        make=partial(_month_content, month, entries, neighbours, site, path),
        section=urls.INCIDENTS,
    )


def _month_content(
    month: str, entries: list[IncidentEntry], neighbours: tuple[str | None, str | None], site: Site, path: str
) -> Content:
    rows = [row_of(entry, site) for entry in entries]
    return site.fill(
        "month.html",
        path,
        [TocItem("list", "Incidents")],
        month=month,
        rows=rows,
        earlier=neighbours[0],
        later=neighbours[1],
        start_of=start_of,
    )
