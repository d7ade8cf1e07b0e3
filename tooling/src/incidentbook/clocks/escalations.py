"""Which steps of schema/escalation.yml are due: by the share of a clock that is used, or by silence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from incidentbook.archive import RecordEntry, Records
from incidentbook.clocks.calendars import calendar_of
from incidentbook.clocks.sla import Clock, ClockName, clocks_of, when_used
from incidentbook.clocks.standing import left_out_of_measures
from incidentbook.records import KINDS, Incident
from incidentbook.records.incident import EscalationKind
from incidentbook.taxonomy import Taxonomy
from incidentbook.taxonomy.settings import EscalationPath, EscalationStep
from incidentbook.worktime.lengths import in_hours


@dataclass(frozen=True, slots=True)
class DueStep:
    """A step that is due, since when, and why in words: "75 % of the resolution target of 2h was used"."""

    entry: RecordEntry[Incident]
    path: EscalationPath
    step: EscalationStep
    due: datetime
    why: str

    @property
    def name(self) -> str:
        """How an escalation of the record names the step."""
        return name_of(self.path, self.step)


def name_of(path: EscalationPath, step: EscalationStep) -> str:
    """How an escalation of a record names a step: `critical/manager`."""
    return f"{path.id}/{step.id}"


def due_steps(records: Records[Any], now: datetime) -> tuple[DueStep, ...]:
    """Return every step that is due and was not taken: incidents by number, the steps of each in order."""
    if not records.taxonomy.escalations.paths:
        return ()
    return tuple(step for entry in records.incidents for step in due_steps_of(entry, records, now))


def due_steps_of(entry: RecordEntry[Incident], records: Records[Any], now: datetime) -> tuple[DueStep, ...]:
    """Return the steps of one incident that are due and were not taken, in the order of its path.

    A step is due once for each opening: an escalation that names it is that step taken, until the
    incident is reopened. Nothing is due of incidents that are over, nor of cancelled ones, duplicates and
    drills; nothing while the resolution clock is paused, but for an answer that nobody gave; nothing while
    a larger incident is open that this one follows, for that one is escalated; and no call for the skill of
    whoever has the incident already.
    """
    incident, taxonomy = entry.record, records.taxonomy
    path = taxonomy.escalation_path_for(incident) if _may_escalate(incident) else None
    if path is None or any(_is_open(one.record) for one in records.followed_by(entry.id)):
        return ()
    course = _Course(incident, taxonomy, now)
    found = []
    for step in path.steps:
        reached = course.reached(step)
        if reached is None or reached[0] > now or _has_it(incident, step, now):
            continue
        if not _is_taken(incident, name_of(path, step)):
            found.append(DueStep(entry, path, step, *reached))
    return tuple(found)


def _may_escalate(incident: Incident) -> bool:
    return incident.opened is not None and _is_open(incident) and left_out_of_measures(incident) is None


def _is_open(incident: Incident) -> bool:
    return incident.status in KINDS["incident"].open_states


def _reopened(incident: Incident) -> datetime | None:
    return max((again.reopened for again in incident.reopenings), default=None)


def _is_taken(incident: Incident, name: str) -> bool:
    since = _reopened(incident)
    return any(call.step == name and (since is None or call.at >= since) for call in incident.escalations)


def _has_it(incident: Incident, step: EscalationStep, now: datetime) -> bool:
    """Whether whoever a step calls for more skill has the incident, so that nobody needs a call."""
    last = max(
        (turn for turn in incident.assignments if turn.at <= now), key=lambda one: one.at, default=None
    )
    calls_for_skill = step.kind is EscalationKind.FUNCTIONAL
    return calls_for_skill and last is not None and step.to in (last.team, last.owner)


class _Course:
    """What of an incident makes steps due."""

    def __init__(self, incident: Incident, taxonomy: Taxonomy, now: datetime) -> None:
        self.incident, self.taxonomy, self.now = incident, taxonomy, now
        self.clocks = {clock.name: clock for clock in clocks_of(incident, taxonomy, now)}
        resolution = self.clocks.get(ClockName.RESOLUTION)
        held = any(hold.from_ <= now and (hold.to is None or hold.to > now) for hold in incident.holds)
        self.waits = resolution.paused if resolution is not None else held

    def reached(self, step: EscalationStep) -> tuple[datetime, str] | None:
        """When a step became due, or will, and why: by the earliest of its conditions."""
        return min(self._reached(step), default=None)

    def _reached(self, step: EscalationStep) -> Iterator[tuple[datetime, str]]:
        shares = ((ClockName.RESPONSE, step.response_share), (ClockName.RESOLUTION, step.resolution_share))
        for name, share in shares:
            clock = self.clocks.get(name)
            waits = name is ClockName.RESOLUTION and self.waits
            if share is not None and clock is not None and not clock.is_stopped and not waits:
                yield self._by_share(clock, share)
        if step.silence is not None and not self.waits:
            yield self._by_silence(step.silence)

    def _by_share(self, clock: Clock, share: float) -> tuple[datetime, str]:
        at = when_used(clock, share, self.taxonomy, self.now).astimezone(UTC)
        reopened = _reopened(self.incident)
        why = f"{share * 100:g} % of the {clock.name} target of {in_hours(clock.target)} was used"
        return (max(at, reopened) if reopened is not None else at), why

    def _by_silence(self, silence: timedelta) -> tuple[datetime, str]:
        policy = self.taxonomy.policy_for(self.incident)
        hours = calendar_of(self.taxonomy, policy.calendar if policy else "always", self.incident.opened)
        at = hours.add(last_sign(self.incident, self.now), silence).astimezone(UTC)
        return at, f"no sign of work for {in_hours(silence)}"


def last_sign(incident: Incident, now: datetime) -> datetime:
    """When somebody was last seen to work on an incident; its opening, where nobody was.

    Whom a path called is not seen working yet. What is dated later than now has not happened.
    """
    times: list[datetime] = [
        *(update.at for update in incident.updates),
        *(note.at for note in (*incident.steps, *incident.decisions)),
        *(turn.at for turn in incident.assignments),
        *(call.at for call in incident.escalations if call.step is None),
        *(at for hold in incident.holds for at in (hold.from_, hold.to) if at is not None),
        *(again.reopened for again in incident.reopenings),
        *(at for at in (incident.acknowledged, incident.declared, incident.mitigated) if at is not None),
    ]
    first = incident.opened or now
    return max((first, *(at for at in times if at <= now)))
