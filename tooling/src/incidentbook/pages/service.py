"""The page of one service: what it is, how it does, what may reach it, what happened to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial
from heapq import nlargest
from itertools import chain
from typing import Any, TypeVar

from markupsafe import Markup

from incidentbook.archive import RecordEntry
from incidentbook.pages import events, uptime
from incidentbook.pages.actions import Promise, open_promises
from incidentbook.pages.dependencies import Dependencies, Upstream
from incidentbook.pages.page import Content, Page, SearchEntry, TocItem
from incidentbook.pages.services import ServiceRow, row_of
from incidentbook.pages.site import DAYS, Site
from incidentbook.pages.status import newest_updates
from incidentbook.publication import urls
from incidentbook.publication.standing import (
    IncidentEntry,
    MaintenanceEntry,
    is_coming,
    is_running,
    said_until,
    window_of,
)
from incidentbook.records import KINDS, Article, Problem
from incidentbook.taxonomy.settings import Service

MOST_INCIDENTS, MOST_WINDOWS, MOST_HELP, MOST_ACTIONS = 10, 5, 8, 6
"""More than this stands in the lists, which a service's page leads to: it does not grow with its history."""

T = TypeVar("T")


@dataclass(frozen=True)
class Few(Sequence[T]):
    """The first of many, and how many there are in all."""

    shown: tuple[T, ...]
    total: int

    @classmethod
    def of(cls, items: Sequence[T], most: int) -> Few[T]:
        """Keep the first of them."""
        return cls(tuple(items[:most]), len(items))

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.total - len(self.shown)

    def __len__(self) -> int:
        return len(self.shown)

    def __getitem__(self, index: Any) -> Any:
        return self.shown[index]


@dataclass(frozen=True)
class ServiceFile:
    """All that the page of one service shows; `row` is None where it is not in force today."""

    service: Service
    row: ServiceRow | None
    open: tuple[tuple[IncidentEntry, str], ...]
    upstream: tuple[Upstream, ...]
    past: Few[IncidentEntry]
    running: tuple[MaintenanceEntry, ...]
    coming: Few[MaintenanceEntry]
    done: Few[MaintenanceEntry]
    problems: Few[RecordEntry[Problem]]
    articles: Few[RecordEntry[Article]]
    promises: Few[Promise]
    needs: tuple[tuple[Service, str], ...]
    needed_by: tuple[tuple[Service, str], ...]

    def entries(self) -> Iterator[RecordEntry[Any]]:
        """Every record that the page names."""
        yield from (entry for entry, _ in self.open)
        yield from (entry for one in self.upstream for entry, _ in one.incidents)
        yield from chain(self.past, self.running, self.coming, self.done, self.problems, self.articles)
        yield from (promise.entry for promise in self.promises)

    def facts(self, now: datetime) -> Iterator[object]:
        """What the page says of records that it does not name, and of the moment `now`."""
        if self.row is not None:
            yield self.row.state, self.row.availability, self.row.budget
            yield uptime.draw(self.row.history, "", "")
        yield [(entry.id, state, len(said_until(entry.record.updates, now))) for entry, state in self.open]
        for one in self.upstream:
            yield [step.id for step in one.path], [(entry.id, state) for entry, state in one.incidents]
        yield [entry.id for entry in self.running]
        for few in (self.past, self.coming, self.done, self.problems, self.articles, self.promises):
            yield len(few), few.total
        yield [promise.overdue for promise in self.promises]
        yield [(one.id, state) for one, state in (*self.needs, *self.needed_by)]


class _Shelves:
    """The records of every service, gathered in one pass."""

    def __init__(self, site: Site) -> None:
        self._site = site
        published = site.published
        self.dependencies = Dependencies(site)
        self.states = {one.service.id: one for one in site.standing.services}
        self.incidents = self._by_service(
            published.incidents, lambda e: (impact.service for impact in e.record.services)
        )
        self.windows = self._by_service(
            published.maintenance, lambda e: (impact.service for impact in e.record.services)
        )
        self.problems = self._by_service(
            (e for e in published.problems if e.record.status in KINDS["problem"].open_states),
            lambda e: e.record.services,
        )
        self.articles = self._by_service(
            (e for e in published.articles if e.record.status == "published"), lambda e: e.record.services
        )

    def _by_service(
        self, entries: Iterable[RecordEntry[Any]], keys: Callable[[RecordEntry[Any]], Iterable[str]]
    ) -> dict[str, list[RecordEntry[Any]]]:
        own: dict[str, str] = {}
        found: dict[str, list[RecordEntry[Any]]] = defaultdict(list)
        for entry in entries:
            named = [
                own[key] if key in own else own.setdefault(key, self._site.service_id(key))
                for key in keys(entry)
            ]
            for key in dict.fromkeys(named):
                found[key].append(entry)
        return found

    @cached_property
    def promises(self) -> dict[str, list[Promise]]:
        """Open actions of reviews and problems by the services of their incidents, the next due first."""
        keys: dict[str, tuple[str, ...]] = {}
        found: dict[str, list[Promise]] = defaultdict(list)
        for promise in open_promises(self._site):
            entry = promise.entry
            if entry.id not in keys:
                keys[entry.id] = tuple(dict.fromkeys(self._services_of(entry)))
            for key in keys[entry.id]:
                found[key].append(promise)
        return found

    def _services_of(self, entry: RecordEntry[Any]) -> Iterator[str]:
        if entry.kind == "problem":
            yield from map(self._site.service_id, entry.record.services)
            return
        for id_ in (entry.name.lead_incident, *entry.record.incidents):
            incident = self._site.readable(id_)
            if incident is not None and incident.kind == "incident":
                yield from (self._site.service_id(impact.service) for impact in incident.record.services)

    def file(self, service: Service) -> ServiceFile:
        """Gather what the page of a service shows."""
        site, key, dependencies = self._site, service.id, self.dependencies
        standing = self.states.get(key)
        open_ = dependencies.open_incidents(service)
        going_on = {entry.id for entry, _ in open_}
        past = [entry for entry in self.incidents.get(key, ()) if entry.id not in going_on]
        windows = self.windows.get(key, [])
        running = tuple(entry for entry in windows if is_running(entry.record, site.now))
        coming = [entry for entry in windows if is_coming(entry.record, site.now)]
        coming.sort(key=lambda entry: (window_of(entry.record)[0] or site.now, entry.id))
        ahead = {entry.id for entry in (*running, *coming)}
        done = [entry for entry in windows if entry.id not in ahead]
        return ServiceFile(
            service,
            row_of(standing, site) if standing is not None else None,
            open_,
            dependencies.upstream(service),
            self._newest(past, MOST_INCIDENTS),
            running,
            Few.of(coming, MOST_WINDOWS),
            self._newest(done, MOST_WINDOWS),
            Few.of(self._known_errors_first(key), MOST_HELP),
            Few.of(self._runbooks_first(service), MOST_HELP),
            Few.of(self.promises.get(key, ()), MOST_ACTIONS),
            self._with_states(dependencies.needs(service)),
            self._with_states(dependencies.needed_by(service)),
        )

    def _newest(self, entries: Sequence[RecordEntry[Any]], most: int) -> Few[RecordEntry[Any]]:
        shown = nlargest(most, entries, key=lambda e: (events.began_at(e, self._site), e.name.sort_key()))
        return Few(tuple(shown), len(entries))

    def _known_errors_first(self, key: str) -> list[RecordEntry[Any]]:
        return sorted(self.problems.get(key, ()), key=lambda e: (e.record.workaround is None, e.id))

    def _runbooks_first(self, service: Service) -> list[RecordEntry[Any]]:
        """Those that the catalogue names, then the others about it."""
        named = (self._site.readable(id_) for id_ in service.runbooks)
        runbooks = [e for e in named if e and e.kind == "article" and e.record.status == "published"]
        others = sorted(self.articles.get(service.id, ()), key=lambda e: (e.record.type != "runbook", e.id))
        return list(dict.fromkeys((*runbooks, *others)))

    def _with_states(self, services: Iterable[Service]) -> tuple[tuple[Service, str], ...]:
        return tuple((one, self.states[one.id].state) for one in services)


def pages(site: Site) -> list[Page]:
    """Plan a page for each service of the catalogue, also for those that are not in force today."""
    shelves = _Shelves(site)
    # a service may stand in the catalogue more than once, each time for its own years
    keys = dict.fromkeys(service.id for service in site.taxonomy.services)
    services = (site.taxonomy.service(key, site.now) or site.taxonomy.service(key) for key in keys)
    return [_page(shelves.file(service), site) for service in services if service is not None]


def _page(file: ServiceFile, site: Site) -> Page:
    service = file.service
    path = urls.service_path(service.id)
    larger = [one for entry, _ in file.open for one in site.published.followed_by(entry.id)]
    return Page(
        path=path,
        kind="service",
        title=service.name,
        description=service.definition or f"The service {service.name}.",
        make=partial(_content, file, site, path),
        section=urls.SERVICES,
        shows_toc=True,
        key=site.key(
            *file.entries(),
            *larger,
            facts=(
                _is_to_come(service, site),
                *(len(said_until(entry.record.updates, site.now)) for entry in larger),
                *file.facts(site.now),
            ),
        ),
    )


def _is_to_come(service: Service, site: Site) -> bool:
    return service.valid_from is not None and site.today < service.valid_from


def _content(file: ServiceFile, site: Site, path: str) -> Content:
    service, row, up = file.service, file.row, urls.up(path)
    sections = (
        ("state", "State", True),
        ("help", "In trouble?", bool(file.problems or file.articles)),
        ("dependencies", "Dependencies", bool(file.needs or file.needed_by)),
        ("incidents", "Incidents", True),
        ("maintenance", "Maintenance", bool(file.running or file.coming or file.done)),
        ("improvements", "Improvements", bool(file.promises)),
    )
    return site.fill(
        "service.html",
        path,
        (TocItem(id_, title) for id_, title, is_shown in sections if is_shown),
        (_found(service),),
        file=file,
        service=service,
        row=row,
        shown={id_ for id_, _, is_shown in sections if is_shown},
        bars=uptime.draw(row.history, service.name, path) if row else Markup(""),
        troubled=uptime.troubled_days(row.history) if row else (),
        words=[(entry, state, newest_updates(entry, site, path)[:1]) for entry, state in file.open],
        past=events.listed(file.past, site, up, "day"),
        windows=events.listed((*file.running, *file.coming, *file.done), site, up, "day"),
        more_windows=file.coming.more + file.done.more,
        is_to_come=_is_to_come(service, site),
        calendar=site.taxonomy.calendar(service.support_hours) if service.support_hours else None,
        days=DAYS,
    )


def _found(service: Service) -> SearchEntry:
    filters = (("kind", "service", "Service"), ("service", service.id, service.name))
    return SearchEntry(service.name, service.definition or "", tags=("Service",), filters=filters)
