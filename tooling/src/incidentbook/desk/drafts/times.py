"""Times and lengths of time as a draft says them."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo


def at_words(at: datetime, zone: tzinfo) -> str:
    """Say a time to the minute, with its zone."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M %Z}"


def length_words(length: timedelta) -> str:
    """Say a length in its two largest units: `2 d 4 h`, `1 h 5 min`, `0 min`."""
    minutes = round(length / timedelta(minutes=1))
    days, rest = divmod(minutes, 1440)
    hours, minutes = divmod(rest, 60)
    parts = [f"{count} {unit}" for count, unit in ((days, "d"), (hours, "h"), (minutes, "min")) if count]
    return " ".join(parts[:2]) or "0 min"
