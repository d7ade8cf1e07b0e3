"""New entries of a list in the place that their time gives them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from pydantic_core import PydanticCustomError

from incidentbook.edits.blocks import is_flow, item_blocks, newline_of
from incidentbook.edits.flow import before, in_flow
from incidentbook.edits.front_matter import append_items, as_read, is_so, item_lines, reread, with_values
from incidentbook.edits.patches import Edit, patched, replaced_lines
from incidentbook.records.fields import parse_instant
from incidentbook.source import Document

_TIMES: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("assignments", "escalations", "steps", "decisions", "updates"), "at"),
        "holds": "from",
        "reopenings": "resolved",
    }
)
"""By list of a record: the key of an entry that says when it was. These lists are read as a story."""


def add_in_time(document: Document, key: str, items: Sequence[Mapping[str, Any]]) -> str:
    """Return the text of a YAML file with items added to a list, each behind what happened before it.

    Entries of other lists, and those whose times cannot be read, are added to the end.
    """
    present: Sequence[Any] = (document.values or {}).get(key) or []
    added = [as_read(dict(item)) for item in items]
    places = {_place(key, present, item) for item in added}
    if places <= {len(present)}:
        return append_items(document, key, items)
    if len(places) == 1:
        return _inserted(document, key, places.pop(), items)
    for item in items:
        document = reread(document, add_in_time(document, key, [item]))
    return document.text


def _place(key: str, present: Sequence[Any], item: Any) -> int:
    """Behind the last entry that is not later."""
    name = _TIMES.get(key)
    at = _instant(item, name)
    if name is None or at is None:
        return len(present)
    times = [_instant(entry, name) for entry in present]
    return max((index + 1 for index, time in enumerate(times) if time is None or time <= at), default=0)


def _instant(entry: Any, name: str | None) -> datetime | None:
    try:
        return parse_instant(entry[name])
    except (PydanticCustomError, KeyError, TypeError):
        return None


def _inserted(document: Document, key: str, place: int, items: Sequence[Mapping[str, Any]]) -> str:
    """The text with entries before the `place`-th; what stands above that one stays with it."""
    present = (document.values or {})[key]
    whole = [*present[:place], *items, *present[place:]]
    blocks = item_blocks(document, key)
    edits: list[Edit] = []
    if blocks is not None:
        start = document.key_span(key).line + sum(len(block) for block in blocks.items[:place])
        new = item_lines(key, items, blocks.indent, newline_of(document.text))
        edits = [replaced_lines(document, start, start, new)]
    elif is_flow(document, (key,)):
        edits = before(document, (key,), place, [in_flow(as_read(item)) for item in items])
    text = patched(document.text, edits)
    if is_so(document, text, {**(document.values or {}), key: as_read(whole)}):
        return text
    return with_values(document, {key: whole})
