"""What incidents want while somebody works on them: an answer, a word, a call, somebody who took over."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b

from incidentbook.archive import RecordEntry
from incidentbook.clocks import (
    Clock,
    ClockName,
    ClockState,
    DueStep,
    clocks_of,
    due_steps,
    is_done,
    update_due,
)
from incidentbook.clocks.shifts import TAKEN_WITHIN, not_taken_over
from incidentbook.notices.want import Found, Level, Moment, Want, team_of, working_on
from incidentbook.records import Incident


def clock_wants(moment: Moment) -> Iterator[Found]:
    """Clocks of open incidents that are at risk or breached."""
    for entry in moment.records.incidents:
        incident = entry.record
        if is_done(incident):
            continue
        for clock in clocks_of(incident, moment.records.taxonomy, moment.now):
            if not clock.is_stopped and clock.state in _LEVELS:
                yield entry.name, _clock(entry, clock)


_LEVELS = {ClockState.AT_RISK: Level.AT_RISK, ClockState.BREACHED: Level.LATE}


def _clock(entry: RecordEntry[Incident], clock: Clock) -> Want:
    incident = entry.record
    do = {
        ClockName.RESPONSE: f"take it: `incidentbook ack {entry.id}`",
        ClockName.RESOLUTION: f"`incidentbook resolve {entry.id} -m ...`, or `hold` or `escalate` it",
    }
    return Want(
        key=clock.name.value,
        level=_LEVELS[clock.state],
        what=f"{clock.name.capitalize()} clock {clock.state.replace('_', ' ')}",
        due=clock.due,
        do=f"{do[clock.name]}; `incidentbook sla {entry.id}` shows the clock",
        path=entry.path,
        who=working_on(incident),
        team=team_of(incident),
    )


def update_wants(moment: Moment) -> Iterator[Found]:
    """Open major incidents of which nothing was said for longer than promised."""
    for entry in moment.records.incidents:
        incident = entry.record
        due = None if incident.drill else update_due(entry, moment.records, moment.now)
        if due is not None and due < moment.now:
            roles = incident.roles
            who = (roles.communications_lead, roles.incident_manager) if roles else ()
            yield (
                entry.name,
                Want(
                    key="update",
                    level=Level.LATE,
                    what="Update overdue",
                    due=due,
                    do="tell readers how it stands, if only that nothing has changed: "
                    f"`incidentbook update {entry.id} -m ...`",
                    path=entry.path,
                    who=tuple(dict.fromkeys(one for one in who if one)) or working_on(incident),
                ),
            )


def escalation_wants(moment: Moment) -> Iterator[Found]:
    """Steps of schema/escalation.yml that are due and that nobody took."""
    for step in due_steps(moment.records, moment.now):
        yield step.entry.name, _step(step, moment)


def step_key(name: str) -> str:
    """The key of what a step wants; names of steps are people's own, and stand in no key."""
    return f"escalation-{blake2b(name.encode(), digest_size=6).hexdigest()}"


def _step(due: DueStep, moment: Moment) -> Want:
    taxonomy, to = moment.records.taxonomy, due.step.to
    team, person = taxonomy.team(to), taxonomy.person(to)
    called = (team.name if team else person.name if person else None) or to
    return Want(
        key=step_key(due.name),
        level=Level.LATE,
        what="Escalation step due",
        due=due.due,
        do="call them, and write that down: `incidentbook escalate --due --apply`",
        path=due.entry.path,
        who=working_on(due.entry.record),
        team=team_of(due.entry.record),
        subject=f"{due.step.kind.value} to {called}, for {due.why}",
        calls=to,
    )


def handover_wants(moment: Moment) -> Iterator[Found]:
    """Shift notes that the incoming person should have acknowledged by now."""
    for entry in not_taken_over(moment.records, moment.now):
        note = entry.record
        if note.at is not None:
            yield (
                entry.name,
                Want(
                    key="handover",
                    level=Level.LATE,
                    what="Handover not acknowledged",
                    due=note.at + TAKEN_WITHIN,
                    do=f"read it and take over: `incidentbook handover acknowledge {entry.id}`",
                    path=entry.path,
                    who=(note.incoming,) if note.incoming else (),
                    team=note.team,
                ),
            )
