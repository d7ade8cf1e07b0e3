"""Which pages a site has: one call, nothing written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from incidentbook.cache import Cache
from incidentbook.pages import (
    article,
    article_list,
    categories,
    improvements,
    incident,
    incidents,
    knowledge,
    machines,
    maintenance,
    maintenance_list,
    months,
    problem,
    problem_list,
    review,
    review_list,
    selfservice,
    service,
    services,
    statistics,
    status,
    teams,
)
from incidentbook.pages.found import findable
from incidentbook.pages.lists import PlannedList
from incidentbook.pages.page import Page
from incidentbook.pages.site import Site
from incidentbook.publication import Output, Published, Urls, attachments

_PAGE_OF: dict[str, Callable[[Any, Site], Page]] = {
    "incident": incident.page_of,
    "review": review.page_of,
    "maintenance": maintenance.page_of,
    "problem": problem.page_of,
    "article": article.page_of,
}


@dataclass(frozen=True)
class Plan:
    """What a site has beside what is written by hand: pages, and files that are no page."""

    pages: tuple[Page, ...]
    outputs: tuple[Output, ...]
    urls: Urls


def plan(published: Published, now: datetime, url: str | None = None, store: Cache | None = None) -> Plan:
    """Plan everything that the records make; the inside of each is made when it is asked for.

    `url` is where the site is published, where that is not what the settings say. `store` keeps what
    takes long to work out.
    """
    site = Site(published, now, store)
    lists = _lists(site)
    pages = (*(page for one in lists for page in one.pages), *_pages(site))
    outputs = (*(output for one in lists for output in one.outputs), *_outputs(site, url))
    return Plan(pages, outputs, site.urls)


def _lists(site: Site) -> tuple[PlannedList, ...]:
    return (
        incidents.index(site),
        review_list.index(site),
        maintenance_list.index(site),
        improvements.index(site),
        problem_list.index(site),
        article_list.index(site),
    )


def _pages(site: Site) -> tuple[Page, ...]:
    return (
        status.index(site),
        *months.pages(site),
        services.index(site),
        *service.pages(site),
        knowledge.index(site),
        *teams.pages(site),
        *categories.pages(site),
        statistics.index(site),
        selfservice.index(site),
        *(findable(_PAGE_OF[entry.kind](entry, site), entry, site) for entry in site.published.entries),
    )


def _outputs(site: Site, url: str | None) -> Iterator[Output]:
    yield from (output for _, output in attachments(site.published))
    yield from machines.outputs(site, url)
