"""Times as monitoring writes them: seconds, milliseconds, nanoseconds, offsets in all spellings."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from incidentbook.records.fields import EARLIEST_YEAR, LATEST_YEAR

_ISO = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})[T ](?P<time>\d{2}:\d{2}(?::\d{2})?)(?:[.,](?P<fraction>\d{1,12}))?"
    r"\s?(?P<offset>Z|UTC|[+-]\d{2}:?\d{2}(?::?\d{2})?)?",
    re.ASCII | re.IGNORECASE,
)
_SCALES = ((1e17, 1e9), (1e14, 1e6), (1e11, 1e3), (0.0, 1.0))
"""From which number on a count since 1970 is one of nanoseconds, microseconds, milliseconds, seconds."""


def foreign_time(value: Any, *, assume_utc: bool = False) -> datetime | None:
    """Read a time to the second, in UTC or its own offset; None where there is none, or one of no sense.

    `0001-01-01` is how Go says that there is no time. A time without an offset is none, but where its
    field is documented as UTC.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _counted(value)
    if not isinstance(value, str):
        return None
    text = value.strip()
    return _counted(float(text)) if re.fullmatch(r"[0-9]{9,19}", text) else _written(text, assume_utc)


def _counted(number: float) -> datetime | None:
    scale = next((scale for start, scale in _SCALES if number >= start), None)
    try:
        found = datetime.fromtimestamp(number / scale, UTC) if scale and number > 0 else None
    except (OverflowError, OSError, ValueError):
        return None
    return _sensible(found)


def _written(text: str, assume_utc: bool) -> datetime | None:  # noqa: FBT001
    match = _ISO.fullmatch(text)
    if match is None or not (match["offset"] or assume_utc):
        return None
    offset = (match["offset"] or "Z").upper().replace("UTC", "Z")
    try:
        return _sensible(datetime.fromisoformat(f"{match['day']}T{match['time']}{offset}"))
    except ValueError:
        return None


def _sensible(found: datetime | None) -> datetime | None:
    if found is None or not EARLIEST_YEAR < found.year < LATEST_YEAR:
        return None
    try:
        utc = found.astimezone(UTC)
    except (OverflowError, ValueError):
        return None
    # a second offset such as +00:00:30 has no spelling in a record
    whole = found.utcoffset()
    odd = whole is None or whole.total_seconds() % 60
    return (utc if odd else found).replace(microsecond=0)
