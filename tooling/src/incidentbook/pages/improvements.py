"""The list of improvements: every action of reviews and problems, the late ones first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from typing import Any

from incidentbook.archive import RecordEntry
from incidentbook.pages.actions import Promise, makers, promises
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
)
from incidentbook.pages.site import Site
from incidentbook.publication import urls
from incidentbook.records import Action, ActionState
from incidentbook.records.parts import ActionType

SOON = 14
"""How many days ahead an action is said to be due soon: two Mondays."""


def index(site: Site) -> PlannedList:
    """Plan the list."""
    about = ListPage(
        path=urls.IMPROVEMENTS,
        kind="improvements",
        title="Improvements",
        description="What reviews and problems promised: open, late and done.",
        lead="What reviews and problems promised, in one place: what is late first, what is done last.",
        empty=(
            "No improvement has been promised",
            "Actions of reviews and problems will stand here. The first is written under `actions:` of one."
            if site.internal
            else "What reviews and problems promise will stand here.",
        ),
    )
    sources = makers(site)
    return planned(
        site,
        about,
        lambda: listing(site, promises(site, sources)),
        figures=partial(_figures, site=site),
        shelves=_shelves(site, sources),
    )


def listing(site: Site, every: Iterable[Promise]) -> Listing:
    """Gather the rows."""
    gathering = _Gathering(site)
    rows = (gathering.row(promise) for promise in every)
    return Listing.of(("improvement", "improvements"), _COLUMNS, rows)


_STANDINGS = ("overdue", "soon", "later", "done", "dropped")
_COLUMNS = (
    Column("action", "Action", Kind.RECORD, suffix="/#actions", named=False, code=True),
    Column("note", "Evidence", Kind.TEXT, Place.NOTE, code=True),
    Column("standing", "State", Kind.CHOICE, order=_STANDINGS),
    Column("state", "State", Kind.CHOICES, Place.UNSEEN, Facet.FIRST, order=("open", *_STANDINGS)),
    Column("type", "Type", Kind.CHOICE, facet=Facet.FIRST, order=tuple(ActionType), missing="No type"),
    Column("due", "Due", Kind.DAY),
    Column("done", "Done", Kind.DAY),
    Column("owner", "Owner", Kind.CHOICE, facet=Facet.FIRST, missing="Nobody"),
    Column("team", "Team", Kind.CHOICES, Place.UNSEEN, Facet.FIRST, missing="No team"),
    Column("source", "From", Kind.CHOICE),
    Column("from", "From", Kind.CHOICE, Place.UNSEEN, Facet.FURTHER),
    Column("evidence", "Evidence", Kind.CHOICE, Place.UNSEEN, Facet.FURTHER, missing="Without evidence"),
    Column("kept", "Kept", Kind.CHOICE, Place.UNSEEN, Facet.FURTHER, order=("on_time", "late")),
    Column("year", "Year of the record", Kind.CHOICE, Place.UNSEEN, Facet.FURTHER, descending=True),
)


class _Gathering:
    """What the list shows of actions: their values, each made once."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._choices = Choices(site)
        self._soon = site.today + timedelta(days=SOON)
        self._open = Choice("open", "All open")
        self._later = Choice("later", "Open, not due soon")
        self._evident = Choice("yes", "With evidence")

    def row(self, promise: Promise) -> Row:
        """The values of one action, in the order of `_COLUMNS`."""
        action, entry, choices = promise.action, promise.entry, self._choices
        page = urls.path_of(entry.name)
        is_open = action.state is ActionState.OPEN
        standing = self._standing(promise)
        shown_id = entry.name.lead_incident or entry.id
        return (
            Record(page.removesuffix("/"), action.title),
            _note(action),
            standing,
            (self._open, self._later if standing.key == "later" else standing) if is_open else (standing,),
            choices.plain(action.type.value) if action.type else None,
            action.due,
            action.done,
            choices.person(action.owner) if action.owner else None,
            choices.teams_of(action.owner, None if action.owner else getattr(entry.record, "team", None)),
            Choice(entry.id, shown_id, path=page),
            choices.plain(entry.kind),
            self._evident if action.evidence else None,
            self._kept(action),
            choices.year(year_of_id(entry)),
        )

    def _kept(self, action: Action) -> Choice | None:
        """Whether what is done was done by its day; None where either is not known."""
        if action.state is not ActionState.DONE or action.done is None or action.due is None:
            return None
        return self._choices.plain(
            *(("late", "Late") if action.done > action.due else ("on_time", "On time"))
        )

    def _standing(self, promise: Promise) -> Choice:
        action, choices = promise.action, self._choices
        if promise.overdue:
            return choices.state("overdue", "Overdue", "bad")
        if action.state is not ActionState.OPEN:
            return choices.state(action.state.value)
        if action.due is not None and action.due <= self._soon:
            return choices.state("soon", "Due soon", "warn")
        return choices.state("later", "Open", "busy")


def _note(action: Action) -> str | None:
    if action.state is ActionState.DROPPED and action.reason:
        return f"Dropped: {action.reason}"
    return f"Evidence: {action.evidence}" if action.evidence else None


def _figures(listing: Listing, site: Site) -> tuple[Figure, ...]:
    late, soon, open_, done = (listing.count("state", key) for key in ("overdue", "soon", "open", "done"))
    promised = open_ + done
    on_time, tardy = listing.count("kept", "on_time"), listing.count("kept", "late")
    figures = [
        Figure(f"{late:,}", "overdue", "?state=overdue" if late else "", "bad" if late else ""),
        Figure(f"{soon:,}", f"due within {SOON} days", "?state=soon" if soon else ""),
    ]
    if not site.internal:
        figures = []
    figures.append(Figure(f"{open_:,}", "open in all", "?state=open" if open_ else ""))
    if promised:
        note = f"{done:,} of {promised:,} promised"
        figures.append(Figure(share(done, promised), "done", "?state=done" if done else "", note=note))
    if on_time + tardy:
        note = f"{on_time:,} of {on_time + tardy:,} that had a day"
        query = "?kept=on_time" if on_time else ""
        figures.append(Figure(share(on_time, on_time + tardy), "of them on time", query, note=note))
    return tuple(figures)


def share(part: int, whole: int) -> str:
    """A share in whole percent; never 100 while something is missing."""
    return f"{100 * part // whole}\u00a0%"


def _shelves(site: Site, sources: list[RecordEntry[Any]]) -> tuple[Shelf, ...]:
    def shelf(year: str, entries: list[RecordEntry[Any]]) -> Shelf:
        leads = [lead for entry in entries if (lead := site.readable(entry.name.lead_incident)) is not None]
        return Shelf(
            f"{urls.IMPROVEMENTS}{year}/",
            year,
            lambda: listing(site, promises(site, entries)),
            # what is overdue, and what soon will be, follows the day
            site.key(*entries, *leads, facts=(site.today,)),
        )

    return by_year(grouped(sources, year_of_id).items(), shelf)
