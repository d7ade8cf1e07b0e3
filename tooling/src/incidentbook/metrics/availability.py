"""How much of the time a page or a service was available, whole and day by day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any

from incidentbook.archive import Records
from incidentbook.clocks import is_done, left_out_of_measures
from incidentbook.metrics.durations import harm_began, service_back
from incidentbook.metrics.intervals import Interval, clip, length, union
from incidentbook.records import Incident, Maintenance, MaintenanceStatus, ServiceImpact, ServiceState

SEVEREST_FIRST = tuple(reversed(ServiceState))
"""Where several states hold at a time, the severest counts."""

WEIGHTS: Mapping[ServiceState, float] = MappingProxyType(
    {
        ServiceState.OPERATIONAL: 0.0,
        ServiceState.DEGRADED_PERFORMANCE: 0.0,
        ServiceState.PARTIAL_OUTAGE: 0.3,
        ServiceState.MAJOR_OUTAGE: 1.0,
    }
)
"""How much of a service is missing in each state: Statuspage's weights for its uptime display."""


@dataclass(frozen=True, slots=True)
class Spell:
    """A service in one state over a half-open time, as one record says."""

    start: datetime
    end: datetime
    state: ServiceState
    record: str


@dataclass(frozen=True, slots=True)
class Downtime:
    """When what was not well, as known at `until`; what lasts ends there.

    `page` holds the time of every incident, `services` the spells of each service, and
    `maintenance` the windows of planned work by service (None for those that name no service).
    `left_out` counts incidents without a start, or over without an end.
    """

    until: datetime
    page: tuple[Interval, ...]
    services: Mapping[str, tuple[Spell, ...]]
    maintenance: Mapping[str | None, tuple[Interval, ...]]
    left_out: int


def downtime(records: Records[Any], until: datetime) -> Downtime:
    """Gather the downtime of all services in one pass; cancelled, duplicate and drill records have none.

    An incident lasts from `started` (else `opened`) to `restored` (else `resolved`), or still;
    its parent and its children may overlap it, for overlaps are merged before they are summed.
    """
    page: list[Interval] = []
    spells: dict[str, list[Spell]] = {}
    left_out = 0
    for entry in records.incidents:
        incident = entry.record
        if left_out_of_measures(incident) is not None:
            continue
        lasted = _lasted(incident, until)
        if lasted is None:
            left_out += 1
            continue
        page.append(lasted)
        for impact in incident.services:
            key = _service_key(records, impact)
            start, end = impact.from_ or lasted[0], min(impact.to or lasted[1], until)
            if start < end:
                spells.setdefault(key, []).append(Spell(start, end, impact.state, entry.id))
    return Downtime(
        until,
        tuple(union(page)),
        MappingProxyType({key: tuple(spells[key]) for key in sorted(spells)}),
        _windows(records, until),
        left_out,
    )


def _service_key(records: Records[Any], impact: ServiceImpact) -> str:
    """The service's own key, where the record uses another of its names."""
    service = records.taxonomy.service(impact.service)
    return service.id if service else impact.service


def _lasted(incident: Incident, until: datetime) -> Interval | None:
    start, end = harm_began(incident), service_back(incident)
    if start is None or (end is None and is_done(incident)):
        return None
    return start, until if end is None else min(end, until)


def _windows(records: Records[Any], until: datetime) -> Mapping[str | None, tuple[Interval, ...]]:
    found: dict[str | None, list[Interval]] = {}
    for entry in records.maintenance:
        window = window_of(entry.record, until)
        if window is not None:
            services: set[str | None] = {_service_key(records, impact) for impact in entry.record.services}
            for key in services or {None}:
                found.setdefault(key, []).append(window)
    return MappingProxyType({key: tuple(union(windows)) for key, windows in found.items()})


def window_of(maintenance: Maintenance, until: datetime) -> Interval | None:
    """When planned work ran: the actual window, else the planned one; never when it was announced.

    Work that has begun and has no end yet lasts until it was planned to end, or still.
    """
    if maintenance.status is MaintenanceStatus.CANCELLED:
        return None
    actual, planned = maintenance.actual, maintenance.planned
    start = (actual.from_ if actual else None) or (planned.from_ if planned else None)
    end = (actual.to if actual else None) or (planned.to if planned else None) or until
    return (start, end) if start is not None else None


@dataclass(frozen=True, slots=True)
class Availability:
    """How much of a window the page and each service were available; None for an empty window."""

    window: Interval
    page: float | None
    services: Mapping[str, float | None]
    left_out: int


def measure_availability(records: Records[Any], window: Interval, now: datetime) -> Availability:
    """Measure the page and every service of the catalogue over a window, as far as `now` knows it."""
    known = (window[0], min(window[1], now))
    down = downtime(records, now)
    services = dict.fromkeys([*(service.id for service in records.taxonomy.services), *down.services])
    return Availability(
        window=known,
        page=page_availability(down, known),
        services=MappingProxyType({key: service_availability(down, key, known) for key in services}),
        left_out=down.left_out,
    )


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
    down: Downtime, service: str, window: Interval, weights: Mapping[ServiceState, float] = WEIGHTS
) -> float | None:
    """Return the share of a window in which a service was there, its states weighted."""
    total = (window[1] - window[0]).total_seconds()
    if total <= 0:
        return None
    spent = time_in_states(down.services.get(service, ()), window)
    return 1 - sum(weights[state] * held.total_seconds() for state, held in spent.items()) / total


def time_in_states(spells: Iterable[Spell], window: Interval) -> dict[ServiceState, timedelta]:
    """Return how long each state held within a window; of states at the same time the severest counts."""
    spent: dict[ServiceState, timedelta] = {}
    covered: list[Interval] = []
    inside = [spell for spell in spells if spell.start < window[1] and window[0] < spell.end]
    for state in SEVEREST_FIRST:
        before = length(covered)
        covered = union([*covered, *clip(((s.start, s.end) for s in inside if s.state is state), window)])
        longer = length(covered) - before
        if longer:
            spent[state] = longer
    return spent


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
    spells = down.services.get(service, ())
    windows = down.maintenance.get(service, ())
    found = []
    for back in range(days - 1, -1, -1):
        day = last - timedelta(days=back)
        # In UTC: Python takes two times of one zone apart by the wall clock.
        start, end = (datetime.combine(day + timedelta(days=n), time(), zone).astimezone(UTC) for n in (0, 1))
        found.append(_day(day, (start, min(end, down.until)), spells, windows))
    return tuple(found)


def _day(day: date, window: Interval, spells: Sequence[Spell], windows: Sequence[Interval]) -> ServiceDay:
    today = [
        spell
        for spell in spells
        if spell.start < window[1] and window[0] < spell.end and spell.state is not ServiceState.OPERATIONAL
    ]
    spent = time_in_states(today, window)
    total = (window[1] - window[0]).total_seconds()
    lost = sum(WEIGHTS[state] * held.total_seconds() for state, held in spent.items())
    return ServiceDay(
        day=day,
        state=next((state for state in SEVEREST_FIRST if state in spent), ServiceState.OPERATIONAL),
        spent=MappingProxyType(spent),
        availability=1 - lost / total if total > 0 else None,
        incidents=tuple(sorted({spell.record for spell in today})),
        maintenance=bool(clip(windows, window)),
    )
