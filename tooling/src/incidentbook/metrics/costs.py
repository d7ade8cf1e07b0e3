"""What the downtime of a service cost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from incidentbook.metrics.downtime import Spell, time_in_states, weighted
from incidentbook.metrics.intervals import Interval
from incidentbook.metrics.periods import midnight
from incidentbook.records import ServiceState
from incidentbook.taxonomy import Taxonomy


@dataclass(frozen=True, slots=True)
class Cost:
    """An amount of money; `currency` is an ISO 4217 code."""

    amount: float
    currency: str


def cost_of(
    spells: Iterable[Spell],
    weights: Mapping[ServiceState, float],
    taxonomy: Taxonomy,
    service: str,
    window: Interval,
) -> tuple[Cost, ...]:
    """Return what the downtime of a service cost within a window, one amount a currency.

    Time in a state counts by its weight, and at the price that was in force then. A service that
    states no price, or states it only for other times, has no cost.
    """
    amounts: dict[str, float] = {}
    for version in taxonomy.services:
        if version.id != service or version.cost_per_hour is None:
            continue
        start = (
            max(window[0], midnight(version.valid_from, taxonomy.zone)) if version.valid_from else window[0]
        )
        end = (
            min(window[1], midnight(version.valid_until, taxonomy.zone)) if version.valid_until else window[1]
        )
        if start < end:
            hours = weighted(time_in_states(spells, (start, end)), weights).total_seconds() / 3600
            price = version.cost_per_hour
            amounts[price.currency] = amounts.get(price.currency, 0.0) + hours * price.amount
    return tuple(Cost(amount, currency) for currency, amount in sorted(amounts.items()))
