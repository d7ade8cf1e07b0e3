"""A repository as it would be, if one file said something else."""

from __future__ import annotations

from collections.abc import Sequence

from incidentbook.source import Stat, Tree


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
