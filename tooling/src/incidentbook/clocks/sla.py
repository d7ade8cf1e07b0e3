"""SLA clocks: how long an incident waited for a response and for its resolution, against the promise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from incidentbook.clocks.calendars import calendar_of
from incidentbook.clocks.standing import is_done, left_out_of_measures, resolution_of
from incidentbook.records import Incident
from incidentbook.records.parts import StoredInstant
from incidentbook.taxonomy import Taxonomy
from incidentbook.taxonomy.settings import Policy
from incidentbook.worktime import WorkCalendar

NOTHING = timedelta(0)
REOPENED = "resolved"
"""The reason of a pause between a resolution and its reopening."""


_Wait = tuple[datetime, datetime | None, str]


class ClockName(StrEnum):
    """What is being waited for."""

    RESPONSE = "response"
    RESOLUTION = "resolution"


class ClockState(StrEnum):
    """How a clock stands: `met` once it stopped in time, `breached` once it is over, stopped or not."""

    MET = "met"
    BREACHED = "breached"
    RUNNING = "running"
    AT_RISK = "at_risk"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Pause:
    """A time that the clock did not count; overlapping ones are one, with all their reasons.

    `to` is None while it lasts. `counted` is the working time in it: what the clock was spared.
    """

    from_: datetime
    to: datetime | None
    reasons: tuple[str, ...]
    counted: timedelta


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock of one incident, as it stands now or as it stopped.

    `target`, `elapsed` and `remaining` are working time of `calendar`; `remaining` is negative
    where the target is exceeded. `due` is the time by which it had, or has, to stop; while the
    clock is paused, the time if it went on now. `breach_time` is when the target was exceeded.
    `overridden` is the reason, or an empty text, where the record states its own due time:
    no pause moves that. `at_risk_from` is None once the clock has stopped.
    """

    name: ClockName
    state: ClockState
    policy: str
    calendar: str
    start: datetime
    stop: datetime | None
    target: timedelta
    elapsed: timedelta
    remaining: timedelta
    due: datetime
    at_risk_from: datetime | None
    breach_time: datetime | None
    paused: bool
    within_hours: bool
    pauses: tuple[Pause, ...] = ()
    overridden: str | None = None

    @property
    def is_stopped(self) -> bool:
        """Whether the clock will not move any more."""
        return self.stop is not None

    @property
    def is_breached(self) -> bool:
        """Whether the target was, or is, exceeded."""
        return self.state is ClockState.BREACHED


class NoClock(StrEnum):
    """Why an incident has no clock of a kind."""

    CANCELLED = "cancelled"
    DUPLICATE = "duplicate"
    DRILL = "drill"
    NOT_OPENED = "not_opened"
    NO_POLICY = "no_policy"
    NO_TARGET = "no_target"
    NEVER_ACKNOWLEDGED = "never_acknowledged"
    LOGGED_AFTERWARDS = "logged_afterwards"
    NEVER_RESOLVED = "never_resolved"


@dataclass(frozen=True, slots=True)
class Assessment:
    """What was promised for an incident: the policy, the clocks, and why one is missing."""

    policy: Policy | None
    clocks: tuple[Clock, ...]
    without: Mapping[ClockName, NoClock]


def clocks_of(incident: Incident, taxonomy: Taxonomy, now: datetime) -> tuple[Clock, ...]:
    """Return the clocks of an incident, response first; none, one or two."""
    return assess(incident, taxonomy, now).clocks


def assess(incident: Incident, taxonomy: Taxonomy, now: datetime) -> Assessment:
    """Find the policy of an incident and read its clocks, or say why there is none.

    There are none for cancelled incidents, duplicates and drills, without an opening time, and
    where no policy matches; no response clock for an incident that was logged after it had been
    acknowledged or resolved, or whose record never says when it was acknowledged though it is
    over; no resolution clock for one that is over without a resolve time. Policy and calendar
    are those in force when the incident opened.
    """
    left_out = left_out_of_measures(incident)
    if left_out is not None:
        return _nothing(NoClock(left_out.value))
    if incident.opened is None:
        return _nothing(NoClock.NOT_OPENED)
    policy = taxonomy.policy_for(incident)
    if policy is None:
        return _nothing(NoClock.NO_POLICY)
    calendar = calendar_of(taxonomy, policy.calendar, incident.opened)
    found = {
        ClockName.RESPONSE: _response(incident, incident.opened, policy, calendar, now),
        ClockName.RESOLUTION: _resolution(incident, incident.opened, policy, calendar, now),
    }
    return Assessment(
        policy,
        tuple(one for one in found.values() if isinstance(one, Clock)),
        {name: one for name, one in found.items() if isinstance(one, NoClock)},
    )


def _nothing(why: NoClock) -> Assessment:
    return Assessment(None, (), dict.fromkeys(ClockName, why))


def _response(
    incident: Incident, opened: datetime, policy: Policy, calendar: WorkCalendar, now: datetime
) -> Clock | NoClock:
    acknowledged, over = incident.acknowledged, resolution_of(incident)
    stored = incident.overrides.response_due if incident.overrides else None
    if policy.response is None and stored is None:
        return NoClock.NO_TARGET
    if acknowledged is None and is_done(incident):
        return NoClock.NEVER_ACKNOWLEDGED
    if any(earlier is not None and earlier < opened for earlier in (acknowledged, over)):
        return NoClock.LOGGED_AFTERWARDS
    course = _Course(calendar, opened, acknowledged, now)
    return _clock(ClockName.RESPONSE, policy, course, policy.response, stored)


def _resolution(
    incident: Incident, opened: datetime, policy: Policy, calendar: WorkCalendar, now: datetime
) -> Clock | NoClock:
    resolved = resolution_of(incident)
    stored = incident.overrides.resolution_due if incident.overrides else None
    if policy.resolution is None and stored is None:
        return NoClock.NO_TARGET
    if resolved is None and is_done(incident):
        return NoClock.NEVER_RESOLVED
    if resolved is not None and resolved < opened:
        return NoClock.LOGGED_AFTERWARDS
    course = _Course(calendar, opened, resolved, now, _waits(incident, policy) if stored is None else ())
    return _clock(ClockName.RESOLUTION, policy, course, policy.resolution, stored)


def _waits(incident: Incident, policy: Policy) -> tuple[_Wait, ...]:
    """What pauses the resolution clock: holds for a reason that the policy names, and false endings."""
    holds = [(hold.from_, hold.to, hold.reason) for hold in incident.holds if hold.reason in policy.pausing]
    endings = [(again.resolved, again.reopened, REOPENED) for again in incident.reopenings]
    return (*holds, *endings)


class _Course:
    """The way of a clock from its start to its stop, or to now: what it counted and what it was spared."""

    def __init__(
        self,
        calendar: WorkCalendar,
        start: datetime,
        stop: datetime | None,
        now: datetime,
        waits: Iterable[_Wait] = (),
    ) -> None:
        self.calendar, self.start, self.stop = calendar, start, stop
        self.end = stop if stop is not None else max(now, start)
        self.pauses = tuple(self._merged(waits))
        self.elapsed = calendar.between(start, self.end) - sum((p.counted for p in self.pauses), NOTHING)

    @property
    def is_paused(self) -> bool:
        return bool(self.pauses) and self.pauses[-1].to is None

    def when(self, elapsed: timedelta) -> datetime:
        """Return the first instant at which so much is counted; beyond the end without further pauses."""
        return _when(self.calendar, self.start, self.end, self.pauses, elapsed)

    def _merged(self, waits: Iterable[_Wait]) -> Iterable[Pause]:
        start, end = self.start, self.end
        current: tuple[datetime, datetime, list[str]] | None = None
        for from_, to, reason in sorted(waits, key=lambda wait: wait[0]):
            first, last = max(from_, start), min(to or end, end)
            # A pause that is not over by now lasts: only a clock that has stopped bounds it.
            if last < first or (last == first and not self._lasts(from_, to)):
                continue
            if current is not None and first <= current[1]:
                current = (current[0], max(current[1], last), [*current[2], reason])
            else:
                if current is not None:
                    yield self._pause(*current)
                current = (first, last, [reason])
        if current is not None:
            lasts = any(self._lasts(from_, to) for from_, to, _ in waits)
            yield self._pause(*current, lasts=lasts)

    def _lasts(self, from_: datetime, to: datetime | None) -> bool:
        return self.stop is None and from_ <= self.end and (to is None or to > self.end)

    def _pause(self, from_: datetime, to: datetime, reasons: Sequence[str], *, lasts: bool = False) -> Pause:
        counted = self.calendar.between(from_, to)
        return Pause(from_, None if lasts else to, tuple(dict.fromkeys(reasons)), counted)


def _when(
    calendar: WorkCalendar, start: datetime, end: datetime, pauses: Iterable[Pause], elapsed: timedelta
) -> datetime:
    left, at = elapsed, start
    for pause in pauses:
        counted = calendar.between(at, pause.from_)
        if counted >= left:
            break
        left, at = left - counted, pause.to or end
    return calendar.add(at, left)


def when_used(clock: Clock, share: float, taxonomy: Taxonomy, now: datetime) -> datetime:
    """Return when a share of a clock's target was, or will be, used; 1 is all of it.

    While the clock is paused, what is not used yet comes as if it went on now.
    """
    calendar = calendar_of(taxonomy, clock.calendar, clock.start)
    end = clock.stop if clock.stop is not None else max(now, clock.start)
    return _when(calendar, clock.start, end, clock.pauses, share * clock.target)


def _clock(
    name: ClockName,
    policy: Policy,
    course: _Course,
    promised: timedelta | None,
    stored: StoredInstant | None,
) -> Clock:
    calendar, start, end, elapsed = course.calendar, course.start, course.end, course.elapsed
    if stored is not None:
        target = max(calendar.between(start, stored.value), NOTHING)
        due, breached = stored.value, end > stored.value
    else:
        target = promised or NOTHING
        due, breached = course.when(target), elapsed > target
    at_risk_from = None if course.stop is not None else course.when(policy.at_risk * target)
    return Clock(
        name=name,
        state=_state(course, breached=breached, at_risk=elapsed >= policy.at_risk * target),
        policy=policy.id,
        calendar=policy.calendar,
        start=start,
        stop=course.stop,
        target=target,
        elapsed=elapsed,
        remaining=target - elapsed,
        due=due.astimezone(UTC),
        at_risk_from=at_risk_from,
        breach_time=due.astimezone(UTC) if breached else None,
        paused=course.is_paused,
        within_hours=course.stop is None and calendar.is_open(end),
        pauses=course.pauses,
        overridden=None if stored is None else stored.reason or "",
    )


def _state(course: _Course, *, breached: bool, at_risk: bool) -> ClockState:
    if breached:
        return ClockState.BREACHED
    if course.stop is not None:
        return ClockState.MET
    if course.is_paused:
        return ClockState.PAUSED
    return ClockState.AT_RISK if at_risk else ClockState.RUNNING
