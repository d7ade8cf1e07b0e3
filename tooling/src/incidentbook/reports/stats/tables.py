"""Figures in words, as tables and notes: what the terminal and Markdown both show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import NamedTuple

from incidentbook.clocks import ClockName
from incidentbook.metrics import (
    DIMENSIONS,
    MEASURES,
    RATES,
    Availability,
    Change,
    Comparison,
    Figures,
    Goal,
    Statistics,
    Trend,
    Unit,
    Uptime,
)
from incidentbook.metrics.bootstrap import RESAMPLES
from incidentbook.metrics.comparison import LEAST
from incidentbook.records import ServiceState
from incidentbook.reports.stats.words import NONE, commit, counts, duration, percent, plural

_WHOSE = {"public": "public records", "internal": "public and internal records", "all": "all records"}
_GOALS = {
    "time_to_restore": "Time to restore (MTTR)",
    "response_attainment": "Response attainment",
    "resolution_attainment": "Resolution attainment",
    "satisfaction": "Satisfaction",
}
_TRENDS = {Trend.UP: "up, ", Trend.DOWN: "down, ", Trend.UNCLEAR: ""}


class Cell(NamedTuple):
    """Words in a table; `is_bad` ones are what somebody should look at, `is_quiet` say nothing."""

    text: str
    is_bad: bool = False
    is_quiet: bool = False


@dataclass(frozen=True)
class StatsTable:
    """One table: the first `keys` columns say what a row is about."""

    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    keys: int = 1


def heading(statistics: Statistics, name: str, zone: tzinfo) -> str:
    """Say whose incidents were counted, and how many: `Harbourline: 37 incidents (4 open), ...`."""
    period = "whenever opened"
    first, last = statistics.from_, statistics.to
    if first and last:
        period = f"opened from {day(first, zone)} until before {day(last, zone)}"
    elif first:
        period = f"opened from {day(first, zone)} on"
    elif last:
        period = f"opened before {day(last, zone)}"
    figures = statistics.overall
    more = {"open": figures.open, "major": figures.major, "reopened": figures.reopened}
    shown = counts({what: count for what, count in more.items() if count})
    return f"{name}: {plural(figures.incidents, 'incident')}{f' ({shown})' if shown else ''}, {period}"


def origin(statistics: Statistics, zone: tzinfo) -> str:
    """Say of which records, and as of when."""
    whose = _WHOSE[statistics.audience or "all"]
    parts = (
        f"of {whose}",
        f"as of {minute(statistics.now, zone)}",
        commit(statistics.revision, dirty=statistics.dirty),
    )
    return ", ".join(part for part in parts if part)


def tables(statistics: Statistics) -> Iterator[StatsTable]:
    """Yield the tables of a period: times, service levels, rates, goals, groups."""
    figures = statistics.overall
    yield _durations(figures)
    if figures.incidents:
        yield _levels(figures)
        yield _rates(figures)
    if statistics.goals:
        yield _goals(statistics.goals)
    if statistics.by:
        yield _groups(statistics)


def _durations(figures: Figures) -> StatsTable:
    rows = []
    for measure in MEASURES:
        summary = figures.durations[measure.name].summary
        acronym = f" ({measure.acronym})" if measure.acronym else ""
        times = (summary.mean_s, summary.median_s, summary.p90_s, summary.total_s)
        rows.append(_cells(measure.title + acronym, str(summary.n), *map(duration, times)))
    return StatsTable(("Measure", "n", "mean", "median", "p90", "total"), tuple(rows))


def _levels(figures: Figures) -> StatsTable:
    rows = tuple(
        (
            Cell(str(name).capitalize()),
            Cell(str(one.met)),
            Cell(str(one.breached), is_bad=one.breached > 0),
            Cell(str(one.running)),
            Cell(percent(one.share)),
        )
        for name, one in figures.sla.items()
    )
    return StatsTable(("Service level", "met", "breached", "running", "attainment"), rows)


def _rates(figures: Figures) -> StatsTable:
    rows = tuple(
        _cells(rate.title, str(one.count), str(one.of), percent(one.share, 1))
        for rate in RATES
        for one in (figures.rates[rate.name],)
    )
    return StatsTable(("Incidents", "count", "of", "rate"), rows)


def _goals(goals: Sequence[Goal]) -> StatsTable:
    rows = []
    for goal in goals:
        left = NONE if goal.left is None else f"{goal.left:.1f} of {goal.budget:.1f}"
        bound = "<= " if goal.unit is Unit.SECONDS else ">= "
        figure = Cell(_value(goal.figure, goal.unit), is_bad=goal.met is False)
        rows.append(
            (
                Cell(_GOALS[goal.name]),
                Cell(bound + _value(goal.goal, goal.unit)),
                figure,
                *_cells(_met(goal), left),
            )
        )
    return StatsTable(("Goal", "aim", "figure", "met", "breaches left"), tuple(rows))


def _met(goal: Goal) -> str:
    return NONE if goal.met is None else "yes" if goal.met else "no"


def _value(value: float | None, unit: Unit | None) -> str:
    if value is None:
        return NONE
    if unit is Unit.SECONDS:
        return duration(value)
    return percent(value, 1) if unit is Unit.RATIO else f"{value:.2f}"


def _groups(statistics: Statistics) -> StatsTable:
    keys = len(statistics.by)
    titles = [DIMENSIONS[dimension].title for dimension in statistics.by]
    # two dimensions leave no room for a third figure of the same times in 80 columns
    times = ("MTTA", "MTTR", "median", "p90") if keys == 1 else ("MTTA", "MTTR", "median")
    rows = []
    for group in statistics.groups:
        figures = group.figures
        if keys > 1 and not figures.incidents:
            continue  # it has a backlog or actions, of which this table does not tell
        restore = figures.durations["time_to_restore"].summary
        rows.append(
            (
                *(Cell(part) if part is not None else Cell(NONE, is_quiet=True) for part in group.key),
                *_cells(
                    str(figures.incidents),
                    duration(figures.durations["time_to_acknowledge"].summary.mean_s),
                    duration(restore.mean_s),
                    duration(restore.median_s),
                    *([duration(restore.p90_s)] if keys == 1 else []),
                    percent(figures.sla[ClockName.RESPONSE].share, 1),
                    percent(figures.sla[ClockName.RESOLUTION].share, 1),
                ),
            )
        )
    return StatsTable((*titles, "n", *times, "response", "resolution"), tuple(rows), keys)


def lines(statistics: Statistics, availability: Availability, zone: tzinfo) -> Iterator[str]:
    """Yield what one line says: availability, backlog, reviews, actions, satisfaction, changes, cost."""
    first, last = availability.window
    figures = statistics.overall
    if last > first:
        goal = availability.whole.goal
        aim = f" (goal {percent(goal)})" if goal is not None else ""
        window = f"{day(first, zone)} until {day(last, zone)}"
        yield f"Availability of the page, {window}: {percent(availability.page)}{aim}"
    if availability.cost:
        yield f"Cost of the downtime in that time: {_money(availability.cost)}"
    yield from _work(figures, zone)
    if figures.satisfaction is not None and figures.satisfaction.n:
        said = figures.satisfaction
        spread = ", ".join(f"{count} x {score}" for score, count in said.distribution.items() if count)
        yield (
            f"Satisfaction: {_value(said.mean, Unit.SCORE)} of 5 from {plural(said.n, 'answer')} "
            f"to {said.of} resolved ({spread})"
        )
    changes = figures.change_failure
    if changes is not None and changes.deployments is not None:
        yield (
            f"Change failure: {plural(changes.changes, 'change')} of "
            f"{plural(changes.deployments, 'deployment')}: {percent(changes.share)}"
        )


def _work(figures: Figures, zone: tzinfo) -> Iterator[str]:
    backlog, reviews, actions = figures.backlog, figures.reviews, figures.actions
    if backlog.count and backlog.at is not None:
        ages = f"median age {duration(backlog.age.median_s)}, oldest {backlog.oldest}"
        yield f"Backlog at {minute(backlog.at, zone)}: {backlog.count} open, {ages}"
    if reviews is not None and reviews.required:
        stand = {
            "on time": reviews.on_time,
            "late": reviews.late,
            "overdue": reviews.overdue,
            "not due yet": reviews.pending,
            "published, but nobody knows when": reviews.no_time,
        }
        told = counts({words: count for words, count in stand.items() if count})
        yield f"Reviews: {reviews.required} required: {told}; {percent(reviews.share, 1)} on time"
    if actions is not None and actions.done + actions.open + actions.dropped:
        yield (
            f"Actions: {actions.done} done, {actions.open} open ({actions.overdue} overdue), "
            f"{actions.dropped} dropped; {percent(actions.share, 1)} done"
        )


def notes(statistics: Statistics) -> Iterator[str]:
    """Yield what was left out, and of what."""
    if statistics.left_out:
        yield f"Left out of every figure: {counts(statistics.left_out)}."
    for measure in MEASURES:
        left_out = statistics.overall.durations[measure.name].left_out
        if left_out:
            yield f"Left out of {measure.title.lower()}: {counts(left_out)}."
    for rate in RATES:
        missing = statistics.overall.rates[rate.name].left_out
        if missing:
            yield f"Left out of {rate.title.lower()}: {counts(missing)}."
    without = {name: figure.without for name, figure in statistics.overall.sla.items() if figure.without}
    if without:
        numbers = ", ".join(f"{count} from {name}" for name, count in without.items())
        yield f"Without a clock, and left out of attainment: {numbers}."
    actions = statistics.overall.actions
    if actions is not None and actions.left_out:
        yield f"Left out of actions, by their incident: {counts(actions.left_out)}."
    if len(statistics.by) and any(DIMENSIONS[by].is_of_service for by in statistics.by):
        yield "An incident counts once for each of its services."


def availability_heading(availability: Availability, name: str, zone: tzinfo) -> str:
    """Say of which time availability is."""
    first, last = availability.window
    if first >= last:
        return f"{name}: availability from {day(first, zone)}, which has not come yet"
    return f"{name}: availability from {day(first, zone)} until {day(last, zone)}"


def availability_table(availability: Availability) -> StatsTable:
    """The page and every service, with what the goal leaves."""
    rows = [_uptime_row("Page", availability.whole)]
    rows += [_uptime_row(key, uptime) for key, uptime in availability.uptimes.items()]
    return StatsTable(("Service", "available", "goal", "lost", "left", "cost"), tuple(rows))


def _uptime_row(name: str, uptime: Uptime) -> tuple[Cell, ...]:
    missed = uptime.left is not None and uptime.left < timedelta(0)
    return (
        Cell(name),
        Cell(percent(uptime.share), is_bad=missed),
        *_cells(
            percent(uptime.goal),
            duration(uptime.lost.total_seconds()) if uptime.share is not None else NONE,
            duration(uptime.left.total_seconds()) if uptime.left is not None else NONE,
            _money({one.currency: one.amount for one in uptime.cost}) if uptime.cost else NONE,
        ),
    )


def availability_notes(availability: Availability, weights: Mapping[ServiceState, float]) -> Iterator[str]:
    """Yield what stands behind the shares."""
    said = ", ".join(f"{state.replace('_', ' ')} {weight:g}" for state, weight in weights.items())
    yield f"A service's time is weighted by its state: {said}. The page is down while any incident is."
    if availability.cost:
        yield f"Cost of the downtime: {_money(availability.cost)}."
    if availability.left_out:
        number = plural(availability.left_out, "incident")
        yield f"Left out: {number} without a start, or over without an end."


def comparison_table(comparison: Comparison) -> StatsTable:
    """Two periods, figure by figure, with the interval of the difference."""
    shown = [one for one in comparison.changes if one.current is not None or one.previous is not None]
    rows = tuple(
        _cells(
            _change_title(one),
            f"{_change_value(one.current, one)} ({one.n})",
            f"{_change_value(one.previous, one)} ({one.previous_n})",
            _signed(one.difference, one),
            _interval(one),
        )
        for one in shown
    )
    return StatsTable(("Figure", "now (n)", "before (n)", "change", "95 % interval"), rows)


def comparison_heading(comparison: Comparison, zone: tzinfo) -> str:
    """Say which period stands beside which."""
    return f"Now {_span(comparison.current, zone)}, before {_span(comparison.previous, zone)}"


def comparison_note() -> str:
    """How the interval came about."""
    return (
        f"The interval is that of a bootstrap of {RESAMPLES:,} resamples, by percentiles; `up` or `down` is "
        f"said only where it excludes zero, and nothing with fewer than {LEAST} samples in a period."
    )


def _span(statistics: Statistics, zone: tzinfo) -> str:
    first, last = statistics.from_, statistics.to
    return f"{day(first, zone) if first else 'ever'} until before {day(last, zone) if last else 'now'}"


def _change_title(change: Change) -> str:
    if change.name == "incidents":
        return "Incidents a day"
    titles = {
        **{one.name: one.acronym or one.title for one in MEASURES},
        **{one.name: one.title for one in RATES},
        **_GOALS,
        "time_to_restore": "MTTR",
    }
    title = titles[change.name]
    return f"{title}, {change.statistic}" if change.unit is Unit.SECONDS else title


def _change_value(value: float | None, change: Change) -> str:
    return _value(value, change.unit)


def _interval(change: Change) -> str:
    """The trend, where there is one, and the interval."""
    if change.trend is Trend.TOO_FEW:
        return "too few"
    return f"{_TRENDS[change.trend]}{_signed(change.low, change)} to {_signed(change.high, change)}"


def _signed(value: float | None, change: Change) -> str:
    if value is None:
        return NONE
    if change.unit is Unit.RATIO:
        return f"{round(value * 100, 1) + 0.0:+.1f}"  # no -0.0
    text = _value(abs(value), change.unit)
    return text if set(text) <= {"0", ".", "s"} else f"{'-' if value < 0 else '+'}{text}"


def _money(amounts: Mapping[str, float]) -> str:
    return ", ".join(f"{amount:,.0f} {currency}" for currency, amount in amounts.items())


def _cells(*texts: str) -> tuple[Cell, ...]:
    return tuple(Cell(text) for text in texts)


def day(instant: datetime, zone: tzinfo) -> str:
    """A day where it is its beginning, else a minute."""
    local = instant.astimezone(zone)
    midnight = local.time() == datetime.min.time()
    return f"{local:%Y-%m-%d}" if midnight else minute(instant, zone)


def minute(instant: datetime, zone: tzinfo) -> str:
    """A minute, with the zone's name."""
    return f"{instant.astimezone(zone):%Y-%m-%d %H:%M %Z}"
