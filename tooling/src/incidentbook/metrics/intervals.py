"""Half-open stretches of time: merged, cut to a window, and added up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

Interval = tuple[datetime, datetime]
"""From, and to (itself outside). Both in UTC or with a fixed offset, so that subtraction is true."""


def union(intervals: Iterable[Interval]) -> list[Interval]:
    """Merge what overlaps or touches, in order; what is empty or ends before it begins is dropped."""
    merged: list[Interval] = []
    for start, end in sorted(interval for interval in intervals if interval[0] < interval[1]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def clip(intervals: Iterable[Interval], window: Interval) -> list[Interval]:
    """Cut intervals to a window; what lies outside it is gone."""
    cut = ((max(start, window[0]), min(end, window[1])) for start, end in intervals)
    return [(start, end) for start, end in cut if start < end]


def length(intervals: Sequence[Interval]) -> timedelta:
    """Add up intervals that do not overlap."""
    return sum((end - start for start, end in intervals), timedelta(0))
