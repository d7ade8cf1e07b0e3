"""The figures of one set of incidents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from incidentbook.clocks import ClockName
from incidentbook.metrics.backlog import Backlog
from incidentbook.metrics.durations import NoSample
from incidentbook.metrics.rates import NoVerdict
from incidentbook.metrics.summary import Summary


@dataclass(frozen=True, slots=True)
class DurationFigure:
    """One measure of time, how many incidents gave no sample, by reason, and the samples, sorted."""

    summary: Summary
    left_out: Mapping[NoSample, int]
    samples: tuple[float, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Attainment:
    """How many clocks kept their promise.

    `breached` counts open clocks that are past their target too: they cannot be met any more.
    `running` counts those that still can, and `without` the incidents that have no such clock.
    """

    met: int
    breached: int
    running: int
    without: int

    @property
    def share(self) -> float | None:
        """Met, of those that are decided; None while none is."""
        return share_of(self.met, self.met + self.breached)


@dataclass(frozen=True, slots=True)
class Rate:
    """So many of so many, and how many incidents are in neither, by reason."""

    count: int
    of: int
    left_out: Mapping[NoVerdict, int]

    @property
    def share(self) -> float | None:
        """The rate; None where it is of nothing."""
        return share_of(self.count, self.of)


@dataclass(frozen=True, slots=True)
class ReviewFigure:
    """How the required reviews of a set of incidents stand.

    `overdue` ones are not published though they had to be, `pending` ones need not be yet, and
    of `no_time` it is not known when they were published.
    """

    on_time: int
    late: int
    overdue: int
    pending: int
    no_time: int

    @property
    def required(self) -> int:
        """All of them."""
        return self.on_time + self.late + self.overdue + self.pending + self.no_time

    @property
    def share(self) -> float | None:
        """On time, of those whose time is over; None while that is none."""
        return share_of(self.on_time, self.on_time + self.late + self.overdue)


@dataclass(frozen=True, slots=True)
class ActionFigure:
    """How the promised actions stand; `overdue` ones are open, and among `open`.

    `done_on_time` and `done_late` are those of `done` that say by which day and on which.
    `left_out` counts actions that belong to nothing that counts, by reason.
    """

    done: int
    open: int
    overdue: int
    dropped: int
    done_on_time: int
    done_late: int
    left_out: Mapping[str, int]

    @property
    def share(self) -> float | None:
        """Done, of those that were not dropped; None where there are none."""
        return share_of(self.done, self.done + self.open)


@dataclass(frozen=True, slots=True)
class SatisfactionFigure:
    """What users said, from 1 to 5; `of` counts the resolved incidents, answered or not."""

    n: int
    mean: float | None
    distribution: Mapping[int, int]
    of: int

    @property
    def answered(self) -> float | None:
        """The share of resolved incidents with an answer; None where none is resolved."""
        return share_of(self.n, self.of)


@dataclass(frozen=True, slots=True)
class ChangeFigure:
    """What changes broke: incidents, the different changes behind them, and how many were deployed.

    `deployments` is None where no counts are given. Then, and where more changes failed than
    were counted, there is no rate.
    """

    incidents: int
    changes: int
    deployments: int | None

    @property
    def share(self) -> float | None:
        """The change failure rate: changes that failed, of those that were deployed."""
        if self.deployments is None or self.changes > self.deployments:
            return None
        return share_of(self.changes, self.deployments)


@dataclass(frozen=True, slots=True)
class Figures:
    """Every figure of one set of incidents; `open` are those that are neither resolved nor closed.

    Figures that the public may not see are None.
    """

    incidents: int
    open: int
    major: int
    reopened: int | None
    durations: Mapping[str, DurationFigure]
    sla: Mapping[ClockName, Attainment]
    rates: Mapping[str, Rate]
    backlog: Backlog
    reviews: ReviewFigure | None
    actions: ActionFigure | None
    satisfaction: SatisfactionFigure | None
    change_failure: ChangeFigure | None


def share_of(count: int, of: int) -> float | None:
    """Divide; None where there is nothing to divide by."""
    return count / of if of else None
