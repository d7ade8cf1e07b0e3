"""How a value of a record is written in a message."""

from __future__ import annotations

from datetime import datetime
from typing import Any


def spell(value: Any) -> str:
    """A time to the minute, an interval by its ends, everything else as it is."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    if hasattr(value, "from_") and hasattr(value, "to"):
        return f"{spell(value.from_) if value.from_ else '...'} to {spell(value.to) if value.to else '...'}"
    return str(value)
