"""What is wanted when nothing burns: reviews, improvements, articles, planned work."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from hashlib import blake2b

from incidentbook.archive import RecordEntry
from incidentbook.clocks import DutyStatus, ReviewDuty, review_duties
from incidentbook.notices.want import Found, Level, Moment, Want
from incidentbook.records import (
    Action,
    ActionState,
    Article,
    ArticleStatus,
    Maintenance,
    MaintenanceStatus,
    Problem,
    RecordName,
    Review,
)
from incidentbook.records.kinds import home_of


def review_wants(moment: Moment) -> Iterator[Found]:
    """Reviews that are past their day."""
    told: set[str] = set()
    for duty in review_duties(moment.records, moment.now):
        # one review may cover several incidents, and is written once
        name = duty.review.name if duty.review else duty.incident.name
        if duty.overdue and duty.due_day is not None and name.id not in told:
            told.add(name.id)
            yield name, _review(duty, duty.due_day)


def _review(duty: ReviewDuty, due: date) -> Want:
    name = duty.incident.name
    own = f"{name.id}.review"
    missing = f"begin it: `incidentbook review start {name.id}`; then have it approved and publish it"
    id_ = duty.review.id if duty.review else own
    do = {
        DutyStatus.DRAFT: f"finish it and hand it in: `incidentbook review submit {id_}`; then have it "
        "approved and publish it",
        DutyStatus.IN_REVIEW: f"have it approved: `incidentbook review publish {id_} --approver HANDLE`",
    }
    return Want(
        key="review",
        level=Level.LATE,
        what="Review overdue",
        due=due,
        do=do.get(duty.status, missing),
        path=duty.review.path if duty.review else home_of(RecordName("review", own, name.year, name.number)),
        who=duty.owners,
        team=duty.team,
    )


def action_wants(moment: Moment) -> Iterator[Found]:
    """Improvements of reviews and problems that are past their day."""
    entries: tuple[RecordEntry[Review] | RecordEntry[Problem], ...] = (
        *moment.records.reviews,
        *moment.records.problems,
    )
    for entry in entries:
        for number, action in enumerate(entry.record.actions, 1):
            if action.state is ActionState.OPEN and action.due is not None and action.due < moment.today:
                yield entry.name, _action(action, action.due, number, entry)


def _action(
    action: Action, due: date, number: int, entry: RecordEntry[Review] | RecordEntry[Problem]
) -> Want:
    name = action.id or action.title
    which = f"{entry.id} {number}"
    return Want(
        key=f"action-{blake2b(name.encode(), digest_size=6).hexdigest()}",
        level=Level.LATE,
        what=f"Action {number} overdue",
        due=due,
        do=f"do it: `incidentbook action done {which} --evidence ...`; or agree on another `due:`, or "
        f"`incidentbook action drop {which} -m WHY`",
        path=entry.path,
        who=(action.owner,) if action.owner else (),
        subject=action.title,
    )


def article_wants(moment: Moment) -> Iterator[Found]:
    """Published articles that nobody has tried for too long."""
    for entry in moment.records.articles:
        article: Article = entry.record
        due = article.review_by
        if article.status is ArticleStatus.PUBLISHED and due is not None and due < moment.today:
            yield (
                entry.name,
                Want(
                    key="article",
                    level=Level.LATE,
                    what="Article past its review day",
                    due=due,
                    do="try it again, then set `reviewed:` and another `review_by:` with "
                    f"`incidentbook edit {entry.id}`, or `incidentbook article retire {entry.id}`",
                    path=entry.path,
                    who=(article.owner,) if article.owner else (),
                    team=article.team,
                ),
            )


def maintenance_wants(moment: Moment) -> Iterator[Found]:
    """Planned work that should have begun, or ended."""
    for entry in moment.records.maintenance:
        work: Maintenance = entry.record
        start = work.planned.from_ if work.planned else None
        end = work.planned.to if work.planned else None
        if work.status is MaintenanceStatus.SCHEDULED and start is not None and start <= moment.now - _GRACE:
            do = (
                f"`incidentbook maintenance start {entry.id}`; or move `planned:` and tell readers in an "
                f"update, or `incidentbook maintenance cancel {entry.id} -m WHY`"
            )
            yield entry.name, _work(entry, "start", "Maintenance should have begun", start, do)
        elif work.status is MaintenanceStatus.IN_PROGRESS and end is not None and end <= moment.now - _GRACE:
            do = (
                f"`incidentbook maintenance complete {entry.id}`, or tell readers in an update how long it "
                "will take"
            )
            yield entry.name, _work(entry, "end", "Maintenance should have ended", end, do)


_GRACE = timedelta(minutes=15)
"""Who writes that work has begun is allowed to begin it first."""


def _work(entry: RecordEntry[Maintenance], key: str, what: str, due: datetime, do: str) -> Want:
    work = entry.record
    who = (work.owner,) if work.owner else ()
    return Want(f"maintenance-{key}", Level.LATE, what, due, do, entry.path, who, work.team)
