"""When in the week something happens, as a map of weekday by hour."""

from __future__ import annotations

from collections.abc import Mapping

from incidentbook.charts.chart import Chart
from incidentbook.charts.vega import ACCENT, LINE, draw, labels_of

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_FULL_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def heat_map(
    counts: Mapping[tuple[int, int], int], caption: str, *, unit: str = "incidents", width: int = 420
) -> Chart:
    """Draw counts by (weekday from 0 for Monday, hour from 0 to 23): the more, the stronger the colour."""
    most = max(counts.values(), default=0)
    values = []
    for day in range(7):
        for hour in range(24):
            count = counts.get((day, hour), 0)
            named = unit if count != 1 else unit.removesuffix("s")
            words = f"{_FULL_DAYS[day]}, {hour:02}:00 to {hour + 1:02}:00: {count} {named}"
            # the least that is there is still told from nothing
            strength = 0.18 + 0.82 * count / most if count else 0
            values.append({"day": day, "hour": hour, "strength": strength, "words": words})
    base = {
        "x": {
            "field": "hour",
            "type": "ordinal",
            "scale": {"paddingInner": 0.1},
            "axis": {
                "title": None,
                "labelAngle": 0,
                "values": list(range(0, 24, 3)),
                "labelExpr": "format(datum.value, '02d') + ':00'",
            },
        },
        "y": {
            "field": "day",
            "type": "ordinal",
            "scale": {"paddingInner": 0.1},
            "axis": {"title": None, "labelExpr": labels_of(_DAYS)},
        },
    }
    spec = {
        "data": {"values": values},
        "encoding": base,
        "layer": [
            {
                "transform": [{"filter": "datum.strength == 0"}],
                "mark": {"type": "rect", "color": LINE, "opacity": 0.55, "aria": False},
            },
            {
                "transform": [{"filter": "datum.strength > 0"}],
                "mark": {"type": "rect", "color": ACCENT},
                "encoding": {
                    "opacity": {"field": "strength", "type": "quantitative", "scale": None},
                    "description": {"field": "words", "type": "nominal"},
                },
            },
        ],
    }
    summary = _summary(counts, most, unit)
    size = (width, int((width - 40) / 24 * 7 * 0.95) + 28)
    svg = draw(spec, size=size, inset=(4, 14, 22, 34), label=f"{caption}. {summary}")
    rows = tuple(
        (_FULL_DAYS[day], *(str(sum(counts.get((day, hour), 0) for hour in part)) for part in _PARTS))
        for day in range(7)
    )
    headings = ("Day", *(f"{part.start:02}-{part.stop:02}" for part in _PARTS))
    return Chart(svg, caption, summary, headings, rows)


_PARTS = tuple(range(start, start + 4) for start in range(0, 24, 4))


def _summary(counts: Mapping[tuple[int, int], int], most: int, unit: str) -> str:
    if not most:
        return "None."
    total = sum(counts.values())
    by_day = [sum(counts.get((day, hour), 0) for hour in range(24)) for day in range(7)]
    office = sum(counts.get((day, hour), 0) for day in range(5) for hour in range(8, 18))
    busiest = max(range(7), key=lambda day: by_day[day])
    return (
        f"Most on {_FULL_DAYS[busiest]} ({by_day[busiest]:,} of {total:,} {unit}); "
        f"{office / total * 100:.0f} % on weekdays between 08:00 and 18:00."
    )
