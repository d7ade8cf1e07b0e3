"""Times as a draft says them."""

from __future__ import annotations

from datetime import datetime, tzinfo


def at_words(at: datetime, zone: tzinfo) -> str:
    """Say a time to the minute, with its zone."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M %Z}"
