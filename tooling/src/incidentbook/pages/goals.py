"""Goals beside their figures, with what may still go wrong, and how each service did."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from markupsafe import Markup

from incidentbook import charts
from incidentbook.charts import say_time
from incidentbook.metrics import Figures, Goal, Unit, Uptime
from incidentbook.metrics.durations import MEASURES
from incidentbook.pages.headlines import score_words, share_words
from incidentbook.pages.measured import Measured

LOW = 0.25
"""Less than this share of a budget is little: as a clock is at risk past three quarters of its target."""

_NAMES = {
    **{measure.name: measure.title for measure in MEASURES},
    "response_attainment": "Response targets met",
    "resolution_attainment": "Resolution targets met",
    "satisfaction": "Satisfaction",
}


@dataclass(frozen=True)
class Budget:
    """What a goal allows to go wrong: how much is left, in words, and drawn."""

    words: str
    drawing: Markup
    is_kept: bool


@dataclass(frozen=True)
class GoalRow:
    """One goal beside its figure; `service` is None for a goal of everything, `met` without a figure."""

    service: str | None
    name: str
    aim: str
    figure: str
    met: bool | None
    budget: Budget | None


@dataclass(frozen=True)
class ServiceFigures:
    """How one service of the catalogue, or of the records alone, did in the last days."""

    key: str
    name: str
    is_known: bool
    figures: Figures | None
    before: int
    uptime: Uptime
    budget: Budget | None
    cost: str

    @property
    def incidents(self) -> int:
        """How many incidents named it."""
        return self.figures.incidents if self.figures else 0

    @property
    def is_quiet(self) -> bool:
        """Whether there is nothing to tell of it."""
        return not (self.incidents or self.before or self.uptime.lost or self.uptime.goal)


def goal_rows(measured: Measured) -> tuple[GoalRow, ...]:
    """The goals of everything, then those of single services; availability of services stands with them."""
    return tuple(_goal_rows(measured))


def _goal_rows(measured: Measured) -> Iterator[GoalRow]:
    whole = measured.availability.whole
    if whole.goal is not None:
        yield GoalRow(
            None,
            "Time without an incident",
            f"at least {share_words(whole.goal, 2)}",
            share_words(whole.share, 2),
            whole.left >= timedelta(0) if whole.left is not None else None,
            time_budget(whole),
        )
    for goal in measured.current.goals:
        yield _row(None, goal)
    for group in measured.recent_by("service").groups:
        for goal in group.goals:
            yield _row(measured.site.service_name(group.key[0] or ""), goal)


def _row(service: str | None, goal: Goal) -> GoalRow:
    return GoalRow(
        service, _NAMES[goal.name], _aim(goal), _figure(goal), goal.met, _count_budget(goal.budget, goal.left)
    )


def _aim(goal: Goal) -> str:
    match goal.unit:
        case Unit.SECONDS:
            return f"mean at most {say_time(goal.goal)}"
        case Unit.RATIO:
            return f"at least {share_words(goal.goal)}"
        case Unit.SCORE:
            return f"at least {score_words(goal.goal)}"


def _figure(goal: Goal) -> str:
    match goal.unit:
        case Unit.SECONDS:
            return say_time(goal.figure)
        case Unit.RATIO:
            return share_words(goal.figure)
        case Unit.SCORE:
            return score_words(goal.figure)


def time_budget(uptime: Uptime) -> Budget | None:
    """What availability leaves of the time that its goal allows to be lost."""
    if uptime.budget is None or uptime.left is None:
        return None
    allowed, left = uptime.budget.total_seconds(), uptime.left.total_seconds()
    words = f"{say_time(abs(left))} {'left' if left >= 0 else 'too much'} of {say_time(allowed)}"
    return _budget(words, allowed, left)


def _count_budget(allowed: float | None, left: float | None) -> Budget | None:
    """How many more clocks may be breached, of those that the goal allows of this many."""
    if allowed is None or left is None:
        return None
    breached = round(allowed - left)
    words = f"{breached or 'none'} breached of {allowed:.1f} allowed"
    return _budget(words, allowed, left)


def _budget(words: str, allowed: float, left: float) -> Budget:
    """The bar shows what is left; it is full and red where too much went wrong."""
    share = left / allowed if allowed else 1.0
    tone = "bad" if left < 0 else "warn" if share < LOW else "good"
    drawing = Markup(charts.meter(1.0 if left < 0 else share, tone))  # noqa: S704 -- charts escapes its words
    return Budget(words, drawing, left >= 0)


def service_figures(measured: Measured) -> tuple[tuple[ServiceFigures, ...], int]:
    """How each service did, the most incidents first; and how many there is nothing to tell of."""
    groups = {group.key[0]: group.figures for group in measured.recent_by("service").groups}
    ledger, before = measured.ledger, measured.before
    earlier = ledger.measure(from_=before.from_, to=before.to, by="service").groups
    counts = {group.key[0]: group.figures.incidents for group in earlier}
    site, rows = measured.site, []
    for key, uptime in measured.availability.uptimes.items():
        row = ServiceFigures(
            key,
            site.service_name(key),
            site.taxonomy.service(key) is not None,
            groups.get(key),
            counts.get(key, 0),
            uptime,
            time_budget(uptime),
            ", ".join(f"{one.amount:,.0f}\u00a0{one.currency}" for one in uptime.cost if one.amount),
        )
        rows.append(row)
    rows.sort(key=lambda row: (-row.incidents, -row.uptime.lost.total_seconds(), row.name.casefold()))
    told = tuple(row for row in rows if not row.is_quiet)
    return told, len(rows) - len(told)
