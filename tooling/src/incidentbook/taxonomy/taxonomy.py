"""The whole of `schema/` as one value, asked by key and by the time at which it was in force."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from typing import Generic, Protocol, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from incidentbook.records import Incident
from incidentbook.taxonomy.deployments import Deployments
from incidentbook.taxonomy.settings import (
    Calendar,
    Calendars,
    Categories,
    Category,
    Entry,
    EscalationPath,
    Escalations,
    Intake,
    LevelDefinition,
    MajorIncidents,
    Matrix,
    Measures,
    Notifications,
    People,
    Person,
    Policy,
    PolicyMatch,
    Priorities,
    Priority,
    ReviewPolicy,
    Reviews,
    Routing,
    Service,
    Services,
    Settings,
    Sla,
    Team,
    Teams,
)

ALWAYS = Calendar(id="always", name="Around the clock", definition="Every hour of every day counts.")
"""The calendar that is there without being named."""


class _Dated(Protocol):
    @property
    def valid_from(self) -> date | None: ...
    @property
    def valid_until(self) -> date | None: ...


D = TypeVar("D", bound=_Dated)
E = TypeVar("E", bound=Entry)


class _Names(Generic[E]):
    """Entries by their own keys, and by their aliases."""

    def __init__(self, entries: Iterable[E]) -> None:
        self.own: dict[str, list[E]] = {}
        self.other: dict[str, list[E]] = {}
        for entry in entries:
            self.own.setdefault(entry.id, []).append(entry)
            for alias in entry.aliases:
                self.other.setdefault(alias, []).append(entry)
        # nearly every key has one entry that was always in force, and is found without asking when
        self.plain = {
            key: entries[0]
            for key, entries in {**self.other, **self.own}.items()
            if len(entries) == 1 and entries[0].valid_from is entries[0].valid_until is None
        }


class Mismatch(StrEnum):
    """By what a policy is passed over."""

    TIME = "time"
    SERVICE = "service"
    PRIORITY = "priority"
    CATEGORY = "category"


@dataclass(frozen=True, slots=True)
class PolicyTrial:
    """A policy before an incident; `mismatch` is None where it matches."""

    policy: Policy
    mismatch: Mismatch | None


def in_force(entry: _Dated, day: date) -> bool:
    """Tell whether an entry counts on a day: from `valid_from` on, and before `valid_until`."""
    return (entry.valid_from is None or entry.valid_from <= day) and (
        entry.valid_until is None or day < entry.valid_until
    )


@dataclass(frozen=True)
class Taxonomy:
    """Everything that `schema/` says. An entry may appear several times, each for its own time.

    Where a method takes `at`, it answers for that moment; without, with the newest entry.
    """

    settings: Settings
    services_file: Services
    categories_file: Categories
    teams_file: Teams
    people_file: People
    priorities_file: Priorities
    sla_file: Sla
    calendars_file: Calendars
    reviews_file: Reviews
    measures_file: Measures = field(default_factory=Measures)
    intake_file: Intake = field(default_factory=Intake)
    routing_file: Routing = field(default_factory=Routing)
    escalation_file: Escalations = field(default_factory=Escalations)
    major_file: MajorIncidents = field(default_factory=MajorIncidents)
    notifications_file: Notifications = field(default_factory=Notifications)
    deployments: tuple[Deployments, ...] = ()
    fingerprint: str = ""

    @property
    def services(self) -> tuple[Service, ...]:
        """The catalogue, in the order of the file."""
        return self.services_file.services

    @property
    def groups(self) -> tuple[Entry, ...]:
        """How services are grouped."""
        return self.services_file.groups

    @property
    def categories(self) -> tuple[Category, ...]:
        """First-level categories with their subcategories."""
        return self.categories_file.categories

    @property
    def resolution_codes(self) -> tuple[Entry, ...]:
        """How incidents end."""
        return self.categories_file.resolution_codes

    @property
    def channels(self) -> tuple[Entry, ...]:
        """How incidents come in."""
        return self.categories_file.channels

    @property
    def teams(self) -> tuple[Team, ...]:
        """Who works on incidents."""
        return self.teams_file.teams

    @property
    def people(self) -> tuple[Person, ...]:
        """Everybody whom a record may name."""
        return self.people_file.people

    @property
    def impacts(self) -> tuple[LevelDefinition, ...]:
        """What each impact means."""
        return self.priorities_file.impact

    @property
    def urgencies(self) -> tuple[LevelDefinition, ...]:
        """What each urgency means."""
        return self.priorities_file.urgency

    @property
    def priorities(self) -> tuple[Priority, ...]:
        """The priorities, highest first."""
        return self.priorities_file.priorities

    @property
    def matrices(self) -> tuple[Matrix, ...]:
        """Impact by urgency, one matrix after the other."""
        return self.priorities_file.matrices

    @property
    def policies(self) -> tuple[Policy, ...]:
        """Service levels in the order in which they are tried."""
        return self.sla_file.policies

    @property
    def hold_reasons(self) -> tuple[Entry, ...]:
        """Why work may wait."""
        return self.sla_file.hold_reasons

    @cached_property
    def calendars(self) -> tuple[Calendar, ...]:
        """Every calendar, `always` among them."""
        named = self.calendars_file.calendars
        return named if any(calendar.id == ALWAYS.id for calendar in named) else (ALWAYS, *named)

    @property
    def review_policies(self) -> tuple[ReviewPolicy, ...]:
        """Which incidents need a review; the first in force counts."""
        return self.reviews_file.policies

    @property
    def measures(self) -> Measures:
        """How availability is weighed, and what is aimed for."""
        return self.measures_file

    @property
    def intake(self) -> Intake:
        """What becomes of alerts, forms, mails and answers."""
        return self.intake_file

    @property
    def routing(self) -> Routing:
        """What is proposed of a new incident, and who gets it."""
        return self.routing_file

    @property
    def escalations(self) -> Escalations:
        """Who is called next, and when."""
        return self.escalation_file

    @property
    def major(self) -> MajorIncidents:
        """What makes an incident major, and how such an incident is led."""
        return self.major_file

    @property
    def notifications(self) -> Notifications:
        """Who is told what, through which channel."""
        return self.notifications_file

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone of dates and months; UTC where the settings name none that exists."""
        try:
            return ZoneInfo(self.settings.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return ZoneInfo("UTC")

    @cached_property
    def _services(self) -> _Names[Service]:
        return _Names(self.services)

    @cached_property
    def _categories(self) -> _Names[Category]:
        return _Names(self.categories)

    @cached_property
    def _subcategories(self) -> dict[int, _Names[Entry]]:
        """By the identity of the category: several of one key may stand for several times."""
        return {id(category): _Names(category.subcategories) for category in self.categories}

    @cached_property
    def _matches_places(self) -> bool:
        """Whether any policy asks for a service or a category."""
        return any(policy.match.service or policy.match.category for policy in self.policies)

    @cached_property
    def _teams(self) -> _Names[Team]:
        return _Names(self.teams)

    @cached_property
    def _people(self) -> dict[str, Person]:
        return {person.handle: person for person in self.people}

    def service(self, key: str, at: datetime | None = None) -> Service | None:
        """Find a service by key or alias."""
        return self._services.plain.get(key) or next(self._all(self._services, key, at), None)

    def service_group(self, key: str) -> Entry | None:
        """Find a group of services."""
        return _first(self.groups, key)

    def category(self, path: str, at: datetime | None = None) -> tuple[Category, Entry | None] | None:
        """Find a category and, where the path names one, its subcategory; None if either is unknown."""
        top, slash, below = path.partition("/")
        plain = self._categories.plain.get(top)
        if plain is not None:
            subcategory = self._subcategories[id(plain)].plain.get(below)
            if not slash or subcategory is not None:
                return plain, subcategory
        for category in self._all(self._categories, top, at):
            if not slash:
                return category, None
            subcategory = next(self._all(self._subcategories[id(category)], below, at), None)
            if subcategory is not None:
                return category, subcategory
        return None

    def team(self, key: str, at: datetime | None = None) -> Team | None:
        """Find a team by key or alias."""
        return self._teams.plain.get(key) or next(self._all(self._teams, key, at), None)

    def person(self, handle: str) -> Person | None:
        """Find somebody by handle."""
        return self._people.get(handle)

    def resolution_code(self, key: str) -> Entry | None:
        """Find a resolution code."""
        return _first(self.resolution_codes, key)

    def channel(self, key: str) -> Entry | None:
        """Find a channel."""
        return _first(self.channels, key)

    def hold_reason(self, key: str) -> Entry | None:
        """Find a hold reason."""
        return _first(self.hold_reasons, key)

    def calendar(self, key: str, at: datetime | None = None) -> Calendar | None:
        """Find a calendar; `always` is there without being named."""
        return self._pick([calendar for calendar in self.calendars if calendar.id == key], at)

    def matrix(self, at: datetime | None = None) -> Matrix | None:
        """The matrix in force."""
        return self._pick(self.matrices, at)

    def review_policy(self, at: datetime | None = None) -> ReviewPolicy | None:
        """The review policy in force; None before the first and where there is none."""
        return self._pick(self.review_policies, at)

    def derived_priority(self, incident: Incident) -> str | None:
        """The priority that the matrix gives; None where impact, urgency or the cell is missing."""
        if incident.impact is None or incident.urgency is None:
            return None
        matrix = self.matrix(incident.opened)
        return matrix.cells.get(incident.impact, {}).get(incident.urgency) if matrix else None

    def priority_of(self, incident: Incident) -> str | None:
        """The priority that counts: the stored one, else the derived one."""
        return incident.priority.value if incident.priority else self.derived_priority(incident)

    def policy_for(self, incident: Incident) -> Policy | None:
        """The first policy, of those in force when the incident opened, that matches it."""
        return next((trial.policy for trial in self.policy_trials(incident) if trial.mismatch is None), None)

    def policy_trials(self, incident: Incident) -> Iterator[PolicyTrial]:
        """Try each policy in its order, and tell by what those are passed over that do not match."""
        day = self.day_of(incident.opened) if incident.opened else None
        priority = self.priority_of(incident)
        keys: set[str] = set()
        category = None
        if self._matches_places:
            keys = {self.service_key(impact.service, incident.opened) for impact in incident.services}
            category = self._category_key(incident.category, incident.opened)
        for policy in self.policies:
            match = policy.match
            mismatch = None
            if day is not None and not in_force(policy, day):
                mismatch = Mismatch.TIME
            elif match.service and keys.isdisjoint(match.service):
                mismatch = Mismatch.SERVICE
            elif match.priority and priority not in match.priority:
                mismatch = Mismatch.PRIORITY
            elif match.category and not any(within(category, path) for path in match.category):
                mismatch = Mismatch.CATEGORY
            yield PolicyTrial(policy, mismatch)

    def matches(self, match: PolicyMatch, incident: Incident) -> bool:
        """Tell whether an incident is one of those that a part of schema/ names."""
        named = self.service_keys(incident)
        category = self._category_key(incident.category, incident.opened) if match.category else None
        return (
            (not match.service or not named.isdisjoint(match.service))
            and (not match.priority or self.priority_of(incident) in match.priority)
            and (not match.category or any(within(category, path) for path in match.category))
        )

    def service_keys(self, incident: Incident) -> frozenset[str]:
        """The own keys of the services that an incident names."""
        return frozenset(self.service_key(impact.service, incident.opened) for impact in incident.services)

    def escalation_path_for(self, incident: Incident) -> EscalationPath | None:
        """The first path, of those in force when the incident opened, that matches it."""
        day = self.day_of(incident.opened) if incident.opened else None
        in_question = (path for path in self.escalations.paths if day is None or in_force(path, day))
        return next((path for path in in_question if self.matches(path.match, incident)), None)

    def service_key(self, key: str, at: datetime | None) -> str:
        """The own key of a service, where a record may use an alias; an unknown one stays as it is."""
        service = self.service(key, at) or self.service(key)
        return service.id if service else key

    def _category_key(self, path: str | None, at: datetime | None) -> str | None:
        found = (self.category(path, at) or self.category(path)) if path else None
        if found is None:
            return path
        category, below = found
        return f"{category.id}/{below.id}" if below else category.id

    def day_of(self, instant: datetime) -> date:
        """The calendar date of an instant in the repository's zone."""
        return instant.astimezone(self.zone).date()

    def _all(self, names: _Names[E], key: str, at: datetime | None) -> Iterator[E]:
        """The entries of this key, then those that have it for an alias, each as `_versions` has them."""
        yield from self._versions(names.own.get(key, ()), at)
        yield from self._versions(names.other.get(key, ()), at)

    def _versions(self, entries: Sequence[D], at: datetime | None) -> list[D]:
        """Entries in force at a time; without a time all, the one that came into force last first."""
        if len(entries) < 2 and all(one.valid_from is one.valid_until is None for one in entries):
            return list(entries)  # nearly always: what was never changed is in force whenever
        if at is None:
            return sorted(entries, key=lambda entry: entry.valid_from or date.min, reverse=True)
        day = self.day_of(at)
        return [entry for entry in entries if in_force(entry, day)]

    def _pick(self, entries: Sequence[D], at: datetime | None) -> D | None:
        return next(iter(self._versions(entries, at)), None)


def _first(entries: Iterable[E], key: str) -> E | None:
    return next((entry for entry in entries if entry.id == key or key in entry.aliases), None)


def within(category: str | None, path: str) -> bool:
    """Tell whether a category is the one at this path, or one of its subcategories."""
    return category is not None and (category == path or category.startswith(path + "/"))
