"""Two periods compared, and whether the difference is more than chance."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from incidentbook.clocks import ClockName
from incidentbook.metrics import bootstrap
from incidentbook.metrics.durations import MEASURES
from incidentbook.metrics.figures import Figures
from incidentbook.metrics.goals import Unit
from incidentbook.metrics.rates import RATES
from incidentbook.metrics.statistics import Statistics

LEVEL = 0.95
LEAST = 10
"""With fewer samples than this in one of the periods nothing is said about chance."""


class Trend(StrEnum):
    """What can be said of a difference: up or down only where its interval excludes zero."""

    UP = "up"
    DOWN = "down"
    UNCLEAR = "unclear"
    TOO_FEW = "too_few"


@dataclass(frozen=True, slots=True)
class Change:
    """One figure in two periods.

    `statistic` is mean, median, p90, share, score or per_day; `n` and `previous_n` count the
    samples behind it. `low` and `high` bound the 95 % bootstrap interval of the difference; they
    are None where there are too few samples.
    """

    name: str
    statistic: str
    unit: Unit | None
    current: float | None
    previous: float | None
    n: int
    previous_n: int
    low: float | None
    high: float | None
    trend: Trend

    @property
    def difference(self) -> float | None:
        """Current less previous; None where one of them is not there."""
        if self.current is None or self.previous is None:
            return None
        return self.current - self.previous


@dataclass(frozen=True, slots=True)
class Comparison:
    """The figures of a period beside those of another."""

    current: Statistics
    previous: Statistics
    changes: tuple[Change, ...]

    def change(self, name: str, statistic: str) -> Change | None:
        """Find one figure."""
        return next((one for one in self.changes if (one.name, one.statistic) == (name, statistic)), None)


@dataclass(frozen=True, slots=True)
class _Figure:
    """One figure of one period, and how to draw what else it could have been."""

    name: str
    statistic: str
    unit: Unit | None
    value: float | None
    n: int
    draw: Callable[[Random], list[float]]


def compare(current: Statistics, previous: Statistics, *, seed: int = 1) -> Comparison:
    """Compare two periods of one ledger; the same seed gives the same intervals.

    Both periods must be bounded where incidents a day are to be compared.
    """
    pairs = zip(_figures(current), _figures(previous), strict=True)
    changes = tuple(_change(one, other, seed) for one, other in pairs)
    return Comparison(current, previous, changes)


def _change(current: _Figure, previous: _Figure, seed: int) -> Change:
    low = high = None
    trend = Trend.TOO_FEW
    if current.value is not None and previous.value is not None and min(current.n, previous.n) >= LEAST:
        # each figure draws from its own source, so that a new measure moves no other's interval
        own = zlib.crc32(f"{current.name} {current.statistic}".encode())
        source = Random(seed * 2**32 + own)  # noqa: S311  chance, not secrecy
        low, high = bootstrap.interval(current.draw(source), previous.draw(source), LEVEL)
        trend = Trend.UP if low > 0 else Trend.DOWN if high < 0 else Trend.UNCLEAR
    return Change(
        name=current.name,
        statistic=current.statistic,
        unit=current.unit,
        current=current.value,
        previous=previous.value,
        n=current.n,
        previous_n=previous.n,
        low=low,
        high=high,
        trend=trend,
    )


def _figures(statistics: Statistics) -> Iterator[_Figure]:
    figures = statistics.overall
    yield _per_day(statistics)
    yield from _durations(figures)
    for name in ClockName:
        attainment = figures.sla[name]
        yield _share(f"{name}_attainment", attainment.met, attainment.met + attainment.breached)
    for rate in RATES:
        yield _share(rate.name, figures.rates[rate.name].count, figures.rates[rate.name].of)
    yield _satisfaction(figures)


def _per_day(statistics: Statistics) -> _Figure:
    """Incidents a day, so that a month of 28 days stands fairly beside one of 31."""
    number, from_, to = statistics.overall.incidents, statistics.from_, statistics.to
    end = min(to, statistics.now) if to else None
    days = (end - from_).total_seconds() / 86400 if from_ and end else 0.0

    def draw(source: Random) -> list[float]:
        return [one / days for one in bootstrap.counts(number, source)]

    return _Figure("incidents", "per_day", None, number / days if days > 0 else None, number, draw)


def _durations(figures: Figures) -> Iterator[_Figure]:
    for measure in MEASURES:
        figure = figures.durations[measure.name]
        samples, summary = figure.samples, figure.summary

        def draw_means(source: Random, samples: tuple[float, ...] = samples) -> list[float]:
            return bootstrap.means(samples, source)

        yield _Figure(measure.name, "mean", Unit.SECONDS, summary.mean_s, summary.n, draw_means)
        for statistic, share, value in (("median", 0.5, summary.median_s), ("p90", 0.9, summary.p90_s)):

            def draw(
                source: Random, samples: tuple[float, ...] = samples, share: float = share
            ) -> list[float]:
                return bootstrap.quantiles(samples, share, source)

            yield _Figure(measure.name, statistic, Unit.SECONDS, value, summary.n, draw)


def _share(name: str, hits: int, of: int) -> _Figure:
    def draw(source: Random) -> list[float]:
        return bootstrap.shares(hits, of, source)

    return _Figure(name, "share", Unit.RATIO, hits / of if of else None, of, draw)


def _satisfaction(figures: Figures) -> _Figure:
    figure = figures.satisfaction
    scores = (
        [float(score) for score, count in figure.distribution.items() for _ in range(count)] if figure else []
    )

    def draw(source: Random) -> list[float]:
        return bootstrap.means(scores, source)

    return _Figure("satisfaction", "mean", Unit.SCORE, figure.mean if figure else None, len(scores), draw)
