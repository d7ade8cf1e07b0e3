"""How much of the time the page and each service were available, against their goals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from incidentbook.archive import Records
from incidentbook.metrics.costs import Cost, cost_of
from incidentbook.metrics.downtime import (
    Downtime,
    downtime,
    is_listed,
    lifetime_within,
    time_in_states,
    weighted,
)
from incidentbook.metrics.intervals import Interval, clip, length, union
from incidentbook.metrics.periods import days_ending
from incidentbook.records import ServiceState
from incidentbook.taxonomy import Taxonomy


@dataclass(frozen=True, slots=True)
class Uptime:
    """How much of a window something was there, and what its goal leaves.

    `share` is None for an empty window. `lost` is the time that was lost, by weight, `spent` the
    time in each state. `goal` is a share; `budget` the time that it allows to be lost, `left`
    what is left of that, negative once the goal is missed. `cost` is that of the time lost, by
    currency.
    """

    share: float | None
    lost: timedelta
    goal: float | None = None
    spent: Mapping[ServiceState, timedelta] = field(default_factory=dict)
    budget: timedelta | None = None
    left: timedelta | None = None
    cost: tuple[Cost, ...] = ()


@dataclass(frozen=True, slots=True)
class Availability:
    """How much of a window the page and each service were available.

    `cost` adds up what the downtime of services cost, by currency; a service that states no cost
    is not in it. `left_out` counts incidents of which it is not known when they began or ended.
    """

    window: Interval
    whole: Uptime
    uptimes: Mapping[str, Uptime]
    cost: Mapping[str, float]
    left_out: int

    @property
    def page(self) -> float | None:
        """The share of the window in which there was no incident at all; None for an empty window."""
        return self.whole.share

    @property
    def services(self) -> Mapping[str, float | None]:
        """The share of each service, its states weighted."""
        return MappingProxyType({key: uptime.share for key, uptime in self.uptimes.items()})


def measure_availability(records: Records[Any], window: Interval, now: datetime) -> Availability:
    """Measure the page and every service of the catalogue over a window, as far as `now` knows it."""
    return availability_of(downtime(records, now), records.taxonomy, window)


def last_days(taxonomy: Taxonomy, now: datetime, days: int = 90) -> Interval:
    """Return the window of the last days, today among them: what the uptime bars of the site show."""
    return days_ending(taxonomy.day_of(now), days, taxonomy.zone, now)


def availability_of(down: Downtime, taxonomy: Taxonomy, window: Interval) -> Availability:
    """Measure a window from downtime that was gathered before.

    Services are those of the catalogue that were in force at some time of the window, and those
    that had an incident in it.
    """
    known = (window[0], max(window[0], min(window[1], down.until)))
    total = known[1] - known[0]
    lost = length(clip(down.page, known))
    goal = taxonomy.measures.goals.availability
    uptimes = {
        key: _uptime(down, taxonomy, key, known)
        for key in dict.fromkeys([*(service.id for service in taxonomy.services), *down.services])
        if is_listed(down, key, known)
    }
    cost: dict[str, float] = {}
    for uptime in uptimes.values():
        for one in uptime.cost:
            cost[one.currency] = cost.get(one.currency, 0.0) + one.amount
    return Availability(
        window=known,
        whole=_with_goal(Uptime(page_availability(down, known), lost), goal, total),
        uptimes=MappingProxyType(uptimes),
        cost=MappingProxyType(dict(sorted(cost.items()))),
        left_out=down.left_out,
    )


def _uptime(down: Downtime, taxonomy: Taxonomy, key: str, window: Interval) -> Uptime:
    own = lifetime_within(down, key, window)
    spent = time_in_states(down.services.get(key, ()), own)
    lost = weighted(spent, down.weights)
    service = taxonomy.service(key, own[1] - timedelta.resolution) or taxonomy.service(key)
    uptime = Uptime(
        share=service_availability(down, key, window),
        lost=lost,
        spent=MappingProxyType(spent),
        cost=cost_of(down.services.get(key, ()), down.weights, taxonomy, key, own),
    )
    return _with_goal(uptime, service.availability_goal if service else None, own[1] - own[0])


def _with_goal(uptime: Uptime, goal: float | None, total: timedelta) -> Uptime:
    if goal is None or uptime.share is None:
        return replace(uptime, goal=None if goal is None else goal / 100)
    budget = total * (1 - goal / 100)
    return replace(uptime, goal=goal / 100, budget=budget, left=budget - uptime.lost)


def availability(outages: Iterable[Interval], window: Interval) -> float | None:
    """Return the share of a window in which there was no outage; None for an empty window."""
    total = (window[1] - window[0]).total_seconds()
    if total <= 0:
        return None
    return 1 - length(clip(union(outages), window)).total_seconds() / total


def page_availability(down: Downtime, window: Interval) -> float | None:
    """Return the share of a window in which there was no incident at all."""
    return availability(down.page, window)


def service_availability(
    down: Downtime, service: str, window: Interval, weights: Mapping[ServiceState, float] | None = None
) -> float | None:
    """Return the share of a window in which a service was there, its states weighted.

    Of a service that was in force for a part of the window only, that part is the window.
    """
    own = lifetime_within(down, service, window)
    total = own[1] - own[0]
    if total <= timedelta(0):
        return None
    spent = time_in_states(down.services.get(service, ()), own)
    return 1 - weighted(spent, down.weights if weights is None else weights) / total
