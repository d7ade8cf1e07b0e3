"""The events that one audience may read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache

from incidentbook.history import Event, EventType, Happening, Version, facts_of
from incidentbook.history.happening import Key
from incidentbook.publication.published import Published
from incidentbook.records import Audience

_TURNS = frozenset(
    {
        EventType.PRIORITY_RAISED,
        EventType.PRIORITY_LOWERED,
        EventType.MAJOR_DECLARED,
        EventType.MAJOR_STOOD_DOWN,
        EventType.RENUMBERED,
    }
)
"""What no version of a record tells, but two of them."""


def publish_events(events: Iterable[Event], published: Published) -> tuple[Event, ...]:
    """Take from a stream what an audience may read, by what the published records say today.

    An event is shown where its published record still tells it, and as that tells it: what was withdrawn
    since, what was said to somebody else, and everything of records that are not published is gone. What
    turned between two versions was never in one of them; people of the organisation see it, the public
    does not. Neither does the public see commits, which name people, nor what is not committed.
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
        fact = facts(id_).get(event.happening.key)
        if fact is None and not is_public and event.type in _TURNS and published.get(id_) is not None:
            fact = event.happening
        if fact is None or (is_public and event.commit is None):
            continue
        yield replace(event, happening=fact, commit=None if is_public else event.commit)
