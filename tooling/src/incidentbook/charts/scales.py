"""Round axes for counts and for times, and how their values are said."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

MINUTE, HOUR, DAY, WEEK = 60.0, 3600.0, 86400.0, 604800.0

_UNITS = (("d", DAY), ("h", HOUR), ("m", MINUTE), ("s", 1.0))
_TIME_UNITS = (("weeks", WEEK), ("days", DAY), ("hours", HOUR), ("minutes", MINUTE))
_TIME_STEPS = {
    "minutes": (1, 2, 5, 10, 15, 30),
    "hours": (0.5, 1, 2, 3, 6, 12),
    "days": (0.5, 1, 2, 3, 7),
}


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis from 0 to `top` with its `ticks`, in units of `size`; `unit` is None for mere numbers."""

    top: float
    ticks: tuple[float, ...]
    size: float
    unit: str | None
    say: Callable[[float | None], str]

    @property
    def format(self) -> str:
        """How the ticks are written, as d3 spells it: `12k` where `12,000` has no room."""
        return "~s" if self.top >= 10_000 else ",~f"


def say_count(value: float | None) -> str:
    """Say a number; `none` where there is nothing."""
    return "none" if value is None else f"{value:,.10g}"


def say_time(seconds: float | None) -> str:
    """Say a time in its two largest units, such as `2d 4h`; `none` where there is nothing."""
    if seconds is None:
        return "none"
    left = round(seconds / 60) * 60 if seconds >= HOUR else round(seconds)
    left = round(left / 3600) * 3600 if left >= DAY else left
    parts = []
    for unit, size in _UNITS:
        count, left = divmod(left, int(size))
        if count:
            parts.append(f"{count}{unit}")
    return " ".join(parts[:2]) or "0s"


def count_scale(largest: float) -> Scale:
    """Return an axis for counts: its ticks are whole numbers."""
    return _with_step(max(1.0, _step(largest / 4)), largest, 1.0, None, say_count)


def time_scale(largest_s: float) -> Scale:
    """Return an axis for times: in the unit that gives small numbers, with ticks that are round in it."""
    unit, size = next(((name, size) for name, size in _TIME_UNITS if largest_s > 2 * size), _TIME_UNITS[-1])
    largest = largest_s / size
    steps = _TIME_STEPS.get(unit, ())
    step = next((float(step) for step in steps if step * 5 >= largest), _step(largest / 4))
    return _with_step(step, largest, size, unit, say_time)


def _with_step(
    step: float, largest: float, size: float, unit: str | None, say: Callable[[float | None], str]
) -> Scale:
    count = max(1, math.ceil(largest / step - 1e-9))
    ticks = tuple(round(step * at, 6) for at in range(count + 1))
    return Scale(ticks[-1], ticks, size, unit, say)


def _step(least: float) -> float:
    """The next of 1, 2, 5, 10, 20, 50, ..."""
    if least <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(least))
    return next(round(step * power, 6) for step in (1, 2, 5, 10) if least <= step * power + 1e-9)
