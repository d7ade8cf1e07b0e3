"""Where what came in is looked for and written: what every place can do, and the files on disk."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from incidentbook.archive import Archive
from incidentbook.edits import Numbers, create_record, names_in_use, record_text, writing
from incidentbook.intake.known import Known
from incidentbook.intake.opening import Opening
from incidentbook.records import KINDS
from incidentbook.source import read_document, read_shape, write_text


class Place(Protocol):
    """Where records are looked for and written."""

    archive: Archive

    def find(self, system: str, id_: str) -> Known | None:
        """The newest record of something that came in; None where there is none."""

    def open(self, opening: Opening, message: str) -> Known:
        """Write a new record."""

    def amend(self, known: Known, changes: Mapping[str, Any], message: str) -> Known:
        """Write a record again, with some fields changed."""

    def branch_of(self, known: Known) -> str | None:
        """The branch that a record waits on, if any."""

    def refusal(self, system: str, id_: str) -> Refusal | None:
        """The last pull request of something that came in which people closed without merging it."""


@dataclass(frozen=True)
class Refusal:
    """A pull request that people closed without merging it: its address, and when that was."""

    url: str
    at: datetime


def newest_of(archive: Archive, system: str, id_: str) -> Known | None:
    """The record of an origin that was opened last."""
    found = [
        entry
        for entry in archive.incidents
        if entry.record.origin and (entry.record.origin.system, entry.record.origin.id) == (system, id_)
    ]
    newest = max(found, key=lambda entry: (_opened(entry.record.opened), entry.name.sort_key()), default=None)
    full = archive.get(newest.id) if newest else None
    return Known.of(full) if full else None


def unreadable_with(archive: Archive, id_: str) -> str | None:
    """A record file that cannot be read and seems to be of an origin: it must not get a twin."""
    pattern = re.compile(rf"""\bid:\s*["']?{re.escape(id_)}["']?\s*[,}}\n]""")
    for entry in archive.entries:
        if entry.kind == "incident" and not entry.readable and pattern.search(entry.document.text):
            return entry.path
    return None


def _opened(at: datetime | None) -> float:
    return at.timestamp() if at else 0.0


def known_as(id_: str, path: str, text: str) -> Known:
    """The record of a text that was written by us, or read before it was changed."""
    document = read_document(path, text.encode())
    record, _ = read_shape(document, KINDS["incident"].model, document.values or {})
    assert record is not None  # noqa: S101  see above
    return Known(id_, path, record, document)  # type: ignore[arg-type]


class OnDisk:
    """The files of the working tree: what `new` does."""

    def __init__(self, root: Path, archive: Archive) -> None:
        self.archive = archive
        self._root = root
        self._written: dict[tuple[str, str], Known] = {}

    @cached_property
    def _numbers(self) -> Numbers:
        return Numbers(names_in_use(self.archive))

    def find(self, system: str, id_: str) -> Known | None:
        """The newest record of an origin, one that was written in this run before all."""
        return self._written.get((system, id_)) or newest_of(self.archive, system, id_)

    def open(self, opening: Opening, message: str) -> Known:  # noqa: ARG002
        """Write a new record under the next free ID."""
        text = record_text("incident", opening.values, opening.body)
        year = opening.values["opened"].astimezone(UTC).year
        with writing():
            name, path = create_record(self._root, "incident", year, text, self._numbers)
        return self._remember(known_as(name.id, path.relative_to(self._root).as_posix(), text))

    def amend(self, known: Known, changes: Mapping[str, Any], message: str) -> Known:  # noqa: ARG002
        """Write the file again."""
        text = known.with_changes(changes)
        with writing():
            write_text(self._root / known.path, text)
        return self._remember(known_as(known.id, known.path, text))

    def branch_of(self, known: Known) -> str | None:  # noqa: ARG002
        """None: it lies in the files."""
        return None

    def refusal(self, system: str, id_: str) -> None:
        """None: nobody is asked for what lies in the files."""

    def _remember(self, known: Known) -> Known:
        if known.record.origin:
            self._written[known.record.origin.system, known.record.origin.id] = known
        return known
