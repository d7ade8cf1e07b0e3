"""Promises kept and broken, as one bar of shares for each group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from incidentbook.charts.chart import Chart
from incidentbook.charts.vega import BAD, GOOD, QUIET, draw, labels_of

_PARTS = (("met", GOOD), ("breached", BAD), ("running", QUIET))


@dataclass(frozen=True, slots=True)
class Kept:
    """How many clocks of one group kept their promise, broke it, or may still do either."""

    label: str
    met: int
    breached: int
    running: int = 0

    @property
    def share(self) -> float | None:
        """Met, of those that are decided; None while none is."""
        decided = self.met + self.breached
        return self.met / decided if decided else None


def stacked_attainment(
    groups: Sequence[Kept], caption: str, *, heading: str = "Group", width: int = 420
) -> Chart:
    """Draw a bar of equal length for each group, divided into met, breached and running, with its share."""
    room = int(min(max((len(group.label) for group in groups), default=0) * 6.2 + 12, width * 0.4))
    height = max(len(groups), 1) * 28 + 30
    y = {"field": "at", "type": "ordinal", "scale": {"paddingInner": 0.36, "paddingOuter": 0.18}}
    axis = {
        "title": None,
        "labelExpr": labels_of([group.label for group in groups]),
        "labelColor": "currentColor",
        "labelLimit": 0,
    }
    x = {"type": "quantitative", "axis": None, "scale": {"domain": [0, 1]}}
    spec = {
        "layer": [
            {
                "data": {"values": _segments(groups)},
                "mark": {"type": "bar"},
                "encoding": {
                    "x": {**x, "field": "from"},
                    "x2": {"field": "to"},
                    "y": {**y, "axis": axis},
                    "color": {"field": "colour", "type": "nominal", "scale": None},
                    "description": {"field": "words", "type": "nominal"},
                },
            },
            {
                "data": {"values": _segments(groups, least=0.07)},
                "mark": {"type": "text", "fill": "var(--ib-card, #ffffff)", "fontWeight": 600},
                "encoding": {
                    "x": {**x, "field": "middle"},
                    "y": y,
                    "text": {"field": "count", "type": "nominal"},
                },
            },
            {
                "data": {"values": [{"at": at, "share": _share(group)} for at, group in enumerate(groups)]},
                "mark": {"type": "text", "align": "left", "x": "width", "dx": 6, "fill": "currentColor"},
                "encoding": {"y": y, "text": {"field": "share", "type": "nominal"}},
            },
            *_key(),
        ]
    }
    summary = _summary(groups)
    svg = draw(spec, size=(width, height), inset=(26, 48, 4, room), label=f"{caption}. {summary}")
    rows = tuple(
        (group.label, str(group.met), str(group.breached), str(group.running), _share(group))
        for group in groups
    )
    return Chart(svg, caption, summary, (heading, "Met", "Breached", "Running", "Attainment"), rows)


def _segments(groups: Sequence[Kept], least: float = 0.0) -> list[dict[str, Any]]:
    found = []
    for at, group in enumerate(groups):
        total = group.met + group.breached + group.running
        place = 0.0
        for (part, colour), count in zip(_PARTS, (group.met, group.breached, group.running), strict=True):
            if not count:
                continue
            share = count / total
            if share > least:
                words = f"{group.label}: {count} {part}, {share * 100:.0f} % of {total}"
                found.append(
                    {
                        "at": at,
                        "from": place,
                        "to": place + share,
                        "middle": place + share / 2,
                        "count": str(count),
                        "colour": colour,
                        "words": words,
                    }
                )
            place += share
    return found


def _key() -> list[dict[str, Any]]:
    """The meaning of the colours, above the bars; in marks, for a legend would be placed by its text."""
    values = [{"x": at * 84, "words": part, "colour": colour} for at, (part, colour) in enumerate(_PARTS)]
    place = {"field": "x", "type": "quantitative", "scale": None, "axis": None}
    colour = {"field": "colour", "type": "nominal", "scale": None}
    return [
        {
            "data": {"values": values},
            "mark": {"type": "square", "size": 90, "y": -14, "opacity": 1, "xOffset": 5, "aria": False},
            "encoding": {"x": place, "color": colour},
        },
        {
            "data": {"values": values},
            "mark": {"type": "text", "align": "left", "y": -14, "dx": 15, "baseline": "middle"},
            "encoding": {"x": place, "text": {"field": "words", "type": "nominal"}},
        },
    ]


def _share(group: Kept) -> str:
    if group.share is None:
        return "none"
    percent = group.share * 100
    # 99.96 % are not 100 %: one promise was broken
    return f"{percent:.0f} %" if percent in (0, 100) else f"{min(max(percent, 0.1), 99.9):.1f} %"


def _summary(groups: Sequence[Kept]) -> str:
    met = sum(group.met for group in groups)
    breached = sum(group.breached for group in groups)
    if not met + breached:
        return "None is decided."
    worst = min((g for g in groups if g.share is not None), key=lambda group: group.share or 0.0)
    whole = Kept("", met, breached)
    return f"{_share(whole)} of {met + breached:,} kept; least in {worst.label}, {_share(worst)}."
