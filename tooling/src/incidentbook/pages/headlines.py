"""The headline figures: each with what it was before, whether that is a trend, and its goal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from incidentbook.charts import say_time
from incidentbook.clocks import ClockName
from incidentbook.metrics import Change, Figures, Goal, Trend, Unit
from incidentbook.pages.measured import Measured
from incidentbook.pages.site import DAYS
from incidentbook.pages.uptime import percent

NONE = "none"


@dataclass(frozen=True)
class Movement:
    """What can be said of a change: its words, what they rest on, and the tone they are shown in."""

    words: str
    because: str
    tone: str = "quiet"
    arrow: str = ""


@dataclass(frozen=True)
class Headline:
    """One figure, ready to show."""

    name: str
    title: str
    value: str
    note: str
    before: str
    movement: Movement | None = None
    goal: str = ""
    goal_met: bool | None = None
    href: str | None = None


def headlines(measured: Measured) -> tuple[Headline, ...]:
    """Every figure that its reader may see and that has been anything in either period."""
    return tuple(_headlines(measured))


def _headlines(measured: Measured) -> Iterator[Headline]:
    now, then = (one.overall for one in (measured.current, measured.comparison.previous))
    yield _incidents(measured, now, then)
    yield from _time(measured, "time_to_restore", "Time to restore")
    yield from _time(measured, "time_to_acknowledge", "Time to acknowledge")
    for clock in ClockName:
        yield from _attainment(measured, clock)
    yield _availability(measured)
    yield _backlog(measured, now, then)
    yield from _rate(measured, "reopened", "Reopened")
    yield from _promises(now, then)
    yield from _changes(now, then)
    yield from _satisfaction(measured, now, then)


def _incidents(measured: Measured, now: Figures, then: Figures) -> Headline:
    return Headline(
        "incidents",
        "Incidents",
        f"{now.incidents:,}",
        note=f"{_none_or(now.major)} of them major" if now.incidents else "",
        before=f"{then.incidents:,}",
        movement=_movement(measured.comparison.change("incidents", "per_day"), fewer_is_better=True),
    )


def _time(measured: Measured, name: str, title: str) -> Iterator[Headline]:
    now, then = (
        one.overall.durations[name].summary for one in (measured.current, measured.comparison.previous)
    )
    if not now.n and not then.n and name != "time_to_restore":
        return
    goal = _goal(measured, name)
    yield Headline(
        name,
        title,
        say_time(now.median_s),
        note=f"median of {now.n:,}; mean {say_time(now.mean_s)}" if now.n else "no incident to tell by",
        before=say_time(then.median_s),
        movement=_movement(measured.comparison.change(name, "median"), fewer_is_better=True),
        goal=f"mean at most {say_time(goal.goal)}" if goal else "",
        goal_met=goal.met if goal else None,
    )


def _attainment(measured: Measured, clock: ClockName) -> Iterator[Headline]:
    now, then = (one.overall.sla[clock] for one in (measured.current, measured.comparison.previous))
    if not any(one.met + one.breached + one.running for one in (now, then)):
        return
    name = f"{clock}_attainment"
    goal = _goal(measured, name)
    running = f", {now.running:,} still running" if now.running else ""
    yield Headline(
        name,
        f"{clock.capitalize()} targets met",
        share_words(now.share),
        note=f"{now.met:,} of {now.met + now.breached:,}{running}",
        before=share_words(then.share),
        movement=_movement(measured.comparison.change(name, "share"), fewer_is_better=False),
        goal=f"at least {share_words(goal.goal)}" if goal else "",
        goal_met=goal.met if goal else None,
    )


def _availability(measured: Measured) -> Headline:
    now, then = measured.availability.whole, measured.availability_before.whole
    met = now.left.total_seconds() >= 0 if now.left is not None else None
    lost = f"{say_time(now.lost.total_seconds())} with one" if now.lost else "none at any time"
    return Headline(
        "page_availability",
        "Time without an incident",
        share_words(now.share, 2),
        note=lost,
        before=share_words(then.share, 2),
        goal=f"at least {share_words(now.goal, 2)}" if now.goal is not None else "",
        goal_met=met,
    )


def _backlog(measured: Measured, now: Figures, then: Figures) -> Headline:
    oldest = now.backlog.oldest
    page = measured.site.page(oldest) if oldest else None
    return Headline(
        "open",
        "Open now",
        f"{now.backlog.count:,}",
        note=f"the oldest is {oldest}" if oldest else "",
        before=f"{then.backlog.count:,}",
        href=page,
    )


def _rate(measured: Measured, name: str, title: str) -> Iterator[Headline]:
    now, then = (one.overall.rates[name] for one in (measured.current, measured.comparison.previous))
    if now.of or then.of:
        yield Headline(
            name,
            title,
            share_words(now.share),
            note=f"{now.count:,} of {now.of:,}",
            before=share_words(then.share),
            movement=_movement(measured.comparison.change(name, "share"), fewer_is_better=True),
        )


def _promises(now: Figures, then: Figures) -> Iterator[Headline]:
    if now.reviews and then.reviews and now.reviews.required + then.reviews.required:
        due = now.reviews.on_time + now.reviews.late + now.reviews.overdue
        yield Headline(
            "reviews_on_time",
            "Reviews on time",
            share_words(now.reviews.share),
            note=f"{now.reviews.on_time:,} of {due:,} that were due",
            before=share_words(then.reviews.share),
        )
    if now.actions and then.actions and (now.actions.share is not None or then.actions.share is not None):
        yield Headline(
            "actions_done",
            "Actions done",
            share_words(now.actions.share),
            note=f"{now.actions.done:,} of {now.actions.done + now.actions.open:,} promised",
            before=share_words(then.actions.share),
        )


def _changes(now: Figures, then: Figures) -> Iterator[Headline]:
    found, earlier = now.change_failure, then.change_failure
    if found is None or earlier is None or not found.incidents + earlier.incidents:
        return
    if found.share is None:
        note = f"by {found.changes:,} {'change' if found.changes == 1 else 'changes'}"
    else:
        note = f"{share_words(found.share)} of {found.deployments:,} deployments failed"
    yield Headline(
        "caused_by_change",
        "Caused by a change",
        f"{found.incidents:,}",
        note=note,
        before=f"{earlier.incidents:,}",
    )


def _satisfaction(measured: Measured, now: Figures, then: Figures) -> Iterator[Headline]:
    found, earlier = now.satisfaction, then.satisfaction
    if found is None or earlier is None or not found.n + earlier.n:
        return
    goal = _goal(measured, "satisfaction")
    yield Headline(
        "satisfaction",
        "Satisfaction",
        score_words(found.mean),
        note=f"of 5, {found.n:,} of {found.of:,} answered",
        before=score_words(earlier.mean),
        movement=_movement(measured.comparison.change("satisfaction", "mean"), fewer_is_better=False),
        goal=f"at least {score_words(goal.goal)}" if goal else "",
        goal_met=goal.met if goal else None,
    )


def _goal(measured: Measured, name: str) -> Goal | None:
    return next((goal for goal in measured.current.goals if goal.name == name), None)


def _movement(change: Change | None, *, fewer_is_better: bool) -> Movement | None:
    """Say that a figure went up or down only where its interval does; nothing of too few samples."""
    if change is None or change.difference is None or change.low is None or change.high is None:
        return None
    say = _SAY[change.unit]
    signed = (f"{_sign(value)}{say(abs(value))}" for value in (change.low, change.high))
    because = f"95 % interval {' to '.join(signed)}"
    if change.trend is Trend.UNCLEAR:
        return Movement("no clear change", because)
    is_up = change.trend is Trend.UP
    return Movement(
        f"{change.trend} by {say(abs(change.difference))}",
        because,
        tone="bad" if is_up is fewer_is_better else "good",
        arrow="↑" if is_up else "↓",
    )


_SAY: dict[Unit | None, Callable[[float], str]] = {
    Unit.SECONDS: say_time,
    Unit.RATIO: lambda value: f"{value * 100:.1f} points",
    Unit.SCORE: lambda value: f"{value:.2f}",
    None: lambda value: f"{value * DAYS:.0f} in {DAYS} days",
}


def _sign(value: float) -> str:
    return "−" if value < 0 else "+"  # noqa: RUF001 - a minus, not a hyphen


def _none_or(count: int) -> str:
    return f"{count:,}" if count else NONE


def share_words(share: float | None, digits: int = 1) -> str:
    """A share as a percentage; `none` where there is none."""
    return NONE if share is None else percent(share, digits)


def score_words(score: float | None) -> str:
    """A score from 1 to 5."""
    return NONE if score is None else f"{score:.2f}"
