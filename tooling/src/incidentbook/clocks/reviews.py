"""Which incidents must be reviewed, why, by when and by whom, and how far each review is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from incidentbook.archive import RecordEntry, Records
from incidentbook.clocks.calendars import calendar_of
from incidentbook.clocks.sla import Clock
from incidentbook.clocks.standing import is_done, left_out_of_measures, resolution_of
from incidentbook.clocks.triggers import Case, holding
from incidentbook.records import Incident, Review, ReviewStatus
from incidentbook.taxonomy.settings import ReviewPolicy, ReviewTrigger
from incidentbook.worktime import WorkCalendar


class DutyStatus(StrEnum):
    """How far a required review is; `waiting` while the incident is open and nothing is written."""

    WAITING = "waiting"
    MISSING = "missing"
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class ReviewDuty:
    """One review that must be written.

    `required_because` names what in the policy asks for it; it is empty where only the record
    does (`overridden` then holds its reason). `due` is when the last day for it is over, in
    UTC, and `due_day` that day in the calendar's zone; both are None while the incident is
    open. `owners` are handles: the review's facilitator or else its authors, else the incident
    manager, else whoever had the incident last; `team` is the team that had it last.
    """

    incident: RecordEntry[Incident]
    review: RecordEntry[Review] | None
    policy: ReviewPolicy
    required_because: tuple[ReviewTrigger, ...]
    due: datetime | None
    due_day: date | None
    status: DutyStatus
    overdue: bool
    owners: tuple[str, ...]
    team: str | None
    before_closing: bool
    published: datetime | None
    overridden: str | None = None

    @property
    def owner(self) -> str | None:
        """Who answers for it first."""
        return self.owners[0] if self.owners else None

    @property
    def is_done(self) -> bool:
        """Whether the review is published."""
        return self.status is DutyStatus.PUBLISHED

    @property
    def is_on_time(self) -> bool | None:
        """Whether it was published by its due time; None while that is open, or not known."""
        if self.due is None or self.published is None:
            return False if self.overdue else None
        return self.published <= self.due


def review_duties(records: Records[Any], now: datetime) -> tuple[ReviewDuty, ...]:
    """Return every review that must be written, or was, by incident ID."""
    duties = (review_duty(entry, records, now) for entry in records.incidents)
    return tuple(duty for duty in duties if duty is not None)


def review_duty(
    entry: RecordEntry[Incident],
    records: Records[Any],
    now: datetime,
    clocks: tuple[Clock, ...] | None = None,
) -> ReviewDuty | None:
    """Return the review that an incident must have, under the policy in force when it opened.

    None where it needs none: no policy is in force, none of its triggers holds, or it is
    cancelled, a duplicate or a drill. The record may say otherwise (`overrides.review_required`).
    Whoever has read the incident's clocks already gives them.
    """
    incident = entry.record
    if left_out_of_measures(incident) is not None:
        return None
    opening = incident.opened or incident.detected or incident.started
    policy = records.taxonomy.review_policy(opening) if opening else None
    if policy is None:
        return None
    because = holding(Case(entry, incident, policy, records, now, clocks))
    stored = incident.overrides.review_required if incident.overrides else None
    if not (stored.value if stored else because):
        return None
    calendar = calendar_of(records.taxonomy, policy.calendar, opening)
    due, due_day = _due(incident, policy, calendar)
    reviews = records.reviews_of(entry.id)
    found = min(
        reviews,
        key=lambda candidate: (_FURTHEST_FIRST.index(candidate.record.status), candidate.id),
        default=None,
    )
    review = found.record if found else None
    status = _status(review, resolved=due is not None)
    return ReviewDuty(
        incident=entry,
        review=found,
        policy=policy,
        required_because=because,
        due=due,
        due_day=due_day,
        status=status,
        overdue=due is not None and now >= due and status is not DutyStatus.PUBLISHED,
        owners=_owners(incident, review),
        team=next((a.team for a in reversed(incident.assignments) if a.team), None),
        before_closing=any(trigger in policy.before_closing for trigger in because),
        published=review.published if review and status is DutyStatus.PUBLISHED else None,
        overridden=stored.reason or "" if stored else None,
    )


def _due(
    incident: Incident, policy: ReviewPolicy, calendar: WorkCalendar
) -> tuple[datetime | None, date | None]:
    stored = incident.overrides.review_due if incident.overrides else None
    if stored is not None:
        return stored.value, (stored.value - timedelta(microseconds=1)).astimezone(calendar.zone).date()
    # A record that was closed without a resolve time (imports have them) was resolved by then.
    over = resolution_of(incident) or (incident.closed if is_done(incident) else None)
    if over is None:
        return None, None
    day = calendar.working_day_after(over, policy.due_working_days)
    return calendar.end_of(day), day


_FURTHEST_FIRST = (ReviewStatus.PUBLISHED, ReviewStatus.IN_REVIEW, ReviewStatus.DRAFT)


def _status(review: Review | None, *, resolved: bool) -> DutyStatus:
    if review is not None:
        return DutyStatus(review.status.value)
    return DutyStatus.MISSING if resolved else DutyStatus.WAITING


def _owners(incident: Incident, review: Review | None) -> tuple[str, ...]:
    if review is not None and (review.facilitator or review.authors):
        return (review.facilitator,) if review.facilitator else review.authors
    if incident.roles is not None and incident.roles.incident_manager:
        return (incident.roles.incident_manager,)
    last = next((a.owner for a in reversed(incident.assignments) if a.owner), None)
    return (last,) if last else ()
