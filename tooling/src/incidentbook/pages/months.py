"""The months of the site: what happened in each, day by day."""

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
    """Plan a page for each month in which an incident began."""
    months = by_month(site)
    names = list(months)
    return [_month_page(month, entries, _neighbours(names, month), site) for month, entries in months.items()]


def by_month(site: Site) -> dict[str, list[IncidentEntry]]:
    """The incidents that began in each month, the newest first."""
    newest = sorted(
        site.published.incidents,
        key=lambda e: (start_of(e.record) or site.now, e.name.sort_key()),
        reverse=True,
    )
    months: dict[str, list[IncidentEntry]] = {}
    for entry in newest:
        months.setdefault(month_of(entry, site), []).append(entry)
    return months


def month_of(entry: IncidentEntry, site: Site) -> str:
    """The month in which an incident began, in the repository's zone: 2026-03."""
    return (start_of(entry.record) or site.now).astimezone(site.zone).strftime("%Y-%m")


def _neighbours(months: list[str], month: str) -> tuple[str | None, str | None]:
    """The months before and after; the list begins with the newest."""
    at = months.index(month)
    return (months[at + 1] if at + 1 < len(months) else None, months[at - 1] if at else None)


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
