"""Incidents and maintenance as readers were told of them, in Statuspage's words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from incidentbook.archive import RecordEntry
from incidentbook.clocks import LeftOut, left_out_of_measures
from incidentbook.publication import Published
from incidentbook.publication.standing import (
    is_coming,
    is_running,
    said_until,
    start_of,
    window_of,
    words_of,
)
from incidentbook.records import (
    Incident,
    IncidentStatus,
    Level,
    Maintenance,
    MaintenanceStatus,
    Review,
    ReviewStatus,
    ServiceState,
    Update,
    UpdateStatus,
)

OPEN = frozenset({"investigating", "identified", "monitoring"})
ENDED = frozenset({"resolved", "postmortem", "completed"})

_OF_INCIDENT: Mapping[UpdateStatus, str] = MappingProxyType(
    {
        UpdateStatus.SCHEDULED: "investigating",
        UpdateStatus.IN_PROGRESS: "identified",
        UpdateStatus.VERIFYING: "monitoring",
        UpdateStatus.COMPLETED: "resolved",
    }
)
_OF_MAINTENANCE: Mapping[UpdateStatus, str] = MappingProxyType(
    {
        UpdateStatus.INVESTIGATING: "in_progress",
        UpdateStatus.IDENTIFIED: "in_progress",
        UpdateStatus.MONITORING: "verifying",
        UpdateStatus.RESOLVED: "completed",
        UpdateStatus.POSTMORTEM: "completed",
    }
)
"""Words that belong to the other kind, which a client of the API would not know here."""

_STATES: Mapping[ServiceState, str] = MappingProxyType(
    {
        ServiceState.MAJOR_OUTAGE: "critical",
        ServiceState.PARTIAL_OUTAGE: "major",
        ServiceState.DEGRADED_PERFORMANCE: "minor",
        ServiceState.OPERATIONAL: "none",
    }
)
_LEVELS: Mapping[Level | None, str] = MappingProxyType(
    {Level.HIGH: "major", Level.MEDIUM: "minor", Level.LOW: "none", None: "none"}
)
_WORST = ("critical", "major", "minor", "none")

RESOLVED = "This incident has been resolved."
GOES_ON = "Work on this incident goes on."
REOPENED = "The resolution did not hold: we are working on this incident again."
CANCELLED = "This was found to be no incident."
REVIEWED = "The review of this incident has been published."
SCHEDULED = "This maintenance is planned."
RUNNING = "The maintenance is under way."
COMPLETED = "The maintenance is completed."
"""What is said where the record is further than its updates, as Statuspage itself does."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message to readers. `text` is Markdown; `is_written` is false where the record itself says it.

    `source` is the larger incident whose update it is, where it is not the record's own.
    """

    key: str
    at: datetime
    status: str
    text: str
    is_written: bool = True
    corrects: bool = False
    source: RecordEntry[Any] | None = None


@dataclass(frozen=True)
class Announcement:
    """An incident or a maintenance, with its messages from the oldest to the newest: never none.

    `status` is that of the newest message.
    """

    entry: RecordEntry[Any]
    status: str
    impact: str
    created: datetime
    started: datetime
    resolved: datetime | None
    messages: tuple[Message, ...]
    window: tuple[datetime, datetime] | None = None
    """What is planned, of a maintenance."""

    @property
    def updated(self) -> datetime:
        """When something was last said."""
        return max(self.created, self.messages[-1].at)

    @property
    def monitoring(self) -> datetime | None:
        """From when on it was watched."""
        found = (message.at for message in self.messages if message.status in {"monitoring", "verifying"})
        return next(found, None)


def was_announced(incident: Incident) -> bool:
    """Whether readers of the API hear of an incident at all.

    Drills and duplicates are no news; one that was cancelled is, where readers had been told of it.
    """
    reason = left_out_of_measures(incident)
    return reason is None or (reason is LeftOut.CANCELLED and bool(incident.updates))


def created_of(entry: RecordEntry[Any], now: datetime) -> datetime:
    """When readers could first know of an incident or a maintenance: never after now.

    Where that is said nowhere it is the first day of the year that the ID names: a moment that does not
    move from build to build, as that of the build would.
    """
    record = entry.record
    said = min([update.at for update in record.updates]) if record.updates else None
    if isinstance(record, Maintenance):
        first = record.announced or said or window_of(record)[0]
    else:
        first = record.opened or said or start_of(record) or record.resolved or record.closed
    if first is not None and said is not None:
        first = min(first, said)
    if first is None or first > now:
        year = datetime(entry.name.year or now.year, 1, 1, tzinfo=UTC)
        return min(year, now)
    return first


def changed_of(entry: RecordEntry[Any], created: datetime, published: Published, now: datetime) -> datetime:
    """When its announcement last changed, without making it: this is asked of every record."""
    record = entry.record
    if isinstance(record, Maintenance):
        times = [update.at for update in record.updates]
        times += [at for at in (record.cancelled, *window_of(record)) if at is not None]
    else:
        times = [update.at for _, updates in words_of(entry, published) for update in updates]
        last = record.resolved or record.closed or record.cancelled
        times += [last] if last else []
        times += [reopening.reopened for reopening in record.reopenings]
        reviewed = _reviewed(entry, published)
        times += [reviewed] if reviewed else []
    return max([at for at in times if at <= now], default=created)


def announce(
    entry: RecordEntry[Any], published: Published, now: datetime, beside: Collection[str] = ()
) -> Announcement:
    """Tell what readers know of one record at a moment, also by what is said of those that it follows.

    `beside` are the IDs of records that are told in the same place: what they tell is not told again.
    """
    if isinstance(entry.record, Maintenance):
        return _maintenance(entry, now)
    return _incident(entry, published, now, beside)


def _incident(
    entry: RecordEntry[Incident], published: Published, now: datetime, beside: Collection[str]
) -> Announcement:
    incident = entry.record
    created = created_of(entry, now)
    messages = _messages(_said(entry, published, now, beside), _OF_INCIDENT)
    resolved: datetime | None = None
    if incident.status is IncidentStatus.CANCELLED:
        resolved = _end(messages, created, now, incident.cancelled, incident.closed)
        _conclude(messages, ("resolved", "postmortem"), "resolved", CANCELLED, resolved)
    elif incident.status in (IncidentStatus.RESOLVED, IncidentStatus.CLOSED):
        resolved = _end(messages, created, now, incident.resolved, incident.closed, incident.restored)
        text = RESOLVED if messages else incident.summary or RESOLVED
        _conclude(messages, ("resolved", "postmortem"), "resolved", text, resolved)
        reviewed = _reviewed(entry, published)
        if reviewed is not None and reviewed <= now:
            _conclude(messages, ("postmortem",), "postmortem", REVIEWED, max(reviewed, messages[-1].at))
    elif not messages:
        mitigated = next((at for at in (incident.mitigated, incident.restored) if at and at <= now), None)
        status = "monitoring" if mitigated else "investigating"
        text = incident.summary or incident.title
        messages.append(Message(status, mitigated or created, status, text, is_written=False))
    elif messages[-1].status not in OPEN:
        again = max((one.reopened for one in incident.reopenings if one.reopened <= now), default=created)
        # a larger incident may be over, and this one not
        text = REOPENED if messages[-1].source is None else GOES_ON
        messages.append(
            Message("reopened", max(again, messages[-1].at), "investigating", text, is_written=False)
        )
    return Announcement(
        entry=entry,
        status=messages[-1].status,
        impact=_impact(incident),
        created=created,
        started=start_of(incident) or created,
        resolved=resolved,
        messages=tuple(messages),
    )


def _maintenance(entry: RecordEntry[Maintenance], now: datetime) -> Announcement:
    work = entry.record
    created = created_of(entry, now)
    start, end = window_of(work)
    own = ((update, None) for update in said_until(work.updates, now))
    messages = _messages(own, _OF_MAINTENANCE)
    resolved: datetime | None = None
    if work.status is MaintenanceStatus.CANCELLED:
        resolved = _end(messages, created, now, work.cancelled)
        _conclude(messages, ("completed",), "completed", work.cancel_reason or "Called off.", resolved)
    elif is_running(work, now):
        _conclude(messages, ("in_progress", "verifying"), "in_progress", RUNNING, start or created)
    elif is_coming(work, now):
        text = SCHEDULED if messages else work.summary or SCHEDULED
        _conclude(messages, ("scheduled",), "scheduled", text, created)
    else:
        resolved = _end(messages, created, now, end)
        _conclude(messages, ("completed",), "completed", COMPLETED, resolved)
    return Announcement(
        entry=entry,
        status=messages[-1].status,
        impact="maintenance",
        created=created,
        started=created,
        resolved=resolved,
        messages=tuple(messages),
        window=_planned(work),
    )


def _planned(work: Maintenance) -> tuple[datetime, datetime] | None:
    """The window as it was announced, else as it was; one whose end nobody has said ends as it begins."""
    actual = window_of(work)
    start = (work.planned.from_ if work.planned else None) or actual[0]
    end = (work.planned.to if work.planned else None) or actual[1]
    return None if start is None else (start, max(start, end or start))


_Said = tuple[Update, RecordEntry[Any] | None]
"""An update, and the larger incident whose it is; None for one of the record's own."""


def _said(
    entry: RecordEntry[Incident], published: Published, now: datetime, beside: Collection[str]
) -> Sequence[_Said]:
    """What was said until now, the oldest first; of two at one time its own is last, for that counts."""
    found: list[_Said] = []
    for whose, updates in words_of(entry, published):
        if whose is not entry and whose.id in beside:
            break  # that one tells what those above it say, too
        found += [(update, None if whose is entry else whose) for update in said_until(updates, now)]
    return sorted(found, key=lambda one: (one[0].at, one[1] is None))


def _messages(said: Iterable[_Said], other: Mapping[UpdateStatus, str]) -> list[Message]:
    """The messages of some updates; of two with one key the second has a key of its own."""
    messages: list[Message] = []
    taken: set[str] = set()
    for update, source in said:
        key = update.id or update.at.astimezone(UTC).isoformat()
        key = key if source is None else f"{source.id} {key}"
        while key in taken:
            key += "+"
        taken.add(key)
        status = other.get(update.status) or update.status.value
        corrects = update.corrects is not None
        messages.append(Message(key, update.at, status, update.text, corrects=corrects, source=source))
    return messages


def _end(messages: list[Message], created: datetime, now: datetime, *times: datetime | None) -> datetime:
    """When it ended: the first of these times that has come, else when readers were last told so, or told."""
    said = next((message.at for message in reversed(messages) if message.status in ENDED), None)
    newest = messages[-1].at if messages else created
    return next((at for at in times if at is not None and at <= now), said or newest)


def _conclude(messages: list[Message], states: tuple[str, ...], status: str, text: str, at: datetime) -> None:
    """Say what the record is, unless the newest message does."""
    if messages and messages[-1].status in states:
        return
    latest = max(at, messages[-1].at) if messages else at
    messages.append(Message(status, latest, status, text, is_written=False))


def _reviewed(entry: RecordEntry[Incident], published: Published) -> datetime | None:
    """When a review of an incident was published, as far as the reader may know."""
    reviews = published.reviews_of(entry.id)
    if not reviews:
        return None
    found = (published_at(review.record) for review in reviews)
    return min((at for at in found if at is not None), default=None)


def published_at(review: Review) -> datetime | None:
    """When a review was published; None of a draft."""
    return review.published if review.status is ReviewStatus.PUBLISHED else None


def _impact(incident: Incident) -> str:
    """How bad it was at its worst, in one of Statuspage's words: what services suffered, else how wide."""
    if incident.status is IncidentStatus.CANCELLED:
        return "none"
    found = {_STATES[impact.state] for impact in incident.services}
    if found:
        return min(found, key=_WORST.index)
    return "critical" if incident.major else _LEVELS[incident.impact]
