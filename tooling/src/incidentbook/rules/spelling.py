"""How a value of a record is written in a message, and which word was probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from difflib import get_close_matches
from typing import Any


def spell(value: Any) -> str:
    """A time to the minute, an interval by its ends, everything else as it is."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    if hasattr(value, "from_") and hasattr(value, "to"):
        return f"{spell(value.from_) if value.from_ else '...'} to {spell(value.to) if value.to else '...'}"
    return str(value)


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """Ask for the known word that is most like this one; None where none is."""
    close = get_close_matches(word, sorted(known), n=1)
    return f"did you mean `{close[0]}`?" if close else None
