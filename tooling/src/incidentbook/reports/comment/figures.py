"""How the figures of the months that a change touches move."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import partial
from typing import Any

from incidentbook.archive import RecordEntry, Records
from incidentbook.clocks import ClockName
from incidentbook.metrics import Availability, Figures, Ledger, Period, named_period, opening_of
from incidentbook.publication.standing import end_of, is_open, start_of
from incidentbook.records import Audience, Incident
from incidentbook.reports.comment.touched import Touched
from incidentbook.reports.stats.words import NONE, duration, percent

MOST_MONTHS = 3


@dataclass(frozen=True, slots=True)
class Move:
    """One figure before and after, each with what it is of."""

    figure: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class MonthMoves:
    """What moves in one month; `month` is such as 2026-11."""

    month: str
    moves: tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class FigureMoves:
    """The months that were looked at, the newest first, and how many older ones were not."""

    months: tuple[MonthMoves, ...]
    not_looked_at: int

    @property
    def moved(self) -> tuple[MonthMoves, ...]:
        """Those in which a figure moves."""
        return tuple(one for one in self.months if one.moves)


def figure_moves(
    touched: Iterable[Touched],
    base: Records[Any],
    head: Records[Any],
    now: datetime,
    audience: Audience | None,
) -> FigureMoves:
    """Measure both sides at the same `now`, as `stats` does, over the months of the touched incidents."""
    zone = head.taxonomy.zone
    months = sorted({month for one in touched for month in _months(one, zone, now)}, reverse=True)
    if not months:
        return FigureMoves((), 0)
    ledgers = Ledger(base, now, audience), Ledger(head, now, audience)
    looked_at = tuple(
        MonthMoves(month, tuple(_moves(*ledgers, named_period(month, zone))))
        for month in months[:MOST_MONTHS]
    )
    return FigureMoves(looked_at, len(months[MOST_MONTHS:]))


def _months(touched: Touched, zone: tzinfo, now: datetime) -> Iterator[str]:
    """The months of an incident: that of its opening, and those at the ends of its time."""
    for entry in (touched.before, touched.after):
        if entry is not None and touched.name.kind == "incident":
            yield from (f"{at.astimezone(zone):%Y-%m}" for at in _times(entry, now) if at is not None)


def _times(entry: RecordEntry[Incident], now: datetime) -> tuple[datetime | None, ...]:
    incident = entry.record
    return opening_of(incident), start_of(incident), now if is_open(incident) else end_of(incident)


def _moves(base: Ledger, head: Ledger, period: Period) -> Iterator[Move]:
    sides = [ledger.measure(from_=period.from_, to=period.to).overall for ledger in (base, head)]
    for name, say in _FIGURES:
        before, after = map(say, sides)
        if before != after:
            yield Move(name, before, after)
    if period.from_ is not None and period.to is not None:
        window = (period.from_, period.to)
        yield from _downtime(base.availability(window), head.availability(window), head)


def _incidents(figures: Figures) -> str:
    return str(figures.incidents)


def _restoring(figures: Figures) -> str:
    summary = figures.durations["time_to_restore"].summary
    return f"{duration(summary.mean_s)} (n = {summary.n})" if summary.n else NONE


def _attainment(name: ClockName, figures: Figures) -> str:
    figure = figures.sla[name]
    decided = figure.met + figure.breached
    return f"{percent(figure.share)} ({figure.met} of {decided})" if decided else NONE


_FIGURES: tuple[tuple[str, Callable[[Figures], str]], ...] = (
    ("Incidents opened", _incidents),
    ("MTTR, the mean time to restore", _restoring),
    *((f"{name.capitalize()} in time", partial(_attainment, name)) for name in ClockName),
)
"""What is said of a month, each with what it is of."""


def _downtime(before: Availability, after: Availability, head: Ledger) -> Iterator[Move]:
    for key in sorted({*before.uptimes, *after.uptimes}):
        sides = [
            side.uptimes[key].lost.total_seconds() if key in side.uptimes else 0.0 for side in (before, after)
        ]
        if sides[0] != sides[1]:
            service = head.taxonomy.service(key)
            name = service.name if service else key
            yield Move(f"Downtime of {name}, weighted", *(duration(seconds) for seconds in sides))
