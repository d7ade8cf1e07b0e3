"""The pages of teams: what one runs, has in hand and owes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from typing import Any

from markupsafe import Markup

from incidentbook.archive import RecordEntry
from incidentbook.clocks import Clock, ClockState, Duty, ReviewDuty, clocks_of, on_call
from incidentbook.metrics.dimensions import owner_of
from incidentbook.pages.actions import Promise, open_promises
from incidentbook.pages.caseload import Caseload, caseloads
from incidentbook.pages.page import Content, Page, SearchEntry, TocItem
from incidentbook.pages.site import Site
from incidentbook.publication import urls
from incidentbook.publication.standing import IncidentEntry, ServiceStanding
from incidentbook.taxonomy import in_force
from incidentbook.taxonomy.settings import Person, Team

OPEN, OWED, LATELY = 15, 8, 10
"""How many are listed: open incidents, actions and reviews owed, and incidents of late."""


@dataclass(frozen=True)
class OpenCase:
    """An incident that a team has in hand, with its clocks that run."""

    entry: IncidentEntry
    clocks: tuple[Clock, ...]
    owner: str | None

    @property
    def is_pressing(self) -> bool:
        """Whether a clock is at risk or past its target."""
        return any(clock.state in {ClockState.AT_RISK, ClockState.BREACHED} for clock in self.clocks)

    @property
    def order(self) -> tuple[float, str]:
        """What is due first stands first."""
        return (min((clock.due.timestamp() for clock in self.clocks), default=float("inf")), self.entry.id)


@dataclass(frozen=True)
class Desk:
    """What lies on one team's desk."""

    team: Team
    services: tuple[ServiceStanding, ...]
    load: Caseload
    actions: tuple[Promise, ...]
    reviews: tuple[ReviewDuty, ...]
    site: Site

    @property
    def path(self) -> str:
        """Where its page lies."""
        return urls.team_path(self.team.id)

    @cached_property
    def duty(self) -> Duty | None:
        """Who is on call now, where a rotation says so."""
        return on_call(self.site.taxonomy, self.team.id, self.site.now)

    @cached_property
    def next_duty(self) -> Duty | None:
        """Who is on call after that."""
        return on_call(self.site.taxonomy, self.team.id, self.duty.until) if self.duty else None

    @property
    def late_actions(self) -> int:
        """How many of the actions are past their day."""
        return sum(promise.overdue for promise in self.actions)

    @property
    def late_reviews(self) -> int:
        """How many of the reviews are past their day."""
        return sum(duty.overdue for duty in self.reviews)

    @cached_property
    def cases(self) -> tuple[OpenCase, ...]:
        """The open incidents, what is due first before the others."""
        found = (
            OpenCase(
                entry,
                tuple(
                    clock
                    for clock in clocks_of(entry.record, self.site.taxonomy, self.site.now)
                    if not clock.is_stopped
                ),
                owner_of(entry.record),
            )
            for entry in self.load.open
        )
        return tuple(sorted(found, key=lambda case: case.order))

    @property
    def pressing(self) -> int:
        """How many open incidents have a clock at risk or past its target."""
        return sum(case.is_pressing for case in self.cases)

    @property
    def members(self) -> tuple[tuple[str, Person | None, int], ...]:
        """Who belongs to it today: (handle, person, open incidents in hand)."""
        in_hand = Counter(case.owner for case in self.cases)
        people = ((handle, self.site.taxonomy.person(handle)) for handle in self.team.members)
        return tuple(
            (handle, person, in_hand[handle])
            for handle, person in people
            if person is None or in_force(person, self.site.today)
        )


def desks(site: Site) -> tuple[Desk, ...]:
    """Every team of the catalogue with what it has in hand, each once."""
    loads = caseloads(site)
    actions = _by_team(
        (promise, _teams_of(promise.action.owner, promise.entry, site)) for promise in open_promises(site)
    )
    reviews = _by_team((duty, _teams_of_duty(duty, site)) for duty in site.duties if not duty.is_done)
    services = _by_team(
        (one, (_team_key(one.service.team, site),) if one.service.team else ())
        for one in site.standing.services
    )
    return tuple(
        Desk(
            team,
            tuple(services.get(team.id, ())),
            loads.of_team(team.id),
            tuple(actions.get(team.id, ())),
            tuple(sorted(reviews.get(team.id, ()), key=lambda d: (d.due_day or date.max, d.incident.id))),
            site,
        )
        for team in _teams(site)
    )


def _by_team(pairs: Iterable[tuple[Any, Iterable[str]]]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for thing, keys in pairs:
        for key in keys:
            found.setdefault(key, []).append(thing)
    return found


def _teams_of(owner: str | None, entry: RecordEntry[Any], site: Site) -> tuple[str, ...]:
    """The teams of whoever promised it; where nobody did, the team of the record."""
    if owner is not None:
        return _teams_with(owner, site)
    team = getattr(entry.record, "team", None)
    return (_team_key(team, site),) if team else ()


def _teams_of_duty(duty: ReviewDuty, site: Site) -> tuple[str, ...]:
    """The teams of whoever is to write it, and the one that had the incident last."""
    own = (key for owner in duty.owners for key in _teams_with(owner, site))
    return tuple(dict.fromkeys((*own, *((_team_key(duty.team, site),) if duty.team else ()))))


def _teams_with(handle: str, site: Site) -> tuple[str, ...]:
    return tuple(dict.fromkeys(team.id for team in site.taxonomy.teams if handle in team.members))


def _team_key(key: str, site: Site) -> str:
    team = site.taxonomy.team(key)
    return team.id if team else key


def pages(site: Site) -> list[Page]:
    """Plan the list of teams and one page each; teams are nobody's business outside.

    What a team owes follows from every record: which reviews are required is asked of each incident
    with those of its kind, and takes long. So the pages are made of all records and of the moment,
    and none of it is worked out before one of them is made.
    """
    if not site.internal:
        return []
    every = cache(lambda: {desk.team.id: desk for desk in desks(site)})
    index = Page(
        path=urls.TEAMS,
        kind="teams",
        title="Teams",
        description="Who runs what, what each team has in hand, and whom to call.",
        make=lambda: _index_content(every(), site),
        section=urls.SERVICES,
        single=True,
    )
    key = site.key(*site.published.entries, by_time=True)
    return [index, *(_page(team, every, key, site) for team in _teams(site))]


def _teams(site: Site) -> list[Team]:
    """Every team of the catalogue, each once."""
    keys = dict.fromkeys(team.id for team in site.taxonomy.teams)
    return [team for key in keys if (team := site.taxonomy.team(key)) is not None]


def _index_content(every: dict[str, Desk], site: Site) -> Content:
    return site.fill("teams.html", urls.TEAMS, [TocItem("teams", "Teams")], desks=tuple(every.values()))


def _page(team: Team, every: Callable[[], dict[str, Desk]], key: str, site: Site) -> Page:
    return Page(
        path=urls.team_path(team.id),
        kind="team",
        title=team.name,
        description=team.definition or f"The team {team.name}.",
        make=lambda: _content(every()[team.id], site),
        section=urls.SERVICES,
        shows_toc=True,
        key=key,
    )


def _content(desk: Desk, site: Site) -> Content:
    team, chart = desk.team, desk.load.chart()
    sections = (
        ("now", "In hand now", True),
        ("owed", "Promised", bool(desk.load.entries or desk.actions or desk.reviews)),
        ("services", "Services", True),
        ("lately", "Incidents lately", bool(desk.load.entries)),
        ("people", "People", True),
    )
    people = " ".join(site.person(handle) for handle in team.members)
    search = SearchEntry(team.name, f"{team.definition or ''} {team.on_call or ''} {people}", tags=("Team",))
    return site.fill(
        "team.html",
        desk.path,
        (TocItem(id_, title) for id_, title, is_shown in sections if is_shown),
        (search,),
        sections={id_ for id_, _, is_shown in sections if is_shown},
        desk=desk,
        team=team,
        shown=OPEN,
        owed=OWED,
        newest=desk.load.entries[:LATELY],
        chart=Markup(chart.figure()) if chart else None,  # noqa: S704 -- charts escapes its words
    )
