"""Whether a record was taken over from another system."""

from __future__ import annotations

from incidentbook.records import Record

ALERTING = frozenset(
    {"alertmanager", "pagerduty", "opsgenie", "grafana", "pingdom", "cloudwatch", "github", "form", "mail"}
)
"""Systems whose `origin` makes no import of a record: an alert opened it, and people here work on it."""


def is_imported(record: Record) -> bool:
    """Tell whether a record was taken over from another system, rather than opened by an alert."""
    origin = getattr(record, "origin", None)
    return origin is not None and origin.system.lower() not in ALERTING
