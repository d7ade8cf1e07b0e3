"""What an incident says happened, from opening to closing."""

from __future__ import annotations

from collections.abc import Iterator

from incidentbook.history.happening import EventType, Happening, Version
from incidentbook.history.recorded import said, updates
from incidentbook.records import Incident, IncidentStatus

_DONE = (IncidentStatus.RESOLVED, IncidentStatus.CLOSED)


def incident_facts(version: Version) -> Iterator[Happening]:
    """Everything that an incident says happened, in the order in which it usually does."""
    incident = version.record
    assert isinstance(incident, Incident)  # noqa: S101  by the table of kinds
    if incident.detected is not None:
        yield said(version, EventType.DETECTED, incident.detected)
    yield said(version, EventType.OPENED, incident.opened, title=incident.title)
    if incident.acknowledged is not None:
        yield said(version, EventType.ACKNOWLEDGED, incident.acknowledged)
    yield from _assignments(version, incident)
    yield from _waits(version, incident)
    yield from updates(version, incident.updates)
    if incident.mitigated is not None:
        yield said(version, EventType.MITIGATED, incident.mitigated)
    if incident.restored is not None:
        yield said(version, EventType.RESTORED, incident.restored)
    yield from _resolutions(version, incident)
    yield from _answers(version, incident)
    if incident.status is IncidentStatus.CLOSED:
        yield said(version, EventType.CLOSED, incident.closed, by=incident.closed_by)
    if incident.status is IncidentStatus.CANCELLED:
        yield said(version, EventType.CANCELLED, incident.cancelled, reason=incident.cancel_reason)


def _assignments(version: Version, incident: Incident) -> Iterator[Happening]:
    """The n-th assignment is the n-th, whatever its time is corrected to."""
    for number, assignment in enumerate(incident.assignments):
        type_ = EventType.REASSIGNED if number else EventType.ASSIGNED
        yield said(version, type_, assignment.at, str(number), team=assignment.team, owner=assignment.owner)


def _waits(version: Version, incident: Incident) -> Iterator[Happening]:
    for number, hold in enumerate(incident.holds):
        yield said(version, EventType.HELD, hold.from_, str(number), reason=hold.reason, text=hold.note)
        if hold.to is not None:
            yield said(version, EventType.RESUMED, hold.to, str(number), reason=hold.reason)
    for number, escalation in enumerate(incident.escalations):
        yield said(
            version, EventType.ESCALATED, escalation.at, str(number), to=escalation.to,
            kind=escalation.kind.value, by=escalation.by, reason=escalation.reason,
        )  # fmt: skip


def _resolutions(version: Version, incident: Incident) -> Iterator[Happening]:
    """Each reopening took back a resolution; the last one stands while the incident is done."""
    for number, reopening in enumerate(incident.reopenings):
        yield said(version, EventType.RESOLVED, reopening.resolved, str(number))
        yield said(version, EventType.REOPENED, reopening.reopened, str(number), reason=reopening.reason)
    if incident.status in _DONE:
        resolution = incident.resolution
        yield said(
            version, EventType.RESOLVED, incident.resolved, str(len(incident.reopenings)),
            by=incident.resolved_by, code=resolution.code if resolution else None,
            text=resolution.summary if resolution else None,
        )  # fmt: skip


def _answers(version: Version, incident: Incident) -> Iterator[Happening]:
    confirmation, satisfaction = incident.confirmation, incident.satisfaction
    if confirmation is not None:
        answer = "yes" if confirmation.confirmed else "no answer"
        yield said(version, EventType.CONFIRMED, confirmation.at, answer, answer=answer, by=confirmation.by)
    if satisfaction is not None:
        yield said(version, EventType.RATED, None, score=str(satisfaction.score), text=satisfaction.comment)
