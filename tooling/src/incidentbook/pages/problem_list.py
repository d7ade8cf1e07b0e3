"""The list of problems: known errors first, for they come with a workaround."""

from __future__ import annotations

from collections.abc import Iterable

from incidentbook.archive import RecordEntry
from incidentbook.pages.list_choices import Choices, year_of_id
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
from incidentbook.records import KINDS, ActionState, Problem, ProblemStatus

ProblemEntry = RecordEntry[Problem]

_STATES = (ProblemStatus.KNOWN_ERROR, ProblemStatus.OPEN, ProblemStatus.RESOLVED, ProblemStatus.CLOSED)
_OPEN = KINDS["problem"].open_states


def index(site: Site) -> PlannedList:
    """Plan the list."""
    about = ListPage(
        path=urls.PROBLEMS,
        kind="problems",
        title="Problems",
        description="Causes behind incidents: known errors with their workarounds, open and fixed ones.",
        lead="Causes behind incidents. A known error is understood and has a workaround, but no fix yet.",
        empty=(
            "No problem has been recorded",
            "A cause behind several incidents will stand here with its workaround. "
            "The first is a file such as `knowledge/problems/PRB-2026-0001.md`."
            if site.internal
            else "Causes behind incidents will stand here with their workarounds.",
        ),
        crumb=(urls.KNOWLEDGE, "Knowledge"),
        section=urls.KNOWLEDGE,
    )
    problems = site.published.problems
    return planned(
        site, about, lambda: listing(site, problems), figures=_figures, shelves=_shelves(site, problems)
    )


def listing(site: Site, entries: Iterable[ProblemEntry]) -> Listing:
    """Gather the rows: known errors, open problems, then those that are fixed; the newest of each first."""
    newest = sorted(entries, key=lambda entry: entry.name.sort_key(), reverse=True)
    newest.sort(key=lambda entry: _STATES.index(entry.record.status))
    gathering = _Gathering(site)
    return Listing.of(("problem", "problems"), _COLUMNS, map(gathering.row, newest))


_COLUMNS = (
    Column("problem", "Problem", Kind.RECORD, folder=urls.PROBLEMS),
    Column("symptom", "Symptom", Kind.TEXT, Place.NOTE, code=True),
    Column("status", "State", Kind.CHOICE, order=_STATES),
    Column("state", "State", Kind.CHOICES, Place.UNSEEN, Facet.FIRST, order=("unfixed", *_STATES)),
    SERVICES,
    Column("opened", "Opened", Kind.INSTANT),
    Column("incidents", "Incidents", Kind.NUMBER),
    Column("open", "Actions open", Kind.NUMBER),
    Column("owner", "Owner", Kind.CHOICE, Place.UNSEEN, Facet.FURTHER, missing="Nobody"),
    Column("team", "Team", Kind.CHOICES, Place.UNSEEN, Facet.FIRST, missing="No team"),
    Column("category", "Category", Kind.CHOICES, Place.UNSEEN, Facet.FURTHER, missing="No category"),
    Column("workaround", "Workaround", Kind.CHOICE, Place.UNSEEN, Facet.FURTHER, missing="None yet"),
    Column("year", "Year", Kind.CHOICE, Place.UNSEEN, Facet.FIRST, descending=True),
)


class _Gathering:
    """What the list shows of problems: their values, each made once."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._choices = Choices(site)
        self._unfixed = Choice("unfixed", "Not fixed yet")
        self._known = Choice("yes", "Known")

    def row(self, entry: ProblemEntry) -> Row:
        """The values of one problem, in the order of `_COLUMNS`."""
        problem, choices = entry.record, self._choices
        state = choices.state(problem.status.value)
        return (
            Record(entry.id, problem.title),
            next(iter(problem.symptoms), None),
            state,
            (self._unfixed, state) if problem.status in _OPEN else (state,),
            choices.services(problem.services),
            problem.opened,
            len(self._site.published.incidents_of_problem(entry.id)),
            sum(action.state is ActionState.OPEN for action in problem.actions),
            choices.person(problem.owner) if problem.owner else None,
            choices.teams_of(problem.owner, problem.team),
            choices.categories(problem.category),
            self._known if problem.workaround else None,
            choices.year(year_of_id(entry)),
        )


def _figures(listing: Listing) -> tuple[Figure, ...]:
    counted = (
        ("known_error", "known errors"),
        ("open", "being looked into"),
        ("resolved", "resolved"),
        ("closed", "closed"),
    )
    return state_figures(listing, counted)


def _shelves(site: Site, problems: Iterable[ProblemEntry]) -> tuple[Shelf, ...]:
    def shelf(year: str, entries: list[ProblemEntry]) -> Shelf:
        counts = [len(site.published.incidents_of_problem(entry.id)) for entry in entries]
        return Shelf(
            f"{urls.PROBLEMS}{year}/", year, lambda: listing(site, entries), site.key(*entries, facts=counts)
        )

    return by_year(grouped(problems, year_of_id).items(), shelf)
