"""The list of maintenance: what is running, what is coming, what was."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from incidentbook.feeds import CALENDAR
from incidentbook.pages.list_choices import Choices, named_services, year_of_id
from incidentbook.pages.list_pages import ListPage, Shelf, by_year, grouped, planned
from incidentbook.pages.lists import (
    SERVICES,
    Choice,
    Column,
    Facet,
    Figure,
    Kind,
    Listing,
    Place,
    PlannedList,
    Record,
    Row,
    state_figures,
)
from incidentbook.pages.site import Site
from incidentbook.publication import urls
from incidentbook.publication.standing import MaintenanceEntry, is_coming, is_running, window_of


def index(site: Site) -> PlannedList:
    """Plan the list."""
    about = ListPage(
        path=urls.MAINTENANCE,
        kind="maintenance-list",
        title="Maintenance",
        description="Planned work: what is running, what is coming and what was done.",
        lead="Planned work: what is running and coming first, then what was. "
        "A window changes the state of a service only while it runs.",
        empty=(
            "No maintenance has been planned",
            "Windows will be announced here and on the status page. "
            "The first is a file such as `incidents/2026/MNT-2026-0001.md`."
            if site.internal
            else "Coming windows will be announced here and on the status page.",
        ),
        links=((CALENDAR, "Calendar to subscribe to"),),
        crumb=(urls.INCIDENTS, "Incidents"),
        section=urls.INCIDENTS,
    )
    windows = site.published.maintenance
    return planned(
        site, about, lambda: listing(site, windows), figures=_figures, shelves=_shelves(site, windows)
    )


def listing(site: Site, windows: Iterable[MaintenanceEntry]) -> Listing:
    """Gather the rows: running and coming ones by when they begin, then the others, newest first."""
    far = timedelta.max.total_seconds()
    ahead: list[tuple[int, float, str, MaintenanceEntry]] = []
    past: list[tuple[float, str, MaintenanceEntry]] = []
    for entry in windows:
        begin = window_of(entry.record)[0]
        at = begin.timestamp() if begin else far
        if is_running(entry.record, site.now):
            ahead.append((0, at, entry.id, entry))
        elif is_coming(entry.record, site.now):
            ahead.append((1, at, entry.id, entry))
        else:
            past.append((at, entry.id, entry))
    ahead.sort(key=lambda one: one[:3])
    past.sort(key=lambda one: one[:2], reverse=True)
    gathering = _Gathering(site)
    rows = map(gathering.row, (*(one[-1] for one in ahead), *(one[-1] for one in past)))
    return Listing.of(("window", "windows"), _COLUMNS, rows)


_STATES = ("running", "coming", "scheduled", "in_progress", "completed", "cancelled")
_COLUMNS = (
    Column("maintenance", "Maintenance", Kind.RECORD, folder=urls.MAINTENANCE),
    Column("state", "State", Kind.CHOICE, facet=Facet.FIRST, order=_STATES),
    SERVICES,
    Column("begins", "Begins", Kind.INSTANT),
    Column("length", "Length", Kind.DURATION),
    Column("team", "Team", Kind.CHOICES, Place.UNSEEN, Facet.FIRST, missing="No team"),
    Column("year", "Year", Kind.CHOICE, Place.UNSEEN, Facet.FIRST, descending=True),
)


class _Gathering:
    """What the list shows of maintenance windows: their values, each made once."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._choices = Choices(site)

    def row(self, entry: MaintenanceEntry) -> Row:
        """The values of one window, in the order of `_COLUMNS`."""
        window, choices = entry.record, self._choices
        begin, end = window_of(window)
        return (
            Record(entry.id, window.title),
            self._state(entry),
            choices.services(named_services(window)),
            begin,
            end - begin if begin and end and end >= begin else None,
            choices.teams_of(window.owner, window.team),
            choices.year(begin.astimezone(self._site.zone).year) if begin else None,
        )

    def _state(self, entry: MaintenanceEntry) -> Choice:
        if is_running(entry.record, self._site.now):
            return self._choices.state("running", "Under way", "busy")
        if is_coming(entry.record, self._site.now):
            return self._choices.state("coming", "Coming", "hold")
        return self._choices.state(entry.record.status.value)


def _figures(listing: Listing) -> tuple[Figure, ...]:
    counted = (("running", "under way"), ("coming", "coming"), ("completed", "completed"))
    return state_figures(listing, counted)


def _shelves(site: Site, windows: Iterable[MaintenanceEntry]) -> tuple[Shelf, ...]:
    def shelf(year: str, entries: list[MaintenanceEntry]) -> Shelf:
        states = [(is_running(one.record, site.now), is_coming(one.record, site.now)) for one in entries]
        key = site.key(*entries, facts=states)
        return Shelf(f"{urls.MAINTENANCE}{year}/", year, lambda: listing(site, entries), key)

    return by_year(grouped(windows, year_of_id).items(), shelf)
