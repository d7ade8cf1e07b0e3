"""The charts of the page of figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from incidentbook.charts import (
    Chart,
    Kept,
    Point,
    bars_by_period,
    distribution,
    heat_map,
    ranking,
    say_time,
    stacked_attainment,
)
from incidentbook.clocks import ClockName
from incidentbook.metrics import Group
from incidentbook.metrics.dimensions import WEEKDAYS
from incidentbook.pages import times
from incidentbook.pages.measured import Measured

WIDTH = 360
"""About what a chart has on a phone and in one of three columns: its letters stay as large as the page's."""

HEIGHT = 190

MOST = 10
"""How many services, or categories, a ranking has room for."""

LEAST = 5
"""Fewer incidents than this make no picture: each is better read on its own page."""


def drawings(measured: Measured) -> tuple[Chart, ...]:
    """Draw the year, as far as its reader may see it; nothing of too few incidents."""
    if measured.yearly.overall.incidents < LEAST:
        return ()
    return (*_trends(measured), *_patterns(measured))


def _trends(measured: Measured) -> Iterator[Chart]:
    """The months one by one, where there is more than one."""
    months = [group for group in measured.year_by("month").groups if group.key[0] is not None]
    if len(months) == 1:
        return
    yield bars_by_period(_counts(months, measured), "Incidents by month", width=WIDTH, height=HEIGHT)
    if any(group.figures.durations["time_to_restore"].summary.n for group in months):
        yield bars_by_period(
            _medians(months, measured),
            "Median time to restore, by month",
            kind="time",
            width=WIDTH,
            height=HEIGHT,
        )


def _patterns(measured: Measured) -> Iterator[Chart]:
    """How incidents are spread: over lengths, promises, hours, services and causes."""
    samples = measured.yearly.overall.durations["time_to_restore"].samples
    if len(samples) >= LEAST:
        yield distribution(samples, "Time to restore", width=WIDTH, height=HEIGHT)
    priorities = measured.year_by("priority").groups
    for clock in ClockName:
        kept = _kept(priorities, clock, measured)
        if kept:
            caption = f"{clock.capitalize()} targets, by priority"
            yield stacked_attainment(kept, caption, heading="Priority", width=WIDTH)
    zone = measured.site.taxonomy.settings.zone
    yield heat_map(_week(measured), f"When incidents are opened ({zone})", width=WIDTH)
    services = _services(measured)
    if services:
        yield ranking(services, "Incidents by service", heading="Service", width=WIDTH)
    categories = _categories(measured)
    if categories:
        yield ranking(categories, "Causes: incidents by category", heading="Category", width=WIDTH)


def _counts(months: list[Group], measured: Measured) -> list[Point]:
    return [
        Point(
            times.month_words(key, short=True),
            group.figures.incidents,
            words=f"{times.month_words(key)}: {group.figures.incidents:,}"
            + (" so far" if _is_running(key, measured) else ""),
            quiet=_is_running(key, measured),
        )
        for group in months
        if (key := group.key[0])
    ]


def _medians(months: list[Group], measured: Measured) -> list[Point]:
    points = []
    for group in months:
        key, summary = group.key[0] or "", group.figures.durations["time_to_restore"].summary
        words = f"{times.month_words(key)}: {say_time(summary.median_s)}, of {summary.n:,}"
        points.append(
            Point(
                times.month_words(key, short=True),
                summary.median_s,
                words,
                quiet=_is_running(key, measured),
            )
        )
    return points


def _is_running(month: str, measured: Measured) -> bool:
    """Whether a month is not over, so that its figures may still grow."""
    return month == f"{measured.site.today:%Y-%m}"


def _kept(priorities: Sequence[Group], clock: ClockName, measured: Measured) -> list[Kept]:
    names = {priority.id: f"{priority.id} {priority.name}" for priority in measured.site.taxonomy.priorities}
    found = []
    for group in priorities:
        key, figure = group.key[0], group.figures.sla[clock]
        label = "Without" if key is None else names.get(key, key)
        if figure.met + figure.breached + figure.running:
            found.append(Kept(label, figure.met, figure.breached, figure.running))
    return found


def _week(measured: Measured) -> dict[tuple[int, int], int]:
    return {
        (WEEKDAYS.index(day), int(hour)): group.figures.incidents
        for group in measured.year_by(("weekday", "hour")).groups
        for day, hour in [group.key]
        if day is not None and hour is not None
    }


def _services(measured: Measured) -> list[Point]:
    site = measured.site
    points = []
    for group in measured.year_by("service").groups:
        key = group.key[0]
        if key is not None and group.figures.incidents:
            points.append(Point(site.service_name(key), group.figures.incidents))
    return _most(points)


def _categories(measured: Measured) -> list[Point]:
    """Both levels of the categories; none for the public, who does not see them."""
    site = measured.site
    groups = [group for group in measured.year_by("subcategory").groups if group.figures.incidents]
    if all(group.key[0] is None for group in groups):
        return []
    return _most(
        [
            Point("No category", group.figures.incidents, quiet=True)
            if group.key[0] is None
            else Point(site.category(group.key[0]).replace(" / ", ": "), group.figures.incidents)
            for group in groups
        ]
    )


def _most(points: list[Point]) -> list[Point]:
    return sorted(points, key=lambda point: (-(point.value or 0), point.label.casefold()))[:MOST]
