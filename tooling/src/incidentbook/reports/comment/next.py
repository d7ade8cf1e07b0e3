"""What a record lacks for its next state: the check is asked as if it were there already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from incidentbook.archive import Archive, Entry
from incidentbook.cache import Cache
from incidentbook.diagnostics import Diagnostic, Severity
from incidentbook.edits import with_values
from incidentbook.rules.engine import check
from incidentbook.source import Overlay

NEXT: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "incident": {
            "new": "in_progress",
            "assigned": "in_progress",
            "in_progress": "resolved",
            "on_hold": "resolved",
            "resolved": "closed",
        },
        "review": {"draft": "in_review", "in_review": "published"},
        "maintenance": {"scheduled": "in_progress", "in_progress": "completed"},
        "problem": {"open": "known_error", "known_error": "resolved", "resolved": "closed"},
        "article": {"draft": "published"},
        "handover": {"written": "acknowledged"},
    }
)
"""By kind of record: the state that most often follows each; the last states have none."""


@dataclass(frozen=True)
class Lacking:
    """What keeps a record from a state: what the check would find there and does not find now."""

    status: str
    found: tuple[Diagnostic, ...]


def lacking(
    archive: Archive, entry: Entry[Any], present: Iterable[Diagnostic], now: datetime
) -> Lacking | None:
    """Tell what a record lacks for its next state; None where no state follows.

    `present` is what the check finds of it as it stands.
    """
    status = NEXT[entry.kind].get(entry.record.status)
    if status is None or archive.at(entry.path) is not entry:
        return None
    text = with_values(entry.document, {"status": status})
    known = {found.code for found in present}
    diagnostics = check(_with_file(archive, entry, text.encode()), now=now, paths=[entry.path]).diagnostics
    return Lacking(
        status,
        tuple(
            found
            for found in diagnostics
            if found.path == entry.path and found.severity is not Severity.NOTE and found.code not in known
        ),
    )


def _with_file(archive: Archive, entry: Entry[Any], data: bytes) -> Archive:
    """The archive as it would be if one file said something else; nothing of it is kept."""
    cache = Cache.open(None)
    tree = Overlay(archive.tree, {entry.path: data})
    changed: Entry[Any] = Entry(entry.name, entry.path, tree, cache, "")
    entries = tuple(changed if one is entry else one for one in archive.entries)
    return Archive(tree, entries, archive.taxonomy, archive.configuration, cache)
