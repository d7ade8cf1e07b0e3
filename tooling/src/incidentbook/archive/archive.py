"""All records of one tree."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from incidentbook.archive.entry import Entry
from incidentbook.archive.records import Records
from incidentbook.cache import Cache, code_fingerprint
from incidentbook.diagnostics import Diagnostic
from incidentbook.gitrepo import open_working_tree
from incidentbook.records import parse_name
from incidentbook.source import Tree
from incidentbook.taxonomy import Taxonomy, load_taxonomy

CACHE_FOLDER = ".cache"
"""Where a repository keeps what can be computed again."""


class Archive(Records[Entry[Any]]):
    """Every record file of a tree, with the taxonomy of that same tree."""

    def __init__(
        self,
        tree: Tree,
        entries: tuple[Entry[Any], ...],
        taxonomy: Taxonomy,
        configuration: tuple[Diagnostic, ...],
        cache: Cache,
    ) -> None:
        super().__init__(entries, taxonomy, tree)
        self.tree = tree
        self.cache = cache
        self.configuration = configuration

    def under(self, taxonomy: Taxonomy) -> Archive:
        """The same records, judged by another taxonomy."""
        return Archive(self.tree, self.entries, taxonomy, self.configuration, self.cache)

    @cached_property
    def duplicates(self) -> tuple[Entry[Any], ...]:
        """Files whose ID another file, earlier by path, has too."""
        return tuple(entry for entry in self.entries if self._by_id[entry.id] is not entry)

    @cached_property
    def _others(self) -> tuple[str, ...]:
        records = {entry.path for entry in self.entries}
        return tuple(
            path for path in self.tree.paths() if not path.startswith("schema/") and path not in records
        )

    @cached_property
    def _attachments(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for path in self._others:
            owner = self._owner_of(path)
            if owner is not None:
                found.setdefault(owner, []).append(path)
        return {owner: tuple(paths) for owner, paths in found.items()}

    def _owner_of(self, path: str) -> str | None:
        """The record into whose folder a file was put: incidents/2026/INC-2026-0042/graph.png."""
        parts = path.split("/")
        for depth in range(1, len(parts) - 1):
            name = parse_name("/".join(parts[: depth + 1]) + ".md")
            if name is not None and name.id in self._by_id:
                return name.id
        return None

    @cached_property
    def files(self) -> frozenset[str]:
        """Path of every file of the tree, to look one up."""
        return frozenset(self.tree.paths())

    @cached_property
    def _by_path(self) -> dict[str, Entry[Any]]:
        return {entry.path: entry for entry in self.entries}

    def at(self, path: str) -> Entry[Any] | None:
        """The record whose file this is."""
        return self._by_path.get(path)

    def attachments(self, id_: str) -> tuple[str, ...]:
        """Paths of the files that belong to a record."""
        return self._attachments.get(id_, ())

    @cached_property
    def stray(self) -> tuple[str, ...]:
        """Files that are neither a record nor an attachment of one."""
        owned = {path for paths in self._attachments.values() for path in paths}
        return tuple(path for path in self._others if path not in owned)

    @property
    def diagnostics(self) -> Iterator[Diagnostic]:
        """What is wrong with the shape of any record."""
        for entry in self.entries:
            yield from entry.diagnostics


def load_archive(tree: Tree, *, cache: Cache | None = None) -> Archive:
    """Find the records of a tree; each is read when it is asked for.

    Raises an IncidentbookError where schema/incidentbook.yml is missing, broken or of another format.
    """
    store = cache or Cache.open(None)
    taxonomy, configuration = load_taxonomy(tree, cache=store)
    fingerprint = code_fingerprint()
    entries: list[Entry[Any]] = []
    for path in tree.paths():
        name = None if path.startswith("schema/") else parse_name(path)
        if name is not None:
            entries.append(Entry(name, path, tree, store, fingerprint))
    entries.sort(key=lambda entry: (entry.name.sort_key(), entry.path))
    return Archive(tree, tuple(entries), taxonomy, configuration, store)


def open_repository(root: Path) -> Archive:
    """Find the records of the files on disk, with the repository's cache."""
    return load_archive(open_working_tree(root), cache=Cache.open(root / CACHE_FOLDER))
