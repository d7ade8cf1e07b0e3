"""The front page: is it down, what is known, what is planned, what was lately."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from incidentbook.archive import RecordEntry
from incidentbook.pages.page import Content, Page, TocItem
from incidentbook.pages.services import ServiceRow, service_rows
from incidentbook.pages.site import DAYS, Site
from incidentbook.pages.timeline import Moment, updates_of
from incidentbook.publication import urls
from incidentbook.publication.standing import (
    OPERATIONAL,
    RULE,
    IncidentEntry,
    Standing,
    end_of,
    is_open,
    standing_of,
    start_of,
    window_of,
    worst_of,
)
from incidentbook.records import MaintenanceStatus

HISTORY_DAYS = 14


@dataclass(frozen=True)
class OpenIncident:
    """An incident that is going on, with what was said, newest first.

    `state` is the worst into which it puts a service now; None where it puts none into a worse one.
    """

    entry: IncidentEntry
    state: str | None
    priority: str | None
    moments: tuple[Moment, ...]
    children: tuple[IncidentEntry, ...]

    @property
    def said(self) -> str:
        """What the last update says of it, else its state."""
        return self.moments[0].state or "" if self.moments else self.entry.record.status.value

    @property
    def severity(self) -> str:
        """What the card is coloured by: how bad it is, not how far the work is."""
        return self.state or self.priority or ""


@dataclass(frozen=True)
class PastDays:
    """A day with its incidents and maintenance, or a run of quiet days."""

    first: date
    last: date
    entries: tuple[RecordEntry[Any], ...]


def index(site: Site) -> Page:
    """Plan the front page."""
    return Page(
        path=urls.STATUS,
        kind="status",
        title="Status",
        description=f"Whether the services of {site.name} work at this moment, and what happened lately.",
        make=lambda: _content(site),
        single=True,
    )


def _content(site: Site) -> Content:
    standing = standing_of(site.published, site.now)
    groups = _groups(service_rows(site, standing, urls.STATUS))
    opened = tuple(_open_incident(entry, site) for entry in _leading(standing))
    toc = [TocItem("incidents", "Open incidents")] if opened else []
    if standing.running or standing.coming:
        toc.append(TocItem("maintenance", "Maintenance"))
    toc.extend([TocItem("services", "Services"), TocItem("history", "Last 14 days")])
    return site.fill(
        "status.html",
        urls.STATUS,
        toc,
        standing=standing,
        rule=RULE,
        groups=groups,
        opened=opened,
        window_of=window_of,
        history=tuple(past_days(site, HISTORY_DAYS)),
        history_days=HISTORY_DAYS,
        uptime_days=DAYS,
        start_of=start_of,
        end_of=end_of,
    )


def _leading(standing: Standing) -> Iterator[IncidentEntry]:
    """Open incidents, each part of a larger open one standing with it."""
    shown = {entry.id for entry in standing.open_incidents}
    for entry in standing.open_incidents:
        links = entry.record.links
        if links is None or links.parent not in shown:
            yield entry


def _open_incident(entry: IncidentEntry, site: Site) -> OpenIncident:
    moments = sorted(
        updates_of(entry.record.updates, entry, site, urls.STATUS, prefix=f"{entry.id}-"),
        key=lambda moment: moment.at,
        reverse=True,
    )
    children = tuple(child for child in site.published.children_of(entry.id) if is_open(child.record))
    worst = worst_of(entry.record, site.now)
    return OpenIncident(
        entry,
        worst if worst != OPERATIONAL else None,
        site.taxonomy.priority_of(entry.record),
        tuple(moments),
        children,
    )


def _groups(rows: tuple[ServiceRow, ...]) -> tuple[tuple[str, str, tuple[ServiceRow, ...]], ...]:
    """Services by group, in the order of the catalogue: (name, definition, rows)."""
    found: dict[tuple[str, str], list[ServiceRow]] = {}
    for row in rows:
        found.setdefault((row.group, row.group_words), []).append(row)
    return tuple((name, words, tuple(members)) for (name, words), members in found.items())


def past_days(site: Site, count: int) -> Iterator[PastDays]:
    """The last days, newest first; days on which nothing happened are gathered."""
    by_day: dict[date, list[RecordEntry[Any]]] = {}
    for entry in site.published.incidents:
        start = start_of(entry.record)
        if start is not None and not entry.record.drill and entry.record.status != "cancelled":
            by_day.setdefault(start.astimezone(site.zone).date(), []).append(entry)
    for window in site.published.maintenance:
        start = window_of(window.record)[0]
        if start is not None and window.record.status is MaintenanceStatus.COMPLETED:
            by_day.setdefault(start.astimezone(site.zone).date(), []).append(window)
    quiet: list[date] = []
    for back in range(count):
        day = site.today - timedelta(days=back)
        entries = by_day.get(day)
        if entries is None:
            quiet.append(day)
            continue
        if quiet:
            yield PastDays(quiet[-1], quiet[0], ())
            quiet = []
        entries.sort(key=lambda entry: entry.id, reverse=True)
        yield PastDays(day, day, tuple(entries))
    if quiet:
        yield PastDays(quiet[-1], quiet[0], ())
