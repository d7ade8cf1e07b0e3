"""The list of reviews: what was learned, and what is still owed."""

from __future__ import annotations

from datetime import date

from incidentbook.archive import RecordEntry
from incidentbook.clocks import ReviewDuty, review_duties
from incidentbook.pages.page import Content, Page, TocItem
from incidentbook.pages.site import Site
from incidentbook.publication import urls
from incidentbook.records import ActionState, Review

ReviewEntry = RecordEntry[Review]


def index(site: Site) -> Page:
    """Plan the list of reviews."""
    return Page(
        path=urls.REVIEWS,
        kind="reviews",
        title="Reviews",
        description="Post-incident reviews: what was learned, and which are still to be written.",
        make=lambda: _index_content(site),
        single=True,
    )


def _index_content(site: Site) -> Content:
    # Who owes a review, and by when, is for the house: a public build lists what is published.
    owed: tuple[ReviewDuty, ...] = ()
    if site.internal:
        duties = (duty for duty in review_duties(site.published, site.now) if not duty.is_done)
        owed = tuple(sorted(duties, key=lambda duty: (duty.due_day or date.max, duty.incident.id)))
    pairs = [(entry, site.readable(entry.name.lead_incident)) for entry in site.published.reviews]
    pairs.sort(key=lambda pair: _written(pair[0]), reverse=True)
    rows = [
        (entry, lead, sum(action.state is ActionState.OPEN for action in entry.record.actions))
        for entry, lead in pairs
    ]
    toc = [TocItem("owed", "To be written")] if owed else []
    return site.fill(
        "reviews.html", urls.REVIEWS, [*toc, TocItem("written", "Reviews")], owed=owed, rows=rows
    )


def _written(entry: ReviewEntry) -> tuple[str, str]:
    when = entry.record.published or entry.record.started
    return (when.date().isoformat() if when else "9999", entry.id)
