"""The page of a review."""

from __future__ import annotations

import re

from markupsafe import Markup

from incidentbook.archive import RecordEntry
from incidentbook.clocks import review_duty
from incidentbook.markdown import plain_text
from incidentbook.pages.actions import tally
from incidentbook.pages.course import course_of
from incidentbook.pages.hypertext import NOTHING, Html
from incidentbook.pages.impacts import stretches_of
from incidentbook.pages.page import Content, Page, SearchEntry, TocItem
from incidentbook.pages.phases import lasted_of, phases_of
from incidentbook.pages.site import Site
from incidentbook.pages.words import label
from incidentbook.publication import urls
from incidentbook.publication.standing import IncidentEntry, is_open
from incidentbook.records import Incident, Review, ReviewStatus

ReviewEntry = RecordEntry[Review]

_SECTION = re.compile(r'(?=<h2 id=")')
_SECTION_ID = re.compile(r'<h2 id="([^"]*)"')


def page_of(entry: ReviewEntry, site: Site) -> Page:
    """Plan the page of a review."""
    path = urls.path_of(entry.name)
    title = site.title(entry)
    incidents = _covered(entry, site)
    is_done = entry.record.status is ReviewStatus.PUBLISHED
    return Page(
        path=path,
        kind="review",
        title=f"Review: {title}",
        description=f"Post-incident review of {entry.name.lead_incident}: {title}",
        make=lambda: _content(entry, incidents, site, path),
        section=urls.REVIEWS,
        source=entry.path,
        updated=entry.record.published.date() if entry.record.published else None,
        shows_toc=True,
        key=site.key(
            entry,
            *incidents,
            facts=(tuple(site.overdue(action) for action in entry.record.actions),),
            # what is not published may become overdue, by what its incident is and by its kind
            by_time=not is_done or any(is_open(one.record) for one in incidents),
        ),
    )


def _covered(entry: ReviewEntry, site: Site) -> tuple[IncidentEntry, ...]:
    """The incidents that a review is about, its lead first."""
    ids = dict.fromkeys((entry.name.lead_incident or "", *entry.record.incidents))
    return tuple(found for id_ in ids if (found := site.readable(id_)) is not None)


def _content(entry: ReviewEntry, incidents: tuple[IncidentEntry, ...], site: Site, path: str) -> Content:
    review = entry.record
    body = site.markdown(entry.body, entry, path, taken=("course", "incidents"))
    lead = site.readable(entry.name.lead_incident)
    duty = review_duty(lead, site.published, site.now) if site.internal and lead is not None else None
    sections = sections_of(body.html)
    named = {id_ for id_, _ in sections}
    # What the front matter lists stands under the body's heading of that name, if it has one.
    own = [("contributing-factors", "Contributing factors")] if review.contributing_factors else []
    own = [pair for pair in (*own, ("actions", "Actions")) if pair[0] not in named]
    course = _course(lead.record, site) if lead is not None else NOTHING
    toc = [TocItem("course", "Course")] if course else []
    toc.extend(TocItem(heading.id, heading.text) for heading in body.headings if heading.level == 2)
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
        course=Markup(course),  # noqa: S704 -- drawn by us
        tally=Markup(tally(review.actions, site)),  # noqa: S704 -- our words
        lasted={one.id: lasted_of(one.record) for one in incidents},
    )


def _course(incident: Incident, site: Site) -> Html:
    phases = phases_of(incident, site.now, internal=site.internal)
    stretches = stretches_of(incident, site)
    return course_of(incident, phases, stretches, site, in_words="on the page of the incident")


def sections_of(html: str) -> list[tuple[str, str]]:
    """Cut a rendered body before each h2: (its anchor, the section); what comes first has no anchor."""
    pieces = _SECTION.split(html)
    ids = _SECTION_ID.findall(html)
    return [("", pieces[0]), *zip(ids, pieces[1:], strict=True)]
