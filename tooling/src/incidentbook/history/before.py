"""The archive before a change, made of the one after it and of the files that differ."""

from __future__ import annotations

import errno
from bisect import insort
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from incidentbook.archive import Archive, Entry
from incidentbook.cache import code_fingerprint
from incidentbook.gitrepo import PathChange, read_blobs
from incidentbook.records import parse_name
from incidentbook.source import Stat, Tree
from incidentbook.taxonomy import load_taxonomy


class TreeBefore:
    """The files of a revision, told from those after it and what differs: nothing else is listed or read."""

    def __init__(self, revision: str, after: Tree, paths: Iterable[PathChange]) -> None:
        self.root: Path = after.root
        self._revision = revision
        self._after = after
        changes = tuple(paths)
        self._blobs = {change.old_path: change.before[0] for change in changes if change.before[0]}
        self.gone = frozenset(path for change in changes for path in (change.path, change.old_path))

    @property
    def different(self) -> tuple[str, ...]:
        """The files of this revision that are another afterwards, or gone."""
        return tuple(sorted(self._blobs))

    @property
    def revision(self) -> str | None:
        """The commit."""
        return self._revision

    @property
    def dirty(self) -> bool:
        """Never: a commit is what it is."""
        return False

    @cached_property
    def _listing(self) -> tuple[str, ...]:
        kept = (path for path in self._after.paths() if path not in self.gone)
        return tuple(sorted({*kept, *self._blobs}))

    @cached_property
    def _texts(self) -> dict[str, bytes]:
        """What records and settings said that differ; attachments may be large, and are not here."""
        wanted = sorted({blob for path, blob in self._blobs.items() if path.endswith((".md", ".yml"))})
        return dict(zip(wanted, read_blobs(self.root, wanted), strict=True)) if wanted else {}

    def paths(self) -> Sequence[str]:
        """Every file in ROOMS, sorted."""
        return self._listing

    def read(self, path: str) -> bytes:
        """The bytes of a file."""
        blob = self._blobs.get(path)
        if blob is not None:
            return self._texts[blob] if blob in self._texts else next(read_blobs(self.root, [blob]))
        if path in self.gone:
            raise FileNotFoundError(errno.ENOENT, "there is no such file in this revision", path)
        return self._after.read(path)

    def content_hash(self, path: str) -> str | None:
        """The blob's name, where the file differs."""
        return self._blobs.get(path) or self._after.content_hash(path)

    def stat(self, path: str) -> Stat | None:
        """What tells whether a file has changed that does not differ."""
        return None if path in self.gone else self._after.stat(path)


def archive_before(after: Archive, revision: str, paths: Sequence[PathChange]) -> Archive:
    """The archive of a revision from which `after` differs by `paths`.

    What did not change is shared with `after`; the taxonomy, too, where no file of schema/ changed.
    Raises what `load_archive` raises where the revision's settings cannot be read.
    """
    tree = TreeBefore(revision, after.tree, paths)
    taxonomy, configuration = after.taxonomy, after.configuration
    if any(path.startswith("schema/") for path in tree.gone):
        # past the cache, which holds the one taxonomy that most runs ask for
        taxonomy, configuration = load_taxonomy(tree)
    entries = [entry for entry in after.entries if entry.path not in tree.gone]
    for path in tree.different:
        name = parse_name(path)
        if name is not None:
            # few are put among many that are in order
            insort(entries, Entry(name, path, tree, after.cache, code_fingerprint()), key=_order)
    return Archive(tree, tuple(entries), taxonomy, configuration, after.cache)


def _order(entry: Entry[Any]) -> tuple[tuple[str, int, int, str], str]:
    return entry.name.sort_key(), entry.path
