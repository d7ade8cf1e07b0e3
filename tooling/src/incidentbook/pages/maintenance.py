"""The page of a maintenance window."""

from __future__ import annotations

from markupsafe import Markup

from incidentbook.markdown import plain_text
from incidentbook.pages.course import maintenance_course
from incidentbook.pages.links import named_by, related
from incidentbook.pages.page import Content, Page, SearchEntry, TocItem
from incidentbook.pages.site import Site
from incidentbook.pages.timeline import updates_of
from incidentbook.pages.words import label
from incidentbook.publication import urls
from incidentbook.publication.standing import MaintenanceEntry, is_all_said, is_running, said_until
from incidentbook.records import Maintenance, MaintenanceStatus
from incidentbook.records.parts import Interval


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
        key=site.key(
            entry,
            *named_by(entry, site),
            facts=(len(site.published.backlinks(entry.id)),),
            by_time=_goes_on(entry.record, site),
        ),
    )


def _goes_on(window: Maintenance, site: Site) -> bool:
    """Whether time alone changes what its page says: it comes, it runs, or is not all written or said."""
    if not is_all_said(window.updates, site.now):
        return True
    if window.status is MaintenanceStatus.CANCELLED:
        return False
    last = (window.actual or window.planned or Interval()).to
    return window.status is not MaintenanceStatus.COMPLETED or last is None or last > site.now


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
    texts = (
        window.summary or "",
        *(update.text for update in said_until(window.updates, site.now)),
        plain_text(body.html),
    )
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
        course=Markup(maintenance_course(window, site)),  # noqa: S704 -- drawn by us
    )
