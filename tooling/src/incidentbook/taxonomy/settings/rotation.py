"""The rotation of a team in schema/teams.yml: who is on call when."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from incidentbook.records.fields import Day, Handle, Instant, Slug, Text, model

CLOCK_PATTERN = r"^([01]\d|2[0-3]):[0-5]\d$"


class Turn(StrEnum):
    """How long one turn is."""

    DAY = "day"
    WEEK = "week"


class Weekday(StrEnum):
    """A day of the week."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


@model
class RotationOverride:
    """Somebody takes over for a while."""

    from_: Annotated[Instant, Field(alias="from", description="From when.")]
    to: Annotated[Instant, Field(description="Until when, itself outside.")]
    who: Annotated[Handle, Field(description="Who is on call meanwhile.")]
    reason: Annotated[Text | None, Field(description="Why.")] = None


@model
class HolidayDuty:
    """Who is on call on the public holidays of a calendar."""

    calendar: Annotated[Slug, Field(description="Key of the calendar whose holidays count.")]
    who: Annotated[
        Handle,
        Field(
            description="Who is on call on them, from the time of hand-over on their day to that on the next."
        ),
    ]


@model
class Rotation:
    """Turns of equal length, one person each, in order and from the start again.

    A team whose order changes has two entries in schema/teams.yml, the older with `valid_until`: who was
    on call in the past then stays as it was.
    """

    turn: Annotated[Turn, Field(description="day or week.")] = Turn.WEEK
    day: Annotated[Weekday, Field(description="Day of the week of the hand-over, of weekly turns.")] = (
        Weekday.MONDAY
    )
    at: Annotated[
        str, Field(pattern=CLOCK_PATTERN, description="Wall-clock time of the hand-over, such as 10:00.")
    ] = "09:00"
    zone: Annotated[str | None, Field(description="IANA zone of that time; the repository's if absent.")] = (
        None
    )
    since: Annotated[
        Day,
        Field(
            description="The day of the hand-over to the first of the order; of weekly turns the next such "
            "day, if it is another one of the week."
        ),
    ]
    order: Annotated[tuple[Handle, ...], Field(min_length=1, description="Who, one turn after the other.")]
    overrides: Annotated[
        tuple[RotationOverride, ...],
        Field(description="Who takes over for a while; the last that fits counts."),
    ] = ()
    holidays: Annotated[HolidayDuty | None, Field(description="Who is on call on public holidays.")] = None
