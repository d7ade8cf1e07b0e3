"""The folder of the built site: what it holds, what must be written, what no longer belongs."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path

import msgspec

from incidentbook.cache import Cache

_SPACE = "site"


class _Row(msgspec.Struct, frozen=True, array_like=True):
    """What was written: its stamp, and the size and time by which it is seen that nobody has touched it."""

    stamp: str
    size: int
    mtime_ns: int


_ROWS = msgspec.msgpack.Decoder(dict[str, _Row])


class SiteFolder:
    """A folder that a build fills without emptying it first.

    Each file is written under a stamp that names all it was made of. A file that is still as it was
    written, under the same stamp, is left alone, so that a build writes what changed and a copy to a
    server sends what changed. What no build claims is removed at the end; as MkDocs itself does, names
    that begin with a dot are left.
    """

    def __init__(self, folder: Path, cache: Cache) -> None:
        self.folder = folder
        self._cache = cache
        self._name = str(folder)
        self._known = self._recall()
        self._claimed: dict[str, _Row] = {}
        self._folders: set[str] = set()
        self.written = 0

    def _recall(self) -> dict[str, _Row]:
        try:
            return _ROWS.decode(self._cache.get(_SPACE, self._name) or b"\x80")
        except msgspec.DecodeError:
            return {}

    def has(self, path: str, stamp: str) -> bool:
        """Whether the file is there as it was written under this stamp."""
        row = self._known.get(path)
        if row is None or not stamp or row.stamp != stamp:
            return False
        try:
            found = os.stat(f"{self._name}/{path}")  # noqa: PTH116 -- for each file of the site: Path is slow
        except OSError:
            return False
        return (found.st_size, found.st_mtime_ns) == (row.size, row.mtime_ns)

    def keep(self, path: str, stamp: str) -> bool:
        """Claim a file that is there under this stamp; tell whether it was."""
        if not self.has(path, stamp):
            return False
        self._claimed[path] = self._known[path]
        return True

    def write(self, path: str, data: bytes, stamp: str) -> None:
        """Write a file and claim it. Raises OSError."""
        place = f"{self._name}/{path}"
        self._make_folder(os.path.dirname(place))  # noqa: PTH120
        if os.path.isdir(place):  # noqa: PTH112 -- what was a page's folder is a file now
            shutil.rmtree(place)
        with open(place, "wb") as file:  # noqa: PTH123
            file.write(data)
            file.flush()
            found = os.fstat(file.fileno())
        self._claimed[path] = _Row(stamp, found.st_size, found.st_mtime_ns)
        self.written += 1

    def write_changed(self, path: str, data: bytes, stamp: str = "") -> None:
        """Write a file that was just made; without a stamp its content alone tells whether it is new."""
        stamp = stamp or blake2b(data, digest_size=16).hexdigest()
        if not self.keep(path, stamp):
            self.write(path, data, stamp)

    def adopt(self, other: Path) -> None:
        """Take over every file of another folder."""
        for file in sorted(other.rglob("*")):
            if file.is_file():
                self.write_changed(file.relative_to(other).as_posix(), file.read_bytes())

    def finish(self) -> None:
        """Remove what nobody claimed, and remember what is there."""
        if self.folder.is_dir():
            self._sweep(self._name, "")
        self._cache.put_many(_SPACE, {self._name: msgspec.msgpack.encode(self._claimed)})

    def _make_folder(self, place: str) -> None:
        if place in self._folders:
            return
        try:
            os.makedirs(place, exist_ok=True)  # noqa: PTH103
        except FileExistsError:  # what was a file is a page's folder now
            os.unlink(place)  # noqa: PTH108
            os.makedirs(place, exist_ok=True)  # noqa: PTH103
        self._folders.add(place)

    def _sweep(self, place: str, path: str) -> bool:
        """Remove what is not claimed in a folder; tell whether anything is left in it."""
        left = False
        for entry in list(_entries(place)):
            below = path + entry.name
            if not path and entry.name.startswith("."):
                left = True
            elif entry.is_dir(follow_symlinks=False):
                if self._sweep(entry.path, below + "/"):
                    left = True
                else:
                    os.rmdir(entry.path)  # noqa: PTH106
            elif below in self._claimed:
                left = True
            else:
                os.unlink(entry.path)  # noqa: PTH108
        return left


def _entries(place: str) -> Iterator[os.DirEntry[str]]:
    with os.scandir(place) as entries:
        yield from entries
