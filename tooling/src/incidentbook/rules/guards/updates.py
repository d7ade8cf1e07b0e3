"""What may be done unseen to the updates of an incident: more of them at the end."""

from __future__ import annotations

from collections.abc import Iterator

from incidentbook.rules.guards.edit import Edit, Fault, exactly
from incidentbook.rules.guards.text import is_inserted_into, lines_of


def adds_updates(edit: Edit, key: str) -> Iterator[Fault]:
    """Find an update that was there and is gone, changed, or no longer where it was."""
    old, new = edit.old.get(key), edit.new.get(key)
    told, now = old if old is not None else [], new if new is not None else []
    if not isinstance(told, list) or not isinstance(now, list):
        yield f"`{key}` is no list", None
        return
    for index, update in enumerate(told):
        if index >= len(now):
            yield "the change removes an update", edit.span(key)
            return
        if exactly(update) != exactly(now[index]):
            yield (
                "the change touches an update that was there, or puts one before it",
                edit.after.span(key, index),
            )
            return
    if told and not is_inserted_into(lines_of(edit.before, key), lines_of(edit.after, key)):
        yield "the change writes updates anew that were there", edit.span(key)
