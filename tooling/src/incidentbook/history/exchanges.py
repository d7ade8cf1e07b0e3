"""Records that made way for others of the same ID: Git sees no move where the old name is still taken."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from incidentbook.archive import Entry
from incidentbook.history.changes import Change


def with_exchanges(found: Iterable[Change]) -> tuple[Change, ...]:
    """Tell a record that made way for another of the same ID from one that was rewritten."""
    listed = tuple(found)
    new = {_identity(one.after): one for one in listed if one.before is None and one.after is not None}
    moved: dict[str, Change] = {}
    result = []
    for one in listed:
        heir = new.get(_identity(one.before)) if _is_another(one) else None
        if heir is None or heir.name.kind != one.name.kind:
            result.append(one)
        else:
            moved[heir.name.id] = replace(heir, before=one.before, renumbered_from=one.name)
            result.append(replace(one, before=None))
    return tuple(moved.get(one.name.id, one) for one in result)


def _is_another(change: Change) -> bool:
    """Whether what stands at a name is no longer what stood there."""
    if change.before is None or change.after is None or change.renumbered_from is not None:
        return False
    return _identity(change.before) != _identity(change.after)


def _identity(entry: Entry[Any] | None) -> tuple[object, ...]:
    """What a record keeps under whatever ID."""
    if entry is None or not entry.readable:
        return (id(entry),)
    record = entry.record
    return (getattr(record, "title", None), getattr(record, "opened", None), getattr(record, "planned", None))
