"""Figures as JSON, for programs."""

from __future__ import annotations

import json
from typing import Any

from incidentbook.metrics import MEASURES, RATES, Availability, Comparison, Statistics
from incidentbook.metrics.comparison import LEAST, LEVEL
from incidentbook.reports.stats_values import availability_values, change_values, figure_values, time_text


def stats_as_json(
    statistics: Statistics, availability: Availability, comparison: Comparison | None = None
) -> str:
    """Render figures: seconds for times, shares from 0 to 1, null where there is nothing to measure."""
    document: dict[str, Any] = {
        "overall": figure_values(statistics.overall, statistics.goals),
        "groups": [
            {
                "key": group.key[0] if len(group.key) == 1 else list(group.key),
                **figure_values(group.figures, group.goals),
            }
            for group in statistics.groups
        ],
        "by": list(statistics.by),
        "audience": statistics.audience or "all",
        "left_out": dict(statistics.left_out),
        "availability": availability_values(availability),
        "load": [
            {"owner": one.handle, "name": one.name, "incidents": one.incidents, "open": one.open}
            for one in statistics.load
        ],
        "articles": [
            {"id": one.id, "title": one.title, "incidents": one.incidents} for one in statistics.articles
        ],
        "from": time_text(statistics.from_),
        "to": time_text(statistics.to),
        "now": time_text(statistics.now),
        "revision": statistics.revision,
        "dirty": statistics.dirty,
        "measures": _definitions(),
    }
    if comparison is not None:
        document["comparison"] = _comparison(comparison)
    return _text(document)


def availability_as_json(statistics: Statistics, availability: Availability) -> str:
    """Render availability alone; `statistics` tell whose and of when it is."""
    return _text(
        {
            "availability": availability_values(availability),
            "audience": statistics.audience or "all",
            "now": time_text(statistics.now),
            "revision": statistics.revision,
            "dirty": statistics.dirty,
        }
    )


def _comparison(comparison: Comparison) -> dict[str, Any]:
    previous = comparison.previous
    return {
        "from": time_text(previous.from_),
        "to": time_text(previous.to),
        "overall": figure_values(previous.overall, previous.goals),
        "left_out": dict(previous.left_out),
        "level": LEVEL,
        "least_samples": LEAST,
        "changes": [change_values(change) for change in comparison.changes],
    }


def _definitions() -> dict[str, Any]:
    times = {
        measure.name: {
            "title": measure.title,
            "acronym": measure.acronym,
            "from": measure.from_,
            "to": measure.to,
            "definition": measure.definition,
        }
        for measure in MEASURES
    }
    rates = {rate.name: {"title": rate.title, "of": rate.of, "definition": rate.definition} for rate in RATES}
    return {**times, "rates": rates}


def _text(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)
