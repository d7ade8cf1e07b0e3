"""Versions of a record as the stream reads them: each by what differs from the one before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from incidentbook.archive import read_record
from incidentbook.history.facts import facts_of
from incidentbook.history.happening import EventType, Happening, Key, Version
from incidentbook.records import Record, RecordName
from incidentbook.source import (
    Blocks,
    blocks_of,
    read_blocks,
    read_document,
    read_front_matter,
    reshape,
)
from incidentbook.taxonomy import Taxonomy


@dataclass(frozen=True, slots=True)
class Reading:
    """One version of a record, and what it says happened.

    `front` is its front matter as text, and `blocks` has the lines of its keys; None where a later
    version must be read whole, because something was wrong with this one or its layout is unusual.
    What was kept of an earlier run has neither, and of its record only what `comparison.turns` asks for.
    """

    name: RecordName
    record: Record | None
    facts: Mapping[Key, Happening]
    front: str | None
    blocks: Blocks | None

    @property
    def beginning(self) -> Happening:
        """How its story begins."""
        return self.facts[(_BEGINNING[self.name.kind].value,)]

    @property
    def birth(self) -> datetime | date | None:
        """When it says that it began: two records that were given one ID began at different times."""
        return self.beginning.at


_BEGINNING: Mapping[str, EventType] = MappingProxyType(
    {
        "incident": EventType.OPENED,
        "review": EventType.REVIEW_STARTED,
        "maintenance": EventType.MAINTENANCE_SCHEDULED,
        "problem": EventType.PROBLEM_OPENED,
        "article": EventType.ARTICLE_DRAFTED,
        "handover": EventType.HANDOVER_WRITTEN,
    }
)


def read_version(name: RecordName, data: bytes, earlier: Reading | None) -> Reading | None:
    """Read a version of a record; None where the file holds none.

    What `earlier` says in the same words is taken from there: most commits change two lines of thirty.
    """
    front = read_front_matter(data)
    if front is None:
        return None
    if earlier is not None and earlier.name.kind == name.kind:
        if earlier.front == front and earlier.name == name:
            return earlier
        reading = _from_earlier(name, front, earlier)
        if reading is not None:
            return reading
    return _whole(name, front, data)


def _whole(name: RecordName, front: str, data: bytes) -> Reading | None:
    document = read_document(name.id, data)
    record, diagnostics = read_record(document, name.kind)
    if record is None:
        return None
    blocks = None if diagnostics else blocks_of(front, {})
    # the values may have more keys, or fewer: then the lines are not what they seem
    if blocks is not None and list(blocks.values()) != list(document.values or ()):
        blocks = None
    return _reading(name, record, front, blocks)


def _from_earlier(name: RecordName, front: str, earlier: Reading) -> Reading | None:
    known = earlier.blocks
    blocks = blocks_of(front, known) if known is not None else None
    if blocks is None or known is None or earlier.record is None:
        return None
    changed = {lines: key for lines, key in blocks.items() if lines not in known}
    removed = set(known.values()).difference(blocks.values())
    if any(key.startswith("x-") for key in (*changed.values(), *removed)):
        return None
    values = read_blocks(changed) if changed else {}
    record = None if values is None else reshape(earlier.record, values, removed)
    return None if record is None else _reading(name, record, front, blocks)


def _reading(name: RecordName, record: Record, front: str, blocks: Blocks | None) -> Reading:
    return Reading(name, record, facts_of(Version(name, record, _no_taxonomy)), front, blocks)


def _no_taxonomy() -> Taxonomy:
    raise AssertionError("what a record says happened does not depend on schema/")
