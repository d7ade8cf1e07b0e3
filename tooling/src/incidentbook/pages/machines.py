"""The files for machines beside the pages: they tell of the same moment, and of the same figures."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from incidentbook import feeds
from incidentbook.feeds.records_api import VERSION
from incidentbook.metrics.document import document_of, groups_of
from incidentbook.pages.site import Site
from incidentbook.publication import Output, Published
from incidentbook.records import Audience

_BY = ("month", "service", "priority")
_BY_INTERNAL = (*_BY, "category", "team")
"""What the API breaks figures down by; of the rest `incidentbook stats --by` tells."""


def outputs(site: Site, url: str | None) -> Iterator[Output]:
    """Plan the files; `url` is where the site is published, if somebody has said."""
    addresses = feeds.Addresses.of(url or site.taxonomy.settings.url, site.name)
    briefing = feeds.Briefing(site.published, site.now, site.standing, site.urls, addresses)
    yield from feeds.outputs(briefing, partial(statistics, site))


def without_address(published: Published, url: str | None) -> str | None:
    """Say what a public site lacks that does not know where it is published; None where nothing is lacking.

    Within a company people open pages; what is public is read by programs too, most of which follow no
    relative address.
    """
    if published.audience is not Audience.PUBLIC or url or published.taxonomy.settings.url:
        return None
    return (
        "the site does not say where it is published, so that links in its feeds, calendars and API are "
        "relative, which most programs do not follow; set `url` in schema/incidentbook.yml or `site_url`"
    )


def statistics(site: Site) -> dict[str, Any]:
    """All figures since the first record, and the availability of the last days, as plain values."""
    document = document_of(site.ledger.measure(), site.recently)
    del document["groups"], document["by"]
    names = _BY_INTERNAL if site.internal else _BY
    breakdowns = {name: groups_of(site.ledger.measure(by=name)) for name in names}
    return {"version": VERSION, **document, "breakdowns": breakdowns}
