"""How figures are said in text: one wording for every report of figures."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

NONE = "none"
"""What is said where there is nothing to measure: neither 0 nor NaN."""

_UNITS = (("d", 86400), ("h", 3600), ("m", 60), ("s", 1))


def duration(seconds: float | None) -> str:
    """Say a length of time in its two largest units: `2d 4h`, `2h 21m`, `45s`."""
    if seconds is None:
        return NONE
    left = round(seconds)
    sign, left = ("-", -left) if left < 0 else ("", left)
    if left >= 3600:
        left = round(left / 60) * 60  # seconds are not said beside hours; 59m 40s makes the hour full
    if left >= 86400:
        left = round(left / 3600) * 3600
    parts = []
    for unit, size in _UNITS:
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count}{unit}")
    return sign + (" ".join(parts[:2]) or "0s")


def commit(revision: str | None, *, dirty: bool) -> str:
    """Name the commit that figures are of, and say where they are not quite of it; empty without one."""
    if revision is None:
        return ""
    return f"commit {revision[:12]}{' with uncommitted changes' if dirty else ''}"


def percent(share: float | None, decimals: int = 2) -> str:
    """Say a share as a percentage; 100 only where nothing is missing, 0 only where nothing is there."""
    if share is None:
        return NONE
    least, most = 10**-decimals, 100 - 10**-decimals
    if 0 < share * 100 < least / 2:
        return f"<{least:.{decimals}f} %"
    if most + least / 2 <= share * 100 < 100:
        return f">{most:.{decimals}f} %"
    return f"{share * 100:.{decimals}f} %"


_REASONS = {
    "no_start": "without a start time",
    "no_end": "without an end time",
    "still_open": "still open",
    "end_before_start": "that end before they start",
    "no_time": "without any time",
    "no_failure": "that failed no service",
    "first_failure": "first of their service",
    "part_of_parent": "part of their parent's",
    "not_resolved": "not resolved",
    "no_assignment": "never assigned",
    "no_line": "whose teams have no line",
    "no_resolver": "without a resolver",
    "unknown_handle": "resolved by somebody unknown",
    "not_closed": "not closed",
    "no_confirmation": "that do not say whether the user confirmed",
    "not_public": "of which the public may not see it",
    "no_incident": "without an incident",
}


def counts(numbers: Mapping[Any, int]) -> str:
    """Say counts by reason: `3 cancelled, 1 without an end time`."""
    return ", ".join(f"{count} {_REASONS.get(reason, reason)}" for reason, count in numbers.items())


def plural(count: int, one: str, many: str | None = None) -> str:
    """Say a count with its noun."""
    return f"{count} {one if count == 1 else many or one + 's'}"


_BIDI = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_UNPRINTABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})


def printable(text: str) -> str:
    """Show what a terminal would obey in a record's text: control characters, changes of direction."""
    return "".join(
        f"\\u{ord(char):04x}" if char in _BIDI or unicodedata.category(char) in _UNPRINTABLE else char
        for char in text
    )
