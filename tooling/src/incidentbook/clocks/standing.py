"""Whether an incident counts, and which of its times hold."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from incidentbook.records import Incident, IncidentStatus

_DONE = (IncidentStatus.RESOLVED, IncidentStatus.CLOSED)


class LeftOut(StrEnum):
    """Why a whole incident is left out of every measure."""

    CANCELLED = "cancelled"
    DUPLICATE = "duplicate"
    DRILL = "drill"


def left_out_of_measures(incident: Incident) -> LeftOut | None:
    """Tell why no clock runs for an incident and no measure counts it; None where it counts."""
    if incident.drill:
        return LeftOut.DRILL
    if incident.status is IncidentStatus.CANCELLED:
        return LeftOut.CANCELLED
    if incident.links is not None and incident.links.duplicate_of is not None:
        return LeftOut.DUPLICATE
    return None


def is_done(incident: Incident) -> bool:
    """Tell whether the incident is resolved or closed."""
    return incident.status in _DONE


def resolution_of(incident: Incident) -> datetime | None:
    """When the incident was resolved for good.

    A resolve time in an incident that is open again, or that a later reopening took back, is
    that of an earlier resolution and does not count.
    """
    resolved = incident.resolved
    if resolved is None or not is_done(incident):
        return None
    if any(reopening.reopened > resolved for reopening in incident.reopenings):
        return None
    return resolved
