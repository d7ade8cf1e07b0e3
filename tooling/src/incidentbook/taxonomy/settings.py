"""What may stand in the files of `schema/`: one model a file."""

from __future__ import annotations

import re
from dataclasses import field
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from incidentbook.records.fields import (
    PUBLIC,
    Audience,
    CategoryPath,
    Day,
    Flag,
    Handle,
    Instant,
    Slug,
    Text,
    model,
)
from incidentbook.records.incident import Level
from incidentbook.records.parts import ServiceState

FORMAT = 1
"""The record format that this version of the tool reads and writes."""

_UNITS = {"w": 7 * 86400, "d": 86400, "h": 3600, "m": 60, "s": 1}
_DURATION = re.compile(r" *".join(f"(?:([0-9]{{1,12}}){unit})?" for unit in _UNITS))


def parse_duration(value: Any) -> timedelta:
    """Read a length of time such as `15m`, `4h`, `1d 12h`; it must be longer than nothing."""
    if isinstance(value, timedelta):
        return value
    match = _DURATION.fullmatch(value.strip()) if isinstance(value, str) and value.strip() else None
    if match is None:
        raise PydanticCustomError("duration_shape", "expected a duration such as 15m, 4h or 1d 12h")
    seconds = sum(int(n) * unit for n, unit in zip(match.groups(), _UNITS.values(), strict=True) if n)
    if not 0 < seconds <= 3660 * 86400:
        raise PydanticCustomError(
            "duration_range", "a duration must be longer than nothing and at most ten years"
        )
    return timedelta(seconds=seconds)


Duration = Annotated[
    timedelta,
    BeforeValidator(parse_duration),
    WithJsonSchema(
        {"type": "string", "pattern": r"^([0-9]+w)? *([0-9]+d)? *([0-9]+h)? *([0-9]+m)? *([0-9]+s)?$"}
    ),
]

ClockHours = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$")]
"""Opening hours within a day: `09:00-17:30`; an end before the start lies on the next day."""


@model
class Entry:
    """What every entry of the taxonomy has: a key, a name, a definition, a time of validity."""

    id: Annotated[Slug, PUBLIC, Field(description="Key that records use.")]
    name: Annotated[Text, PUBLIC, Field(description="What people call it.")]
    definition: Annotated[
        Text | None, PUBLIC, Field(description="One line, shown wherever somebody chooses.")
    ] = None
    valid_from: Annotated[Day | None, PUBLIC, Field(description="First day on which it is in force.")] = None
    valid_until: Annotated[Day | None, PUBLIC, Field(description="First day on which it no longer is.")] = (
        None
    )
    aliases: Annotated[
        tuple[str, ...], PUBLIC, Field(description="Other names that records and imports may use.")
    ] = ()


@model
class Money:
    """An amount of money."""

    amount: Annotated[float, Field(ge=0, allow_inf_nan=False, description="How much.")]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$", description="ISO 4217 code, such as EUR.")]


@model
class Service(Entry):
    """Something that users use."""

    group: Annotated[Slug | None, PUBLIC, Field(description="Key of its group.")] = None
    tier: Annotated[
        int | None, Field(strict=True, ge=1, le=9, description="1 is what the company lives by.")
    ] = None
    visibility: Annotated[Audience, PUBLIC, Field(description="Who may know of it.")] = Audience.PUBLIC
    team: Annotated[Slug | None, Field(description="Key of the team that runs it.")] = None
    technical_owner: Annotated[Handle | None, Field(description="Who decides how it works.")] = None
    business_owner: Annotated[Handle | None, Field(description="Who decides what it must do.")] = None
    support_hours: Annotated[Slug | None, PUBLIC, Field(description="Key of a calendar.")] = None
    depends_on: Annotated[
        tuple[Slug, ...], Field(description="Services without which it does not work.")
    ] = ()
    runbooks: Annotated[tuple[Slug, ...], Field(description="IDs of articles.")] = ()
    availability_goal: Annotated[
        float | None, PUBLIC, Field(gt=0, le=100, description="Percent of the time.")
    ] = None
    cost_per_hour: Annotated[Money | None, Field(description="What an hour of outage costs.")] = None


@model
class Services:
    """schema/services.yml: what users use."""

    groups: Annotated[
        tuple[Entry, ...], PUBLIC, Field(description="How services are grouped on the site.")
    ] = ()
    services: Annotated[tuple[Service, ...], PUBLIC, Field(description="The catalogue.")] = ()


@model
class Category(Entry):
    """A category with its subcategories."""

    subcategories: Annotated[tuple[Entry, ...], Field(description="The second level.")] = ()
    security: Annotated[Flag, Field(description="True where its incidents are security incidents.")] = False
    data_loss: Annotated[Flag, Field(description="True where its incidents lose data.")] = False


@model
class Categories:
    """schema/categories.yml: what sort of thing went wrong, and how it ended."""

    categories: Annotated[
        tuple[Category, ...], Field(description="Two levels: category and subcategory.")
    ] = ()
    resolution_codes: Annotated[tuple[Entry, ...], Field(description="How incidents end.")] = ()
    channels: Annotated[tuple[Entry, ...], Field(description="How incidents come in.")] = ()


@model
class Team(Entry):
    """People who work together."""

    line: Annotated[int | None, Field(strict=True, ge=1, le=3, description="Support line: 1, 2 or 3.")] = None
    email: Annotated[Text | None, Field(description="Where to write to.")] = None
    on_call: Annotated[
        Text | None, Field(description="Who is called, when and how, in one or two sentences.")
    ] = None
    members: Annotated[tuple[Handle, ...], Field(description="Handles from people.yml.")] = ()


@model
class Teams:
    """schema/teams.yml: who works on incidents."""

    teams: Annotated[tuple[Team, ...], Field(description="The teams.")] = ()


@model
class Person:
    """Somebody, or a bot, whom records name."""

    handle: Annotated[Handle, Field(description="How records name them.")]
    name: Annotated[Text | None, Field(description="What to call them.")] = None
    emails: Annotated[tuple[str, ...], Field(description="By which Git authors are matched.")] = ()
    role: Annotated[Text | None, Field(description="What they do.")] = None
    bot: Annotated[Flag, Field(description="True for automation.")] = False
    valid_from: Annotated[Day | None, Field(description="First day.")] = None
    valid_until: Annotated[Day | None, Field(description="First day on which they are gone.")] = None


@model
class People:
    """schema/people.yml: handles and the email addresses they commit with."""

    people: Annotated[tuple[Person, ...], Field(description="Everybody whom a record may name.")] = ()


@model
class LevelDefinition:
    """What one level of impact or urgency means."""

    level: Annotated[Level, PUBLIC, Field(description="high, medium or low.")]
    definition: Annotated[Text, PUBLIC, Field(description="One line, shown wherever somebody chooses.")]


@model
class Priority:
    """One priority."""

    id: Annotated[str, PUBLIC, Field(pattern=r"^P[1-9]$", description="P1 is the highest.")]
    name: Annotated[Text, PUBLIC, Field(description="What people call it.")]
    definition: Annotated[Text, PUBLIC, Field(description="One line, shown wherever somebody chooses.")]


@model
class Matrix:
    """Impact by urgency gives priority, while this matrix is in force."""

    valid_from: Annotated[Day | None, PUBLIC, Field(description="First day on which it is in force.")] = None
    valid_until: Annotated[Day | None, PUBLIC, Field(description="First day on which it no longer is.")] = (
        None
    )
    cells: Annotated[
        dict[Level, dict[Level, str]],
        PUBLIC,
        Field(description="Priority by impact, then by urgency; a cell may be missing."),
    ]


@model
class Priorities:
    """schema/priority.yml: how impact and urgency give priority."""

    impact: Annotated[tuple[LevelDefinition, ...], PUBLIC, Field(description="What each impact means.")] = ()
    urgency: Annotated[
        tuple[LevelDefinition, ...], PUBLIC, Field(description="What each urgency means.")
    ] = ()
    priorities: Annotated[
        tuple[Priority, ...], PUBLIC, Field(description="The priorities, highest first.")
    ] = ()
    matrices: Annotated[tuple[Matrix, ...], PUBLIC, Field(description="One, or one after the other.")] = ()


@model
class PolicyMatch:
    """Which incidents a policy is for; what is left empty matches everything."""

    service: Annotated[tuple[Slug, ...], Field(description="Any of these services.")] = ()
    category: Annotated[
        tuple[CategoryPath, ...], Field(description="Any of these, or of their subcategories.")
    ] = ()
    priority: Annotated[tuple[str, ...], Field(description="Any of these priorities.")] = ()


@model
class Policy(Entry):
    """One service level: targets and the calendar they are counted in."""

    match: Annotated[
        PolicyMatch, Field(description="Which incidents it is for; the first that matches counts.")
    ] = field(default_factory=PolicyMatch)
    response: Annotated[Duration | None, PUBLIC, Field(description="From opened to acknowledged.")] = None
    resolution: Annotated[
        Duration | None, PUBLIC, Field(description="From opened to resolved, less pauses.")
    ] = None
    calendar: Annotated[Slug, Field(description="Key of the calendar the targets are counted in.")] = "always"
    pausing: Annotated[
        tuple[Slug, ...], Field(description="Hold reasons that pause the resolution clock.")
    ] = ()
    at_risk: Annotated[
        float, Field(gt=0, lt=1, description="Share of the target from which a clock is at risk.")
    ] = 0.75


@model
class Sla:
    """schema/sla.yml: service levels, and why work may wait."""

    policies: Annotated[
        tuple[Policy, ...], Field(description="In order: the first that matches counts.")
    ] = ()
    hold_reasons: Annotated[tuple[Entry, ...], Field(description="Why work may wait.")] = ()


@model
class Holidays:
    """Days on which a calendar is closed."""

    country: Annotated[str | None, Field(pattern=r"^[A-Z]{2}$", description="ISO 3166 code.")] = None
    region: Annotated[str | None, Field(description="Subdivision code within the country.")] = None
    days: Annotated[tuple[Day, ...], Field(description="Own closed days.")] = ()


Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


@model
class Calendar(Entry):
    """When time counts; without hours it always does."""

    zone: Annotated[str | None, PUBLIC, Field(description="IANA zone; the repository's if absent.")] = None
    hours: Annotated[
        dict[Weekday, tuple[ClockHours, ...]],
        PUBLIC,
        Field(description="Open hours by weekday; none means 24x7."),
    ] = field(default_factory=dict)
    holidays: Annotated[Holidays | None, Field(description="Closed days.")] = None


@model
class Calendars:
    """schema/calendars.yml: working hours and holidays."""

    calendars: Annotated[
        tuple[Calendar, ...], PUBLIC, Field(description="`always` (24x7) is there without being named.")
    ] = ()


class ReviewTrigger(StrEnum):
    """What makes a review required."""

    MAJOR = "major"
    PRIORITY_1 = "p1"
    SECURITY = "security"
    DATA_LOSS = "data_loss"
    RESOLUTION_BREACHED = "resolution_breached"
    RECURRENCE = "recurrence"


DEFAULT_HEADINGS = (
    "Summary",
    "Impact",
    "Timeline",
    "Detection",
    "Response",
    "Decisions",
    "Communication",
    "Contributing factors",
    "What went well",
    "Actions",
)


@model
class ReviewPolicy:
    """Which incidents need a review, by when, and what must stand in it."""

    valid_from: Annotated[Day | None, Field(description="Incidents opened from this day on.")] = None
    valid_until: Annotated[Day | None, Field(description="Incidents opened before this day.")] = None
    required_when: Annotated[
        tuple[ReviewTrigger, ...], Field(description="Any of these makes a review required.")
    ] = tuple(ReviewTrigger)
    due_working_days: Annotated[
        int, Field(strict=True, ge=1, le=365, description="After the resolution.")
    ] = 5
    calendar: Annotated[Slug, Field(description="Whose working days; `always` counts every day.")] = "always"
    before_closing: Annotated[
        tuple[ReviewTrigger, ...], Field(description="Must be published before the incident closes.")
    ] = (ReviewTrigger.MAJOR,)
    recurrence_count: Annotated[
        int, Field(strict=True, ge=2, description="How many of a kind make a recurrence.")
    ] = 3
    recurrence_window: Annotated[Duration, Field(description="Within how long.")] = timedelta(days=90)
    headings: Annotated[tuple[str, ...], Field(description="Headings that every review has.")] = (
        DEFAULT_HEADINGS
    )


@model
class Reviews:
    """schema/reviews.yml: the review policy, or one after the other."""

    policies: Annotated[tuple[ReviewPolicy, ...], Field(description="The first in force counts.")] = ()


Percent = Annotated[float, Field(gt=0, le=100)]
Score = Annotated[float, Field(ge=1, le=5)]


@model
class ServiceGoals:
    """What is aimed for with one service; the goal of its availability stands in services.yml."""

    service: Annotated[Slug, PUBLIC, Field(description="Key of the service.")]
    time_to_restore: Annotated[Duration | None, PUBLIC, Field(description="At most, as the mean (MTTR).")] = (
        None
    )
    response_attainment: Annotated[
        Percent | None, Field(description="Percent of response clocks that are met.")
    ] = None
    resolution_attainment: Annotated[
        Percent | None, Field(description="Percent of resolution clocks that are met.")
    ] = None
    satisfaction: Annotated[Score | None, Field(description="Mean score, from 1 to 5.")] = None


@model
class Goals:
    """What is aimed for overall; each goal is shown beside its figure."""

    availability: Annotated[
        Percent | None, PUBLIC, Field(description="Percent of the time, of the page as a whole.")
    ] = None
    time_to_restore: Annotated[Duration | None, PUBLIC, Field(description="At most, as the mean (MTTR).")] = (
        None
    )
    response_attainment: Annotated[
        Percent | None, Field(description="Percent of response clocks that are met.")
    ] = None
    resolution_attainment: Annotated[
        Percent | None, Field(description="Percent of resolution clocks that are met.")
    ] = None
    satisfaction: Annotated[Score | None, Field(description="Mean score, from 1 to 5.")] = None
    services: Annotated[tuple[ServiceGoals, ...], PUBLIC, Field(description="Goals of single services.")] = ()


@model
class Measures:
    """schema/measures.yml: how availability is weighed, and what is aimed for."""

    weights: Annotated[
        dict[ServiceState, Annotated[float, Field(ge=0, le=1)]],
        PUBLIC,
        Field(
            description="How much of a service is missing in each state, from 0 to 1; "
            "unless said 1 in a major outage, 0.3 in a partial one, else 0."
        ),
    ] = field(default_factory=dict)
    maintenance: Annotated[
        Flag, PUBLIC, Field(description="True where planned maintenance counts as downtime, too.")
    ] = False
    goals: Annotated[Goals, PUBLIC, Field(description="What is aimed for.")] = field(default_factory=Goals)


class RuleLevel(StrEnum):
    """What a repository may make of a rule."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"
    OFF = "off"


@model
class Defaults:
    """What `new` writes where nothing is said."""

    visibility: Annotated[Audience, Field(description="Of new records.")] = Audience.INTERNAL
    channel: Annotated[Slug | None, Field(description="Of new incidents.")] = None


@model
class Reporting:
    """How readers of the site say that something does not work; everybody who reads it sees this."""

    text: Annotated[
        Text | None, PUBLIC, Field(description="What to say first: opening hours, whom it is for.")
    ] = None
    url: Annotated[
        str | None, PUBLIC, Field(pattern=r"^https?://", description="A form or portal to report with.")
    ] = None
    mail: Annotated[
        str | None, PUBLIC, Field(pattern=r"^[^@\s]+@[^@\s]+$", description="An address to write to.")
    ] = None
    phone: Annotated[Text | None, PUBLIC, Field(description="A number to call.")] = None


@model
class Settings:
    """schema/incidentbook.yml: marks a records repository."""

    format: Annotated[int, PUBLIC, Field(strict=True, description="The record format; this tool reads 1.")]
    name: Annotated[Text, PUBLIC, Field(description="Whose records these are; the name of the site.")]
    url: Annotated[
        str | None, PUBLIC, Field(pattern=r"^https?://", description="Where the site is published.")
    ] = None
    zone: Annotated[str, PUBLIC, Field(description="IANA zone of dates and months.")] = "UTC"
    now: Annotated[Instant | None, Field(description="Pins the clock, for samples and rehearsals.")] = None
    report: Annotated[
        Reporting | None, PUBLIC, Field(description="How to report trouble; shown on the page `help/`.")
    ] = None
    tool: Annotated[
        str | None, Field(description="Versions of the tool that may be used, such as >=0.1.")
    ] = None
    defaults: Annotated[Defaults, Field(description="What `new` writes where nothing is said.")] = field(
        default_factory=Defaults
    )
    rules: Annotated[
        dict[str, RuleLevel], Field(description="Another severity for a rule: {code: warning}.")
    ] = field(default_factory=dict)
    imported: Annotated[
        RuleLevel, Field(description="At most this severity for what imported records lack.")
    ] = RuleLevel.WARNING


FILES: dict[str, type[Any]] = {
    "incidentbook": Settings,
    "services": Services,
    "categories": Categories,
    "teams": Teams,
    "people": People,
    "priority": Priorities,
    "sla": Sla,
    "calendars": Calendars,
    "reviews": Reviews,
    "measures": Measures,
}
"""The model of each file of `schema/`, by its name without `.yml`."""
