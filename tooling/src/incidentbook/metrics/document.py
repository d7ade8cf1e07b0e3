"""All figures of a period as one document: what `stats` prints as JSON, and what a site's API serves."""

from __future__ import annotations

from typing import Any

from incidentbook.metrics.availability import Availability
from incidentbook.metrics.comparison import LEAST, LEVEL, Comparison
from incidentbook.metrics.durations import MEASURES
from incidentbook.metrics.rates import RATES
from incidentbook.metrics.statistics import Statistics
from incidentbook.metrics.values import availability_values, change_values, figure_values, time_text


def document_of(
    statistics: Statistics, availability: Availability, comparison: Comparison | None = None
) -> dict[str, Any]:
    """Figures as plain values: seconds for times, shares from 0 to 1, None where there is none."""
    document: dict[str, Any] = {
        "overall": figure_values(statistics.overall, statistics.goals),
        "groups": groups_of(statistics),
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
        "measures": definitions(),
    }
    if comparison is not None:
        document["comparison"] = _comparison(comparison)
    return document


def groups_of(statistics: Statistics) -> list[dict[str, Any]]:
    """The figures of each group; a key of several parts where several dimensions are crossed."""
    return [
        {
            "key": group.key[0] if len(group.key) == 1 else list(group.key),
            **figure_values(group.figures, group.goals),
        }
        for group in statistics.groups
    ]


def definitions() -> dict[str, Any]:
    """What each measure is, by its name."""
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
