"""What happened to a record, by time, as its own fields tell it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from incidentbook.records import Audience, Incident, Maintenance, Record, Review, Update
from incidentbook.taxonomy import Taxonomy

_MARKS = (
    ("started", "service began to suffer"),
    ("detected", "detected"),
    ("opened", "logged"),
    ("acknowledged", "acknowledged"),
    ("declared", "declared major"),
    ("mitigated", "harm contained"),
    ("restored", "service back"),
    ("resolved", "resolved"),
    ("closed", "closed"),
    ("cancelled", "cancelled"),
    ("announced", "announced"),
    ("known_error", "cause and workaround known"),
    ("published", "published"),
)


def course_of(record: Record, taxonomy: Taxonomy, now: datetime) -> tuple[tuple[datetime, str], ...]:
    """Every moment that a record tells until now, the oldest first."""
    found = [*_marks(record)]
    if isinstance(record, Incident):
        found += [*_hands(record), *_holds(record, taxonomy), *_work(record)]
    if isinstance(record, Incident | Maintenance):
        found += [(update.at, _told(update)) for update in record.updates]
    return tuple(sorted((one for one in found if one[0] <= now), key=lambda one: one[0]))


def _marks(record: Any) -> Iterator[tuple[datetime, str]]:
    by = {"resolved": getattr(record, "resolved_by", None), "closed": getattr(record, "closed_by", None)}
    for name, words in _MARKS:
        at = getattr(record, name, None)
        if isinstance(at, datetime):
            told = "writing began" if name == "started" and isinstance(record, Review) else words
            yield at, f"{told} by {by[name]}" if by.get(name) else told


def _hands(incident: Incident) -> Iterator[tuple[datetime, str]]:
    for one in incident.assignments:
        whom = ", ".join(word for word in (one.owner, one.team) if word)
        yield one.at, f"assigned to {whom or 'nobody'}"
    for call in incident.escalations:
        yield call.at, f"escalated to {call.to}" + (f": {call.reason}" if call.reason else "")
    for again in incident.reopenings:
        yield again.resolved, "called resolved"
        yield again.reopened, "reopened" + (f": {again.reason}" if again.reason else "")


def _holds(incident: Incident, taxonomy: Taxonomy) -> Iterator[tuple[datetime, str]]:
    for hold in incident.holds:
        reason = taxonomy.hold_reason(hold.reason)
        note = f": {hold.note}" if hold.note else ""
        yield hold.from_, f"on hold, {reason.name if reason else hold.reason}{note}"
        if hold.to is not None:
            yield hold.to, "taken up again"


def _work(incident: Incident) -> Iterator[tuple[datetime, str]]:
    for sort, notes in (("", incident.steps), ("decided: ", incident.decisions)):
        for note in notes:
            yield note.at, f"{sort}{note.text}" + (f" ({note.by})" if note.by else "")


def _told(update: Update) -> str:
    whom = "" if update.visibility is Audience.PUBLIC else f" {update.visibility}"
    return f"told{whom} readers ({update.status.replace('_', ' ')}): {update.text}"
