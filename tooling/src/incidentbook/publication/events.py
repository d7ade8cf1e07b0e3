"""The events that one audience may read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache

from incidentbook.history import Event, EventType, Happening, Version, facts_of
from incidentbook.history.happening import Key
from incidentbook.publication.published import Published, PublishedEntry
from incidentbook.records import Audience, Incident

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
"""What no version of a record tells, but two of them."""

_PLAIN = frozenset({"from", "to"})
"""What a turn tells that nobody wrote: keys of priorities, IDs of the record itself."""


def publish_events(events: Iterable[Event], published: Published) -> tuple[Event, ...]:
    """Take from a stream what an audience may read, by what the published records say today.

    An event is shown where its published record still tells it, and as that tells it: what was withdrawn
    since, what was said to somebody else, and everything of records that are not published is gone. What
    turned between two versions was never in one of them; people of the organisation see it, without the
    words that the record no longer says: it may have been restricted then. The public does not see it, nor
    commits, which name people, nor what is not committed.
    """
    return tuple(_published(events, published))


def _published(events: Iterable[Event], published: Published) -> Iterator[Event]:
    @cache
    def facts(id_: str) -> Mapping[Key, Happening]:
        entry = published.get(id_)
        if entry is None:
            return {}
        return facts_of(Version(entry.name, entry.record, published.taxonomy))

    is_public = published.audience is Audience.PUBLIC
    for event in events:
        id_ = event.known_as.id
        fact = next((facts(id_)[key] for key in event.keys if key in facts(id_)), None)
        if fact is None and not is_public and event.type in _TURNS and published.get(id_) is not None:
            fact = _turn(event.happening, published.get(id_))
        if fact is None or (is_public and event.commit is None):
            continue
        yield replace(event, happening=fact, commit=None if is_public else event.commit)


def _turn(turned: Happening, entry: PublishedEntry | None) -> Happening:
    """A turn with the reason and the time that its record still gives, and no others."""
    record = entry.record if entry is not None else None
    reason = record.priority.reason if isinstance(record, Incident) and record.priority else None
    at = turned.at if isinstance(record, Incident) and record.declared == turned.at else None
    detail = {
        key: text
        for key, text in turned.detail.items()
        if key in _PLAIN or (key == "reason" and text == reason)
    }
    return replace(turned, at=at, detail=detail)
