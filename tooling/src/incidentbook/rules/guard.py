"""The guard of an automatic merge: does a change do anything but add updates to open incidents?"""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from incidentbook.archive.archive import CACHE_FOLDER
from incidentbook.diagnostics import Span
from incidentbook.gitrepo import prefix_in_repository
from incidentbook.gitrepo.whole import PLAIN_FILE, FileChange, everything_changed
from incidentbook.records import KINDS, parse_name
from incidentbook.rules.registry import Finding
from incidentbook.source import Document, read_document

_OPEN = KINDS["incident"].open_states
_ADVICE = "leave it for a pull request that somebody reviews"


def more_than_updates(root: Path, base: str) -> Iterator[Finding]:
    """Find what a change does besides adding updates to open incidents, in the whole Git repository.

    Both what is committed and what is on disk are held against the base: the one is what would be
    merged, the other what was checked. Raises what `run_git` raises.
    """
    prefix = prefix_in_repository(root)
    told: set[tuple[str, str]] = set()
    for head in ("HEAD", None):
        for change in everything_changed(root, base, head):
            if (
                head is None
                and change.mode_before is None
                and change.path.startswith(f"{prefix}{CACHE_FOLDER}/")
            ):
                continue  # our own, made by this very run where nobody told Git to ignore it
            path = _in_records(change.path, prefix)
            for message, span in _faults(change, path if change.path.startswith(prefix) else None):
                if (path, message) not in told:
                    told.add((path, message))
                    yield Finding(span, message, _ADVICE, path)


def _in_records(path: str, prefix: str) -> str:
    """A path from the records folder, where those in the repository are from its top."""
    return posixpath.relpath(path, prefix) if prefix else path


def _faults(change: FileChange, record: str | None) -> Iterator[tuple[str, Span | None]]:
    name = parse_name(record) if record is not None else None
    if change.mode_before is None:
        yield "the change adds a file", None
    elif change.mode_after is None:
        yield "the change removes a file", None
    elif name is None or name.kind != "incident":
        yield "the change is not to an incident", None
    elif (change.mode_before, change.mode_after) != (PLAIN_FILE, PLAIN_FILE):
        yield "the change turns the file into another sort of file", None
    elif change.before is None or change.after is None:
        yield "the file cannot be read", None
    else:
        yield from _beyond_updates(
            read_document(record or "", change.before), read_document(record or "", change.after)
        )


def _beyond_updates(before: Document, after: Document) -> Iterator[tuple[str, Span | None]]:
    old, new = before.values, after.values
    # what is read in two ways, such as a key that stands twice, could be merged as the other
    if old is None or new is None or before.diagnostics or after.diagnostics:
        yield "the incident cannot be read", None
        return
    for values in (old, new):
        if values.get("status") not in _OPEN:
            yield f"the incident is not open, but `{values.get('status')}`", after.span("status")
            return
    if before.body != after.body:
        yield "the change touches the text below the fields", None
    for key in sorted({*old, *new} - {"updates"}):
        if key not in new or key not in old or _exactly(old[key]) != _exactly(new[key]):
            yield f"the change touches `{key}`", after.key_span(key) if key in new else None
    yield from _beyond_additions(old.get("updates"), new.get("updates"), after)


def _beyond_additions(old: Any, new: Any, after: Document) -> Iterator[tuple[str, Span | None]]:
    told, now = old if old is not None else [], new if new is not None else []
    if not isinstance(told, list) or not isinstance(now, list):
        yield "`updates` is no list", None
        return
    for index, update in enumerate(told):
        if index >= len(now):
            yield (
                "the change removes an update",
                after.key_span("updates") if "updates" in (after.values or {}) else None,
            )
            return
        if _exactly(update) != _exactly(now[index]):
            yield (
                "the change touches an update that was there, or puts one before it",
                after.span("updates", index),
            )
            return


def _exactly(value: Any) -> str:
    """A value so that 1, 1.0 and true are three, and the order of keys is none."""
    return json.dumps(value, sort_keys=True, default=repr)
