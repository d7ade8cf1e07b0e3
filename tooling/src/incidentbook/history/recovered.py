"""The last version of a record that can be read, where the base's own cannot."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from incidentbook.archive import Archive, Entry
from incidentbook.cache import Cache
from incidentbook.gitrepo.file_log import file_versions
from incidentbook.history.changes import Change
from incidentbook.source import MAX_BYTES, Overlay

_FRONT_MATTER = re.compile(rb"---\r*\n.*?^---\r*$\n?", re.MULTILINE | re.DOTALL)


def with_what_could_be_read(found: Iterable[Change]) -> tuple[Change, ...]:
    """Compare a record whose base cannot be read with the last version before it that can."""
    return tuple(
        replace(one, before=_last_readable(one.before, one.base) or one.before)
        if one.before is not None and not one.before.readable and one.after is not None
        else one
        for one in found
    )


def _last_readable(entry: Entry[Any], base: Archive) -> Entry[Any] | None:
    for data in file_versions(base.tree.root, base.revision or "HEAD", entry.path):
        files = {entry.path: _within_bounds(data)}
        version: Entry[Any] = Entry(entry.name, entry.path, Overlay(base.tree, files), Cache.open(None), "")
        if version.readable:
            return version
    return None


def _within_bounds(data: bytes) -> bytes:
    """A record without the text that makes it too large: most of what is compared stands above it."""
    front = _FRONT_MATTER.match(data) if len(data) > MAX_BYTES else None
    return front[0] if front else data
