"""The charts of a management report."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from incidentbook.charts import (
    Chart,
    Kept,
    Point,
    bars_by_period,
    distribution,
    heat_map,
    ranking,
    stacked_attainment,
)
from incidentbook.clocks import ClockName
from incidentbook.metrics import Group, Ledger, Period, Statistics, opening_of
from incidentbook.reports.management.words import month_words, plain, service_name
from incidentbook.reports.stats.words import duration, plural

MONTHS_BEFORE = 12
SERVICES = 10
_WEEKDAYS = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}


def charts_of(ledger: Ledger, period: Period, current: Statistics) -> tuple[Chart, ...]:
    """Draw what the report's reader may see; a period without incidents has a trend and no more."""
    return tuple(_charts(ledger, period, current))


def _charts(ledger: Ledger, period: Period, current: Statistics) -> Iterator[Chart]:
    months = _months(ledger, period)
    if len(months) > 1:
        yield bars_by_period(_counts(months, period, ledger), "Incidents by month")
        yield bars_by_period(
            _medians(months, period, ledger), "Median time to restore, by month", kind="time"
        )
    if not current.overall.incidents:
        return
    samples = current.overall.durations["time_to_restore"].samples
    if samples:
        yield distribution(samples, "Time to restore")
    if not ledger.is_public:
        yield stacked_attainment(_kept(ledger, period), "Resolution targets, by priority", heading="Priority")
    services = _services(ledger, period)
    if services:
        yield ranking(services, "Incidents by service", heading="Service")
    yield heat_map(_week(ledger, period), f"When incidents were opened ({ledger.taxonomy.zone.key})")


def _months(ledger: Ledger, period: Period) -> list[Group]:
    """The months of the period and the twelve before, but none before the first record."""
    zone = ledger.taxonomy.zone
    assert period.from_ is not None  # noqa: S101 - a named period is bounded
    first = period.from_.astimezone(zone)
    # the same month of the year before: midnight there by its own offset
    start = datetime(first.year - 1, first.month, 1, tzinfo=zone)
    openings = filter(None, (opening_of(entry.record) for entry in ledger.counted))
    earliest = min(openings, default=period.from_)
    months = ledger.measure(from_=max(start, min(earliest, period.from_)), to=period.to, by="month").groups
    return [group for group in months if group.key[0] is not None]


def _is_quiet(group: Group, period: Period, ledger: Ledger) -> bool:
    assert period.from_ is not None  # noqa: S101 - a named period is bounded
    return (group.key[0] or "") < f"{period.from_.astimezone(ledger.taxonomy.zone):%Y-%m}"


def _counts(months: list[Group], period: Period, ledger: Ledger) -> list[Point]:
    return [
        Point(
            month_words(group.key[0] or ""), group.figures.incidents, quiet=_is_quiet(group, period, ledger)
        )
        for group in months
    ]


def _medians(months: list[Group], period: Period, ledger: Ledger) -> list[Point]:
    points = []
    for group in months:
        summary = group.figures.durations["time_to_restore"].summary
        label = month_words(group.key[0] or "")
        words = f"{label}: {duration(summary.median_s)}, of {plural(summary.n, 'incident')}"
        points.append(Point(label, summary.median_s, words, quiet=_is_quiet(group, period, ledger)))
    return points


def _kept(ledger: Ledger, period: Period) -> list[Kept]:
    names = {priority.id: priority.name for priority in ledger.taxonomy.priorities}
    order = list(names)
    groups = list(ledger.measure(from_=period.from_, to=period.to, by="priority").groups)
    groups.sort(key=lambda group: order.index(group.key[0]) if group.key[0] in names else len(order))
    kept = []
    for group in groups:
        key = group.key[0]
        figure = group.figures.sla[ClockName.RESOLUTION]
        label = "Without a priority" if key is None else f"{key} {names[key]}" if key in names else key
        kept.append(Kept(plain(label), figure.met, figure.breached, figure.running))
    return [group for group in kept if group.met + group.breached + group.running]


def _services(ledger: Ledger, period: Period) -> list[Point]:
    groups = ledger.measure(from_=period.from_, to=period.to, by="service").groups
    points = [
        Point(service_name(ledger, key), group.figures.incidents)
        for group in groups
        if (key := group.key[0]) is not None
    ]
    return list(islice(sorted(points, key=lambda point: (-(point.value or 0), point.label)), SERVICES))


def _week(ledger: Ledger, period: Period) -> dict[tuple[int, int], int]:
    groups = ledger.measure(from_=period.from_, to=period.to, by=("weekday", "hour")).groups
    return {
        (_WEEKDAYS[day], int(hour)): group.figures.incidents
        for group in groups
        for day, hour in [group.key]
        if day is not None and hour is not None
    }
