"""What a management report says is late: reviews that are required, and actions that were promised."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import Any

from incidentbook.archive import RecordEntry
from incidentbook.clocks import DutyStatus, ReviewDuty, review_duties
from incidentbook.metrics import Ledger
from incidentbook.records import ActionState
from incidentbook.reports.management.words import person_name, plain, team_name

_STATUS = {
    DutyStatus.WAITING: "incident open",
    DutyStatus.MISSING: "not begun",
    DutyStatus.DRAFT: "draft",
    DutyStatus.IN_REVIEW: "in review",
    DutyStatus.PUBLISHED: "published",
}


@dataclass(frozen=True, slots=True)
class LateReview:
    """A required review that is overdue."""

    incident: str
    title: str
    due: str
    days_late: int
    status: str
    owner: str
    because: str


@dataclass(frozen=True, slots=True)
class LateAction:
    """A promised action that is overdue."""

    title: str
    source: str
    due: str
    days_late: int
    owner: str


def late_reviews(ledger: Ledger) -> tuple[LateReview, ...]:
    """Return the reviews that are overdue now, the latest first, of whatever period."""
    duties = [duty for duty in review_duties(ledger.records, ledger.now) if duty.overdue]
    duties.sort(key=lambda duty: (duty.due_day is None, duty.due_day, duty.incident.id))
    return tuple(_late_review(ledger, duty) for duty in duties)


def _late_review(ledger: Ledger, duty: ReviewDuty) -> LateReview:
    today = ledger.taxonomy.day_of(ledger.now)
    owner = ", ".join(person_name(ledger, handle) for handle in duty.owners)
    because = ", ".join(str(trigger).replace("_", " ") for trigger in duty.required_because)
    return LateReview(
        incident=duty.incident.id,
        title=plain(duty.incident.record.title),
        due=duty.due_day.isoformat() if duty.due_day else "",
        days_late=max((today - duty.due_day).days, 1) if duty.due_day else 0,
        status=_STATUS[duty.status],
        owner=owner or (team_name(ledger, duty.team) if duty.team else "nobody"),
        because=because.replace("p1", "P1") or "the record asks for it",
    )


def late_actions(ledger: Ledger) -> tuple[LateAction, ...]:
    """Return the actions of reviews and problems that are open past their day, the latest first."""
    today = ledger.taxonomy.day_of(ledger.now)
    sources = chain[RecordEntry[Any]](ledger.records.reviews, ledger.records.problems)
    found = [
        LateAction(
            title=plain(action.title),
            source=entry.id,
            due=action.due.isoformat(),
            days_late=(today - action.due).days,
            owner=person_name(ledger, action.owner),
        )
        for entry in sources
        for action in entry.record.actions
        if action.state is ActionState.OPEN and action.due is not None and action.due < today
    ]
    found.sort(key=lambda late: (late.due, late.source, late.title))
    return tuple(found)
