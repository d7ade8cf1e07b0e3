"""Facts counted up into figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from math import fsum
from types import MappingProxyType

from incidentbook.clocks import ClockName, ClockState
from incidentbook.metrics.backlog import Backlog
from incidentbook.metrics.durations import BETWEEN_FAILURES, INCIDENT_DURATIONS, NoSample
from incidentbook.metrics.facts import Facts, ReviewOutcome
from incidentbook.metrics.failures import Failure
from incidentbook.metrics.figures import (
    ActionFigure,
    Attainment,
    ChangeFigure,
    DurationFigure,
    Figures,
    Rate,
    ReviewFigure,
    SatisfactionFigure,
)
from incidentbook.metrics.rates import RATES, NoVerdict
from incidentbook.metrics.summary import summarize
from incidentbook.records import Action, ActionState

_UNDECIDED = (ClockState.RUNNING, ClockState.AT_RISK, ClockState.PAUSED)


class Samples:
    """Samples of one duration, and why there were none, as they come in."""

    __slots__ = ("found", "missing")

    def __init__(self) -> None:
        self.found: list[float] = []
        self.missing: Counter[NoSample] = Counter()

    def add(self, sample: float | NoSample) -> None:
        """Count one."""
        if isinstance(sample, NoSample):
            self.missing[sample] += 1
        else:
            self.found.append(sample)

    def figure(self) -> DurationFigure:
        """Sum them up."""
        left_out = MappingProxyType(dict(sorted(self.missing.items())))
        ordered = sorted(self.found)
        return DurationFigure(summarize(ordered), left_out, tuple(ordered))


@dataclass
class Tally:
    """What one group counts, as it comes in."""

    incidents: int = 0
    open: int = 0
    major: int = 0
    reopened: int = 0
    samples: tuple[Samples, ...] = field(default_factory=lambda: tuple(Samples() for _ in INCIDENT_DURATIONS))
    between: Samples = field(default_factory=Samples)
    states: Counter[tuple[ClockName, ClockState]] = field(default_factory=Counter)
    verdicts: tuple[Counter[bool | NoVerdict], ...] = field(
        default_factory=lambda: tuple(Counter() for _ in RATES)
    )
    reviews: Counter[ReviewOutcome] = field(default_factory=Counter)
    scores: Counter[int] = field(default_factory=Counter)
    changes: set[str] = field(default_factory=set)
    changed: int = 0
    waiting: list[tuple[datetime, str]] = field(default_factory=list)
    actions: Counter[str] = field(default_factory=Counter)
    actions_left_out: Counter[str] = field(default_factory=Counter)
    deployments: int | None = None

    def add(self, facts: Facts, failures: Iterable[Failure], *, is_deployed: bool) -> None:
        """Count one incident; `failures` are those that belong to the group.

        `is_deployed` tells whether it falls into the time of which deployments are known.
        """
        self.incidents += 1
        self.open += facts.is_open
        self.major += facts.is_major
        self.reopened += facts.is_reopened
        for samples, sample in zip(self.samples, facts.samples, strict=True):
            samples.add(sample)
        failed = False
        for failure in failures:
            failed = True
            self.between.add(failure.since_last)
        if not failed:
            self.between.add(NoSample.NO_FAILURE)
        for clock in facts.clocks.items():
            self.states[clock] += 1
        for counter, verdict in zip(self.verdicts, facts.verdicts, strict=True):
            counter[verdict] += 1
        if facts.review is not None:
            self.reviews[facts.review] += 1
        if facts.satisfaction is not None:
            self.scores[facts.satisfaction] += 1
        if facts.change is not None:
            self.changed += 1
            if is_deployed:
                self.changes.add(facts.change)

    def add_action(self, action: Action, today: date) -> None:
        """Count one promise."""
        self.actions[action.state] += 1
        if action.state is ActionState.OPEN and action.due is not None and action.due < today:
            self.actions["overdue"] += 1
        if action.state is ActionState.DONE and action.due is not None and action.done is not None:
            self.actions["on_time" if action.done <= action.due else "late"] += 1

    def figures(self, at: datetime | None, *, is_public: bool) -> Figures:
        """Sum up what was counted; `at` is the moment of the backlog."""
        durations = {
            measure.name: samples.figure()
            for measure, samples in zip(INCIDENT_DURATIONS, self.samples, strict=True)
        }
        durations[BETWEEN_FAILURES.name] = self.between.figure()
        return Figures(
            incidents=self.incidents,
            open=self.open,
            major=self.major,
            reopened=None if is_public else self.reopened,
            durations=MappingProxyType(durations),
            sla=MappingProxyType({name: self._attainment(name) for name in ClockName}),
            rates=MappingProxyType(
                {rate.name: _rate(counter) for rate, counter in zip(RATES, self.verdicts, strict=True)}
            ),
            backlog=self._backlog(at),
            reviews=None if is_public else ReviewFigure(*(self.reviews[one] for one in ReviewOutcome)),
            actions=None if is_public else self._actions(),
            satisfaction=None if is_public else self._satisfaction(),
            change_failure=None
            if is_public
            else ChangeFigure(self.changed, len(self.changes), self.deployments),
        )

    def _attainment(self, name: ClockName) -> Attainment:
        met = self.states[name, ClockState.MET]
        breached = self.states[name, ClockState.BREACHED]
        running = sum(self.states[name, state] for state in _UNDECIDED)
        return Attainment(met, breached, running, self.incidents - met - breached - running)

    def _backlog(self, at: datetime | None) -> Backlog:
        waiting = sorted(self.waiting) if at is not None else []
        ages = [(at - since).total_seconds() for since, _ in waiting] if at is not None else []
        return Backlog(at, len(waiting), summarize(ages), waiting[0][1] if waiting else None)

    def _actions(self) -> ActionFigure:
        return ActionFigure(
            done=self.actions[ActionState.DONE],
            open=self.actions[ActionState.OPEN],
            overdue=self.actions["overdue"],
            dropped=self.actions[ActionState.DROPPED],
            done_on_time=self.actions["on_time"],
            done_late=self.actions["late"],
            left_out=MappingProxyType(dict(sorted(self.actions_left_out.items()))),
        )

    def _satisfaction(self) -> SatisfactionFigure:
        n = self.scores.total()
        mean = fsum(score * count for score, count in self.scores.items()) / n if n else None
        distribution = {score: self.scores[score] for score in range(1, 6)}
        return SatisfactionFigure(n, mean, MappingProxyType(distribution), self.incidents - self.open)


def _rate(counter: Counter[bool | NoVerdict]) -> Rate:
    left_out = {reason: count for reason, count in counter.items() if isinstance(reason, NoVerdict)}
    return Rate(
        counter[True], counter[True] + counter[False], MappingProxyType(dict(sorted(left_out.items())))
    )
