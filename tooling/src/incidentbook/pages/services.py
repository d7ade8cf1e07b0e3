"""The pages of services: what each is, how it does, what happened to it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from markupsafe import Markup

from incidentbook.pages import uptime
from incidentbook.pages.goals import Budget, time_budget
from incidentbook.pages.page import Content, Page, SearchEntry, TocItem
from incidentbook.pages.site import Site
from incidentbook.publication import urls
from incidentbook.publication.standing import (
    IncidentEntry,
    ServiceStanding,
    Standing,
    services_in_force,
    standing_of,
    start_of,
    window_of,
)
from incidentbook.records import KINDS
from incidentbook.taxonomy.settings import Service

RECENT = 25


@dataclass(frozen=True)
class ServiceRow:
    """One service as lists show it."""

    service: Service
    state: str
    because: ServiceStanding
    group: str
    group_words: str
    bars: Markup
    availability: str | None
    budget: Budget | None


def service_rows(site: Site, standing: Standing, path: str) -> tuple[ServiceRow, ...]:
    """Every service in force, by group in the order of the catalogue, for the page at `path`."""
    rows = [_row(one, uptime.history_of(one.service.id, site), site, path) for one in standing.services]
    order = {group.name: index for index, group in enumerate(site.taxonomy.groups)}
    return tuple(sorted(rows, key=lambda row: order.get(row.group, len(order))))


def _row(one: ServiceStanding, history: uptime.History, site: Site, path: str) -> ServiceRow:
    service, measured = one.service, history.uptime
    share = measured.share if measured else None
    group = site.taxonomy.service_group(service.group) if service.group else None
    return ServiceRow(
        service,
        one.state,
        one,
        group.name if group else "Other services",
        (group.definition or "") if group else "",
        Markup(uptime.draw(history, service.name, path, site)),  # noqa: S704 -- charts escapes its words
        uptime.percent(share) if share is not None else None,
        time_budget(measured) if measured else None,
    )


def pages(site: Site) -> list[Page]:
    """Plan the list of services and one page each."""
    index = Page(
        path=urls.SERVICES,
        kind="services",
        title="Services",
        description=f"What {site.name} runs, how it does and who depends on what.",
        make=lambda: _index_content(site),
        single=True,
    )
    named: dict[str, list[IncidentEntry]] = {}
    for entry in site.published.incidents:
        for key in dict.fromkeys(impact.service for impact in entry.record.services):
            service = site.taxonomy.service(key)
            named.setdefault(service.id if service else key, []).append(entry)
    standing = standing_of(site.published, site.now)
    rows = {row.service.id: row for row in service_rows(site, standing, urls.service_path("x"))}
    # a service may stand in the catalogue more than once, each time for its own years
    keys = dict.fromkeys(service.id for service in site.taxonomy.services)
    services = [site.taxonomy.service(key, site.now) or site.taxonomy.service(key) for key in keys]
    return [
        index,
        *(
            _service_page(service, rows.get(service.id), named.get(service.id, []), site)
            for service in services
            if service is not None
        ),
    ]


def _index_content(site: Site) -> Content:
    rows = service_rows(site, standing_of(site.published, site.now), urls.SERVICES)
    groups: dict[str, list[ServiceRow]] = {}
    for row in rows:
        groups.setdefault(row.group, []).append(row)
    words = {row.group: row.group_words for row in rows}
    toc = [TocItem(f"group-{number}", name) for number, name in enumerate(groups, 1)] or [
        TocItem("none", "Services")
    ]
    return site.fill("services.html", urls.SERVICES, toc, groups=groups, words=words)


def _service_page(
    service: Service, row: ServiceRow | None, incidents: list[IncidentEntry], site: Site
) -> Page:
    path = urls.service_path(service.id)
    return Page(
        path=path,
        kind="service",
        title=service.name,
        description=service.definition or f"The service {service.name}.",
        make=partial(_content, service, row, incidents, site, path),
        section=urls.SERVICES,
        shows_toc=True,
    )


def _content(
    service: Service, row: ServiceRow | None, incidents: list[IncidentEntry], site: Site, path: str
) -> Content:
    keys = {service.id, *service.aliases}
    published = site.published
    ordered = sorted(incidents, key=lambda e: (start_of(e.record) or site.now, e.id), reverse=True)
    windows = sorted(
        (e for e in published.maintenance if any(i.service in keys for i in e.record.services)),
        key=lambda e: (window_of(e.record)[0] or site.now, e.id),
        reverse=True,
    )
    problems = [
        e
        for e in published.problems
        if keys.intersection(e.record.services) and e.record.status in KINDS["problem"].open_states
    ]
    articles = [
        e
        for e in published.articles
        if (keys.intersection(e.record.services) or e.id in service.runbooks)
        and e.record.status == "published"
    ]
    dependants = [s for s in services_in_force(site.taxonomy, site.now) if keys.intersection(s.depends_on)]
    sections = (
        ("state", "State", True),
        ("help", "In trouble?", bool(problems or articles)),
        ("incidents", "Incidents", True),
        ("maintenance", "Maintenance", bool(windows)),
        ("dependencies", "Dependencies", bool(service.depends_on or dependants)),
    )
    search = SearchEntry(service.name, service.definition or "", tags=("Service",))
    return site.fill(
        "service.html",
        path,
        (TocItem(id_, title) for id_, title, is_shown in sections if is_shown),
        (search,),
        service=service,
        row=row,
        shown={id_ for id_, _, is_shown in sections if is_shown},
        incidents=ordered[:RECENT],
        more=max(len(ordered) - RECENT, 0),
        windows=windows[:10],
        window_of=window_of,
        problems=problems,
        start_of=start_of,
        articles=articles,
        dependants=dependants,
        is_coming=service.valid_from is not None and site.today < service.valid_from,
        calendar=site.taxonomy.calendar(service.support_hours) if service.support_hours else None,
    )
