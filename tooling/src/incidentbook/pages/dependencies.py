"""Which services need which, and whose trouble may reach whom."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from incidentbook.pages.site import Site
from incidentbook.publication.standing import (
    IncidentEntry,
    ServiceStanding,
    services_in_force,
    start_of,
    state_of,
)
from incidentbook.taxonomy.settings import Service


@dataclass(frozen=True)
class Upstream:
    """A service that another one needs, itself or through others, and that is in trouble now.

    `path` leads from the first service that the other one needs to the one in trouble. `incidents`
    are open and name it, each with the state into which it puts it.
    """

    path: tuple[Service, ...]
    standing: ServiceStanding
    incidents: tuple[tuple[IncidentEntry, str], ...]

    @property
    def service(self) -> Service:
        """The one in trouble."""
        return self.path[-1]


class Dependencies:
    """The services of today's catalogue with what each needs; an audience sees what it may know of."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._services = {one.id: one for one in services_in_force(site.taxonomy, site.now)}
        self._needs: dict[str, tuple[Service, ...]] = {}
        self._needed_by: dict[str, list[Service]] = {}
        for service in self._services.values():
            keys = dict.fromkeys(map(site.service_id, service.depends_on))
            needs = tuple(self._services[key] for key in keys if key in self._services and key != service.id)
            self._needs[service.id] = needs
            for one in needs:
                self._needed_by.setdefault(one.id, []).append(service)

    def needs(self, service: Service) -> tuple[Service, ...]:
        """What it needs itself, in the order of the catalogue's entry."""
        return self._needs.get(service.id, ())

    def needed_by(self, service: Service) -> tuple[Service, ...]:
        """What needs it itself, in the order of the catalogue."""
        return tuple(self._needed_by.get(service.id, ()))

    @cached_property
    def _standings(self) -> Mapping[str, ServiceStanding]:
        return {one.service.id: one for one in self._site.standing.services}

    @cached_property
    def _open(self) -> Mapping[str, tuple[tuple[IncidentEntry, str], ...]]:
        """Open incidents by the service that they name, each with the state that it gives it now."""
        found: dict[str, list[tuple[IncidentEntry, str]]] = {}
        for entry in self._site.standing.open_incidents:
            incident = entry.record
            is_restored = incident.restored is not None and incident.restored <= self._site.now
            for key in dict.fromkeys(impact.service for impact in incident.services):
                state = state_of(incident.services, key, start_of(incident), self._site.now)
                own = found.setdefault(self._site.service_id(key), [])
                if not any(known is entry for known, _ in own):
                    own.append((entry, "operational" if is_restored else state))
        return {key: tuple(entries) for key, entries in found.items()}

    def open_incidents(self, service: Service) -> tuple[tuple[IncidentEntry, str], ...]:
        """The open incidents that name a service, the worst first, with the state each gives it now."""
        return self._open.get(service.id, ())

    def upstream(self, service: Service) -> tuple[Upstream, ...]:
        """What a service needs, in whatever chain, and what is in trouble; the nearest first.

        Each comes once, by the shortest way; services that need each other in a circle do no harm.
        """
        found: list[Upstream] = []
        ways = {service.id}
        waiting: deque[tuple[Service, ...]] = deque((one,) for one in self.needs(service))
        while waiting:
            path = waiting.popleft()
            last = path[-1]
            if last.id in ways:
                continue
            ways.add(last.id)
            incidents = self.open_incidents(last)
            if incidents:
                found.append(Upstream(path, self._standings[last.id], incidents))
            waiting.extend((*path, one) for one in self.needs(last))
        return tuple(found)
