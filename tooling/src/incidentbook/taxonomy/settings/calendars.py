"""schema/calendars.yml: working hours and holidays."""

from __future__ import annotations

from dataclasses import field
from typing import Annotated, Literal

from pydantic import Field

from incidentbook.records.fields import PUBLIC, Day, model
from incidentbook.taxonomy.settings.values import Entry

ClockHours = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$")]
"""Opening hours within a day: `09:00-17:30`; an end before the start lies on the next day."""


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
