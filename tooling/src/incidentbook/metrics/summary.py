"""A set of durations in five figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import fsum


@dataclass(frozen=True, slots=True)
class Summary:
    """Count, mean, median, 90th percentile and total of durations, in seconds; None where there are none.

    Percentiles are interpolated between the two nearest samples (type 7 of Hyndman and Fan, as
    spreadsheets, NumPy and pandas do): p90 of n sorted samples lies at position 0.9 x (n - 1).
    """

    n: int
    mean_s: float | None
    median_s: float | None
    p90_s: float | None
    total_s: float | None


NONE = Summary(0, None, None, None, None)
"""What is said of no samples: nothing, and neither 0 nor NaN."""


def summarize(samples: Iterable[float]) -> Summary:
    """Sum up samples, in seconds."""
    ordered = sorted(samples)
    if not ordered:
        return NONE
    total = fsum(ordered)
    return Summary(len(ordered), total / len(ordered), quantile(ordered, 0.5), quantile(ordered, 0.9), total)


def quantile(ordered: list[float], share: float) -> float:
    """Interpolate the value below which a share of the sorted samples lies (type 7)."""
    position = share * (len(ordered) - 1)
    below = int(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (position - below)
