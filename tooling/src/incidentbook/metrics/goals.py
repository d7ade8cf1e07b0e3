"""What is aimed for, beside the figure, with what may still go wrong before the goal is missed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from incidentbook.clocks import ClockName
from incidentbook.metrics.figures import Figures
from incidentbook.taxonomy import Taxonomy
from incidentbook.taxonomy.settings import Goals, ServiceGoals


class Unit(StrEnum):
    """What a goal and its figure are counted in."""

    SECONDS = "seconds"
    RATIO = "ratio"
    SCORE = "score"


@dataclass(frozen=True, slots=True)
class Goal:
    """One goal beside its figure; `met` is None where there is no figure.

    `budget` is what the goal allows to go wrong and `left` what is left of it, negative once it
    is missed: seconds of downtime, or clocks breached. Other goals have none.
    """

    name: str
    unit: Unit
    goal: float
    figure: float | None
    met: bool | None
    budget: float | None = None
    left: float | None = None


def goals_of(figures: Figures, aims: Goals | ServiceGoals | None) -> tuple[Goal, ...]:
    """Return the goals of a set of figures, in the order of schema/measures.yml."""
    if aims is None:
        return ()
    found = []
    if aims.time_to_restore is not None:
        mean, most = figures.durations["time_to_restore"].summary.mean_s, aims.time_to_restore.total_seconds()
        met = mean <= most if mean is not None else None
        found.append(Goal("time_to_restore", Unit.SECONDS, most, mean, met))
    for name, percent in (
        (ClockName.RESPONSE, aims.response_attainment),
        (ClockName.RESOLUTION, aims.resolution_attainment),
    ):
        if percent is not None:
            found.append(_attainment(name, percent / 100, figures))
    if aims.satisfaction is not None:
        mean = figures.satisfaction.mean if figures.satisfaction else None
        met = mean >= aims.satisfaction if mean is not None else None
        found.append(Goal("satisfaction", Unit.SCORE, aims.satisfaction, mean, met))
    return tuple(found)


def _attainment(name: ClockName, goal: float, figures: Figures) -> Goal:
    figure = figures.sla[name]
    share = figure.share
    if share is None:
        return Goal(f"{name}_attainment", Unit.RATIO, goal, None, None)
    # rounded against the noise of floats: 1 - 0.9 is a hair less than 0.1
    allowed = round((1 - goal) * (figure.met + figure.breached), 9)
    left = round(allowed - figure.breached, 9)
    return Goal(f"{name}_attainment", Unit.RATIO, goal, share, left >= 0, allowed, left)


def service_goals(taxonomy: Taxonomy, service: str) -> ServiceGoals | None:
    """Return the goals of one service, if it has any."""
    return next((one for one in taxonomy.measures.goals.services if one.service == service), None)
