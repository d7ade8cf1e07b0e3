"""The list of shift notes, the newest first. For the organisation alone."""

from __future__ import annotations

from collections.abc import Iterable

from incidentbook.pages.handover import HandoverEntry
from incidentbook.pages.list_choices import Choices, year_of_id
from incidentbook.pages.list_pages import ListPage, Shelf, by_year, grouped, planned
from incidentbook.pages.lists import (
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

_STATES = ("written", "acknowledged")


def index(site: Site) -> PlannedList:
    """Plan the list; who hands over to whom is nobody's business outside."""
    if not site.internal:
        return PlannedList((), ())
    about = ListPage(
        path=urls.HANDOVERS,
        kind="handovers",
        title="Handovers",
        description="Shift notes: what was open, what came next, and who took over.",
        lead="Shift notes: what was open, what came next, and who took over.",
        empty=(
            "No shift has been handed over",
            "The outgoing person writes a note with `incidentbook handover`, and the incoming person "
            "acknowledges it. The first is a file such as `handovers/2026/HND-2026-0001.md`.",
        ),
        crumb=(urls.INCIDENTS, "Incidents"),
        section=urls.INCIDENTS,
    )
    notes = site.published.handovers
    return planned(site, about, lambda: listing(site, notes), figures=_figures, shelves=_shelves(site, notes))


def listing(site: Site, entries: Iterable[HandoverEntry]) -> Listing:
    """Gather the rows, the newest first."""
    newest = sorted(
        entries,
        key=lambda entry: (entry.record.at.timestamp() if entry.record.at else 0.0, entry.name.sort_key()),
        reverse=True,
    )
    gathering = _Gathering(site)
    return Listing.of(("handover", "handovers"), _COLUMNS, map(gathering.row, newest))


_COLUMNS = (
    Column("handover", "Handover", Kind.RECORD, folder=urls.HANDOVERS),
    Column("state", "State", Kind.CHOICE, facet=Facet.FIRST, order=_STATES),
    Column("at", "Written", Kind.INSTANT),
    Column("incidents", "Incidents", Kind.NUMBER),
    Column("incoming", "Taken by", Kind.CHOICE, Place.CELL, Facet.FURTHER, missing="Nobody"),
    Column("team", "Team", Kind.CHOICES, Place.UNSEEN, Facet.FIRST, missing="All teams"),
    Column("year", "Year", Kind.CHOICE, Place.UNSEEN, Facet.FIRST, descending=True),
)


class _Gathering:
    """What the list shows of handovers: their values, each made once."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._choices = Choices(site)

    def row(self, entry: HandoverEntry) -> Row:
        """The values of one handover, in the order of `_COLUMNS`."""
        note, choices = entry.record, self._choices
        return (
            Record(entry.id, self._site.title(entry)),
            self._state(entry),
            note.at,
            len(note.items),
            choices.person(note.incoming) if note.incoming else None,
            choices.teams((note.team,)) if note.team else (),
            choices.year(year_of_id(entry)),
        )

    def _state(self, entry: HandoverEntry) -> Choice:
        return self._choices.state(entry.record.status.value)


def _figures(listing: Listing) -> tuple[Figure, ...]:
    return state_figures(listing, (("written", "to be acknowledged"), ("acknowledged", "acknowledged")))


def _shelves(site: Site, notes: Iterable[HandoverEntry]) -> tuple[Shelf, ...]:
    def shelf(year: str, entries: list[HandoverEntry]) -> Shelf:
        return Shelf(f"{urls.HANDOVERS}{year}/", year, lambda: listing(site, entries), site.key(*entries))

    return by_year(grouped(notes, year_of_id).items(), shelf)
