"""Figures as JSON, for programs."""

from __future__ import annotations

import json
from typing import Any

from incidentbook.metrics import Availability, Comparison, Statistics
from incidentbook.metrics.document import document_of
from incidentbook.metrics.values import availability_values, time_text


def stats_as_json(
    statistics: Statistics, availability: Availability, comparison: Comparison | None = None
) -> str:
    """Render figures: seconds for times, shares from 0 to 1, null where there is nothing to measure."""
    return _text(document_of(statistics, availability, comparison))


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


def _text(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)
