"""What each kind of record says happened, read from one version of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from incidentbook.history.happening import EventType, Happening, Key, Version
from incidentbook.history.incident_facts import incident_facts
from incidentbook.history.recorded import actions, said, updates
from incidentbook.records import (
    Article,
    ArticleStatus,
    Handover,
    HandoverStatus,
    Maintenance,
    MaintenanceStatus,
    Problem,
    Review,
    ReviewStatus,
)

_STARTED = (MaintenanceStatus.IN_PROGRESS, MaintenanceStatus.COMPLETED)


def review_facts(version: Version) -> Iterator[Happening]:
    """What a review says happened to it, and to what it promises."""
    review = version.record
    assert isinstance(review, Review)  # noqa: S101  by the table below
    yield said(version, EventType.REVIEW_STARTED, review.started)
    if review.status in (ReviewStatus.IN_REVIEW, ReviewStatus.PUBLISHED):
        yield said(version, EventType.REVIEW_SUBMITTED, None)
    if review.status is ReviewStatus.PUBLISHED:
        yield said(version, EventType.REVIEW_PUBLISHED, review.published, by=", ".join(review.approvers))
    yield from actions(version, review.actions)


def problem_facts(version: Version) -> Iterator[Happening]:
    """What a problem says happened to it."""
    problem = version.record
    assert isinstance(problem, Problem)  # noqa: S101
    yield said(version, EventType.PROBLEM_OPENED, problem.opened, title=problem.title)
    for type_, at, states in (
        (EventType.KNOWN_ERROR_RECORDED, problem.known_error, ("known_error",)),
        (EventType.PROBLEM_RESOLVED, problem.resolved, ("resolved", "closed")),
        (EventType.PROBLEM_CLOSED, problem.closed, ("closed",)),
    ):
        if at is not None or problem.status in states:
            yield said(version, type_, at)
    yield from actions(version, problem.actions)


def article_facts(version: Version) -> Iterator[Happening]:
    """What an article says happened to it: its state alone."""
    article = version.record
    assert isinstance(article, Article)  # noqa: S101
    yield said(version, EventType.ARTICLE_DRAFTED, None, title=article.title)
    if article.status is not ArticleStatus.DRAFT:
        yield said(version, EventType.ARTICLE_PUBLISHED, None, title=article.title)
    if article.status is ArticleStatus.RETIRED:
        yield said(version, EventType.ARTICLE_RETIRED, None, to=article.replaced_by)


def maintenance_facts(version: Version) -> Iterator[Happening]:
    """What a maintenance says happened to it."""
    work = version.record
    assert isinstance(work, Maintenance)  # noqa: S101
    actual = work.actual
    yield said(version, EventType.MAINTENANCE_SCHEDULED, work.announced, title=work.title)
    if work.status in _STARTED:
        yield said(version, EventType.MAINTENANCE_STARTED, actual.from_ if actual else None)
    if work.status is MaintenanceStatus.COMPLETED:
        yield said(version, EventType.MAINTENANCE_COMPLETED, actual.to if actual else None)
    if work.status is MaintenanceStatus.CANCELLED:
        yield said(version, EventType.MAINTENANCE_CANCELLED, work.cancelled, reason=work.cancel_reason)
    yield from updates(version, work.updates)


def handover_facts(version: Version) -> Iterator[Happening]:
    """What a handover says happened to it."""
    note = version.record
    assert isinstance(note, Handover)  # noqa: S101
    yield said(
        version, EventType.HANDOVER_WRITTEN, note.at, team=note.team, to=note.incoming, by=note.outgoing
    )
    if note.status is HandoverStatus.ACKNOWLEDGED:
        yield said(version, EventType.HANDOVER_ACKNOWLEDGED, note.acknowledged, by=note.acknowledged_by)


FACTS: Mapping[str, Callable[[Version], Iterator[Happening]]] = MappingProxyType(
    {
        "incident": incident_facts,
        "review": review_facts,
        "maintenance": maintenance_facts,
        "problem": problem_facts,
        "article": article_facts,
        "handover": handover_facts,
    }
)
"""By kind of record: what one version of it says happened, in the order in which it did."""


def facts_of(version: Version) -> Mapping[Key, Happening]:
    """Everything that a version of a record says happened, by what tells one thing from another.

    What is said twice in the same words happened twice.
    """
    facts: dict[Key, Happening] = {}
    for fact in FACTS[version.name.kind](version):
        key, times = fact.key, 1
        while key in facts:
            times += 1
            key = (*fact.key, str(times))
        facts[key] = fact if times == 1 else replace(fact, key=key)
    return facts
