"""IDs of entries that both sides have given away, each to another entry: one gets the next free ID."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from incidentbook.edits.blocks import offsets
from incidentbook.edits.merging_shapes import Shape
from incidentbook.edits.merging_values import meant
from incidentbook.source import Document, read_document

_FOLLOWING = "corrects"
"""The key by which an entry names another of its list."""

_NUMBERED = re.compile(r"(?P<stem>.*?)(?P<number>[0-9]+)", re.DOTALL)

Change = tuple[tuple[str | int, ...], str, str]
"""The place of a value, what it is and what it shall be."""


def told_apart(
    shape: Shape, base: Document, ours: Document, theirs: Document
) -> tuple[Document, Document, tuple[str, ...]]:
    """Give every entry an ID of its own, where two sides have each added one under the same.

    The earlier one keeps the ID; what corrects the other one follows it. Says what was renamed.
    """
    found: tuple[list[Change], list[Change]] = ([], [])
    for key, field in shape.fields.items():
        if field.item and field.item.entries and field.item.entries.named:
            sides = [_named(document, key) for document in (base, ours, theirs)]
            for mine, old, new in _renamed(sides[0], sides[1], sides[2], field.item.entries.time):
                document = ours if mine else theirs
                found[0 if mine else 1].extend(_changes(document, key, old, new, sides[0]))
    notes = tuple(
        f"{place[0]}: both sides added `{old}`; the later one is now `{new}`"
        for place, old, new in sorted([*found[0], *found[1]], key=str)
        if place[-1] == "id"
    )
    return _rewritten(ours, found[0]), _rewritten(theirs, found[1]), notes


def _named(document: Document, key: str) -> dict[str, Mapping[str, Any]]:
    """The entries of a list by their IDs, each ID that stands there once."""
    entries = (document.values or {}).get(key)
    found: dict[str, list[Mapping[str, Any]]] = {}
    for entry in entries if isinstance(entries, list) else []:
        if isinstance(entry, dict) and isinstance(entry.get("id"), str):
            found.setdefault(entry["id"], []).append(entry)
    return {name: same[0] for name, same in found.items() if len(same) == 1}


def _renamed(
    base: Mapping[str, Any], ours: Mapping[str, Any], theirs: Mapping[str, Any], time: str | None
) -> Iterator[tuple[bool, str, str]]:
    taken = {*base, *ours, *theirs}
    for name in sorted((ours.keys() & theirs.keys()) - base.keys(), key=_number):
        if meant(ours[name]) == meant(theirs[name]):
            continue
        mine, yours = (_rank(side[name], time) for side in (ours, theirs))
        new = _next(name, taken)
        taken.add(new)
        yield mine > yours, name, new


def _rank(entry: Mapping[str, Any], time: str | None) -> tuple[str, str]:
    return (meant(entry.get(time)) if time else "", meant(entry))


def _number(name: str) -> tuple[str, int, str]:
    match = _NUMBERED.fullmatch(name)
    return (match["stem"], int(match["number"]), name) if match else (name, 0, name)


def _next(name: str, taken: set[str]) -> str:
    match = _NUMBERED.fullmatch(name)
    stem, width = (match["stem"], len(match["number"])) if match else (f"{name}-", 1)
    numbers = [number for other, number, _ in map(_number, taken) if other == stem]
    return f"{stem}{max([*numbers, 1]) + 1:0{width}}"


def _changes(document: Document, key: str, old: str, new: str, known: Mapping[str, Any]) -> Iterator[Change]:
    for index, entry in enumerate((document.values or {})[key]):
        if not isinstance(entry, dict):
            continue
        if entry.get("id") == old:
            yield (key, index, "id"), old, new
        if entry.get(_FOLLOWING) == old and entry.get("id") not in known:
            yield (key, index, _FOLLOWING), old, new


def _rewritten(document: Document, changes: list[Change]) -> Document:
    """The file with some values changed where they stand, whatever quotes are around them."""
    text = document.text
    for start, end, old, new in sorted(
        ((*offsets(document, *place), old, new) for place, old, new in changes), reverse=True
    ):
        text = text[:start] + text[start:end].replace(old, new, 1) + text[end:]
    return read_document(document.path, text.encode()) if changes else document
