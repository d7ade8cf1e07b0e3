"""The headline figures of a management report, each beside that of the period before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from incidentbook.clocks import ClockName
from incidentbook.metrics import Change, Comparison, Figures, Ledger, Period, Trend, Uptime
from incidentbook.reports.management.words import service_name
from incidentbook.reports.stats.words import NONE, duration, percent, plural

Better = Literal["less", "more"]


@dataclass(frozen=True, slots=True)
class Movement:
    """Whether a figure moved by more than chance explains; `is_better` is None where nobody can say."""

    words: str = ""
    is_better: bool | None = None


@dataclass(frozen=True, slots=True)
class Headline:
    """One figure: its value, what it was before, how it moved, and its goal.

    `goal_met` is None where there is no goal, or no figure.
    """

    title: str
    value: str
    note: str = ""
    before: str = ""
    movement: Movement = Movement()
    goal: str = ""
    goal_met: bool | None = None


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """How one service did in the period."""

    name: str
    incidents: int
    lost: str
    available: str
    goal: str
    goal_met: bool | None
    left: str
    cost: str


def headlines(
    ledger: Ledger, comparison: Comparison, period: Period, before: Period, previous: str
) -> tuple[Headline, ...]:
    """Return the headline figures that the report's reader may see."""
    now, then = comparison.current.overall, comparison.previous.overall
    found = [
        _incidents(comparison, now, then, previous),
        _time(comparison, "time_to_restore", "Time to restore", previous),
        _time(comparison, "time_to_acknowledge", "Time to acknowledge", previous),
        _availability(ledger, period, before, previous),
        _backlog(ledger, now, then, previous),
    ]
    if not ledger.is_public:
        found[2:2] = [_attainment(comparison, name, previous) for name in reversed(ClockName)]
        found += [*_internal(comparison, now, then, previous), *_cost(ledger, period, before, previous)]
    return tuple(found)


def _incidents(comparison: Comparison, now: Figures, then: Figures, previous: str) -> Headline:
    change = comparison.change("incidents", "per_day")
    return Headline(
        "Incidents",
        f"{now.incidents:,}",
        note=f"{now.major:,} of them major" if now.major else "none of them major",
        before=f"{then.incidents:,} in {previous}",
        movement=_judged(change, "less"),
    )


def _time(comparison: Comparison, name: str, title: str, previous: str) -> Headline:
    now = comparison.current.overall.durations[name].summary
    then = comparison.previous.overall.durations[name].summary
    goal = next((one for one in comparison.current.goals if one.name == name), None)
    return Headline(
        title,
        duration(now.median_s),
        note=f"median of {now.n:,}, mean {duration(now.mean_s)}" if now.n else "",
        before=f"{duration(then.median_s)} in {previous}",
        goal=f"mean at most {duration(goal.goal)}" if goal else "",
        goal_met=goal.met if goal else None,
        movement=_judged(comparison.change(name, "median"), "less"),
    )


def _attainment(comparison: Comparison, clock: ClockName, previous: str) -> Headline:
    now, then = comparison.current.overall.sla[clock], comparison.previous.overall.sla[clock]
    name = f"{clock}_attainment"
    goal = next((one for one in comparison.current.goals if one.name == name), None)
    running = f", {now.running} still running" if now.running else ""
    return Headline(
        f"{clock.capitalize()} targets kept",
        percent(now.share, 1),
        note=f"{now.met} of {now.met + now.breached}{running}",
        before=f"{percent(then.share, 1)} in {previous}",
        goal=f"at least {percent(goal.goal, 0)}" if goal else "",
        goal_met=goal.met if goal else None,
        movement=_judged(comparison.change(name, "share"), "more"),
    )


def _availability(ledger: Ledger, period: Period, before: Period, previous: str) -> Headline:
    now, then = (_whole(ledger, one) for one in (period, before))
    met = now.share >= now.goal if now.share is not None and now.goal is not None else None
    lost = f"{duration(now.lost.total_seconds())} with an incident" if now.lost else "no incident at all"
    return Headline(
        "Page without an incident",
        percent(now.share),
        note=lost if now.share is not None else "",
        before=f"{percent(then.share)} in {previous}",
        goal=f"at least {percent(now.goal)}" if now.goal is not None else "",
        goal_met=met,
    )


def _whole(ledger: Ledger, period: Period) -> Uptime:
    assert period.from_ is not None  # noqa: S101 - a named period is bounded
    assert period.to is not None  # noqa: S101
    return ledger.availability((period.from_, period.to)).whole


def _backlog(ledger: Ledger, now: Figures, then: Figures, previous: str) -> Headline:
    oldest = f"the oldest {now.backlog.oldest}" if now.backlog.oldest else ""
    return Headline(
        "Open now" if now.backlog.at == ledger.now else "Open at the end",
        f"{now.backlog.count:,}",
        note=oldest,
        before=f"{then.backlog.count:,} at the end of {previous}",
    )


def _internal(comparison: Comparison, now: Figures, then: Figures, previous: str) -> Iterator[Headline]:
    for name, title in (("reopened", "Reopened"), ("recurring", "Recurring")):
        rate, earlier = now.rates[name], then.rates[name]
        yield Headline(
            title,
            percent(rate.share, 1),
            note=f"{rate.count} of {rate.of}",
            before=f"{percent(earlier.share, 1)} in {previous}",
            movement=_judged(comparison.change(name, "share"), "less"),
        )
    if now.reviews is not None and then.reviews is not None:
        due = now.reviews.on_time + now.reviews.late + now.reviews.overdue
        yield Headline(
            "Reviews on time",
            percent(now.reviews.share, 1),
            note=f"{now.reviews.on_time} of {due} due, {now.reviews.overdue} overdue",
            before=f"{percent(then.reviews.share, 1)} in {previous}",
        )
    if now.actions is not None and then.actions is not None:
        promised = now.actions.done + now.actions.open
        yield Headline(
            "Improvements done",
            percent(now.actions.share, 1),
            note=f"{now.actions.done} of {promised} promised, {now.actions.overdue} overdue",
            before=f"{percent(then.actions.share, 1)} in {previous}",
        )
    if now.satisfaction is not None and then.satisfaction is not None:
        goal = next((one for one in comparison.current.goals if one.name == "satisfaction"), None)
        yield Headline(
            "Satisfaction",
            _score(now.satisfaction.mean),
            note=f"{plural(now.satisfaction.n, 'answer')}, 5 is best",
            before=f"{_score(then.satisfaction.mean)} in {previous}",
            goal=f"at least {_score(goal.goal)}" if goal else "",
            goal_met=goal.met if goal else None,
            movement=_judged(comparison.change("satisfaction", "mean"), "more"),
        )
    if now.change_failure is not None and then.change_failure is not None:
        share = now.change_failure.share
        rate_words = f", {percent(share, 1)} of deployments" if share is not None else ""
        yield Headline(
            "Caused by a change",
            f"{now.change_failure.incidents:,}",
            note=f"{plural(now.change_failure.changes, 'change')}{rate_words}",
            before=f"{then.change_failure.incidents:,} in {previous}",
        )


def _cost(ledger: Ledger, period: Period, before: Period, previous: str) -> Iterator[Headline]:
    """Say what downtime cost, where services state a price."""
    if not any(service.cost_per_hour for service in ledger.taxonomy.services):
        return
    now, then = (_costs(ledger, one) for one in (period, before))
    yield Headline(
        "Cost of downtime",
        now or NONE,
        note="of services that state a price",
        before=f"{then or NONE} in {previous}",
    )


def _costs(ledger: Ledger, period: Period) -> str:
    assert period.from_ is not None  # noqa: S101 - a named period is bounded
    assert period.to is not None  # noqa: S101
    cost = ledger.availability((period.from_, period.to)).cost
    return ", ".join(money(amount, currency) for currency, amount in cost.items())


def money(amount: float, currency: str) -> str:
    """Say an amount, to the unit."""
    return f"{currency} {amount:,.0f}"


def _judged(change: Change | None, better: Better) -> Movement:
    """Say whether a figure moved, by more than chance explains, and whether that is good."""
    if change is None or change.difference is None:
        return Movement()
    words = {
        Trend.UP: "up, more than by chance",
        Trend.DOWN: "down, more than by chance",
        Trend.UNCLEAR: "within chance",
        Trend.TOO_FEW: "too few to tell",
    }[change.trend]
    improving = Trend.DOWN if better == "less" else Trend.UP
    moved = change.trend in (Trend.UP, Trend.DOWN)
    return Movement(words, change.trend is improving if moved else None)


def _score(value: float | None) -> str:
    return NONE if value is None else f"{value:.1f}"


def in_short(comparison: Comparison, previous: str) -> tuple[str, ...]:
    """Say the period in a few sentences, for who reads nothing else."""
    now, then = comparison.current.overall, comparison.previous.overall
    if not now.incidents:
        opened = f"; in {previous} it was {then.incidents:,}" if then.incidents else ""
        return (f"No incident was opened{opened}.",)
    return tuple(filter(None, (say(now, then, previous) for say in _SENTENCES)))


def _count_sentence(now: Figures, then: Figures, previous: str) -> str:
    difference = now.incidents - then.incidents
    versus = f"as many as in {previous}"
    if difference:
        versus = f"{abs(difference):,} {'more' if difference > 0 else 'fewer'} than in {previous}"
    major = "none of them major" if not now.major else f"{now.major:,} of them major"
    return f"{plural(now.incidents, 'incident was', 'incidents were')} opened, {versus}, {major}."


def _restore_sentence(now: Figures, then: Figures, previous: str) -> str:
    summary, earlier = (one.durations["time_to_restore"].summary for one in (now, then))
    if not summary.n:
        return "No service that failed was back by the end."
    versus = f" ({duration(earlier.median_s)} in {previous})" if earlier.n else ""
    if summary.n == 1:
        return f"Service was back after {duration(summary.median_s)}{versus}."
    return f"Half of the time service was back within {duration(summary.median_s)}{versus}."


def _kept_sentence(now: Figures, then: Figures, previous: str) -> str:
    kept = now.sla[ClockName.RESOLUTION]
    decided = kept.met + kept.breached
    if not decided:
        return ""
    earlier = then.sla[ClockName.RESOLUTION].share
    versus = (
        f", {percent(kept.share, 0)} after {percent(earlier, 0)} in {previous}" if earlier is not None else ""
    )
    return (
        f"{kept.met:,} of {plural(decided, 'resolution target was', 'resolution targets were')} kept{versus}."
    )


_SENTENCES: tuple[Callable[[Figures, Figures, str], str], ...] = (
    _count_sentence,
    _restore_sentence,
    _kept_sentence,
)


def service_rows(ledger: Ledger, period: Period) -> tuple[ServiceRow, ...]:
    """Return the services that had an incident or missed their goal, the most time lost first."""
    assert period.from_ is not None  # noqa: S101 - a named period is bounded
    assert period.to is not None  # noqa: S101
    uptimes = ledger.availability((period.from_, period.to)).uptimes
    groups = ledger.measure(from_=period.from_, to=period.to, by="service").groups
    counts = {group.key[0]: group.figures.incidents for group in groups}
    rows = [
        (uptime.lost, _service_row(ledger, key, counts.get(key, 0), uptime))
        for key, uptime in uptimes.items()
        if counts.get(key) or uptime.lost
    ]
    rows.sort(key=lambda row: (-row[0], -row[1].incidents, row[1].name))
    return tuple(row for _, row in rows)


def _service_row(ledger: Ledger, key: str, incidents: int, uptime: Uptime) -> ServiceRow:
    left = uptime.left
    met = left >= timedelta(0) if left is not None else None
    return ServiceRow(
        name=service_name(ledger, key),
        incidents=incidents,
        lost=duration(uptime.lost.total_seconds()) if uptime.lost else "0",
        available=percent(uptime.share),
        goal=percent(uptime.goal) if uptime.goal is not None else "",
        goal_met=met,
        left=_left(left),
        cost="" if ledger.is_public else ", ".join(money(c.amount, c.currency) for c in uptime.cost),
    )


def _left(left: timedelta | None) -> str:
    if left is None:
        return ""
    seconds = left.total_seconds()
    return f"{duration(seconds)} left" if seconds >= 0 else f"{duration(-seconds)} too much"
