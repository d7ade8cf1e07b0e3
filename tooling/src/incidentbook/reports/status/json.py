"""The status board as JSON; site/docs/status-board.md says what each field is, and none is taken away."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from incidentbook.archive import RecordEntry
from incidentbook.clocks import Clock, Duty, ReviewDuty
from incidentbook.desk.board import Board, DueAction, OpenIncident
from incidentbook.publication.standing import window_of
from incidentbook.records import Handover, Maintenance
from incidentbook.source import Origin


def status_as_json(board: Board, *, origin: Origin, audience: str | None) -> str:
    """Render the board; plain ASCII, so that no terminal obeys what somebody wrote into a title."""
    document = {
        "now": board.now.isoformat(),
        "revision": origin.revision,
        "dirty": origin.dirty,
        "audience": audience or "all",
        "counts": board.counts,
        "incidents": [_incident(one, board.now) for one in board.incidents],
        "on_call": [_duty(duty) for duty in board.on_call],
        "handovers": [_handover(entry) for entry in board.waiting],
        "reviews": [_review(duty) for duty in board.reviews],
        "actions": [_action(one) for one in board.actions],
        "maintenance": {
            "now": [_work(entry) for entry in board.running],
            "next": [_work(entry) for entry in board.coming],
        },
        "unreadable_incidents": board.unreadable,
    }
    return json.dumps(document, indent=2, allow_nan=False)


def _incident(one: OpenIncident, now: datetime) -> Mapping[str, Any]:
    incident, hold = one.entry.record, one.hold
    return {
        "id": one.entry.id,
        "title": incident.title,
        "status": incident.status.value,
        "priority": one.case.priority,
        "major": incident.major,
        "team": one.team,
        "owner": one.owner,
        "off_shift": one.off_shift,
        "hold": {"from": _time(hold.from_), "reason": hold.reason, "note": hold.note} if hold else None,
        "breached": one.is_breached,
        "at_risk": one.is_at_risk,
        "next_update_due": _time(one.next_update),
        "next_update_overdue": one.next_update is not None and one.next_update < now,
        "clocks": [_clock(clock) for clock in one.clocks],
    }


def _clock(clock: Clock) -> Mapping[str, Any]:
    return {
        "name": str(clock.name),
        "state": str(clock.state),
        "elapsed_seconds": round(clock.elapsed.total_seconds()),
        "target_seconds": round(clock.target.total_seconds()),
        "due": _time(clock.due),
        "at_risk_from": _time(clock.at_risk_from),
        "paused": clock.paused,
    }


def _duty(duty: Duty) -> Mapping[str, Any]:
    return {
        "team": duty.team,
        "who": duty.who,
        "from": _time(duty.from_),
        "until": _time(duty.until),
        "why": duty.why,
    }


def _handover(entry: RecordEntry[Handover]) -> Mapping[str, Any]:
    note = entry.record
    return {
        "id": entry.id,
        "team": note.team,
        "at": _time(note.at),
        "outgoing": note.outgoing,
        "incoming": note.incoming,
    }


def _review(duty: ReviewDuty) -> Mapping[str, Any]:
    return {
        "incident": duty.incident.id,
        "status": str(duty.status),
        "due": _time(duty.due),
        "due_day": duty.due_day.isoformat() if duty.due_day else None,
        "overdue": duty.overdue,
        "owners": list(duty.owners),
        "team": duty.team,
    }


def _action(one: DueAction) -> Mapping[str, Any]:
    return {
        "record": one.entry.id,
        "number": one.number,
        "title": one.action.title,
        "owner": one.action.owner,
        "due": one.due.isoformat(),
        "overdue": one.overdue,
    }


def _work(entry: RecordEntry[Maintenance]) -> Mapping[str, Any]:
    begin, end = window_of(entry.record)
    return {
        "id": entry.id,
        "title": entry.record.title,
        "status": entry.record.status.value,
        "from": _time(begin),
        "to": _time(end),
        "services": list(dict.fromkeys(impact.service for impact in entry.record.services)),
    }


def _time(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None
