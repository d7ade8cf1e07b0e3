"""How each service is doing at this moment, and what that makes of the whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from incidentbook.archive import RecordEntry, Records
from incidentbook.clocks import left_out_of_measures
from incidentbook.publication.published import Published
from incidentbook.records import (
    KINDS,
    Incident,
    Maintenance,
    MaintenanceStatus,
    ServiceImpact,
    ServiceState,
    Update,
)
from incidentbook.taxonomy import Taxonomy, in_force
from incidentbook.taxonomy.settings import Service

RULE = (
    "The overall state is the worst state that any service is in at this moment. "
    "A service is in the worst state that an open incident gives it, until the incident says that service is "
    "restored. Maintenance counts only while it runs, and only where nothing is worse. "
    "Trouble of a service that another one depends on does not change the state of that other one."
)
"""How the states of services make one: said to readers, done by `standing_of`."""

OPERATIONAL = ServiceState.OPERATIONAL.value
UNDER_MAINTENANCE = "under_maintenance"
WATCH = "watch"
"""The state of the whole while an incident is open that puts no service into a worse one."""

_ORDER = (
    OPERATIONAL,
    UNDER_MAINTENANCE,
    ServiceState.DEGRADED_PERFORMANCE.value,
    ServiceState.PARTIAL_OUTAGE.value,
    ServiceState.MAJOR_OUTAGE.value,
)
_HEADLINES = {
    ServiceState.MAJOR_OUTAGE.value: "Major outage",
    ServiceState.PARTIAL_OUTAGE.value: "Partial outage",
    ServiceState.DEGRADED_PERFORMANCE.value: "Degraded performance",
    UNDER_MAINTENANCE: "Maintenance under way",
    OPERATIONAL: "All systems operational",
}

IncidentEntry = RecordEntry[Incident]
MaintenanceEntry = RecordEntry[Maintenance]


@dataclass(frozen=True)
class ServiceStanding:
    """One service with its state now and the records that put it there."""

    service: Service
    state: str
    because: tuple[RecordEntry[Any], ...]


@dataclass(frozen=True)
class Standing:
    """The whole at one moment.

    `services` are those of today's catalogue. `others` are those that it does not hold, today or at
    all, and that a record says are in trouble now: they count in the whole like any other.
    """

    state: str
    headline: str
    services: tuple[ServiceStanding, ...]
    open_incidents: tuple[IncidentEntry, ...]
    running: tuple[MaintenanceEntry, ...]
    coming: tuple[MaintenanceEntry, ...]
    others: tuple[ServiceStanding, ...] = ()

    @property
    def affected(self) -> tuple[tuple[str, tuple[ServiceStanding, ...]], ...]:
        """The services that are not operational, by state, the worst first."""
        states = (state for state in reversed(_ORDER) if state != OPERATIONAL)
        every = (*self.services, *self.others)
        groups = ((state, tuple(s for s in every if s.state == state)) for state in states)
        return tuple(group for group in groups if group[1])


def standing_of(published: Published, now: datetime) -> Standing:
    """Work out the state of every service in force, and of the whole by RULE."""
    open_incidents = sorted(
        (entry for entry in published.incidents if is_open(entry.record)),
        key=lambda entry: _rank(entry, published.taxonomy, now),
    )
    running = tuple(entry for entry in published.maintenance if is_running(entry.record, now))
    coming = sorted(
        (entry for entry in published.maintenance if is_coming(entry.record, now)),
        key=lambda entry: (window_of(entry.record)[0] or now, entry.id),
    )
    in_force = services_in_force(published.taxonomy, now)
    ill = _ill(open_incidents, running, published.taxonomy, in_force, now)
    services = tuple(_service_standing(service, ill.pop(service.id, ())) for service in in_force)
    others = tuple(
        _service_standing(published.taxonomy.service(key) or Service(id=key, name=key), causes)
        for key, causes in sorted(ill.items())
    )
    states = [one.state for one in (*services, *others)]
    state, headline = _overall(states, len(open_incidents), len(running))
    return Standing(state, headline, services, tuple(open_incidents), running, tuple(coming), others)


def _rank(entry: IncidentEntry, taxonomy: Taxonomy, now: datetime) -> tuple[int, str, float, str]:
    """The worst first, then the most pressing, then the newest."""
    incident = entry.record
    worst = _ORDER.index(worst_of(incident, now))
    start = start_of(incident) or now
    return (-worst, taxonomy.priority_of(incident) or "P9", -start.timestamp(), entry.id)


def _overall(states: list[str], open_count: int, running_count: int) -> tuple[str, str]:
    state = max(states, key=_ORDER.index, default=OPERATIONAL)
    if state == OPERATIONAL and running_count:
        state = UNDER_MAINTENANCE
    if state == OPERATIONAL and open_count:
        words = "an open incident" if open_count == 1 else f"{open_count} open incidents"
        return WATCH, f"Operational, with {words}"
    if state == OPERATIONAL and not states:
        return state, "No incident is open"
    return state, _HEADLINES[state]


def services_in_force(taxonomy: Taxonomy, now: datetime) -> tuple[Service, ...]:
    """The services of today's catalogue, each once."""
    today = now.astimezone(taxonomy.zone).date()
    found = {service.id: service for service in taxonomy.services if in_force(service, today)}
    return tuple(found.values())


def is_open(incident: Incident) -> bool:
    """Whether readers should see an incident as going on: cancelled, duplicate and drill are not."""
    return incident.status in KINDS["incident"].open_states and left_out_of_measures(incident) is None


def start_of(incident: Incident) -> datetime | None:
    """When it began, as far as is known."""
    return incident.started or incident.opened or incident.detected


def end_of(incident: Incident) -> datetime | None:
    """When service was back; None while it is not."""
    if incident.status in KINDS["incident"].open_states:
        return incident.restored
    return incident.restored or incident.resolved or incident.cancelled or incident.closed


def said_until(updates: Iterable[Update], now: datetime) -> tuple[Update, ...]:
    """What readers have been told by a moment, the oldest first: what is dated later is not said yet."""
    return tuple(sorted((update for update in updates if update.at <= now), key=lambda update: update.at))


def words_of(
    entry: RecordEntry[Incident], records: Records[Any]
) -> Iterator[tuple[RecordEntry[Incident], tuple[Update, ...]]]:
    """The updates that are of an incident, by whose they are: its own, then those of what it follows.

    What was said of a larger one after this one was closed or cancelled, is not of it any more.
    """
    yield entry, entry.record.updates
    over = entry.record.closed or entry.record.cancelled
    for larger in records.followed_by(entry.id):
        yield larger, tuple(one for one in larger.record.updates if over is None or one.at <= over)


def is_all_said(updates: Iterable[Update], now: datetime) -> bool:
    """Whether no update is dated after a moment: until then, time alone changes what was said."""
    return all(update.at <= now for update in updates)


def state_of(impacts: Iterable[ServiceImpact], service: str, default: datetime | None, now: datetime) -> str:
    """The worst state that a list of service states gives one service at a moment."""
    return max(
        (
            impact.state.value
            for impact in impacts
            if impact.service == service and _covers(impact.from_ or default, impact.to, now)
        ),
        key=_ORDER.index,
        default=OPERATIONAL,
    )


def worst_of(incident: Incident, now: datetime) -> str:
    """The worst state into which an incident puts any service at a moment."""
    return max(states_at(incident, now).values(), key=_ORDER.index, default=OPERATIONAL)


def states_at(incident: Incident, now: datetime) -> dict[str, str]:
    """The state into which an incident puts each service that it names at a moment."""
    keys = dict.fromkeys(impact.service for impact in incident.services)
    if incident.restored is not None and incident.restored <= now:
        return dict.fromkeys(keys, OPERATIONAL)
    start = start_of(incident)
    return {key: state_of(incident.services, key, start, now) for key in keys}


def severest(incident: Incident) -> str | None:
    """The worst state into which an incident ever put a service; None where it put none into a worse one."""
    states = [impact.state.value for impact in incident.services if impact.state.value != OPERATIONAL]
    return max(states, key=_ORDER.index, default=None)


def worse_of(one: str, other: str) -> str:
    """The worse of two states of a service."""
    return max(one, other, key=_ORDER.index)


def _covers(start: datetime | None, end: datetime | None, now: datetime) -> bool:
    return (start is None or start <= now) and (end is None or now < end)


_Causes = Sequence[tuple[str, RecordEntry[Any]]]
"""What puts a service into a state: (state, record)."""


def _ill(
    open_incidents: Iterable[IncidentEntry],
    running: Iterable[MaintenanceEntry],
    taxonomy: Taxonomy,
    in_force: Iterable[Service],
    now: datetime,
) -> dict[str, list[tuple[str, RecordEntry[Any]]]]:
    """By service, everything that makes it other than operational now."""
    names: dict[str, str] = {}
    for service in in_force:
        names |= dict.fromkeys(service.aliases, service.id)
    names |= {service.id: service.id for service in in_force}

    def own_key(key: str) -> str:
        if key in names:
            return names[key]
        service = taxonomy.service(key)
        return service.id if service else key

    found: dict[str, list[tuple[str, RecordEntry[Any]]]] = {}
    for entry in open_incidents:
        for key, state in states_at(entry.record, now).items():
            if state != OPERATIONAL:
                found.setdefault(own_key(key), []).append((state, entry))
    for window in running:
        for key in dict.fromkeys(own_key(impact.service) for impact in window.record.services):
            found.setdefault(key, []).append((UNDER_MAINTENANCE, window))
    return found


def _service_standing(service: Service, causes: _Causes) -> ServiceStanding:
    worst = max((state for state, _ in causes), key=_ORDER.index, default=OPERATIONAL)
    return ServiceStanding(service, worst, tuple(dict.fromkeys(entry for _, entry in causes)))


def window_of(maintenance: Maintenance) -> tuple[datetime | None, datetime | None]:
    """The window as it is known now: what happened, else what is planned."""
    actual, planned = maintenance.actual, maintenance.planned
    start = (actual.from_ if actual else None) or (planned.from_ if planned else None)
    end = (actual.to if actual else None) or (planned.to if planned else None)
    return start, end


def is_running(maintenance: Maintenance, now: datetime) -> bool:
    """Whether a maintenance is going on: never before its window begins."""
    start, end = window_of(maintenance)
    if start is None or now < start:
        return False
    if maintenance.status is MaintenanceStatus.IN_PROGRESS:
        # It lasts until somebody says that it is over, however long was planned.
        return maintenance.actual is None or maintenance.actual.to is None or now < maintenance.actual.to
    return maintenance.status is MaintenanceStatus.SCHEDULED and (end is None or now < end)


def is_coming(maintenance: Maintenance, now: datetime) -> bool:
    """Whether a maintenance lies ahead."""
    start, _ = window_of(maintenance)
    if maintenance.status is MaintenanceStatus.IN_PROGRESS:
        return start is not None and now < start
    return maintenance.status is MaintenanceStatus.SCHEDULED and (start is None or now < start)
