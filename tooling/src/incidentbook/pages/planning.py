"""Which pages a site has: one call, nothing written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from incidentbook.cache import Cache
from incidentbook.pages import (
    article,
    article_list,
    categories,
    handover,
    handover_list,
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
    "handover": handover.page_of,
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
    site.load_templates()
    lists = _Lists.of(site)
    outputs = (*(output for one in lists for output in one.outputs), *_outputs(site, url))
    return Plan(_pages(site, lists), outputs, site.urls)


class _Lists(NamedTuple):
    """The lists of the site, each with the pages that hold it."""

    incidents: PlannedList
    reviews: PlannedList
    maintenance: PlannedList
    improvements: PlannedList
    problems: PlannedList
    articles: PlannedList
    handovers: PlannedList

    @classmethod
    def of(cls, site: Site) -> _Lists:
        """Plan them."""
        return cls(
            incidents.index(site),
            review_list.index(site),
            maintenance_list.index(site),
            improvements.index(site),
            problem_list.index(site),
            article_list.index(site),
            handover_list.index(site),
        )


def _pages(site: Site, lists: _Lists) -> tuple[Page, ...]:
    """Every page, in the order in which a site without a `nav` of its own lists those that stand there."""
    return (
        status.index(site),
        *lists.incidents.pages,
        *months.pages(site),
        *categories.pages(site),
        services.index(site),
        *service.pages(site),
        *teams.pages(site),
        knowledge.index(site),
        *lists.problems.pages,
        *lists.articles.pages,
        *lists.reviews.pages,
        *lists.improvements.pages,
        *lists.maintenance.pages,
        *lists.handovers.pages,
        statistics.index(site),
        selfservice.index(site),
        *(findable(_PAGE_OF[entry.kind](entry, site), entry, site) for entry in site.published.entries),
    )


def _outputs(site: Site, url: str | None) -> Iterator[Output]:
    yield from (output for _, output in attachments(site.published))
    yield from machines.outputs(site, url)
