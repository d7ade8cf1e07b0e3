"""A tree in which some files say something else than in the tree below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from incidentbook.source.tree import Stat, Tree


class Overlay:
    """The files of another tree; of some it knows other bytes."""

    def __init__(self, below: Tree, files: Mapping[str, bytes]) -> None:
        self.root: Path = below.root
        self._below = below
        self._files = files

    @property
    def revision(self) -> str | None:
        """The commit that it is based on."""
        return self._below.revision

    @property
    def dirty(self) -> bool:
        """Always: it is nobody's commit."""
        return True

    def paths(self) -> Sequence[str]:
        """Every file of either."""
        return sorted({*self._below.paths(), *self._files})

    def read(self, path: str) -> bytes:
        """The bytes of a file. Raises what the tree below raises."""
        return self._files[path] if path in self._files else self._below.read(path)

    def content_hash(self, path: str) -> str | None:
        """Not known of what has other bytes."""
        return None if path in self._files else self._below.content_hash(path)

    def stat(self, path: str) -> Stat | None:
        """Not to be had of what has other bytes."""
        return None if path in self._files else self._below.stat(path)
