"""Whether a record was taken over from another system."""

from __future__ import annotations

from incidentbook.records import Record

ALERTING = frozenset(
    {"alertmanager", "pagerduty", "opsgenie", "grafana", "pingdom", "cloudwatch", "github", "form", "mail"}
)
"""Systems from which nothing is imported: their `origin` makes no import of a record, whoever wrote it.

Statuspage is not among them: its incidents come as alerts and by `import`, under the same ID, so that
none is taken in twice. Of those `origin.alerted` tells.
"""


def is_imported(record: Record) -> bool:
    """Tell whether a record was taken over from another system, rather than opened by an alert."""
    origin = getattr(record, "origin", None)
    return origin is not None and not origin.alerted and origin.system.lower() not in ALERTING
