"""Where what came in is written: the files on disk, or a branch for each thing that came in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from incidentbook.archive import Archive, load_archive
from incidentbook.edits import Numbers, create_record, names_in_use, record_text, writing
from incidentbook.gitrepo import Signature, commit_to_branch, open_revision, resolve_revision
from incidentbook.gitrepo.branches import branches, has_been, is_ancestor
from incidentbook.intake.alerts.alert import hashed
from incidentbook.intake.known import Known
from incidentbook.intake.opening import Opening
from incidentbook.records import KINDS
from incidentbook.records.kinds import home_of
from incidentbook.source import Stat, Tree, read_document, read_shape, write_text

FOLDER = "intake/"
"""What the names of our branches begin with."""


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


def branch_name(system: str, id_: str) -> str:
    """The branch of something that came in: the same each time it comes, and nothing of what it says."""
    slug = re.sub(r"[^a-z0-9]+", "-", system.lower()).strip("-")[:40] or "origin"
    return f"{FOLDER}{slug}-{hashed(system, id_)}"


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


def _known(id_: str, path: str, text: str) -> Known:
    document = read_document(path, text.encode())
    record, _ = read_shape(document, KINDS["incident"].model, document.values or {})
    assert record is not None  # noqa: S101  it was written by us, or read before it was changed
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
        return self._remember(_known(name.id, path.relative_to(self._root).as_posix(), text))

    def amend(self, known: Known, changes: Mapping[str, Any], message: str) -> Known:  # noqa: ARG002
        """Write the file again."""
        text = known.with_changes(changes)
        with writing():
            write_text(self._root / known.path, text)
        return self._remember(_known(known.id, known.path, text))

    def branch_of(self, known: Known) -> str | None:  # noqa: ARG002
        """None: it lies in the files."""
        return None

    def _remember(self, known: Known) -> Known:
        if known.record.origin:
            self._written[known.record.origin.system, known.record.origin.id] = known
        return known


class OnBranches:
    """A branch for each thing that came in, made past the working tree; what waits there counts as here."""

    def __init__(self, root: Path, author: Signature | None, remote: str, base: Archive) -> None:
        self.archive = base
        self._root = root
        self._author = author
        self._remote = remote
        self._head = resolve_revision(root, "HEAD")
        self._branches: dict[str, str] = {}

    @cached_property
    def _numbers(self) -> Numbers:
        return Numbers(names_in_use(self.archive))

    def find(self, system: str, id_: str) -> Known | None:
        """The newest record of an origin: one that waits on its branch before what is merged."""
        for name, tip in reversed(_numbered(self._root, branch_name(system, id_), self._remote)):
            if is_ancestor(self._root, tip, self._head):
                continue
            there = load_archive(open_revision(self._root, tip), cache=self.archive.cache)
            known = newest_of(there, system, id_)
            if known is not None and not self._is_merged(known, there):
                self._branches[known.id] = name
                return known
        return newest_of(self.archive, system, id_)

    def _is_merged(self, known: Known, there: Archive) -> bool:
        entry, here = there.get(known.id), self.archive.get(known.id)
        if entry is None or here is None:
            return False
        same = entry.content_hash == here.content_hash
        return same or has_been(self._root, known.path, entry.content_hash, self._head)

    def open(self, opening: Opening, message: str) -> Known:
        """Commit a new record to a branch of its own."""
        text = record_text("incident", opening.values, opening.body)
        name = self._numbers.next("incident", opening.values["opened"].astimezone(UTC).year)
        known = _known(name.id, home_of(name), text)
        return self._commit(known, text, message.replace("{id}", name.id))

    def amend(self, known: Known, changes: Mapping[str, Any], message: str) -> Known:
        """Commit a changed record to the branch that it waits on, else to a new one."""
        text = known.with_changes(changes)
        return self._commit(_known(known.id, known.path, text), text, message.replace("{id}", known.id))

    def branch_of(self, known: Known) -> str | None:
        """The branch that a record waits on."""
        return self._branches.get(known.id)

    def _commit(self, known: Known, text: str, message: str) -> Known:
        branch = self._branches.get(known.id) or self._free(known)
        changes = {known.path: text.encode()}
        commit_to_branch(self._root, branch, changes, message, base=self._head, author=self._author)
        self._branches[known.id] = branch
        return known

    def _free(self, known: Known) -> str:
        """The name of an origin's branch, with a number where that was used and merged before."""
        origin = known.record.origin
        name = branch_name(origin.system, origin.id) if origin else f"{FOLDER}{known.id.lower()}"
        taken = _numbered(self._root, name, self._remote)
        return f"{name}-{_number(taken[-1][0], name) + 1}" if taken else name


def _numbered(root: Path, name: str, remote: str) -> list[tuple[str, str]]:
    """The branches of one origin with their commits, in the order in which they were made."""
    pattern = re.compile(re.escape(name) + r"(-[0-9]{1,6})?")
    found = [(key, tip) for key, tip in branches(root, name, remote).items() if pattern.fullmatch(key)]
    return sorted(found, key=lambda pair: _number(pair[0], name))


def _number(branch: str, name: str) -> int:
    return int(branch.removeprefix(name).removeprefix("-") or "1")


class Altered:
    """A tree in which one file says something else: what would be, if it were written."""

    def __init__(self, tree: Tree, path: str, data: bytes) -> None:
        self.root = tree.root
        self._tree = tree
        self._path = path
        self._data = data

    @property
    def revision(self) -> str | None:
        """The commit that the files are based on."""
        return self._tree.revision

    @property
    def dirty(self) -> bool:
        """Always: one file differs."""
        return True

    def paths(self) -> Sequence[str]:
        """Every file, the one that differs among them."""
        return sorted({*self._tree.paths(), self._path})

    def read(self, path: str) -> bytes:
        """The bytes of a file."""
        return self._data if path == self._path else self._tree.read(path)

    def content_hash(self, path: str) -> str | None:
        """The blob name of a file where it is known without reading it."""
        return None if path == self._path else self._tree.content_hash(path)

    def stat(self, path: str) -> Stat | None:
        """What tells whether a file has changed."""
        return None if path == self._path else self._tree.stat(path)
