"""Charts that compare: one bar a period, or one bar a thing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from incidentbook.charts.chart import Chart
from incidentbook.charts.scales import Scale, count_scale, time_scale
from incidentbook.charts.vega import ACCENT, FONT_SIZE, QUIET, draw, labels_of

Kind = Literal["count", "time"]
"""What values are: a number of things, or a time in seconds."""


@dataclass(frozen=True, slots=True)
class Point:
    """One bar: its label on the axis, its value (None where there is none), and its words, if it has own.

    `quiet` draws it in grey: a period that is not over, or what stands beside what is meant.
    """

    label: str
    value: float | None
    words: str | None = None
    href: str | None = None
    quiet: bool = False


def bars_by_period(
    points: Sequence[Point],
    caption: str,
    *,
    kind: Kind = "count",
    unit: str = "incidents",
    width: int = 420,
    height: int = 170,
) -> Chart:
    """Draw one bar a period, in the order given. `unit` names what is counted.

    Where labels are many only so many are written as there is room for; the last always is.
    """
    scale = _scale(points, kind)
    every = -(-len(points) * _label_width(points) // max(width - 60, 1)) or 1
    shown = [at for at in range(len(points)) if (len(points) - 1 - at) % every == 0]
    spec = {
        "data": {"values": _values(points, scale, unit)},
        "mark": {"type": "bar"},
        "encoding": {
            "x": {
                "field": "at",
                "type": "ordinal",
                "scale": {"paddingInner": 0.28, "paddingOuter": 0.14},
                "axis": {
                    "title": None,
                    "labelAngle": 0,
                    "values": shown,
                    "labelExpr": labels_of([point.label for point in points]),
                },
            },
            "y": _axis(scale, unit),
            **_colours(),
        },
    }
    summary = _summary(points, scale, unit, is_course=True)
    svg = draw(
        spec,
        size=(width, height),
        inset=(10, max(6, _label_width(points) // 2 - 12), 22, 50),
        label=f"{caption}. {summary}",
        links=[point.href for point in points],
    )
    return _chart(svg, caption, summary, points, scale, ("Period", _heading(scale, unit)))


def ranking(
    points: Sequence[Point],
    caption: str,
    *,
    kind: Kind = "count",
    unit: str = "incidents",
    heading: str = "What",
    width: int = 420,
) -> Chart:
    """Draw one bar a thing, below each other in the order given, each with its name and its value."""
    scale = _scale(points, kind)
    room = min(max((len(point.label) for point in points), default=0) * 6.2 + 10, width * 0.45)
    height = max(len(points), 1) * 24 + 8
    x = {"field": "value", "type": "quantitative", "axis": None, "scale": {"domain": [0, scale.top]}}
    y = {
        "field": "at",
        "type": "ordinal",
        "scale": {"paddingInner": 0.32, "paddingOuter": 0.16},
        "axis": {
            "title": None,
            "labelExpr": labels_of(_shortened(points, int(room / 6.2))),
            "labelColor": "currentColor",
            "labelLimit": 0,
        },
    }
    values = {"align": "left", "dx": 5, "baseline": "middle"}
    spec = {
        "data": {"values": _values(points, scale, unit)},
        "layer": [
            {"mark": {"type": "bar"}, "encoding": {"x": x, "y": y, **_colours()}},
            {
                "mark": {"type": "text", **values},
                "encoding": {"x": x, "y": y, "text": {"field": "said", "type": "nominal"}},
            },
        ],
    }
    summary = _summary(points, scale, unit, is_course=False)
    svg = draw(
        spec,
        size=(width, height),
        inset=(4, 62, 4, int(room)),
        label=f"{caption}. {summary}",
        links=[point.href for point in points],
    )
    return _chart(svg, caption, summary, points, scale, (heading, _heading(scale, unit)))


def _scale(points: Sequence[Point], kind: Kind) -> Scale:
    largest = max((point.value for point in points if point.value is not None), default=0.0)
    return (count_scale if kind == "count" else time_scale)(largest)


def _values(points: Sequence[Point], scale: Scale, unit: str) -> list[Mapping[str, Any]]:
    return [
        {
            "at": at,
            "value": 0 if point.value is None else point.value / scale.size,
            "said": scale.say(point.value),
            "words": point.words or f"{point.label}: {_said(point, scale, unit)}",
            "quiet": point.quiet,
        }
        for at, point in enumerate(points)
    ]


def _said(point: Point, scale: Scale, unit: str) -> str:
    said = scale.say(point.value)
    if point.value is None or scale.unit is not None:
        return said
    return f"{said} {unit}" if point.value != 1 else f"{said} {unit.removesuffix('s')}"


def _colours() -> Mapping[str, Any]:
    return {
        "color": {"condition": {"test": "datum.quiet", "value": QUIET}, "value": ACCENT},
        "description": {"field": "words", "type": "nominal"},
    }


def _axis(scale: Scale, unit: str) -> Mapping[str, Any]:
    return {
        "field": "value",
        "type": "quantitative",
        "scale": {"domain": [0, scale.top]},
        "axis": {
            "title": scale.unit or unit,
            "titleAngle": -90,
            "titleX": -38,
            "values": list(scale.ticks),
            "format": scale.format,
        },
    }


def _label_width(points: Sequence[Point]) -> int:
    return max((len(point.label) for point in points), default=0) * (FONT_SIZE * 6 // 10) + 8


def _shortened(points: Sequence[Point], limit: int) -> list[str]:
    return [
        label if len(label) <= limit else label[: max(limit - 1, 1)].rstrip() + "…"
        for label in (point.label for point in points)
    ]


def _summary(points: Sequence[Point], scale: Scale, unit: str, *, is_course: bool) -> str:
    """Say the highest, and where there is a course of time the last."""
    known = [point for point in points if point.value is not None]
    if not known:
        return "None."
    last = known[-1] if is_course else known[0]
    highest = max((last, *known), key=lambda point: point.value or 0.0)
    words = f"Most: {highest.label}, {_said(highest, scale, unit)}."
    if not is_course or last is highest:
        return words
    return f"{words} Last: {last.label}, {_said(last, scale, unit)}."


def _chart(
    svg: str, caption: str, summary: str, points: Sequence[Point], scale: Scale, headings: tuple[str, str]
) -> Chart:
    rows = tuple((point.label, scale.say(point.value)) for point in points)
    return Chart(svg, caption, summary, headings, rows)


def _heading(scale: Scale, unit: str) -> str:
    return "Time" if scale.unit is not None else unit.capitalize()
