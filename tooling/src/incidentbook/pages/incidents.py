"""The list of incidents."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from incidentbook.pages import times
from incidentbook.pages.list_choices import Choices, named_services
from incidentbook.pages.list_pages import ListPage, Rest, planned
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
)
from incidentbook.pages.site import Site
from incidentbook.publication import urls
from incidentbook.publication.standing import IncidentEntry, end_of, is_open, start_of
from incidentbook.records import Incident, IncidentStatus, ServiceState

_STATES = tuple(IncidentStatus)
_WORST_FIRST = tuple(reversed(ServiceState))
_BADNESS = {state: badness for badness, state in enumerate(ServiceState)}


def index(site: Site) -> PlannedList:
    """Plan the list."""
    about = ListPage(
        path=urls.INCIDENTS,
        kind="incidents",
        title="Incidents",
        description=f"Every incident of {site.name}, newest first.",
        lead="Every incident, from the first sign to what was learned.",
        empty=(
            "No incident has been recorded",
            "Every incident will stand here, newest first. `incidentbook new` writes the first."
            if site.internal
            else "There is nothing to report.",
        ),
        links=(
            (urls.MAINTENANCE, "Planned maintenance"),
            *(((urls.CATEGORIES, "Categories"), (urls.HANDOVERS, "Handovers")) if site.internal else ()),
        ),
    )
    return planned(
        site, about, lambda: listing(site), figures=partial(_figures, site=site), rest=lambda _: _months(site)
    )


def newest_first(site: Site) -> list[IncidentEntry]:
    """All incidents by when they began."""
    return sorted(
        site.published.incidents,
        key=lambda entry: (start_of(entry.record) or site.now, entry.name.sort_key()),
        reverse=True,
    )


def listing(site: Site) -> Listing:
    """Gather the rows."""
    gathering = _Gathering(site)
    rows = (gathering.row(entry) for entry in newest_first(site))
    return Listing.of(("incident", "incidents"), _columns(site), rows, sorted_by="-began")


def _columns(site: Site) -> tuple[Column, ...]:
    priorities = tuple(dict.fromkeys(priority.id for priority in site.taxonomy.priorities))
    first, further, unseen = Facet.FIRST, Facet.FURTHER, Place.UNSEEN
    return (
        Column("incident", "Incident", Kind.RECORD, folder=urls.INCIDENTS),
        Column("mark", "Mark", Kind.CHOICES, Place.TAG, further, order=("major", "drill"), missing="None"),
        Column("status", "State", Kind.CHOICE, order=_STATES),
        Column("state", "State", Kind.CHOICES, unseen, first, order=("open", *_STATES)),
        Column("priority", "Priority", Kind.CHOICE, facet=first, order=priorities, missing="No priority"),
        SERVICES,
        Column("began", "Began", Kind.INSTANT),
        Column("lasted", "Lasted", Kind.DURATION),
        Column("year", "Year", Kind.CHOICE, unseen, first, descending=True),
        Column("category", "Category", Kind.CHOICES, unseen, further, missing="No category"),
        Column("team", "Team", Kind.CHOICES, unseen, further, missing="No team"),
        Column(
            *("impact", "Worst service state", Kind.CHOICE, unseen, further),
            order=_WORST_FIRST,
            missing="None stated",
        ),
    )


class _Gathering:
    """What a list shows of incidents: their values, each made once."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._choices = Choices(site)
        self._major = Choice("major", "Major", "strong")
        self._drill = Choice("drill", "Drill")
        self._open = Choice("open", "Any open")

    def row(self, entry: IncidentEntry) -> Row:
        """The values of one incident, in the order of `_columns`."""
        incident, choices = entry.record, self._choices
        start = start_of(incident)
        open_ = is_open(incident)
        state = choices.state(incident.status.value)
        priority = self._site.taxonomy.priority_of(incident)
        impacts = incident.services
        worst = max((impact.state for impact in impacts), key=_BADNESS.__getitem__, default=None)
        return (
            Record(entry.id, incident.title),
            self._marks(incident),
            state,
            (self._open, state) if open_ else (state,),
            choices.rank(priority) if priority else None,
            choices.services(named_services(incident)),
            start,
            lasted(incident, start, self._site.now if open_ else None),
            choices.year(start.astimezone(self._site.zone).year) if start else None,
            choices.categories(incident.category),
            choices.teams(tuple(one.team for one in incident.assignments if one.team)),
            None if worst is None else choices.plain(worst.value),
        )

    def _marks(self, incident: Incident) -> tuple[Choice, ...]:
        marks = (self._major,) if incident.major else ()
        return (*marks, self._drill) if incident.drill else marks


def lasted(incident: Incident, start: datetime | None, now: datetime | None) -> timedelta | None:
    """How long it went on, or has gone on; None where that is not known."""
    until = end_of(incident) or now
    return until - start if start and until and until >= start else None


def _figures(listing: Listing, site: Site) -> tuple[Figure, ...]:
    year = str(site.today.year)
    counted = (
        (listing.count("state", "open"), "open now", "?state=open"),
        (listing.count("state", "on_hold"), "on hold", "?state=on_hold"),
        (listing.count("year", year), f"in {year}", f"?year={year}"),
        (listing.count("mark", "major"), "major, of all", "?mark=major"),
    )
    return tuple(Figure(f"{count:,}", words, query if count else "") for count, words, query in counted)


def _months(site: Site) -> Rest:
    """Links to the pages of months, by year."""
    starts = (start_of(entry.record) or site.now for entry in site.published.incidents)
    local = (start.astimezone(site.zone) for start in starts)
    found = sorted({(start.year, start.month) for start in local}, reverse=True)
    years: dict[str, list[tuple[str, str]]] = {}
    for year, month in found:
        name = f"{year:04}-{month:02}"
        words = times.month_words(name).split(" ")[0]
        years.setdefault(f"{year:04}", []).append((urls.month_path(name), words))
    return tuple((year, tuple(links)) for year, links in years.items())
