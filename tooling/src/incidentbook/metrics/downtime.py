"""When what was not well, gathered from incidents and, where it counts, planned maintenance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from incidentbook.archive import Records
from incidentbook.clocks import is_done, left_out_of_measures
from incidentbook.metrics.durations import harm_began, service_back
from incidentbook.metrics.intervals import Interval, clip, length, union
from incidentbook.metrics.periods import midnight
from incidentbook.records import Incident, Maintenance, MaintenanceStatus, ServiceImpact, ServiceState
from incidentbook.taxonomy import Taxonomy
from incidentbook.taxonomy.settings import Service

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
"""How much of a service is missing in each state, unless schema/measures.yml says otherwise.

These are Statuspage's weights for its uptime display.
"""


def weights_of(taxonomy: Taxonomy) -> Mapping[ServiceState, float]:
    """Return the weight of each state."""
    return MappingProxyType({**WEIGHTS, **taxonomy.measures.weights})


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
    `maintenance` the windows of planned work by service (None for those that name no service);
    where maintenance counts as downtime it is among the first two as well. `lifetimes` tells from
    when until when a service of the catalogue is in force, where that is bounded.
    `left_out` counts incidents without a start, or over without an end.
    """

    until: datetime
    page: tuple[Interval, ...]
    services: Mapping[str, tuple[Spell, ...]]
    maintenance: Mapping[str | None, tuple[Interval, ...]]
    left_out: int
    weights: Mapping[ServiceState, float]
    lifetimes: Mapping[str, tuple[datetime | None, datetime | None]]


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
    if records.taxonomy.measures.maintenance:
        _add_maintenance(records, until, page, spells)
    return Downtime(
        until,
        tuple(union(page)),
        MappingProxyType({key: tuple(spells[key]) for key in sorted(spells)}),
        _windows(records, until),
        left_out,
        weights_of(records.taxonomy),
        _lifetimes(records.taxonomy),
    )


def _add_maintenance(
    records: Records[Any], until: datetime, page: list[Interval], spells: dict[str, list[Spell]]
) -> None:
    """Count planned work as downtime: the page's, and that of its services in the states that it names."""
    for entry in records.maintenance:
        window = window_of(entry.record, until)
        if window is None:
            continue
        window = (window[0], min(window[1], until))
        page.append(window)
        for impact in entry.record.services:
            start, end = impact.from_ or window[0], min(impact.to or window[1], until)
            if start < end:
                key = _service_key(records, impact)
                spells.setdefault(key, []).append(Spell(start, end, impact.state, entry.id))


def _lifetimes(taxonomy: Taxonomy) -> Mapping[str, tuple[datetime | None, datetime | None]]:
    """From the first day of any entry of a service until the last day of any; None is open."""
    found: dict[str, list[Service]] = {}
    for service in taxonomy.services:
        found.setdefault(service.id, []).append(service)
    lifetimes = {}
    for key, versions in found.items():
        starts = [one.valid_from for one in versions if one.valid_from is not None]
        ends = [one.valid_until for one in versions if one.valid_until is not None]
        first = midnight(min(starts), taxonomy.zone) if len(starts) == len(versions) else None
        last = midnight(max(ends), taxonomy.zone) if len(ends) == len(versions) else None
        if first is not None or last is not None:
            lifetimes[key] = (first, last)
    return MappingProxyType(lifetimes)


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


def lifetime_within(down: Downtime, service: str, window: Interval) -> Interval:
    """The part of a window in which a service was in force: all of it, unless its entries say otherwise."""
    first, last = down.lifetimes.get(service, (None, None))
    start = max(window[0], first) if first else window[0]
    end = min(window[1], last) if last else window[1]
    return (start, end) if start < end else window


def is_listed(down: Downtime, service: str, window: Interval) -> bool:
    """Tell whether a service was in force at some time of a window, or had an incident in it."""
    first, last = down.lifetimes.get(service, (None, None))
    if (first is None or first < max(window[1], window[0] + timedelta.resolution)) and (
        last is None or window[0] < last
    ):
        return True
    return any(spell.start < window[1] and window[0] < spell.end for spell in down.services.get(service, ()))


def weighted(spent: Mapping[ServiceState, timedelta], weights: Mapping[ServiceState, float]) -> timedelta:
    """Add up the time in states, each by how much of the service was missing."""
    return sum((held * weights[state] for state, held in spent.items()), timedelta(0))


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
