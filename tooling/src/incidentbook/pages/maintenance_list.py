"""The list of maintenance: what is coming, what is running, what was."""

from __future__ import annotations

from datetime import datetime

from incidentbook.pages.page import Content, Page, TocItem
from incidentbook.pages.site import Site
from incidentbook.publication import urls
from incidentbook.publication.standing import MaintenanceEntry, is_coming, is_running, window_of


def index(site: Site) -> Page:
    """Plan the list of maintenance windows."""
    return Page(
        path=urls.MAINTENANCE,
        kind="maintenance-list",
        title="Maintenance",
        description="Planned work: what is running, what is coming and what was done.",
        make=lambda: _index_content(site),
        section=urls.INCIDENTS,
        single=True,
    )


def _index_content(site: Site) -> Content:
    windows = site.published.maintenance
    running = [entry for entry in windows if is_running(entry.record, site.now)]
    coming = sorted((e for e in windows if is_coming(e.record, site.now)), key=lambda e: _begin(e, site.now))
    ahead = {entry.id for entry in (*running, *coming)}
    past = [entry for entry in windows if entry.id not in ahead]
    past.sort(key=lambda entry: (_begin(entry, site.now), entry.id), reverse=True)
    return site.fill(
        "maintenance-list.html",
        urls.MAINTENANCE,
        [TocItem("coming", "Now and coming"), TocItem("past", "Past")],
        running=running,
        coming=coming,
        past=past,
        window_of=window_of,
    )


def _begin(entry: MaintenanceEntry, now: datetime) -> datetime:
    return window_of(entry.record)[0] or now
