"""The page for those who only want to get on with their work: their questions, answered in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from incidentbook.archive import RecordEntry
from incidentbook.feeds.addresses import ATOM, CALENDAR, JSON_FEED
from incidentbook.metrics import Summary
from incidentbook.pages import times
from incidentbook.pages.article import ArticleEntry
from incidentbook.pages.caseload import LEAST, Caseload
from incidentbook.pages.page import Content, Page, TocItem
from incidentbook.pages.problem import ProblemEntry
from incidentbook.pages.site import Site
from incidentbook.publication import urls
from incidentbook.publication.standing import (
    OPERATIONAL,
    UNDER_MAINTENANCE,
    IncidentEntry,
    said_until,
    start_of,
    window_of,
)
from incidentbook.records import (
    ActionState,
    ArticleStatus,
    Audience,
    ProblemStatus,
    Readers,
    Review,
    ReviewStatus,
)
from incidentbook.records.parts import Update
from incidentbook.taxonomy.settings import Reporting

GOING_ON, PLANNED, HINTS, ARTICLES, REVIEWS = 8, 5, 6, 8, 5
"""How many are shown: open incidents, planned work, workarounds, articles, and reviews."""

STATES = {
    OPERATIONAL: "Works",
    UNDER_MAINTENANCE: "Planned work",
    "degraded_performance": "Slow or unreliable",
    "partial_outage": "Partly down",
    "major_outage": "Down",
}
"""What the states of a service are called by those who do not run it."""

_SAID = {
    "investigating": "We are looking for the cause.",
    "identified": "We know what is wrong and are putting it right.",
    "monitoring": "It should work again. We are watching it.",
    "resolved": "It works again.",
    "on_hold": "We are waiting for somebody or something before we can go on.",
}
_WORKED_ON = "We know of it and are working on it."


@dataclass(frozen=True)
class Trouble:
    """Something that does not work now: what it is, how far we are, and the last that was said of it."""

    entry: IncidentEntry
    services: tuple[str, ...]
    since: datetime | None
    progress: str
    words: Markup | None
    said: datetime | None


@dataclass(frozen=True)
class Contact:
    """How to report trouble, with what a telephone and a mail program understand."""

    report: Reporting

    @property
    def mail_link(self) -> str:
        """The address as a link; nothing in it can add a subject or another reader."""
        return f"mailto:{quote(self.report.mail or '', safe='@')}"

    @property
    def phone_link(self) -> str:
        """The number as a link: a telephone wants digits alone."""
        return "tel:" + "".join(sign for sign in self.report.phone or "" if sign in "+0123456789")


def index(site: Site) -> Page:
    """Plan the page of questions."""
    return Page(
        path=urls.HELP,
        kind="help",
        title="Help",
        description="Is something down, is it only me, when will it be fixed, and how do I report it?",
        make=lambda: _content(site),
        single=True,
    )


def _content(site: Site) -> Content:
    standing = site.standing
    report = site.taxonomy.settings.report
    has_contact = report is not None and any((report.text, report.url, report.mail, report.phone))
    questions = (
        ("down", "Is something down?"),
        ("only-me", "Is it only me?"),
        ("when", "When will it be fixed?"),
        ("meanwhile", "What can I do meanwhile?"),
        ("report", "How do I report it?"),
        ("why", "Why did it happen, and will it happen again?"),
        ("next-time", "How do I hear of it next time?"),
    )
    reviews = _reviews(site)
    actions = [action for entry in site.published.reviews for action in entry.record.actions]
    return site.fill(
        "help.html",
        urls.HELP,
        [TocItem(id_, question) for id_, question in questions],
        questions=dict(questions),
        standing=standing,
        is_down=any(state != UNDER_MAINTENANCE for state, _ in standing.affected),
        plain_states=STATES,
        troubles=tuple(_troubles(site)),
        open_count=len(standing.open_incidents),
        planned=(*standing.running, *standing.coming)[:PLANNED],
        window_of=window_of,
        usual=_usual(site),
        hints=tuple(_hints(site))[:HINTS],
        articles=_articles(site)[:ARTICLES],
        contact=Contact(report) if report is not None and has_contact else None,
        reviews=reviews[:REVIEWS],
        promised=len(actions),
        kept=sum(action.state is ActionState.DONE for action in actions),
        feeds={"atom": ATOM, "json": JSON_FEED, "calendar": CALENDAR},
    )


def _troubles(site: Site) -> Iterator[Trouble]:
    for entry in site.standing.open_incidents[:GOING_ON]:
        incident = entry.record
        update = _last_for_everyone(incident.updates, site.now)
        words = None
        if update is not None:
            words = site.message(update.text, entry, urls.HELP, prefix=f"{entry.id}-")
        elif incident.summary:
            words = site.message(incident.summary, entry, urls.HELP, prefix=f"{entry.id}-")
        state = update.status.value if update else incident.status.value
        names = tuple(name for _, name in site.impact_pairs(incident))
        yield Trouble(
            entry,
            names,
            start_of(incident),
            _SAID.get(state, _WORKED_ON),
            words,
            update.at if update else None,
        )


def _last_for_everyone(updates: tuple[Update, ...], now: datetime) -> Update | None:
    """The newest update that was written for readers; what colleagues told each other is not."""
    public = [update for update in said_until(updates, now) if update.visibility is Audience.PUBLIC]
    return public[-1] if public else None


def _usual(site: Site) -> tuple[str, str, int] | None:
    """How long interruptions usually last: (half of them, nine of ten, of how many); None of too few."""
    spent: Summary = Caseload(site.ledger.counted, site).to_restore
    if spent.n < LEAST or spent.median_s is None or spent.p90_s is None:
        return None
    half, most = (
        times.duration_words(timedelta(seconds=seconds)) for seconds in (spent.median_s, spent.p90_s)
    )
    return half, most, spent.n


def _hints(site: Site) -> Iterator[ProblemEntry]:
    """Known errors whose workaround is not for engineers alone, those of services that are ill first."""
    ill = {one.service.id for one in site.standing.services if one.state != OPERATIONAL}
    found = [
        entry
        for entry in site.published.problems
        if entry.record.status is ProblemStatus.KNOWN_ERROR
        and entry.record.workaround
        and _is_for_everyone(entry, site)
    ]
    yield from sorted(found, key=lambda entry: (not _touches(entry, ill, site), entry.id))


def _is_for_everyone(entry: ProblemEntry, site: Site) -> bool:
    """Public ones are; of the others, those that an article explains to more than engineers."""
    if entry.record.visibility is Audience.PUBLIC:
        return True
    links = entry.record.links
    articles = (site.readable(id_) for id_ in (links.articles if links else ()))
    return any(article.record.readers is not Readers.ENGINEERS for article in articles if article is not None)


def _articles(site: Site) -> list[ArticleEntry]:
    """Published articles for everyone, those of services that are ill first."""
    ill = {one.service.id for one in site.standing.services if one.state != OPERATIONAL}
    found = [
        entry
        for entry in site.published.articles
        if entry.record.status is ArticleStatus.PUBLISHED and entry.record.readers is Readers.EVERYONE
    ]
    return sorted(found, key=lambda entry: (not _touches(entry, ill, site), entry.record.title.casefold()))


def _touches(entry: RecordEntry[Any], services: set[str], site: Site) -> bool:
    return any(site.service_id(key) in services for key in entry.record.services)


def _reviews(site: Site) -> list[RecordEntry[Review]]:
    """Published reviews, the newest first."""
    found = [entry for entry in site.published.reviews if entry.record.status is ReviewStatus.PUBLISHED]
    return sorted(
        found,
        key=lambda entry: (entry.record.published.timestamp() if entry.record.published else 0, entry.id),
        reverse=True,
    )
