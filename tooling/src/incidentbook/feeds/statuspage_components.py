"""The components of a Statuspage: services and their groups, each with its state now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, time
from typing import Any

from incidentbook.archive import RecordEntry
from incidentbook.feeds.briefing import Briefing
from incidentbook.publication.standing import (
    OPERATIONAL,
    UNDER_MAINTENANCE,
    end_of,
    start_of,
    state_of,
    window_of,
)
from incidentbook.records import Incident, Maintenance, ServiceState
from incidentbook.taxonomy.settings import Entry, Service

Component = dict[str, Any]

_ORDER = (
    OPERATIONAL,
    UNDER_MAINTENANCE,
    ServiceState.DEGRADED_PERFORMANCE.value,
    ServiceState.PARTIAL_OUTAGE.value,
    ServiceState.MAJOR_OUTAGE.value,
)


class Components:
    """The services in force as components, found by what records call them."""

    def __init__(self, briefing: Briefing) -> None:
        self._briefing = briefing
        self._addresses = briefing.addresses
        self._taxonomy = briefing.taxonomy
        self._states = {one.service.id: one.state for one in briefing.standing.services}
        self._services = {one.service.id: one.service for one in briefing.standing.services}
        self._page = briefing.addresses.page_id
        self._changed = _last_changes(briefing)
        self.all = tuple(self._in_groups())
        self._by_service = {one["id"]: one for one in self.all if not one["group"]}

    @property
    def newest_change(self) -> datetime | None:
        """When the state of a service last changed."""
        return max((at for key, at in self._changed.items() if key in self._services), default=None)

    def of(self, entry: RecordEntry[Incident] | RecordEntry[Maintenance]) -> list[Component]:
        """The components that a record is about, as they are now: services that are gone are none."""
        return [self._by_service[self.code(service)] for service in self.services(entry)]

    def services(self, entry: RecordEntry[Incident] | RecordEntry[Maintenance]) -> list[Service]:
        """The services in force that a record is about, each once."""
        keys = dict.fromkeys(self._briefing.service_id(impact.service) for impact in entry.record.services)
        return [self._services[key] for key in keys if key in self._services]

    def code(self, service: Service) -> str:
        """The ID of a service's component."""
        return self._addresses.code("component", service.id)

    def _in_groups(self) -> Iterator[Component]:
        """Each group before its services, then those that are in none."""
        known = [group.id for group in self._taxonomy.groups]
        members: dict[str | None, list[Service]] = {group: [] for group in [*known, None]}
        for service in self._services.values():
            members[service.group if service.group in members else None].append(service)
        names = {group.id: group for group in self._taxonomy.groups}
        place = 0
        for group, services in members.items():
            if group is None:
                for service in services:
                    place += 1
                    yield self._component(service, place, None)
            elif services:
                place += 1
                yield self._group(names[group], place, services)
                for number, service in enumerate(services, 1):
                    yield self._component(service, number, self._group_code(group))

    def _group_code(self, key: str) -> str:
        return self._addresses.code("group", key)

    def _component(self, service: Service, position: int, group: str | None) -> Component:
        created, changed = self._times(service)
        return {
            "id": self.code(service),
            "name": service.name,
            "status": self._states[service.id],
            "created_at": self.time(created),
            "updated_at": self.time(changed),
            "position": position,
            "description": service.definition,
            "showcase": True,
            "start_date": service.valid_from.isoformat() if service.valid_from else None,
            "group_id": group,
            "page_id": self._page,
            "group": False,
            "only_show_if_degraded": False,
        }

    def _group(self, group: Entry, position: int, services: list[Service]) -> Component:
        times = [self._times(service) for service in services]
        return {
            "id": self._group_code(group.id),
            "name": group.name,
            "status": max((self._states[service.id] for service in services), key=_ORDER.index),
            "created_at": self.time(min(created for created, _ in times)),
            "updated_at": self.time(max(changed for _, changed in times)),
            "position": position,
            "description": group.definition,
            "showcase": False,
            "start_date": None,
            "group_id": None,
            "page_id": self._page,
            "group": True,
            "only_show_if_degraded": False,
            "components": [self.code(service) for service in services],
        }

    def _times(self, service: Service) -> tuple[datetime, datetime]:
        """From when on a service is watched, and when its state last changed."""
        day = service.valid_from
        start = datetime.combine(day, time(), self._taxonomy.zone) if day else None
        created = start or self._briefing.first or self._briefing.now
        return created, max(created, self._changed.get(service.id, created))

    def time(self, at: datetime) -> str:
        """A time as Statuspage writes it: milliseconds, and the offset of the page's zone."""
        return at.astimezone(self._taxonomy.zone).isoformat(timespec="milliseconds")

    def states(
        self, entry: RecordEntry[Incident] | RecordEntry[Maintenance], at: datetime, status: str
    ) -> dict[str, str]:
        """The state of each of a record's services when readers were told that it was at `status`."""
        record = entry.record
        services = self.services(entry)
        if isinstance(record, Maintenance):
            state = UNDER_MAINTENANCE if status in {"in_progress", "verifying"} else OPERATIONAL
            return {service.id: state for service in services}
        end = end_of(record)
        if status in {"resolved", "postmortem"} or (end is not None and at >= end):
            return {service.id: OPERATIONAL for service in services}
        named = {impact.service: self._briefing.service_id(impact.service) for impact in record.services}
        return {
            service.id: max(
                (
                    state_of(record.services, key, start_of(record), at)
                    for key, own in named.items()
                    if own == service.id
                ),
                key=_ORDER.index,
            )
            for service in services
        }


def _last_changes(briefing: Briefing) -> dict[str, datetime]:
    """When the state of each service last changed."""
    now = briefing.now
    changed: dict[str, datetime] = {}
    entries: Iterable[RecordEntry[Any]] = (*briefing.incidents, *briefing.maintenance)
    for entry in entries:
        record = entry.record
        if not record.services:
            continue
        whole = (start_of(record), end_of(record)) if isinstance(record, Incident) else window_of(record)
        for impact in record.services:
            latest = max(
                [at for at in (impact.from_, impact.to, *whole) if at is not None and at <= now], default=None
            )
            key = briefing.service_id(impact.service)
            if latest is not None and (key not in changed or changed[key] < latest):
                changed[key] = latest
    return changed
