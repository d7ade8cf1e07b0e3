"""What wants to be seen at one glance: open incidents, clocks, who is on call, what is due."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from incidentbook.archive import RecordEntry, Records
from incidentbook.clocks import (
    Clock,
    ClockState,
    Duty,
    DutyStatus,
    ReviewDuty,
    SlaCase,
    on_call,
    review_duties,
    sla_case,
)
from incidentbook.clocks.cadence import update_due
from incidentbook.clocks.shifts import is_open, last_handover, off_shift, owner_of, team_of
from incidentbook.desk.promises import promised_update
from incidentbook.publication.standing import is_coming, is_running, window_of
from incidentbook.records import Action, ActionState, Handover, HandoverStatus, Incident, Maintenance
from incidentbook.records.incident import Hold
from incidentbook.taxonomy import in_force

SOON = timedelta(days=7)
"""An action that is due within this time is on the board."""

AHEAD = timedelta(days=14)
"""A maintenance that begins within this time is on the board."""


@dataclass(frozen=True, slots=True)
class OpenIncident:
    """An open incident with its clocks, who has it, and when readers hear of it next.

    `off_shift` says that nobody on shift has it. `update_due` is by when the policy asks for an update,
    `promised` by when the last handover promised one.
    """

    case: SlaCase
    owner: str | None
    team: str | None
    hold: Hold | None
    update_due: datetime | None
    promised: datetime | None
    off_shift: bool

    @property
    def entry(self) -> RecordEntry[Incident]:
        """Its record."""
        return self.case.entry

    @property
    def next_update(self) -> datetime | None:
        """The earlier of what the policy asks and what was promised; None where neither is."""
        return earliest(self.update_due, self.promised)

    @property
    def clocks(self) -> tuple[Clock, ...]:
        """The clocks that can still move, the one that is due sooner first."""
        moving = (clock for clock in self.case.clocks if not clock.is_stopped)
        return tuple(sorted(moving, key=lambda clock: clock.due))

    @property
    def is_breached(self) -> bool:
        """Whether a clock that still moves has passed its target."""
        return any(clock.is_breached for clock in self.clocks)

    @property
    def is_at_risk(self) -> bool:
        """Whether a clock is past the share of its target at which the policy warns."""
        return any(clock.state is ClockState.AT_RISK for clock in self.clocks)


@dataclass(frozen=True, slots=True)
class DueAction:
    """An improvement that is due soon, or was: where it was promised, and its number there."""

    entry: RecordEntry[Any]
    number: int
    action: Action
    due: date
    overdue: bool


@dataclass(frozen=True, slots=True)
class Board:
    """Everything at one moment; each list with the most pressing first.

    `waiting` are handovers that nobody has acknowledged. `unreadable` counts files that are named as
    incidents and hold none: one of them may be open.
    """

    now: datetime
    incidents: tuple[OpenIncident, ...]
    on_call: tuple[Duty, ...]
    waiting: tuple[RecordEntry[Handover], ...]
    reviews: tuple[ReviewDuty, ...]
    actions: tuple[DueAction, ...]
    running: tuple[RecordEntry[Maintenance], ...]
    coming: tuple[RecordEntry[Maintenance], ...]
    unreadable: int

    @property
    def counts(self) -> dict[str, int]:
        """How many incidents are open, and how many of these are worth a second look, by why."""
        return {
            "open": len(self.incidents),
            "major": sum(one.entry.record.major for one in self.incidents),
            "breached": sum(one.is_breached for one in self.incidents),
            "at_risk": sum(one.is_at_risk for one in self.incidents),
            "on_hold": sum(one.hold is not None for one in self.incidents),
            "off_shift": sum(one.off_shift for one in self.incidents),
        }


def board(records: Records[Any], now: datetime) -> Board:
    """Gather what is open, due, running and coming."""
    running = (entry for entry in records.maintenance if is_running(entry.record, now))
    coming = (entry for entry in records.maintenance if _is_near(entry.record, now))
    return Board(
        now=now,
        incidents=open_incidents(records, now),
        on_call=tuple(_on_call(records, now)),
        waiting=_waiting(records, now),
        reviews=_reviews(records, now),
        actions=tuple(sorted(_actions(records, now), key=lambda one: (one.due, one.entry.id, one.number))),
        running=tuple(sorted(running, key=_begin)),
        coming=tuple(sorted(coming, key=_begin)),
        unreadable=records.unreadable_incidents,
    )


def open_incidents(records: Records[Any], now: datetime, team: str | None = None) -> tuple[OpenIncident, ...]:
    """The open incidents, or those of one team, by soonest breach; those without a moving clock last."""
    found = (_open(entry, records, now) for entry in records.incidents if is_open(entry.record))
    mine = (one for one in found if team is None or one.team == team)
    return tuple(sorted(mine, key=_urgency))


def _open(entry: RecordEntry[Incident], records: Records[Any], now: datetime) -> OpenIncident:
    incident = entry.record
    holds = [hold for hold in incident.holds if hold.to is None]
    return OpenIncident(
        case=sla_case(entry, records, now),
        owner=owner_of(incident),
        team=team_of(incident, records.taxonomy),
        hold=max(holds, key=lambda hold: hold.from_, default=None),
        update_due=update_due(entry, records, now),
        promised=promised_update(entry, records, now),
        off_shift=off_shift(incident, records, now) is not None,
    )


def earliest(*times: datetime | None) -> datetime | None:
    """The earliest of those times that there are."""
    return min((at for at in times if at is not None), default=None)


def _urgency(one: OpenIncident) -> tuple[bool, float, tuple[str, int, int, str]]:
    """The soonest breach first; a paused clock is not about to breach."""
    due = [clock.due for clock in one.clocks if not clock.paused or clock.is_breached]
    return (not due, min(due).timestamp() if due else 0.0, one.entry.name.sort_key())


def _on_call(records: Records[Any], now: datetime) -> Iterator[Duty]:
    taxonomy = records.taxonomy
    today = taxonomy.day_of(now)
    for team in dict.fromkeys(team.id for team in taxonomy.teams if in_force(team, today)):
        duty = on_call(taxonomy, team, now)
        if duty is not None:
            yield duty


def _waiting(records: Records[Any], now: datetime) -> tuple[RecordEntry[Handover], ...]:
    """The last note of each team, and of all teams, where nobody has acknowledged it."""
    teams = dict.fromkeys(entry.record.team for entry in records.handovers)
    last = dict.fromkeys(last_handover(records, team, now) for team in teams)
    written = (one for one in last if one is not None and one.record.status is HandoverStatus.WRITTEN)
    return tuple(sorted(written, key=lambda entry: (entry.record.at or now, entry.name.sort_key())))


def _reviews(records: Records[Any], now: datetime) -> tuple[ReviewDuty, ...]:
    owed = (
        duty
        for duty in review_duties(records, now)
        if not duty.is_done and duty.status is not DutyStatus.WAITING
    )
    return tuple(sorted(owed, key=lambda duty: (duty.due or now, duty.incident.name.sort_key())))


def _actions(records: Records[Any], now: datetime) -> Iterator[DueAction]:
    today = records.taxonomy.day_of(now)
    entries: tuple[RecordEntry[Any], ...] = (*records.reviews, *records.problems)
    for entry in entries:
        for number, action in enumerate(entry.record.actions, 1):
            due = action.due
            if action.state is ActionState.OPEN and due is not None and due <= today + SOON:
                yield DueAction(entry, number, action, due, due < today)


def _is_near(work: Maintenance, now: datetime) -> bool:
    begin = window_of(work)[0]
    return is_coming(work, now) and (begin is None or begin <= now + AHEAD)


def _begin(entry: RecordEntry[Maintenance]) -> tuple[float, str]:
    begin = window_of(entry.record)[0]
    return (begin.timestamp() if begin else float("inf"), entry.id)
