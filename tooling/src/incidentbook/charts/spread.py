"""How a set of times is spread: a histogram whose bins widen as times grow."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from statistics import fmean, median
from typing import Any

from incidentbook.charts.chart import Chart
from incidentbook.charts.scales import DAY, HOUR, MINUTE, WEEK, count_scale, say_time
from incidentbook.charts.vega import ACCENT, TEXT, draw, labels_of

_EDGES = (
    0.0, MINUTE, 2 * MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR,
    DAY, 2 * DAY, 4 * DAY, WEEK, 2 * WEEK, 4 * WEEK, 13 * WEEK, 52 * WEEK, 520 * WEEK,
)  # fmt: skip
"""Where bins end, each about twice the one before: times of incidents spread over powers, not sums."""

_LABELS = (
    "0", "1m", "2m", "5m", "15m", "30m", "1h", "2h", "4h", "8h",
    "1d", "2d", "4d", "1w", "2w", "4w", "13w", "1y", "10y",
)  # fmt: skip


def distribution(
    seconds: Sequence[float],
    caption: str,
    *,
    unit: str = "incidents",
    width: int = 420,
    height: int = 190,
) -> Chart:
    """Draw how many of the times fall between one length and the next, with their median and mean.

    The axis is divided like a ruler for powers: few outages of a day stand beside many of an hour.
    Times below zero are not times and are left out.
    """
    times = sorted(value for value in seconds if value >= 0)
    first, last = _range(times)
    edges, labels = _EDGES[first : last + 1], _LABELS[first : last + 1]
    counts = [0] * (len(edges) - 1)
    for value in times:
        counts[min(bisect_right(edges, value) - 1, len(counts) - 1)] += 1
    scale = count_scale(max(counts, default=0))
    marks = _marks(times, edges)
    spec = {
        "encoding": {"x": {"type": "quantitative", "axis": _axis(labels, width)}},
        "layer": [
            {
                "data": {"values": _bars(counts, labels, unit)},
                "mark": {"type": "rect", "color": ACCENT},
                "encoding": {
                    "x": {"field": "from", "scale": {"domain": [0, len(counts)], "nice": False}},
                    "x2": {"field": "to"},
                    "y": {
                        "field": "count",
                        "type": "quantitative",
                        "scale": {"domain": [0, scale.top]},
                        "axis": {
                            "title": unit,
                            "titleX": -38,
                            "values": list(scale.ticks),
                            "format": scale.format,
                        },
                    },
                    "y2": {"datum": 0},
                    "description": {"field": "words", "type": "nominal"},
                },
            },
            *_rules(marks, len(counts)),
        ],
    }
    summary = _summary(times, unit)
    svg = draw(spec, size=(width, height), inset=(28, 12, 22, 50), label=f"{caption}. {summary}")
    rows = tuple(
        (f"{low} to {high}", str(count)) for low, high, count in zip(labels, labels[1:], counts, strict=False)
    )
    return Chart(svg, caption, summary, ("Length", unit.capitalize()), rows)


def _range(times: Sequence[float]) -> tuple[int, int]:
    if not times:
        return 0, 6
    first = max(bisect_right(_EDGES, times[0]) - 1, 0)
    last = min(bisect_right(_EDGES, times[-1]), len(_EDGES) - 1)
    # one bin alone would fill the whole width, and look like much
    return (first, last) if last - first > 1 else (max(first - 1, 0), min(last + 1, len(_EDGES) - 1))


def _bars(counts: Sequence[int], labels: Sequence[str], unit: str) -> list[dict[str, Any]]:
    return [
        {
            "from": at + 0.04,
            "to": at + 0.96,
            "count": count,
            "words": f"{labels[at]} to {labels[at + 1]}: {count} {_named(count, unit)}",
        }
        for at, count in enumerate(counts)
        if count
    ]


def _axis(labels: Sequence[str], width: int) -> dict[str, Any]:
    """Every label, or every second where they would run into each other."""
    every = 1 if len(labels) * 30 <= width - 30 else 2
    return {
        "title": None,
        "grid": False,
        "values": list(range(0, len(labels), every)),
        "labelExpr": labels_of(labels),
    }


def _marks(times: Sequence[float], edges: Sequence[float]) -> list[tuple[float, str]]:
    if not times:
        return []
    middle, mean = median(times), fmean(times)
    return [
        (_place(middle, edges), f"median {say_time(middle)}"),
        (_place(mean, edges), f"mean {say_time(mean)}"),
    ]


def _place(value: float, edges: Sequence[float]) -> float:
    """Where a time lies on the axis: within its bin by the power, as the bins themselves are laid out."""
    at = min(max(bisect_right(edges, value) - 1, 0), len(edges) - 2)
    low, high = edges[at], edges[at + 1]
    if low <= 0:
        return at + min(value / high, 1.0)
    return at + min(math.log(max(value, low) / low) / math.log(high / low), 1.0)


def _rules(marks: Sequence[tuple[float, str]], width: float) -> list[dict[str, Any]]:
    """A line each for median and mean; their words stand on two lines, so that neither hides the other."""
    layers: list[dict[str, Any]] = []
    for row, (at, words) in enumerate(marks):
        data = {"values": [{"at": at, "words": words}]}
        is_right = at > width * (0.35, 0.75)[row]
        rule = {"type": "rule", "color": TEXT, "strokeWidth": 1.5, "y": -22 + row * 12, "y2": "height"}
        said = {"type": "text", "fill": TEXT, "y": -17 + row * 12, "dx": 5}
        if row:
            rule["strokeDash"] = [4, 3]
        if is_right:
            said |= {"align": "right", "dx": -5}
        else:
            said["align"] = "left"
        text = {"field": "words", "type": "nominal"}
        layers += [
            {"data": data, "mark": rule, "encoding": {"x": {"field": "at"}}},
            {"data": data, "mark": said, "encoding": {"x": {"field": "at"}, "text": text}},
        ]
    return layers


def _named(count: int, unit: str) -> str:
    return unit if count != 1 else unit.removesuffix("s")


def _summary(times: Sequence[float], unit: str) -> str:
    if not times:
        return "None."
    if len(times) == 1:
        return f"One, of {say_time(times[0])}."
    return (
        f"Half of {len(times):,} {unit} within {say_time(median(times))}; "
        f"the mean is {say_time(fmean(times))}, the longest {say_time(times[-1])}."
    )
