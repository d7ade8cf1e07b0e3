"""The measures of time, each from one moment of an incident to another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from incidentbook.clocks import is_done, resolution_of
from incidentbook.records import Incident

Moment = Callable[[Incident], datetime | None]


class NoSample(StrEnum):
    """Why an incident that counts, or a failure of a service, gives no sample of a duration."""

    NO_START = "no_start"
    STILL_OPEN = "still_open"
    NO_END = "no_end"
    END_BEFORE_START = "end_before_start"
    NO_FAILURE = "no_failure"
    FIRST_FAILURE = "first_failure"
    PART_OF_PARENT = "part_of_parent"


@dataclass(frozen=True, kw_only=True)
class DurationMeasure:
    """One measure of time. `acronym` is the field's own, where there is one."""

    name: str
    title: str
    acronym: str | None
    from_: str
    to: str
    definition: str


@dataclass(frozen=True, kw_only=True)
class IncidentDuration(DurationMeasure):
    """From one moment of an incident to another: a new one is a row of INCIDENT_DURATIONS.

    `from_` and `to` say in words what `start` and `end` compute.
    """

    start: Moment
    end: Moment

    def sample(self, incident: Incident) -> float | NoSample:
        """Return the seconds from start to end, or why there are none."""
        start, end = self.start(incident), self.end(incident)
        if end is None:
            return NoSample.NO_END if is_done(incident) else NoSample.STILL_OPEN
        if start is None:
            return NoSample.NO_START
        seconds = (end - start).total_seconds()
        return seconds if seconds >= 0 else NoSample.END_BEFORE_START


def harm_began(incident: Incident) -> datetime | None:
    """When service began to suffer; when the incident was logged, where nobody knows."""
    return incident.started or incident.opened


def service_back(incident: Incident) -> datetime | None:
    """When service was back; when the incident was resolved, where nobody said."""
    return incident.restored or resolution_of(incident)


INCIDENT_DURATIONS: tuple[IncidentDuration, ...] = (
    IncidentDuration(
        name="time_to_detect",
        title="Time to detect",
        acronym="MTTD",
        from_="started",
        to="detected",
        start=lambda incident: incident.started,
        end=lambda incident: incident.detected,
        definition="How long service suffered before somebody or something noticed.",
    ),
    IncidentDuration(
        name="time_to_acknowledge",
        title="Time to acknowledge",
        acronym="MTTA",
        from_="opened",
        to="acknowledged",
        start=lambda incident: incident.opened,
        end=lambda incident: incident.acknowledged,
        definition="How long a logged incident waited until somebody took it.",
    ),
    IncidentDuration(
        name="time_to_mitigate",
        title="Time to mitigate",
        acronym=None,
        from_="started, else opened",
        to="mitigated",
        start=harm_began,
        end=lambda incident: incident.mitigated,
        definition="How long it took until the harm was contained, though perhaps not over.",
    ),
    IncidentDuration(
        name="time_to_restore",
        title="Time to restore",
        acronym="MTTR",
        from_="started, else opened",
        to="restored, else resolved",
        start=harm_began,
        end=service_back,
        definition="How long users were without the service, from the first harm until it was back.",
    ),
    IncidentDuration(
        name="time_to_resolve",
        title="Time to resolve",
        acronym=None,
        from_="opened",
        to="resolved",
        start=lambda incident: incident.opened,
        end=resolution_of,
        definition="How long the work took, from the logging to the end, waiting included.",
    ),
)
"""The measures of time that each incident gives a sample of, in the order of its life."""

BETWEEN_FAILURES = DurationMeasure(
    name="time_between_failures",
    title="Time between failures",
    acronym="MTBF",
    from_="start of a failure of a service",
    to="start of its next failure",
    definition="How long a service went from one failure to the next; overall, all services' times together.",
)

MEASURES: tuple[DurationMeasure, ...] = (*INCIDENT_DURATIONS, BETWEEN_FAILURES)
"""Every measure of time."""
