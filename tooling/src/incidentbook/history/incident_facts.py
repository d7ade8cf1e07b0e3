"""What an incident says happened, from opening to closing."""

from __future__ import annotations

from collections.abc import Iterator

from incidentbook.history.happening import EventType, Happening, Version
from incidentbook.history.recorded import moment_of, said, updates
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
    """The first by time is the assignment, wherever it stands in the list; the others are told as another."""
    first = min((one.at for one in incident.assignments), default=None)
    for assignment in incident.assignments:
        type_ = EventType.ASSIGNED if assignment.at == first else EventType.REASSIGNED
        first = None if assignment.at == first else first
        yield said(
            version, type_, assignment.at, moment_of(assignment.at), assignment.team, assignment.owner,
            like=EventType.ASSIGNED, team=assignment.team, owner=assignment.owner,
        )  # fmt: skip


def _waits(version: Version, incident: Incident) -> Iterator[Happening]:
    for hold in incident.holds:
        which = (moment_of(hold.from_), hold.reason)
        yield said(version, EventType.HELD, hold.from_, *which, reason=hold.reason, text=hold.note)
        if hold.to is not None:
            yield said(version, EventType.RESUMED, hold.to, *which, reason=hold.reason)
    for escalation in incident.escalations:
        yield said(
            version, EventType.ESCALATED, escalation.at, moment_of(escalation.at), escalation.kind.value,
            escalation.to, to=escalation.to, kind=escalation.kind.value, by=escalation.by,
            reason=escalation.reason, step=escalation.step,
        )  # fmt: skip


def _resolutions(version: Version, incident: Incident) -> Iterator[Happening]:
    """Each reopening took back a resolution; the last one stands while the incident is done."""
    for reopening in incident.reopenings:
        yield said(version, EventType.RESOLVED, reopening.resolved, moment_of(reopening.resolved))
        yield said(
            version, EventType.REOPENED, reopening.reopened, moment_of(reopening.reopened),
            reason=reopening.reason,
        )  # fmt: skip
    if incident.status in _DONE:
        resolution = incident.resolution
        yield said(
            version, EventType.RESOLVED, incident.resolved, moment_of(incident.resolved),
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
