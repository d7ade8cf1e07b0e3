"""Figures as JSON, for programs."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from incidentbook.metrics import MEASURES, Attainment, Availability, Figures, Statistics, Summary


def stats_as_json(statistics: Statistics, availability: Availability) -> str:
    """Render figures: seconds for times, shares from 0 to 1, null where there is nothing to measure."""
    document: dict[str, Any] = {
        "overall": _figures(statistics.overall),
        "groups": [
            {"key": group.key[0] if len(group.key) == 1 else list(group.key), **_figures(group.figures)}
            for group in statistics.groups
        ],
        "by": list(statistics.by),
        "audience": statistics.audience or "all",
        "left_out": dict(statistics.left_out),
        "availability": _availability(availability),
        "from": _time(statistics.from_),
        "to": _time(statistics.to),
        "now": _time(statistics.now),
        "revision": statistics.revision,
        "measures": {
            measure.name: {
                "title": measure.title,
                "acronym": measure.acronym,
                "from": measure.from_,
                "to": measure.to,
                "definition": measure.definition,
            }
            for measure in MEASURES
        },
    }
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)


def _figures(figures: Figures) -> dict[str, Any]:
    durations = {
        name: _summary(figure.summary) | {"left_out": dict(figure.left_out)}
        for name, figure in figures.durations.items()
    }
    sla = {str(name): _attainment(attainment) for name, attainment in figures.sla.items()}
    return {
        "incidents": figures.incidents,
        "open": figures.open,
        "major": figures.major,
        "reopened": figures.reopened,
        **durations,
        "sla": sla,
    }


def _summary(summary: Summary) -> dict[str, Any]:
    return {
        "n": summary.n,
        "mean_s": _seconds(summary.mean_s),
        "median_s": _seconds(summary.median_s),
        "p90_s": _seconds(summary.p90_s),
        "total_s": _seconds(summary.total_s),
    }


def _seconds(value: float | None) -> float | None:
    """To the microsecond, which is as fine as times are written; what is below is noise of the arithmetic."""
    return None if value is None else round(value, 6)


def _attainment(attainment: Attainment) -> dict[str, Any]:
    return {
        "met": attainment.met,
        "breached": attainment.breached,
        "running": attainment.running,
        "attainment": attainment.share,
        "without": attainment.without,
    }


def _availability(availability: Availability) -> dict[str, Any]:
    return {
        "from": _time(availability.window[0]),
        "to": _time(availability.window[1]),
        "page": availability.page,
        "services": dict(availability.services),
        "left_out": availability.left_out,
    }


def _time(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None
