"""The happenings that several kinds of record tell in the same way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from hashlib import blake2b

from incidentbook.history.happening import EventType, Happening, Version
from incidentbook.records import Action, ActionState, Update


def said(
    version: Version,
    type_: EventType,
    at: datetime | date | None,
    *which: str | None,
    like: EventType | None = None,
    entry: str | None = None,
    **detail: str | None,
) -> Happening:
    """A happening of a version; `which` tells it from others of its type, and empty details are left out.

    `like` is the type that it shares its keys with, where the same thing may be told as one or the other.
    """
    told = {name.rstrip("_"): text for name, text in detail.items() if text}
    key = ((like or type_).value, *(word or "" for word in which))
    return Happening(type_, version.name, key, at, told, entry)


def moment_of(at: datetime | None) -> str:
    """A time as a part of a key: the same in whatever zone somebody wrote it."""
    return "" if at is None else at.astimezone(UTC).isoformat()


def updates(version: Version, posted: Sequence[Update]) -> Iterator[Happening]:
    """What readers were told; an update is known by what it said and when.

    Its `id` is no part of that: two branches may both give it away, and their merge gives another.
    """
    for update in posted:
        type_ = EventType.UPDATE_CORRECTED if update.corrects else EventType.UPDATE_POSTED
        yield said(
            version, type_, update.at, moment_of(update.at), _digest(update.text),
            like=EventType.UPDATE_POSTED, entry=update.id, status=update.status.value, text=update.text,
            by=update.by, corrects=update.corrects, visibility=update.visibility.value,
        )  # fmt: skip


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()


def actions(version: Version, promised: Sequence[Action]) -> Iterator[Happening]:
    """Improvements promised, done and dropped; an action is known by its title."""
    for action in promised:
        due = action.due.isoformat() if action.due else None
        yield said(
            version, EventType.ACTION_OPENED, None, action.title, entry=action.id, title=action.title,
            owner=action.owner, due=due,
        )  # fmt: skip
        if action.state is ActionState.DONE:
            yield said(
                version, EventType.ACTION_DONE, action.done, action.title, entry=action.id,
                title=action.title,
            )  # fmt: skip
        elif action.state is ActionState.DROPPED:
            yield said(
                version, EventType.ACTION_DROPPED, None, action.title, entry=action.id, title=action.title,
                reason=action.reason,
            )  # fmt: skip
