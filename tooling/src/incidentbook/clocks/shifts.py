"""Who has an open incident, and whether whoever has it is on shift."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from incidentbook.archive import RecordEntry, Records
from incidentbook.clocks.on_call import Duty, on_call
from incidentbook.clocks.sla import ClockName, ClockState, clocks_of
from incidentbook.clocks.standing import is_done, left_out_of_measures
from incidentbook.records import Handover, HandoverStatus, Incident, IncidentStatus
from incidentbook.records.incident import Assignment
from incidentbook.taxonomy import Taxonomy

EVE = timedelta(hours=12)
"""A note so long before a turn begins is about that turn: people write it before they go."""

TAKEN_WITHIN = timedelta(hours=1)
"""How long the incoming person may take to acknowledge a handover."""

_EVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class OffShift:
    """An open incident that nobody on shift has: its owner, if any, its team, and who is on call for it."""

    owner: str | None
    team: str | None
    duty: Duty | None


def is_open(incident: Incident) -> bool:
    """Whether somebody still has to work on it, and it counts: no drill, no duplicate, not cancelled."""
    return not is_done(incident) and left_out_of_measures(incident) is None


def assignment_of(incident: Incident) -> Assignment | None:
    """The last assignment by time; of two at one moment the one that stands further down."""
    numbered = enumerate(incident.assignments)
    return max(numbered, key=lambda pair: (pair[1].at, pair[0]), default=(0, None))[1]


def owner_of(incident: Incident) -> str | None:
    """Who has it now; None where its team has it, or nobody."""
    assignment = assignment_of(incident)
    return assignment.owner if assignment else None


def team_of(incident: Incident, taxonomy: Taxonomy) -> str | None:
    """The key of the team that has it, else of the team of the first service that has one."""
    assignment = assignment_of(incident)
    if assignment is not None and assignment.team:
        return _key(assignment.team, taxonomy)
    services = (taxonomy.service(impact.service, incident.opened) for impact in incident.services)
    return next((_key(one.team, taxonomy) for one in services if one is not None and one.team), None)


def last_handover(records: Records[Any], team: str | None, now: datetime) -> RecordEntry[Handover] | None:
    """The last note for a team: one of its own, or one of all teams; for None the last of all teams."""
    taxonomy = records.taxonomy
    wanted = {None, _key(team, taxonomy) if team else None}
    found = (
        entry
        for entry in records.handovers
        if (entry.record.at or _EVER) <= now
        and (_key(entry.record.team, taxonomy) if entry.record.team else None) in wanted
    )
    return max(found, key=lambda entry: (entry.record.at or _EVER, entry.name.sort_key()), default=None)


def not_taken_over(records: Records[Any], now: datetime) -> tuple[RecordEntry[Handover], ...]:
    """The last notes, of teams or of all, that nobody has acknowledged in time; `handover` rules say why."""
    return tuple(
        entry
        for entry in records.handovers
        if entry.record.status is HandoverStatus.WRITTEN
        and entry.record.at is not None
        and now - entry.record.at > TAKEN_WITHIN
        and (last := last_handover(records, entry.record.team, now)) is not None
        and last.id == entry.id
    )


def off_shift(incident: Incident, records: Records[Any], now: datetime) -> OffShift | None:
    """Tell that an open incident has no owner on shift; None where it has one, or need not have one yet.

    An owner is on shift who is on call for the team that has the incident, to whom the last handover of
    this turn gave it, or who has a role in it as a major incident. Where the team has no rotation, any
    owner is. One that nobody has acknowledged needs no owner while its response clock has time left, and
    a new one of a team without a rotation needs none: nobody could be named.
    """
    owner, team = owner_of(incident), team_of(incident, records.taxonomy)
    duty = on_call(records.taxonomy, team, now) if team else None
    if owner is None:
        is_nobodys_yet = incident.status is IncidentStatus.NEW and duty is None
        may_wait = is_nobodys_yet or _has_time(incident, records.taxonomy, now)
        return None if may_wait else OffShift(None, team, duty)
    if duty is None or owner in {duty.who, *_roles(incident)} or _took_over(owner, records, duty, now):
        return None
    return OffShift(owner, team, duty)


def _has_time(incident: Incident, taxonomy: Taxonomy, now: datetime) -> bool:
    clocks = clocks_of(incident, taxonomy, now) if incident.acknowledged is None else ()
    return any(clock.name is ClockName.RESPONSE and clock.state is ClockState.RUNNING for clock in clocks)


def _roles(incident: Incident) -> frozenset[str]:
    roles = incident.roles
    if roles is None or not incident.major:
        return frozenset()
    named = (roles.incident_manager, roles.communications_lead, roles.scribe, *roles.team)
    return frozenset(handle for handle in named if handle)


def _took_over(owner: str, records: Records[Any], duty: Duty, now: datetime) -> bool:
    entry = last_handover(records, duty.team, now)
    if entry is None or (entry.record.at or _EVER) < duty.from_ - EVE:
        return False
    note = entry.record
    return owner in {note.incoming, *(note.owner_of(item) for item in note.items)}


def _key(team: str, taxonomy: Taxonomy) -> str:
    found = taxonomy.team(team)
    return found.id if found else team
