"""The types that settings are made of, beyond those of records."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from incidentbook.records.fields import PUBLIC, Day, Slug, Text, model

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
