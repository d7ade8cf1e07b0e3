"""The rows of one incident's log, in order, made into what they tell: who had it, when it waited."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from incidentbook.importers.csv_times import Moment
from incidentbook.records import IncidentStatus

_DONE = frozenset({IncidentStatus.RESOLVED.value, IncidentStatus.CLOSED.value})
_OVER = _DONE | {IncidentStatus.CANCELLED.value}


class Event(NamedTuple):
    """One row of a log, in our words where we have them; empty where it says nothing."""

    at: Moment
    status: str
    team: str = ""
    owner: str = ""
    hold_reason: str = ""


class Assigned(NamedTuple):
    """Who had it from a time on, as the other system names them."""

    at: Moment
    team: str
    owner: str


class Held(NamedTuple):
    """A time of waiting; open where it lasts."""

    since: Moment
    until: Moment | None
    reason: str


class Reopened(NamedTuple):
    """A resolution that did not hold."""

    resolved: Moment
    reopened: Moment


class History(NamedTuple):
    """What a log tells of one incident. The times are those at which it came to be as it stayed."""

    assignments: Sequence[Assigned] = ()
    holds: Sequence[Held] = ()
    reopenings: Sequence[Reopened] = ()
    acknowledged: Moment | None = None
    resolved: Moment | None = None
    closed: Moment | None = None
    cancelled: Moment | None = None


def history_of(events: Sequence[Event], *, from_creation: bool) -> History:
    """Fold the events of one incident, in their order.

    `from_creation` tells that the first event is the creation itself: an incident that was then in
    work already was acknowledged by whoever created it.
    """
    return History(
        assignments=_assignments(events),
        holds=_holds(events),
        reopenings=_reopenings(events),
        acknowledged=_acknowledged(events, from_creation=from_creation),
        resolved=_since(events, IncidentStatus.RESOLVED.value, through=_DONE),
        closed=_since(events, IncidentStatus.CLOSED.value),
        cancelled=_since(events, IncidentStatus.CANCELLED.value),
    )


def not_before(moment: Moment, opened: Moment | None) -> Moment:
    """Nothing happens to an incident before it is opened."""
    return opened if opened is not None and moment.at < opened.at else moment


def _assignments(events: Sequence[Event]) -> list[Assigned]:
    found: list[Assigned] = []
    had = ("", "")
    for event in events:
        has = (event.team, event.owner)
        # nobody at all is no assignment: who had it before is the last that is known
        if has not in (had, ("", "")):
            found.append(Assigned(event.at, *has))
        had = has if has != ("", "") else had
    return found


def _holds(events: Sequence[Event]) -> list[Held]:
    found: list[Held] = []
    since: Moment | None = None
    reason = ""
    for event in events:
        waits = event.status == IncidentStatus.ON_HOLD.value
        if since is not None and not (waits and event.hold_reason == reason):
            if since.at < event.at.at:
                found.append(Held(since, event.at, reason))
            since = None
        if waits and since is None:
            since, reason = event.at, event.hold_reason
    if since is not None:
        found.append(Held(since, None, reason))
    return found


def _reopenings(events: Sequence[Event]) -> list[Reopened]:
    found: list[Reopened] = []
    done: Moment | None = None
    for event in events:
        if event.status in _DONE:
            done = done or event.at
        elif done is not None:
            if event.status not in _OVER:
                found.append(Reopened(done, event.at))
            done = None
    return found


def _acknowledged(events: Sequence[Event], *, from_creation: bool) -> Moment | None:
    """When it first left the state `new`; unknown where the log begins later."""
    first = events[0]
    if not first.status:
        return None
    if first.status != IncidentStatus.NEW.value:
        return first.at if from_creation else None
    left = next((event for event in events if event.status != IncidentStatus.NEW.value), None)
    return left.at if left and left.status != IncidentStatus.CANCELLED.value else None


def _since(events: Sequence[Event], status: str, *, through: frozenset[str] = frozenset()) -> Moment | None:
    """When it last came into a state, if it stayed there or went on through others to the end."""
    found: Moment | None = None
    for event in events:
        if event.status == status:
            found = found or event.at
        elif event.status not in through:
            found = None
    return found


def sort_key(at: datetime, sequence: str, line: int) -> tuple[datetime, int, int]:
    """Events in the order of their times; within a minute by their number, then as they stand."""
    return (at, int(sequence) if sequence.isascii() and sequence.isdigit() else -1, line)
