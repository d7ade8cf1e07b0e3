"""The front page: is it down, what is known, what is planned, what was lately."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from markupsafe import Markup

from incidentbook.archive import RecordEntry
from incidentbook.pages import events, months, uptime
from incidentbook.pages.dependencies import Dependencies
from incidentbook.pages.page import Content, Page, TocItem
from incidentbook.pages.services import ServiceGroup, groups_of, service_rows
from incidentbook.pages.site import DAYS, Site
from incidentbook.pages.timeline import Moment, all_updates_of
from incidentbook.publication import urls
from incidentbook.publication.standing import (
    OPERATIONAL,
    RULE,
    IncidentEntry,
    Standing,
    is_open,
    said_until,
    start_of,
    window_of,
    worst_of,
)
from incidentbook.records import MaintenanceStatus

HISTORY_DAYS = 14
MOST_OPEN, MOST_COMING, MOST_A_DAY = 12, 8, 6
"""More than this is said in a line each, counted, or left to the page of the month."""

MOST_LINES = 40
RECENT_MONTHS = 6


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
    """A day with its incidents and maintenance, or a run of quiet days; `more` are not among the lines."""

    first: date
    last: date
    lines: str = ""
    more: int = 0
    href: str = ""


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
    standing = site.standing
    rows = service_rows(site)
    leading = tuple(_leading(standing, site))
    is_told = sum(row.history.told for row in rows) <= uptime.MOST_TOLD
    toc = [TocItem("incidents", "Open incidents")] if leading else []
    if standing.running or standing.coming:
        toc.append(TocItem("maintenance", "Maintenance"))
    toc.extend([TocItem("services", "Services"), TocItem("history", "Last 14 days")])
    dependencies = Dependencies(site)
    return site.fill(
        "status.html",
        urls.STATUS,
        toc,
        standing=standing,
        rule=RULE,
        groups=_drawn(groups_of(rows, site), is_told=is_told),
        through={
            row.service.id: [one.service for one in dependencies.upstream(row.service)]
            for row in rows
            if row.state == OPERATIONAL
        },
        opened=tuple(_open_incident(entry, site) for entry in leading[:MOST_OPEN]),
        also_open=events.listed(leading[MOST_OPEN:][:MOST_LINES], site, "", "day"),
        more_open=max(len(leading) - MOST_OPEN - MOST_LINES, 0),
        coming=standing.coming[:MOST_COMING],
        window_of=window_of,
        history=tuple(past_days(site, HISTORY_DAYS)),
        history_days=HISTORY_DAYS,
        months=months.latest(site, RECENT_MONTHS),
        uptime_days=DAYS,
    )


def _drawn(
    groups: tuple[ServiceGroup, ...], *, is_told: bool
) -> tuple[tuple[ServiceGroup, tuple[Markup, ...]], ...]:
    """Each group with the bars of its services."""
    return tuple(
        (
            group,
            tuple(
                uptime.draw(row.history, row.service.name, urls.STATUS, is_told=is_told) for row in group.rows
            ),
        )
        for group in groups
    )


def _leading(standing: Standing, site: Site) -> Iterator[IncidentEntry]:
    """Open incidents, the newest word first, each that follows a larger open one standing with it."""
    shown = {entry.id for entry in standing.open_incidents}
    for entry in sorted(standing.open_incidents, key=lambda one: last_word(one, site.now), reverse=True):
        if not any(larger.id in shown for larger in site.published.followed_by(entry.id)):
            yield entry


def last_word(entry: IncidentEntry, now: datetime) -> datetime:
    """When something was last said of an incident until now; when it began, where nothing was."""
    incident = entry.record
    said = said_until(incident.updates, now)
    return said[-1].at if said else start_of(incident) or datetime.min.replace(tzinfo=UTC)


def _open_incident(entry: IncidentEntry, site: Site) -> OpenIncident:
    children = tuple(child for child in site.published.followers_of(entry.id) if is_open(child.record))
    worst = worst_of(entry.record, site.now)
    return OpenIncident(
        entry,
        worst if worst != OPERATIONAL else None,
        site.taxonomy.priority_of(entry.record),
        newest_updates(entry, site, urls.STATUS),
        children,
    )


def newest_updates(entry: IncidentEntry, site: Site, path: str) -> tuple[Moment, ...]:
    """What was said of an incident until now, the newest first, for the page at `path`."""
    moments = all_updates_of(entry, site, path, prefix=f"{entry.id}-")
    return tuple(sorted(moments, key=lambda moment: moment.at, reverse=True))


def past_days(site: Site, count: int) -> Iterator[PastDays]:
    """The last days, newest first; days on which nothing happened are gathered."""
    by_day = _by_day(site, site.today - timedelta(days=count - 1))
    quiet: list[date] = []
    for back in range(count):
        day = site.today - timedelta(days=back)
        entries = by_day.get(day)
        if entries is None:
            quiet.append(day)
            continue
        if quiet:
            yield PastDays(quiet[-1], quiet[0])
            quiet = []
        entries.sort(key=lambda entry: (events.began_at(entry, site), entry.id), reverse=True)
        more = max(len(entries) - MOST_A_DAY, 0)
        yield PastDays(day, day, events.listed(entries[:MOST_A_DAY], site, ""), more, uptime.day_path(day))
    if quiet:
        yield PastDays(quiet[-1], quiet[0])


def _by_day(site: Site, first: date) -> dict[date, list[RecordEntry[Any]]]:
    found: dict[date, list[RecordEntry[Any]]] = {}
    # a day more than may be needed: no zone is farther from another
    since = site.now - timedelta(days=(site.today - first).days + 2)
    for entry in site.published.incidents:
        start = start_of(entry.record)
        if start is None or start < since or entry.record.drill or entry.record.status == "cancelled":
            continue
        found.setdefault(start.astimezone(site.zone).date(), []).append(entry)
    for window in site.published.maintenance:
        start = window_of(window.record)[0]
        if start is not None and start >= since and window.record.status is MaintenanceStatus.COMPLETED:
            found.setdefault(start.astimezone(site.zone).date(), []).append(window)
    return found
