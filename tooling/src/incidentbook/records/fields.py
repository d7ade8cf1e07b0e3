"""The types that record fields are made of, and who may read a field."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Any, TypeVar, dataclass_transform

from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError


class Audience(StrEnum):
    """Who reads an output (`public`, `internal`), or may read a record (also `restricted`)."""

    PUBLIC = "public"
    INTERNAL = "internal"
    RESTRICTED = "restricted"


HIDING = MappingProxyType({"visibility": Audience.RESTRICTED.value, "drill": True})
"""Keys that keep a record from readers, each with what it is taken for where it is not understood."""

PUBLIC = Audience.PUBLIC
"""Marks a field that every reader may see; a field without a mark is internal."""

_SHAPE = ConfigDict(extra="forbid")
"""Every part of a record refuses keys that it does not know."""

M = TypeVar("M")


@dataclass_transform(kw_only_default=True, frozen_default=True)
def model(cls: type[M]) -> type[M]:
    """Make a class a frozen model: pydantic validates it, msgspec stores it.

    A standard dataclass rather than pydantic's own decorator: pydantic then looks at a model only
    when a file is validated, which a check of unchanged records never does, and that halves the
    time to import the models.
    """
    made = dataclasses.dataclass(frozen=True, kw_only=True)(cls)
    made.__pydantic_config__ = _SHAPE  # type: ignore[attr-defined]
    return made


EARLIEST_YEAR, LATEST_YEAR = 1970, 2199
"""Years outside these are slips of the pen, and would overflow date arithmetic."""

_INSTANT = re.compile(
    r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?(?P<offset>[Zz]|[+-]\d{2}:?\d{2})?",
    re.ASCII,
)
_OUT_OF_RANGE = "the offset is out of range; expected hours to 23 and minutes to 59"
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def parse_instant(value: Any) -> datetime:
    """Read an ISO 8601 time with an offset; anything less is refused, never guessed.

    Raises PydanticCustomError with type `instant_shape`, `instant_naive`, `instant_range`
    or `instant_value`.
    """
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise _naive(value.isoformat())
        return value
    match = _INSTANT.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise PydanticCustomError(
            "instant_shape",
            "expected a time such as 2026-11-21T14:05+00:00",
        )
    if match["offset"] is None:
        raise _naive(value)
    try:
        instant = datetime.fromisoformat(value.upper())
    except ValueError as error:
        raise _no_time(_OUT_OF_RANGE if _is_beyond_a_day(match["offset"]) else str(error)) from None
    if _is_beyond_a_day(match["offset"]):  # Python reads +05:75 as +06:15
        raise _no_time(_OUT_OF_RANGE)
    _refuse_year(instant.year)
    return instant


def _no_time(reason: str) -> PydanticCustomError:
    return PydanticCustomError("instant_value", "not a time: {reason}", {"reason": reason})


def _is_beyond_a_day(offset: str) -> bool:
    return offset[1:3] > "23" or offset[-2:-1] > "5"


def _naive(value: str) -> PydanticCustomError:
    return PydanticCustomError(
        "instant_naive", "the time has no offset from UTC", {"fix": f"{value.replace(' ', 'T')}+00:00"}
    )


def _refuse_year(year: int) -> None:
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise PydanticCustomError(
            "instant_range",
            "the year is {year}; expected {low} to {high}",
            {"year": year, "low": EARLIEST_YEAR, "high": LATEST_YEAR},
        )


def parse_day(value: Any) -> date:
    """Read an ISO 8601 calendar date, such as 2026-11-21."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if not (isinstance(value, str) and _DATE.fullmatch(value)):
        raise PydanticCustomError("day_shape", "expected a date such as 2026-11-21")
    try:
        day = date.fromisoformat(value)
    except ValueError as error:
        raise PydanticCustomError("day_value", "not a date: {reason}", {"reason": str(error)}) from None
    _refuse_year(day.year)
    return day


Instant = Annotated[
    datetime,
    BeforeValidator(parse_instant),
    WithJsonSchema(
        {
            "type": "string",
            "format": "date-time",
            "pattern": r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?([Zz]|[+-]\d{2}:?\d{2})$",
        }
    ),
]
"""A point in time, always with an offset from UTC."""

Day = Annotated[date, BeforeValidator(parse_day), WithJsonSchema({"type": "string", "format": "date"})]
"""A calendar date, for due dates."""

Flag = Annotated[bool, Field(strict=True)]
"""True or false; `yes` is a word, not a flag (YAML 1.2)."""

Count = Annotated[int, Field(strict=True, ge=0)]

Text = Annotated[str, Field(min_length=1)]
"""Words of a person: untrusted wherever they are shown."""

_KEY = "[a-z0-9]+([._-][a-z0-9]+)*"
NUMBER_PATTERN = "[0-9]{4}|[1-9][0-9]{4,}"
"""Four digits, or more where four are too few: 0042 and 00042 would be two names of one number."""

SLUG_PATTERN = f"^{_KEY}$"
CATEGORY_PATTERN = f"^{_KEY}(/{_KEY})?$"
HANDLE_PATTERN = "^[A-Za-z0-9][A-Za-z0-9._-]*$"
INCIDENT_PATTERN = f"^INC-[0-9]{{4}}-({NUMBER_PATTERN})$"
PROBLEM_PATTERN = f"^PRB-[0-9]{{4}}-({NUMBER_PATTERN})$"

SPELLINGS: Mapping[str, str] = MappingProxyType(
    {
        SLUG_PATTERN: "lower-case letters and digits, joined by `-`, `_` or `.`, such as `web-checkout`",
        CATEGORY_PATTERN: "a category, or category and subcategory, such as `application/deployment`",
        HANDLE_PATTERN: "a handle: letters, digits, `.`, `_` and `-`, such as `duty-web`",
        INCIDENT_PATTERN: "the ID of an incident, such as `INC-2026-0042`",
        PROBLEM_PATTERN: "the ID of a problem, such as `PRB-2026-0007`",
    }
)
"""What a pattern asks for, in words."""

Slug = Annotated[str, Field(pattern=SLUG_PATTERN)]
"""A key of the taxonomy."""

CategoryPath = Annotated[str, Field(pattern=CATEGORY_PATTERN)]
"""A category, or category and subcategory."""

Handle = Annotated[str, Field(pattern=HANDLE_PATTERN)]
"""A person, team or bot as `schema/people.yml` names them."""

IncidentId = Annotated[str, Field(pattern=INCIDENT_PATTERN)]
ProblemId = Annotated[str, Field(pattern=PROBLEM_PATTERN)]
