"""The happenings that several kinds of record tell in the same way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from incidentbook.history.happening import EventType, Happening, Version
from incidentbook.records import Action, ActionState, Update


def said(
    version: Version,
    type_: EventType,
    at: datetime | date | None,
    *which: str,
    **detail: str | None,
) -> Happening:
    """A happening of a version; `which` tells it from others of its type, and empty details are left out."""
    told = {name.rstrip("_"): text for name, text in detail.items() if text}
    return Happening(type_, version.name, (type_.value, *which), at, told)


def updates(version: Version, posted: Sequence[Update]) -> Iterator[Happening]:
    """What readers were told; an update is known by its `id`, else by its time and place among its equals."""
    seen: dict[str, int] = {}
    for update in posted:
        name = update.id or update.at.isoformat()
        seen[name] = count = seen.get(name, 0) + 1
        type_ = EventType.UPDATE_CORRECTED if update.corrects else EventType.UPDATE_POSTED
        yield said(
            version, type_, update.at, name, *([str(count)] if count > 1 else []),
            status=update.status.value, text=update.text, by=update.by, corrects=update.corrects,
            visibility=update.visibility.value,
        )  # fmt: skip


def actions(version: Version, promised: Sequence[Action]) -> Iterator[Happening]:
    """Improvements promised, done and dropped; an action is known by its `id`, else by its title."""
    for action in promised:
        name = action.id or action.title
        due = action.due.isoformat() if action.due else None
        yield said(
            version, EventType.ACTION_OPENED, None, name, title=action.title, owner=action.owner, due=due
        )
        if action.state is ActionState.DONE:
            yield said(version, EventType.ACTION_DONE, action.done, name, title=action.title)
        elif action.state is ActionState.DROPPED:
            yield said(
                version, EventType.ACTION_DROPPED, None, name, title=action.title, reason=action.reason
            )
