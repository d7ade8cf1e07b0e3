"""Which pages a site has: one call, nothing written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from incidentbook.pages import (
    improvements,
    incident,
    incidents,
    knowledge,
    maintenance,
    maintenance_list,
    months,
    review,
    review_list,
    services,
    statistics,
    status,
)
from incidentbook.pages.page import Page
from incidentbook.pages.site import Site
from incidentbook.publication import Output, Published, Urls, attachments

_PAGE_OF: dict[str, Callable[[Any, Site], Page]] = {
    "incident": incident.page_of,
    "review": review.page_of,
    "maintenance": maintenance.page_of,
    "problem": knowledge.problem_page,
    "article": knowledge.article_page,
}


@dataclass(frozen=True)
class Plan:
    """What a site has beside what is written by hand: pages, and files that are no page."""

    pages: tuple[Page, ...]
    outputs: tuple[Output, ...]
    urls: Urls


def plan(published: Published, now: datetime) -> Plan:
    """Plan everything that the records make; the inside of each is made when it is asked for."""
    site = Site(published, now)
    return Plan(_pages(site), tuple(_outputs(site)), site.urls)


def _pages(site: Site) -> tuple[Page, ...]:
    return (
        status.index(site),
        incidents.index(site),
        *months.pages(site),
        *services.pages(site),
        knowledge.index(site),
        review_list.index(site),
        maintenance_list.index(site),
        improvements.index(site),
        statistics.index(site),
        *(_PAGE_OF[entry.kind](entry, site) for entry in site.published.entries),
    )


def _outputs(site: Site) -> Iterator[Output]:
    yield from (output for _, output in attachments(site.published))
