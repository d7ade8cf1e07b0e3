"""Lengths of time in words: in hours where it is working time, in days where it is time on the wall."""

from __future__ import annotations

from datetime import timedelta

_MINUTE = timedelta(minutes=1)
_SPACED = (" h", " min", " s")
_CLOSE = ("h", "m", "s")


def in_hours(length: timedelta, *, spaced: bool = False) -> str:
    """Say a length exactly, in hours, minutes and seconds: `26h 30m`, or `26 h 30 min` where spaced.

    There are no days in it: how many hours a working day has, the calendar says.
    """
    minutes, seconds = divmod(round(length.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    units = _SPACED if spaced else _CLOSE
    counts = zip((hours, minutes, seconds), units, strict=True)
    return " ".join(f"{count}{unit}" for count, unit in counts if count) or f"0{units[-1]}"


def to_the_minute(length: timedelta) -> timedelta:
    """Round a length to whole minutes, but for one that would be gone by it."""
    return _MINUTE * round(length / _MINUTE) or length


def in_two_units(length: timedelta) -> str:
    """Say a length on the wall in its largest unit and the one below: `2 d 4 h`, `1 h 5 min`, `40 s`."""
    rounded = to_the_minute(length)
    days, rest = divmod(rounded, timedelta(days=1))
    if not days:
        return in_hours(rounded, spaced=True)
    hours = rest // timedelta(hours=1)
    return f"{days} d {hours} h" if hours else f"{days} d"
