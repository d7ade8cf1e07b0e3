"""The pages of maintenance: what is coming, what is running, what was."""

from __future__ import annotations

from datetime import datetime

from markupsafe import Markup

from incidentbook.markdown import plain_text
from incidentbook.pages.links import related
from incidentbook.pages.page import Content, Page, SearchEntry, TocItem
from incidentbook.pages.site import Site
from incidentbook.pages.timeline import updates_of
from incidentbook.pages.words import label
from incidentbook.publication import urls
from incidentbook.publication.standing import MaintenanceEntry, is_coming, is_running, window_of


def page_of(entry: MaintenanceEntry, site: Site) -> Page:
    """Plan the page of a maintenance."""
    window = entry.record
    path = urls.path_of(entry.name)
    return Page(
        path=path,
        kind="maintenance",
        title=f"{entry.id} {window.title}",
        description=window.summary or f"Maintenance, {label(window.status).lower()}: {window.title}",
        make=lambda: _content(entry, site, path),
        section=urls.INCIDENTS,
        source=entry.path,
        shows_toc=True,
    )


def _content(entry: MaintenanceEntry, site: Site, path: str) -> Content:
    window = entry.record
    body = site.markdown(
        entry.body, entry, path, top_level=3, taken=("window", "updates", "details", "related")
    )
    links = related(entry, site, path)
    toc = [TocItem("window", "Window and services"), TocItem("updates", "Updates")]
    if body.html.strip():
        toc.append(TocItem("details", "Details"))
    if links:
        toc.append(TocItem("related", "Related"))
    texts = (window.summary or "", *(update.text for update in window.updates), plain_text(body.html))
    return site.fill(
        "maintenance.html",
        path,
        toc,
        (
            SearchEntry(
                f"{entry.id} {window.title}", " ".join(texts), tags=("Maintenance", label(window.status))
            ),
        ),
        entry=entry,
        window=window,
        body=Markup(body.html),  # noqa: S704 -- sanitised by `render`
        moments=tuple(updates_of(window.updates, entry, site, path)),
        links=links,
        running=is_running(window, site.now),
    )


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
