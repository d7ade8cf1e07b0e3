"""How samples of time are spread: counts between limits that people think in."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

LIMITS_S = (900, 3600, 4 * 3600, 8 * 3600, 86400, 3 * 86400, 7 * 86400, 30 * 86400)
"""A quarter of an hour to a month."""


@dataclass(frozen=True, slots=True)
class Bin:
    """How many samples are longer than `over_s` and at most `up_to_s`; None is without a limit."""

    over_s: float | None
    up_to_s: float | None
    count: int


def histogram(samples: Iterable[float], limits: tuple[float, ...] = LIMITS_S) -> tuple[Bin, ...]:
    """Count samples, in seconds, between limits."""
    counts = [0] * (len(limits) + 1)
    for sample in samples:
        counts[bisect_left(limits, sample)] += 1
    lower = (None, *limits)
    upper = (*limits, None)
    return tuple(Bin(low, high, count) for low, high, count in zip(lower, upper, counts, strict=True))
