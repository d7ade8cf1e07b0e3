"""The page of a review."""

from __future__ import annotations

import re

from markupsafe import Markup

from incidentbook.archive import RecordEntry
from incidentbook.clocks import review_duty
from incidentbook.markdown import plain_text
from incidentbook.pages.page import Content, Page, SearchEntry, TocItem
from incidentbook.pages.site import Site
from incidentbook.pages.words import label
from incidentbook.publication import urls
from incidentbook.records import Review

ReviewEntry = RecordEntry[Review]

_SECTION = re.compile(r'(?=<h2 id=")')
_SECTION_ID = re.compile(r'<h2 id="([^"]*)"')


def page_of(entry: ReviewEntry, site: Site) -> Page:
    """Plan the page of a review."""
    path = urls.path_of(entry.name)
    title = site.title(entry)
    return Page(
        path=path,
        kind="review",
        title=f"Review: {title}",
        description=f"Post-incident review of {entry.name.lead_incident}: {title}",
        make=lambda: _content(entry, site, path),
        section=urls.REVIEWS,
        source=entry.path,
        updated=entry.record.published.date() if entry.record.published else None,
        shows_toc=True,
    )


def _content(entry: ReviewEntry, site: Site, path: str) -> Content:
    review = entry.record
    body = site.markdown(entry.body, entry, path, taken=("incidents",))
    covered = tuple(dict.fromkeys((entry.name.lead_incident or "", *review.incidents)))
    incidents = tuple(found for id_ in covered if (found := site.readable(id_)) is not None)
    lead = site.readable(entry.name.lead_incident)
    duty = review_duty(lead, site.published, site.now) if site.internal and lead is not None else None
    sections = sections_of(body.html)
    named = {id_ for id_, _ in sections}
    # What the front matter lists stands under the body's heading of that name, if it has one.
    own = [("contributing-factors", "Contributing factors")] if review.contributing_factors else []
    own = [pair for pair in (*own, ("actions", "Actions")) if pair[0] not in named]
    toc = [TocItem(heading.id, heading.text) for heading in body.headings if heading.level == 2]
    toc.extend(TocItem(*pair) for pair in (*own, ("incidents", "Incidents")))
    text = " ".join((*review.contributing_factors, *(a.title for a in review.actions), plain_text(body.html)))
    return site.fill(
        "review.html",
        path,
        toc,
        (SearchEntry(f"Review: {site.title(entry)}", text, tags=("Review", label(review.status))),),
        entry=entry,
        review=review,
        title=site.title(entry),
        sections=[(id_, Markup(html)) for id_, html in sections],  # noqa: S704 -- sanitised by `render`
        own=own,
        incidents=incidents,
        duty=duty,
    )


def sections_of(html: str) -> list[tuple[str, str]]:
    """Cut a rendered body before each h2: (its anchor, the section); what comes first has no anchor."""
    pieces = _SECTION.split(html)
    ids = _SECTION_ID.findall(html)
    return [("", pieces[0]), *zip(ids, pieces[1:], strict=True)]
