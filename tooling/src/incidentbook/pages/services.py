"""Services as lists show them, and the list of all of them."""

from __future__ import annotations

from dataclasses import dataclass

from incidentbook.pages import uptime
from incidentbook.pages.goals import Budget, time_budget
from incidentbook.pages.page import Content, Page, TocItem
from incidentbook.pages.site import Site
from incidentbook.publication import urls
from incidentbook.publication.standing import ServiceStanding
from incidentbook.taxonomy.settings import Service

OTHER = "Other services"
UNLISTED = "Not in the catalogue"


@dataclass(frozen=True)
class ServiceRow:
    """One service as lists show it; `is_listed` is false where today's catalogue does not hold it."""

    service: Service
    standing: ServiceStanding
    history: uptime.History
    availability: str | None
    budget: Budget | None
    is_listed: bool = True

    @property
    def state(self) -> str:
        """How it is doing now."""
        return self.standing.state


@dataclass(frozen=True)
class ServiceGroup:
    """Services that the catalogue puts together; the name is empty where there is but one group."""

    name: str
    words: str
    rows: tuple[ServiceRow, ...]


def service_rows(site: Site) -> tuple[ServiceRow, ...]:
    """Every service in force, in the order of the catalogue; then those in trouble that it does not hold."""
    return (
        *(row_of(one, site) for one in site.standing.services),
        *(row_of(one, site, is_listed=False) for one in site.standing.others),
    )


def row_of(one: ServiceStanding, site: Site, *, is_listed: bool = True) -> ServiceRow:
    """Gather what lists show of a service."""
    history = uptime.history_of(one.service.id, site)
    measured = history.uptime
    share = measured.share if measured else None
    return ServiceRow(
        one.service,
        one,
        history,
        uptime.percent(share) if share is not None else None,
        time_budget(measured) if measured else None,
        is_listed,
    )


def groups_of(rows: tuple[ServiceRow, ...], site: Site) -> tuple[ServiceGroup, ...]:
    """Services by group, in the order of the catalogue; those without one last."""
    found: dict[tuple[str, str], list[ServiceRow]] = {
        (group.id, group.name): [] for group in site.taxonomy.groups
    }
    for row in rows:
        group = site.taxonomy.service_group(row.service.group) if row.service.group else None
        key = ("", UNLISTED) if not row.is_listed else (group.id, group.name) if group else ("", OTHER)
        found.setdefault(key, []).append(row)
    words = {group.id: group.definition or "" for group in site.taxonomy.groups}
    filled = [(id_, name, tuple(members)) for (id_, name), members in found.items() if members]
    is_alone = len(filled) == 1 and filled[0][1] == OTHER
    return tuple(
        ServiceGroup("" if is_alone else name, words.get(id_, ""), members) for id_, name, members in filled
    )


def index(site: Site) -> Page:
    """Plan the list of services."""
    return Page(
        path=urls.SERVICES,
        kind="services",
        title="Services",
        description=f"What {site.name} runs, how it does and who depends on what.",
        make=lambda: _content(site),
        single=True,
    )


def _content(site: Site) -> Content:
    groups = groups_of(service_rows(site), site)
    elsewhere = _elsewhere(site)
    toc = [TocItem(f"group-{number}", group.name or "Services") for number, group in enumerate(groups, 1)]
    if elsewhere:
        toc.append(TocItem("elsewhere", "Retired and to come"))
    return site.fill(
        "services.html",
        urls.SERVICES,
        toc or [TocItem("none", "Services")],
        groups=groups,
        elsewhere=elsewhere,
    )


def _elsewhere(site: Site) -> tuple[Service, ...]:
    """Services of the catalogue that are not in force today, each once, as it was last."""
    today = {one.service.id for one in site.standing.services}
    keys = dict.fromkeys(service.id for service in site.taxonomy.services if service.id not in today)
    return tuple(service for key in keys if (service := site.taxonomy.service(key)) is not None)
