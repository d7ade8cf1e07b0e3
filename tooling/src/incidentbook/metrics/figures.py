"""The figures of one set of incidents, gathered in one pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from incidentbook.clocks import ClockName, ClockState, clocks_of, is_done
from incidentbook.metrics.durations import MEASURES, NoSample
from incidentbook.metrics.summary import Summary, summarize
from incidentbook.records import Incident
from incidentbook.taxonomy import Taxonomy


@dataclass(frozen=True, slots=True)
class DurationFigure:
    """One measure of time, and how many incidents gave no sample, by reason."""

    summary: Summary
    left_out: Mapping[NoSample, int]


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
        decided = self.met + self.breached
        return self.met / decided if decided else None


@dataclass(frozen=True, slots=True)
class Figures:
    """Every figure of one set of incidents; `open` are those that are neither resolved nor closed."""

    incidents: int
    open: int
    major: int
    reopened: int
    durations: Mapping[str, DurationFigure]
    sla: Mapping[ClockName, Attainment]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the figures need of one incident: computed once, counted in every group it belongs to."""

    is_open: bool
    is_major: bool
    is_reopened: bool
    samples: tuple[float | NoSample, ...]
    clocks: Mapping[ClockName, ClockState]


def facts_of(incident: Incident, taxonomy: Taxonomy, now: datetime) -> Facts:
    """Measure one incident."""
    return Facts(
        is_open=not is_done(incident),
        is_major=incident.major,
        is_reopened=bool(incident.reopenings),
        samples=tuple(measure.sample(incident) for measure in MEASURES),
        clocks={clock.name: clock.state for clock in clocks_of(incident, taxonomy, now)},
    )


@dataclass
class Tally:
    """Facts as they come in."""

    incidents: int = 0
    open: int = 0
    major: int = 0
    reopened: int = 0
    samples: tuple[list[float], ...] = field(default_factory=lambda: tuple([] for _ in MEASURES))
    no_sample: tuple[Counter[NoSample], ...] = field(
        default_factory=lambda: tuple(Counter() for _ in MEASURES)
    )
    states: Counter[tuple[ClockName, ClockState]] = field(default_factory=Counter)

    def add(self, facts: Facts) -> None:
        """Count one incident."""
        self.incidents += 1
        self.open += facts.is_open
        self.major += facts.is_major
        self.reopened += facts.is_reopened
        for position, sample in enumerate(facts.samples):
            if isinstance(sample, NoSample):
                self.no_sample[position][sample] += 1
            else:
                self.samples[position].append(sample)
        self.states.update(facts.clocks.items())

    def figures(self) -> Figures:
        """Sum up what was counted."""
        durations = {
            measure.name: DurationFigure(
                summarize(self.samples[position]),
                MappingProxyType(dict(sorted(self.no_sample[position].items()))),
            )
            for position, measure in enumerate(MEASURES)
        }
        sla = {name: self._attainment(name) for name in ClockName}
        return Figures(
            incidents=self.incidents,
            open=self.open,
            major=self.major,
            reopened=self.reopened,
            durations=MappingProxyType(durations),
            sla=MappingProxyType(sla),
        )

    def _attainment(self, name: ClockName) -> Attainment:
        met = self.states[name, ClockState.MET]
        breached = self.states[name, ClockState.BREACHED]
        running = sum(
            self.states[name, state] for state in (ClockState.RUNNING, ClockState.AT_RISK, ClockState.PAUSED)
        )
        return Attainment(met, breached, running, self.incidents - met - breached - running)
