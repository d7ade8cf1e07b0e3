"""The last days of a service, one by one: what stands behind the uptime bars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from types import MappingProxyType
from typing import Any

from incidentbook.archive import Records
from incidentbook.metrics.downtime import (
    SEVEREST_FIRST,
    Downtime,
    Spell,
    downtime,
    time_in_states,
    weighted,
)
from incidentbook.metrics.intervals import Interval, clip
from incidentbook.metrics.periods import midnight
from incidentbook.records import ServiceState


@dataclass(frozen=True, slots=True)
class ServiceDay:
    """One day of a service, in the repository's zone.

    `state` is the severest of the day, `spent` how long each state but operational held,
    `availability` the day's share by weight (None for a day that has not begun).
    """

    day: date
    state: ServiceState
    spent: Mapping[ServiceState, timedelta] = field(repr=False)
    availability: float | None
    incidents: tuple[str, ...]
    maintenance: bool


def service_days(
    records: Records[Any], service: str, until: datetime, days: int = 90
) -> tuple[ServiceDay, ...]:
    """Return the last days of a service, oldest first; the last is the day of `until`, as far as it went.

    For many services gather the downtime once and ask `days_of`.
    """
    return days_of(downtime(records, until), records, service, days)


def days_of(down: Downtime, records: Records[Any], service: str, days: int = 90) -> tuple[ServiceDay, ...]:
    """Return the last days of a service from downtime that was gathered before."""
    zone = records.taxonomy.zone
    last = records.taxonomy.day_of(down.until)
    dates = [last - timedelta(days=back) for back in range(days - 1, -1, -1)]
    midnights = [midnight(day, zone) for day in (*dates, last + timedelta(days=1))]
    # years of spells are looked at once, not once a day
    spells = [spell for spell in down.services.get(service, ()) if midnights[0] < spell.end]
    windows = [window for window in down.maintenance.get(service, ()) if midnights[0] < window[1]]
    return tuple(
        _day(day, (start, min(end, down.until)), spells, windows, down.weights)
        for day, (start, end) in zip(dates, pairwise(midnights), strict=True)
    )


def _day(
    day: date,
    window: Interval,
    spells: Sequence[Spell],
    windows: Sequence[Interval],
    weights: Mapping[ServiceState, float],
) -> ServiceDay:
    today = [
        spell
        for spell in spells
        if spell.start < window[1] and window[0] < spell.end and spell.state is not ServiceState.OPERATIONAL
    ]
    spent = time_in_states(today, window) if today else {}
    total = (window[1] - window[0]).total_seconds()
    lost = weighted(spent, weights).total_seconds()
    return ServiceDay(
        day=day,
        state=next((state for state in SEVEREST_FIRST if state in spent), ServiceState.OPERATIONAL),
        spent=MappingProxyType(spent),
        availability=1 - lost / total if total > 0 else None,
        incidents=tuple(sorted({spell.record for spell in today})),
        maintenance=bool(clip(windows, window)),
    )
