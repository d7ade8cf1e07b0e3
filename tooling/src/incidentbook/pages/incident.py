"""The page of one incident: what happened at a glance, then all that is known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from incidentbook.archive import RecordEntry
from incidentbook.clocks import assess, review_duty
from incidentbook.markdown import Rendered, plain_text
from incidentbook.pages.course import course_of
from incidentbook.pages.glance import Known, facts_of, glance_of, head_of, signs_of
from incidentbook.pages.hypertext import NOTHING, Html, heading
from incidentbook.pages.impacts import state_by_service, stretches_of, table_of, worst_by_service
from incidentbook.pages.lessons import section_of
from incidentbook.pages.levels import levels_of
from incidentbook.pages.links import list_of as list_of_links
from incidentbook.pages.links import named_by, related
from incidentbook.pages.page import Content, Page, SearchEntry, TocItem
from incidentbook.pages.people import people_of
from incidentbook.pages.phases import phases_of
from incidentbook.pages.similar import Similar, similar_to
from incidentbook.pages.similar import list_of as list_of_similar
from incidentbook.pages.site import Site
from incidentbook.pages.timeline import story_of
from incidentbook.pages.words import label
from incidentbook.publication import urls
from incidentbook.publication.standing import IncidentEntry, is_all_said, is_open, said_until
from incidentbook.records import Action, Incident, Problem, Review, ReviewStatus

_ANCHORS = (
    "timeline",
    "service-levels",
    "services",
    "what-happened",
    "review",
    "related",
    "similar",
    "people",
)
"""The page's own sections take their anchors first; headings of the body go around them."""

_SETTLED = timedelta(days=30)


@dataclass(frozen=True)
class Around:
    """The records that an incident's page shows beside its own, and what may age of them."""

    named: tuple[RecordEntry[Any], ...]
    reviews: tuple[RecordEntry[Review], ...]
    problem: RecordEntry[Problem] | None
    similar: tuple[Similar, ...]

    @property
    def actions(self) -> tuple[Action, ...]:
        """Every action that the page shows or counts."""
        own = self.problem.record.actions if self.problem is not None else ()
        return (*(action for entry in self.reviews for action in entry.record.actions), *own)


def page_of(entry: IncidentEntry, site: Site) -> Page:
    """Plan the page of an incident."""
    incident = entry.record
    path = urls.path_of(entry.name)
    around = _around(entry, site)
    return Page(
        path=path,
        kind="incident",
        title=f"{entry.id} {incident.title}",
        description=incident.summary or f"{label(incident.status)}: {incident.title}",
        make=lambda: _content(entry, around, site, path),
        section=urls.INCIDENTS,
        source=entry.path,
        updated=_last_change(incident, site.now),
        shows_toc=True,
        key=_key(entry, around, site),
    )


def _around(entry: IncidentEntry, site: Site) -> Around:
    links = entry.record.links
    named = named_by(entry, site)
    problem = site.readable((links.problem or links.known_error) if links else None)
    similar = similar_to(entry, frozenset(one.id for one in named), site)
    return Around(named, site.published.reviews_of(entry.id), problem, similar)


def _key(entry: IncidentEntry, around: Around, site: Site) -> str:
    larger = site.published.followed_by(entry.id)
    told = (*entry.record.updates, *(update for one in larger for update in one.record.updates))
    return site.key(
        entry,
        *larger,
        *around.named,
        *around.reviews,
        *(one.entry for one in around.similar),
        facts=(
            len(site.published.backlinks(entry.id)),
            tuple(one.facts for one in around.similar),
            tuple(site.overdue(action) for action in around.actions),
            _duty_facts(entry, around.reviews, site),
        ),
        by_time=is_open(entry.record) or not is_all_said(told, site.now),
    )


def _duty_facts(
    entry: IncidentEntry, reviews: Iterable[RecordEntry[Review]], site: Site
) -> tuple[object, ...] | None:
    """What time, or other incidents of its kind, may change about the review that is owed.

    Judging costs more than all the rest of a key. It is left out where the answer follows from the
    records named already: the review is published; or nothing of its kind stands beside it, and a day
    by which any review would be due is long past.
    """
    if not site.internal or any(one.record.status is ReviewStatus.PUBLISHED for one in reviews):
        return None
    incident = entry.record
    over, stored = incident.resolved or incident.closed, incident.overrides and incident.overrides.review_due
    is_alone = len(site.published.kin(entry.id)) <= 1
    if is_alone and not stored and over is not None and over < site.now - _longest_wait(site):
        return None
    duty = review_duty(entry, site.published, site.now)
    return None if duty is None else (duty.required_because, duty.overdue)


def _longest_wait(site: Site) -> timedelta:
    """After this a review is overdue by any policy, in any calendar that works one day a week."""
    days = max((policy.due_working_days for policy in site.taxonomy.review_policies), default=0)
    return timedelta(weeks=days) + _SETTLED


def _last_change(incident: Incident, now: datetime) -> date | None:
    known = (incident.closed, incident.resolved, incident.opened, *(update.at for update in incident.updates))
    past = [at for at in known if at is not None and at <= now]
    return max(past).date() if past else None


def _content(entry: IncidentEntry, around: Around, site: Site, path: str) -> Content:
    incident, prefix = entry.record, urls.up(path)
    body = site.markdown(entry.body, entry, path, top_level=3, taken=_ANCHORS)
    assessment = assess(incident, site.taxonomy, site.now) if site.internal else None
    clocks = assessment.clocks if assessment is not None else ()
    duty = review_duty(entry, site.published, site.now, clocks) if site.internal else None
    stretches = stretches_of(incident, site)
    known = Known(
        worst_by_service(stretches), state_by_service(incident, site), around.reviews, duty, around.problem
    )
    course = course_of(incident, phases_of(incident, site.now, internal=site.internal), stretches, site)
    happened = Html(f'<div class="ib-body">{body.html}</div>\n') if body.html.strip() else NOTHING
    sections = (
        ("timeline", "Timeline", Html(course + story_of(entry, site, path))),
        (
            "service-levels",
            "Service levels",
            levels_of(incident, assessment, site) if clocks and assessment else NOTHING,
        ),
        ("services", "Services", table_of(stretches, site, prefix) if stretches else NOTHING),
        ("what-happened", "What happened", happened),
        ("review", "Review and actions", section_of(around.reviews, duty, site, prefix)),
        ("related", "Related", list_of_links(related(entry, site, path))),
        (
            "similar",
            "What is known",
            list_of_similar(around.similar, site, prefix) if around.similar else NOTHING,
        ),
        ("people", "People", people_of(incident, site)),
    )
    html = [
        head_of(entry, site, path),
        facts_of(entry, site, prefix),
        glance_of(entry, known, site, path),
        signs_of(incident),
        *(piece for id_, title, inside in sections if inside for piece in (heading(id_, title), inside)),
        site.zone_note,
    ]
    toc = [TocItem(id_, title, _inner(body, id_)) for id_, title, inside in sections if inside]
    return site.content("".join(html), toc, _search(entry, site, body.html))


def _inner(body: Rendered, id_: str) -> tuple[TocItem, ...]:
    if id_ != "what-happened":
        return ()
    return tuple(TocItem(one.id, one.text) for one in body.headings if one.level == 3)


def _search(entry: IncidentEntry, site: Site, body: str) -> tuple[SearchEntry, ...]:
    incident = entry.record
    texts = [
        incident.summary or "",
        " ".join(incident.symptoms),
        " ".join(site.service_name(impact.service) for impact in incident.services),
        incident.resolution.summary or "" if incident.resolution else "",
        plain_text(body),
        " ".join(update.text for update in said_until(incident.updates, site.now)),
    ]
    text = " ".join(part for part in texts if part)
    return (SearchEntry(f"{entry.id} {incident.title}", text, tags=("Incident", label(incident.status))),)
