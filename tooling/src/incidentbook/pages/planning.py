"""Which pages a site has: one call, nothing written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from incidentbook.pages import (
    improvements,
    incident,
    incidents,
    knowledge,
    maintenance,
    review,
    services,
    statistics,
    status,
)
from incidentbook.pages.page import Page
from incidentbook.pages.site import Site
from incidentbook.publication import Published

_PAGE_OF: dict[str, Callable[[Any, Site], Page]] = {
    "incident": incident.page_of,
    "review": review.page_of,
    "maintenance": maintenance.page_of,
    "problem": knowledge.problem_page,
    "article": knowledge.article_page,
}


def plan(published: Published, now: datetime) -> tuple[Page, ...]:
    """Plan every page that the records make; the inside of each is made when it is asked for."""
    site = Site(published, now)
    return (
        status.index(site),
        *incidents.pages(site),
        *services.pages(site),
        knowledge.index(site),
        review.index(site),
        maintenance.index(site),
        improvements.index(site),
        statistics.index(site),
        *(_PAGE_OF[entry.kind](entry, site) for entry in published.entries),
    )
