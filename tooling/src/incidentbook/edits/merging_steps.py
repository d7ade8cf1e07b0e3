"""Steps of an escalation path that both sides of a merge have taken: the first one was the call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from incidentbook.edits.blocks import item_blocks, with_blocks
from incidentbook.edits.front_matter import read_again, with_values
from incidentbook.edits.merging_values import in_utc, meant
from incidentbook.source import Document, read_document

_KEY = "escalations"

_Taken = tuple[str, int]
"""A step, and in which opening of the incident it was taken: a reopening makes it due again."""


def taken_once(
    base: Document, ours: Document, theirs: Document
) -> tuple[Document, Document, tuple[str, ...]]:
    """Leave a step that both sides have added to the side that took it first. Says of which that was so.

    Two runs of `incidentbook escalate --due --apply` write down the same call, each with its own time.
    """
    reopened = sorted({at for document in (ours, theirs) for at in _reopenings(document)})
    known = {meant(entry) for entry in _entries(base)}
    mine, yours = (dict(_new_steps(document, known, reopened)) for document in (ours, theirs))
    dropped: tuple[set[int], set[int]] = (set(), set())
    notes = []
    for taken in sorted(mine.keys() & yours.keys()):
        (at, words, index), (other_at, other_words, other_index) = mine[taken], yours[taken]
        if words == other_words:
            continue  # one entry, which every merge sees
        if (at, words) > (other_at, other_words):
            dropped[0].add(index)
        else:
            dropped[1].add(other_index)
        notes.append(f"{_KEY}: both sides took `{taken[0]}`; the earlier entry stays")
    return _without(ours, dropped[0]), _without(theirs, dropped[1]), tuple(notes)


def _entries(document: Document, key: str = _KEY) -> list[Any]:
    entries = (document.values or {}).get(key)
    return entries if isinstance(entries, list) else []


def _reopenings(document: Document) -> Iterator[str]:
    for entry in _entries(document, "reopenings"):
        at = _moment(entry, "reopened")
        if at is not None:
            yield at


def _moment(entry: Any, key: str) -> str | None:
    value = entry.get(key) if isinstance(entry, Mapping) else None
    return in_utc(value) if isinstance(value, str) else None


def _new_steps(
    document: Document, known: set[str], reopened: list[str]
) -> Iterator[tuple[_Taken, tuple[str, str, int]]]:
    """The first entry of each step that a side has added, by its time, its meaning and its place."""
    found: dict[_Taken, tuple[str, str, int]] = {}
    for index, entry in enumerate(_entries(document)):
        at, words = _moment(entry, "at"), meant(entry)
        if at is None or words in known or not isinstance(entry.get("step"), str):
            continue
        taken = entry["step"], sum(again <= at for again in reopened)
        if taken not in found or (at, words, index) < found[taken]:
            found[taken] = at, words, index
    yield from found.items()


def _without(document: Document, dropped: set[int]) -> Document:
    """The file without some entries; the lines of the others stay as they are."""
    if not dropped:
        return document
    left = [entry for index, entry in enumerate(_entries(document)) if index not in dropped]
    text = _patched(document, dropped, left) if left else None
    return read_document(document.path, (text or with_values(document, {_KEY: left or None})).encode())


def _patched(document: Document, dropped: set[int], left: list[Any]) -> str | None:
    blocks = item_blocks(document, _KEY)
    if blocks is None:
        return None
    kept = [line for index, item in enumerate(blocks.items) if index not in dropped for line in item]
    text = with_blocks(document, {_KEY: [*blocks.head, *kept]}, {})
    wanted = {**(document.values or {}), _KEY: left}
    return text if text is not None and read_again(document, text) == (wanted, document.body) else None
