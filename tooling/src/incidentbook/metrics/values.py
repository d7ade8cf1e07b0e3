"""Figures as plain values: what JSON, CSV, OpenMetrics and the API of a site are written from."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from incidentbook.metrics.availability import Availability, Uptime
from incidentbook.metrics.backlog import Backlog
from incidentbook.metrics.comparison import Change
from incidentbook.metrics.figures import Attainment, Figures, Rate
from incidentbook.metrics.goals import Goal
from incidentbook.metrics.summary import Summary


def figure_values(figures: Figures, goals: tuple[Goal, ...]) -> dict[str, Any]:
    """Every figure by its name: seconds, counts and shares from 0 to 1, None where there is nothing."""
    durations = {
        name: summary_values(figure.summary) | {"left_out": dict(figure.left_out)}
        for name, figure in figures.durations.items()
    }
    return {
        "incidents": figures.incidents,
        "open": figures.open,
        "major": figures.major,
        "reopened": figures.reopened,
        **durations,
        "sla": {str(name): _attainment(attainment) for name, attainment in figures.sla.items()},
        "rates": {name: _rate(rate) for name, rate in figures.rates.items()},
        "backlog": _backlog(figures.backlog),
        **_internal(figures),
        "goals": {goal.name: _goal(goal) for goal in goals},
    }


def _internal(figures: Figures) -> dict[str, Any]:
    """What the public may not see, None for it."""
    reviews, actions = figures.reviews, figures.actions
    satisfaction, changes = figures.satisfaction, figures.change_failure
    return {
        "reviews": reviews
        and {
            "required": reviews.required,
            "on_time": reviews.on_time,
            "late": reviews.late,
            "overdue": reviews.overdue,
            "pending": reviews.pending,
            "no_time": reviews.no_time,
            "rate": reviews.share,
        },
        "actions": actions
        and {
            "done": actions.done,
            "open": actions.open,
            "overdue": actions.overdue,
            "dropped": actions.dropped,
            "done_on_time": actions.done_on_time,
            "done_late": actions.done_late,
            "rate": actions.share,
            "left_out": dict(actions.left_out),
        },
        "satisfaction": satisfaction
        and {
            "n": satisfaction.n,
            "mean": satisfaction.mean,
            "distribution": {str(score): count for score, count in satisfaction.distribution.items()},
            "of": satisfaction.of,
            "answered": satisfaction.answered,
        },
        "change_failure": changes
        and {
            "incidents": changes.incidents,
            "changes": changes.changes,
            "deployments": changes.deployments,
            "rate": changes.share,
        },
    }


def summary_values(summary: Summary) -> dict[str, Any]:
    """The five figures of a set of times."""
    return {
        "n": summary.n,
        "mean_s": seconds(summary.mean_s),
        "median_s": seconds(summary.median_s),
        "p90_s": seconds(summary.p90_s),
        "total_s": seconds(summary.total_s),
    }


def seconds(value: float | None) -> float | None:
    """To the microsecond, which is as fine as times are written; what is below is noise of the arithmetic."""
    return None if value is None else round(value, 6)


def time_text(instant: datetime | None) -> str | None:
    """A time as ISO 8601 has it."""
    return instant.isoformat() if instant else None


def _attainment(attainment: Attainment) -> dict[str, Any]:
    return {
        "met": attainment.met,
        "breached": attainment.breached,
        "running": attainment.running,
        "attainment": attainment.share,
        "without": attainment.without,
    }


def _rate(rate: Rate) -> dict[str, Any]:
    return {"count": rate.count, "of": rate.of, "rate": rate.share, "left_out": dict(rate.left_out)}


def _backlog(backlog: Backlog) -> dict[str, Any]:
    return {
        "at": time_text(backlog.at),
        "count": backlog.count,
        "age": summary_values(backlog.age),
        "oldest": backlog.oldest,
    }


def _goal(goal: Goal) -> dict[str, Any]:
    return {
        "goal": goal.goal,
        "unit": goal.unit,
        "figure": goal.figure,
        "met": goal.met,
        "budget": goal.budget,
        "left": goal.left,
    }


def availability_values(availability: Availability) -> dict[str, Any]:
    """The availability of the page and of each service over a window."""
    return {
        "from": time_text(availability.window[0]),
        "to": time_text(availability.window[1]),
        "page": availability.page,
        "services": dict(availability.services),
        "page_detail": _uptime(availability.whole),
        "service_details": {key: _uptime(uptime) for key, uptime in availability.uptimes.items()},
        "downtime_cost": {currency: round(amount, 2) for currency, amount in availability.cost.items()},
        "left_out": availability.left_out,
    }


def _uptime(uptime: Uptime) -> dict[str, Any]:
    return {
        "availability": uptime.share,
        "lost_s": uptime.lost.total_seconds(),
        "states_s": {str(state): held.total_seconds() for state, held in uptime.spent.items()},
        "goal": uptime.goal,
        "budget_s": seconds(uptime.budget.total_seconds()) if uptime.budget is not None else None,
        "budget_left_s": seconds(uptime.left.total_seconds()) if uptime.left is not None else None,
        "cost": {one.currency: round(one.amount, 2) for one in uptime.cost},
    }


def change_values(change: Change) -> dict[str, Any]:
    """One figure in two periods."""
    return {
        "name": change.name,
        "statistic": change.statistic,
        "unit": change.unit,
        "current": change.current,
        "previous": change.previous,
        "n": change.n,
        "previous_n": change.previous_n,
        "difference": change.difference,
        "low": change.low,
        "high": change.high,
        "trend": change.trend,
    }
