"""The phases of an incident's life, from the first sign to the closing of its record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from incidentbook.publication.standing import end_of, is_open, start_of
from incidentbook.records import Incident, IncidentStatus

_PHASES = (
    ("detect", "detected"),
    ("acknowledge", "acknowledged"),
    ("mitigate", "mitigated"),
    ("restore", "restored"),
    ("resolve", "resolved"),
    ("close", "closed"),
)
_OUTSIDE = frozenset({"restore", "resolve"})
"""What a reader from outside asks for; when somebody noticed and filed it is our own book-keeping."""

_OPEN_PHASE = {
    IncidentStatus.NEW: "acknowledge",
    IncidentStatus.ASSIGNED: "acknowledge",
}


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase: what was worked for, from when, until when."""

    name: str
    start: datetime
    end: datetime
    goes_on: bool = False

    @property
    def length(self) -> timedelta:
        """How long it took."""
        return self.end - self.start


def lasted_of(incident: Incident) -> timedelta | None:
    """How long it took until service was back; None while it is not, or where that is not known."""
    start, end = start_of(incident), end_of(incident)
    return end - start if start is not None and end is not None else None


def phases_of(incident: Incident, now: datetime, *, internal: bool) -> tuple[Phase, ...]:
    """Divide an incident's time into phases, as far as its times tell.

    Each begins where the one before ended, so that they never overlap; a time that lies before an
    earlier one ends no phase. A phase whose end nobody noted is part of the next. While the incident
    is open the last phase goes on.
    """
    start = start_of(incident)
    if start is None:
        return ()
    found: list[Phase] = []
    is_going_on = is_open(incident)
    at = start
    for name, ended_by in _PHASES:
        end: datetime | None = getattr(incident, ended_by)
        if end is None or end < at or not (internal or name in _OUTSIDE):
            continue
        if is_going_on and name in {"resolve", "close"}:
            # a resolve time in what is open again is that of a resolution that did not hold
            continue
        if end > at:
            found.append(Phase(name, at, end))
        at = end
    if is_going_on and now > at:
        found.append(Phase(_next(incident, internal=internal), at, now, goes_on=True))
    return tuple(found)


def _next(incident: Incident, *, internal: bool) -> str:
    if internal and incident.acknowledged is None and incident.status in _OPEN_PHASE:
        return "acknowledge"
    if internal and incident.mitigated is None and incident.restored is None:
        return "mitigate"
    return "resolve" if incident.restored is not None else "restore"
