"""What of the records wants attention at one moment: who must do what, and by when."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import IntEnum
from hashlib import blake2b
from typing import Any

from incidentbook.archive import RecordEntry, Records
from incidentbook.clocks import (
    Clock,
    ClockName,
    ClockState,
    DutyStatus,
    ReviewDuty,
    clocks_of,
    is_done,
    review_duties,
    update_due,
)
from incidentbook.records import (
    Action,
    ActionState,
    Article,
    ArticleStatus,
    Incident,
    Maintenance,
    MaintenanceStatus,
    Problem,
    RecordName,
    Review,
)
from incidentbook.records.kinds import home_of


class Level(IntEnum):
    """How bad it is: still to be kept, or past."""

    AT_RISK = 1
    LATE = 2


@dataclass(frozen=True, slots=True)
class Want:
    """One thing that somebody must do.

    `key` tells it from the others of its record, and holds nothing that a person wrote. `subject` is what
    somebody did write, such as the title of an action. `do` says how, with code between backticks. `who`
    are handles, `team` a key; `path` is the file that it is done in.
    """

    key: str
    level: Level
    what: str
    due: datetime | date
    do: str
    path: str
    who: tuple[str, ...] = ()
    team: str | None = None
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Attention:
    """A record and what it wants, the worst first. A review counts to the incident that it lies beside."""

    record: str
    kind: str
    title: str
    standing: str
    path: str
    wants: tuple[Want, ...]

    @property
    def level(self) -> Level:
        """The worst of it."""
        return max(want.level for want in self.wants)


@dataclass(frozen=True, slots=True)
class _Moment:
    records: Records[Any]
    now: datetime
    today: date


_Found = tuple[RecordName, Want]


def wanting_attention(records: Records[Any], now: datetime) -> tuple[Attention, ...]:
    """Return every record that wants attention: running clocks first, then what is late, by due time.

    These are clocks of open incidents at risk or breached, overdue updates of major ones, overdue reviews,
    overdue actions of reviews and problems, published articles past their review day, and maintenance that
    should have begun or ended.
    """
    moment = _Moment(records, now, records.taxonomy.day_of(now))
    found: dict[str, list[_Found]] = {}
    for look in _LOOKS:
        for name, want in look(moment):
            found.setdefault(name.lead_incident or name.id, []).append((name, want))
    every = (_attention(id_, wants, records) for id_, wants in found.items())
    return tuple(sorted(every, key=lambda one: (*_order(one.wants[0], records), one.record)))


def _order(want: Want, records: Records[Any]) -> tuple[bool, int, float, str]:
    """Clocks and updates before everything else: an article can wait for an outage."""
    due, zone = want.due, records.taxonomy.zone
    instant = due if isinstance(due, datetime) else datetime.combine(due, time(), zone)
    return want.key not in _FIRST, -want.level, instant.timestamp(), want.key


_FIRST = frozenset({*ClockName, "update"})


def _attention(id_: str, found: Sequence[_Found], records: Records[Any]) -> Attention:
    wants = tuple(sorted((want for _, want in found), key=lambda want: _order(want, records)))
    # a review whose incident is gone, or may not be read, stands for itself
    entry = records.get(id_) or records.get(found[0][0].id)
    assert entry is not None  # noqa: S101  it was found among these records
    record = entry.record
    said = [record.status.replace("_", " ")]
    priority = records.taxonomy.priority_of(record) if isinstance(record, Incident) else None
    title = record.title or id_
    return Attention(id_, entry.kind, title, ", ".join(filter(None, (priority, *said))), entry.path, wants)


def _clocks(moment: _Moment) -> Iterator[_Found]:
    for entry in moment.records.incidents:
        incident = entry.record
        if is_done(incident):
            continue
        for clock in clocks_of(incident, moment.records.taxonomy, moment.now):
            if not clock.is_stopped and clock.state in _LEVELS:
                yield entry.name, _clock(entry, clock)


_LEVELS = {ClockState.AT_RISK: Level.AT_RISK, ClockState.BREACHED: Level.LATE}


def _clock(entry: RecordEntry[Incident], clock: Clock) -> Want:
    incident = entry.record
    do = {
        ClockName.RESPONSE: "take it: add `acknowledged:` and set `status: in_progress`",
        ClockName.RESOLUTION: "resolve it, or add the hold or escalation that it waits for",
    }
    return Want(
        key=clock.name.value,
        level=_LEVELS[clock.state],
        what=f"{clock.name.capitalize()} clock {clock.state.replace('_', ' ')}",
        due=clock.due,
        do=f"{do[clock.name]}; `incidentbook sla {entry.id}` shows the clock",
        path=entry.path,
        who=_working_on(incident),
        team=next((one.team for one in reversed(incident.assignments) if one.team), None),
    )


def _updates(moment: _Moment) -> Iterator[_Found]:
    """Open major incidents of which nothing was said for longer than promised."""
    for entry in moment.records.incidents:
        incident = entry.record
        due = None if incident.drill else update_due(entry, moment.records, moment.now)
        if due is not None and due < moment.now:
            roles = incident.roles
            who = (roles.communications_lead, roles.incident_manager) if roles else ()
            yield (
                entry.name,
                Want(
                    key="update",
                    level=Level.LATE,
                    what="Update overdue",
                    due=due,
                    do="tell readers how it stands, if only that nothing has changed: "
                    f"`incidentbook update {entry.id} -m ...`",
                    path=entry.path,
                    who=tuple(dict.fromkeys(one for one in who if one)) or _working_on(incident),
                ),
            )


def _working_on(incident: Incident) -> tuple[str, ...]:
    manager = incident.roles.incident_manager if incident.roles and incident.major else None
    owner = next((one.owner for one in reversed(incident.assignments) if one.owner), None)
    return tuple(dict.fromkeys(who for who in (manager, owner) if who))


def _reviews(moment: _Moment) -> Iterator[_Found]:
    told: set[str] = set()
    for duty in review_duties(moment.records, moment.now):
        # one review may cover several incidents, and is written once
        name = duty.review.name if duty.review else duty.incident.name
        if duty.overdue and duty.due_day is not None and name.id not in told:
            told.add(name.id)
            yield name, _review(duty, duty.due_day)


def _review(duty: ReviewDuty, due: date) -> Want:
    do = {
        DutyStatus.MISSING: "write it, have it approved and publish it",
        DutyStatus.DRAFT: "finish it, have it approved and publish it",
        DutyStatus.IN_REVIEW: "have it approved, and set `status: published` and `published:`",
    }
    name = duty.incident.name
    home = home_of(RecordName("review", f"{name.id}.review", name.year, name.number))
    return Want(
        key="review",
        level=Level.LATE,
        what="Review overdue",
        due=due,
        do=do.get(duty.status, do[DutyStatus.MISSING]),
        path=duty.review.path if duty.review else home,
        who=duty.owners,
        team=duty.team,
    )


def _actions(moment: _Moment) -> Iterator[_Found]:
    entries: tuple[RecordEntry[Review] | RecordEntry[Problem], ...] = (
        *moment.records.reviews,
        *moment.records.problems,
    )
    for entry in entries:
        for number, action in enumerate(entry.record.actions, 1):
            if action.state is ActionState.OPEN and action.due is not None and action.due < moment.today:
                yield entry.name, _action(action, action.due, number, entry.path)


def _action(action: Action, due: date, number: int, path: str) -> Want:
    name = action.id or action.title
    return Want(
        key=f"action-{blake2b(name.encode(), digest_size=6).hexdigest()}",
        level=Level.LATE,
        what=f"Action {number} overdue",
        due=due,
        do="do it and set `state: done` with `done:` and `evidence:`, agree on another `due:`, "
        "or drop it with a `reason:`",
        path=path,
        who=(action.owner,) if action.owner else (),
        subject=action.title,
    )


def _articles(moment: _Moment) -> Iterator[_Found]:
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
                    do="try it again, then set `reviewed:` and another `review_by:`, or retire it",
                    path=entry.path,
                    who=(article.owner,) if article.owner else (),
                    team=article.team,
                ),
            )


def _maintenance(moment: _Moment) -> Iterator[_Found]:
    for entry in moment.records.maintenance:
        work: Maintenance = entry.record
        start = work.planned.from_ if work.planned else None
        end = work.planned.to if work.planned else None
        if work.status is MaintenanceStatus.SCHEDULED and start is not None and start <= moment.now - _GRACE:
            do = (
                "set `status: in_progress` and `actual.from`, move `planned:` and tell readers in an update, "
                "or cancel it with a reason"
            )
            yield entry.name, _work(entry, "start", "Maintenance should have begun", start, do)
        elif work.status is MaintenanceStatus.IN_PROGRESS and end is not None and end <= moment.now - _GRACE:
            do = "set `status: completed` and `actual.to`, or tell readers in an update how long it will take"
            yield entry.name, _work(entry, "end", "Maintenance should have ended", end, do)


_GRACE = timedelta(minutes=15)
"""Who writes that work has begun is allowed to begin it first."""


def _work(entry: RecordEntry[Maintenance], key: str, what: str, due: datetime, do: str) -> Want:
    work = entry.record
    who = (work.owner,) if work.owner else ()
    return Want(f"maintenance-{key}", Level.LATE, what, due, do, entry.path, who, work.team)


_LOOKS: tuple[Callable[[_Moment], Iterator[_Found]], ...] = (
    _clocks,
    _updates,
    _reviews,
    _actions,
    _articles,
    _maintenance,
)
"""Everything that is looked for: one more is one more function."""
