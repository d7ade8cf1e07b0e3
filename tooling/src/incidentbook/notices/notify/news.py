"""What somebody may be told: events of the stream and what time brings, as one audience may read them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from incidentbook.archive import RecordEntry, Records
from incidentbook.history import Event, EventType
from incidentbook.notices.incident_wants import step_key
from incidentbook.notices.notify.ledger import digest_of, shard_of
from incidentbook.notices.want import Attention, Level, Want
from incidentbook.records import Incident, RecordName
from incidentbook.taxonomy.settings.notifications import DueSort

_TURNS = frozenset(
    {
        EventType.PRIORITY_RAISED,
        EventType.PRIORITY_LOWERED,
        EventType.MAJOR_DECLARED,
        EventType.MAJOR_STOOD_DOWN,
        EventType.RENUMBERED,
        EventType.DELETED,
        EventType.UNDELETED,
    }
)
"""The stream numbers these from where it begins, so that the number is no part of what they are here."""


@dataclass(frozen=True, slots=True)
class News:
    """One thing to tell. All texts but `topic`, `what` and `do` were written by people.

    `key` and `also` say which it is, whatever range or clone it was found in; `topic` is the name of the
    event or of what is due, `subject` the record that it is about: of a review that is its incident.
    `calls` is whom an escalation calls: a team's key, a handle, or a vendor in words.
    """

    key: str
    also: tuple[str, ...]
    shard: str
    topic: str
    is_due: bool
    what: str
    record: RecordName
    subject: str
    title: str
    at: datetime | date | None = None
    detail: Mapping[str, str] = field(default_factory=dict)
    do: str = ""
    path: str = ""
    level: str = ""
    calls: str | None = None

    @property
    def is_end(self) -> bool:
        """Whether it says that an incident is over."""
        return not self.is_due and self.topic in _ENDS


_ENDS = frozenset({EventType.RESOLVED.value, EventType.CLOSED.value, EventType.CANCELLED.value})


def news_of_events(found: Iterable[Event], records: Records[Any]) -> Iterator[News]:
    """Tell events, each with the record as it is called today; `found` is what the audience may read."""
    for event in found:
        entry = records.get(event.known_as.id)
        if entry is None:
            continue
        name, detail = entry.name, event.happening.detail
        calls = detail.get("to") if event.type is EventType.ESCALATED else None
        keys = (*_keys(event, name.id), *_as_due(event, entry))
        yield News(
            key=keys[0],
            also=keys[1:],
            shard=shard_of(name.id, name.year),
            topic=event.type.value,
            is_due=False,
            what=_WORDS.get(event.type, event.type.value.replace("_", " ").capitalize()),
            record=name,
            subject=name.lead_incident or name.id,
            title=_title(records, name),
            at=event.happening.at,
            detail={**detail, "calls": _called(calls, records)} if calls else detail,
            path=entry.path,
            calls=calls,
        )


def _keys(event: Event, id_: str) -> tuple[str, ...]:
    if event.type not in _TURNS:
        every = dict.fromkeys((*event.keys, event.happening.key))
        return tuple(dict.fromkeys(digest_of("event", id_, *key) for key in every))
    detail = event.happening.detail
    # a rebase keeps the author's date, and a range that begins elsewhere tells the same commit
    when = event.commit.authored.isoformat() if event.commit else ""
    turn = (event.type.value, detail.get("from", ""), detail.get("to", ""), when)
    return (digest_of("turn", id_, *turn),)


def _as_due(event: Event, entry: RecordEntry[Any]) -> Iterator[str]:
    """The key under which a step was told while it was due: that it was taken then is nothing new."""
    step, at = event.happening.detail.get("step"), event.happening.at
    if event.type is EventType.ESCALATED and step and isinstance(entry.record, Incident):
        until = at if isinstance(at, datetime) else None
        yield _step_key(entry.name.id, step_key(step), entry.record, until)


def _step_key(id_: str, key: str, incident: Incident, until: datetime | None = None) -> str:
    """A step is told once for each opening, whatever becomes of the time at which it is due."""
    opening = sum(until is None or again.reopened <= until for again in incident.reopenings)
    return digest_of("step", id_, key, str(opening))


def news_of_wants(found: Iterable[Attention], records: Records[Any]) -> Iterator[News]:
    """Tell what time brought: once for each record, thing, due time and level."""
    for attention in found:
        entry = records.get(attention.record)
        if entry is None:
            continue
        for want in attention.wants:
            yield _due(attention, want, entry, records)


def _due(attention: Attention, want: Want, entry: RecordEntry[Any], records: Records[Any]) -> News:
    name = entry.name
    due = want.due.astimezone(UTC) if isinstance(want.due, datetime) else want.due
    level = want.level.name.lower()
    team = records.taxonomy.team(want.team) if want.team else None
    people = [person.name for who in want.who if (person := records.taxonomy.person(who))]
    detail = {
        "subject": want.subject,
        "standing": attention.standing,
        "who": ", ".join(filter(None, (*people, team.name if team else None))),
        "calls": _called(want.calls, records),
    }
    key = digest_of("due", name.id, want.key, due.isoformat(), level)
    if want.calls is not None and isinstance(entry.record, Incident):
        key = _step_key(name.id, want.key, entry.record)
    return News(
        key=key,
        also=(),
        shard=shard_of(name.id, name.year),
        topic=sort_of(want),
        is_due=True,
        what=want.what,
        record=name,
        subject=name.lead_incident or name.id,
        title=attention.title,
        at=want.due,
        detail={key: text for key, text in detail.items() if text},
        do=want.do,
        path=want.path,
        level="late" if want.level is Level.LATE else "at_risk",
        calls=want.calls,
    )


def _called(key: str | None, records: Records[Any]) -> str:
    """What people call the team or person that is called; a vendor is said in words."""
    team, person = (records.taxonomy.team(key), records.taxonomy.person(key)) if key else (None, None)
    return (team.name if team else person.name if person else None) or key or ""


def sort_of(want: Want) -> str:
    """What is due, by the beginning of its key: `action-1f2e` is an action."""
    return next((sort.value for sort in DueSort if want.key.partition("-")[0] == sort), want.key)


def _title(records: Records[Any], name: RecordName) -> str:
    """The title of a record; of a review, that of its incident."""
    for id_ in (name.lead_incident, name.id):
        entry = records.get(id_) if id_ else None
        if entry is not None and getattr(entry.record, "title", None):
            return str(entry.record.title)
    return name.id


def priority_of(records: Records[Any], subject: str) -> str | None:
    """The priority of the incident that something is about."""
    entry = records.get(subject)
    record = entry.record if entry is not None else None
    return records.taxonomy.priority_of(record) if isinstance(record, Incident) else None


_WORDS = {
    EventType.UPDATE_POSTED: "Update",
    EventType.UPDATE_CORRECTED: "Update corrected",
    EventType.HELD: "On hold",
    EventType.RATED: "Rated by the user",
    EventType.CONFIRMED: "Answer of the user",
    EventType.MAJOR_DECLARED: "Major incident declared",
    EventType.MAJOR_STOOD_DOWN: "Major incident stood down",
}
