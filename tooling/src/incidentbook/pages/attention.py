"""What asks for somebody now: clocks that run, reviews and actions that are due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from incidentbook.clocks import Clock, DutyStatus, ReviewDuty, clocks_of
from incidentbook.metrics import Load
from incidentbook.pages.actions import Promise, open_promises
from incidentbook.pages.measured import Measured
from incidentbook.pages.site import Site
from incidentbook.publication.standing import IncidentEntry, is_open

AHEAD = 14
"""How many days ahead a review or an action is shown: two Mondays."""

MOST = 5
"""How many of a kind are shown; the rest is a click away."""


@dataclass(frozen=True)
class RunningClock:
    """A clock of an open incident that has not stopped."""

    entry: IncidentEntry
    clock: Clock


@dataclass(frozen=True)
class Attention:
    """What asks for somebody, soonest first; `late` ones of each kind come first by their nature.

    `waiting` counts reviews that are due only once their incident is resolved, `later` actions
    that are due after the days ahead, or have no day.
    """

    clocks: tuple[RunningClock, ...]
    breached: int
    reviews: tuple[ReviewDuty, ...]
    reviews_late: int
    waiting: int
    actions: tuple[Promise, ...]
    actions_late: int
    later: int
    loads: tuple[Load, ...]


def attention(measured: Measured) -> Attention:
    """Gather it from all records, of whatever period."""
    site = measured.site
    clocks = _clocks(site)
    duties = [duty for duty in site.ledger.duties() if not duty.is_done]
    horizon = site.today + timedelta(days=AHEAD)
    reviews = sorted(
        (duty for duty in duties if duty.overdue or (duty.due_day and duty.due_day <= horizon)),
        key=lambda duty: (duty.due_day or date.max, duty.incident.id),
    )
    open_ = open_promises(site)
    actions = [promise for promise in open_ if promise.action.due and promise.action.due <= horizon]
    return Attention(
        clocks=clocks,
        breached=sum(one.clock.is_breached for one in clocks),
        reviews=tuple(reviews),
        reviews_late=sum(duty.overdue for duty in reviews),
        waiting=sum(duty.status is DutyStatus.WAITING for duty in duties),
        actions=tuple(actions),
        actions_late=sum(promise.overdue for promise in actions),
        later=len(open_) - len(actions),
        loads=tuple(load for load in measured.current.load if load.open),
    )


def _clocks(site: Site) -> tuple[RunningClock, ...]:
    running = [
        RunningClock(entry, clock)
        for entry in site.published.incidents
        if is_open(entry.record)
        for clock in clocks_of(entry.record, site.taxonomy, site.now)
        if not clock.is_stopped
    ]
    return tuple(sorted(running, key=lambda one: (one.clock.due, one.entry.id, one.clock.name)))
