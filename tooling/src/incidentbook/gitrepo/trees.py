"""A tree of record files: those on disk, or those of one revision."""

from __future__ import annotations

import os
import stat as stat_module
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

from incidentbook.gitrepo.repository import current_revision, prefix_in_repository, resolve_revision, run_git
from incidentbook.source import ROOMS, OutsideRepositoryError, Stat


class WorkingTree:
    """The files on disk, uncommitted ones included."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @cached_property
    def revision(self) -> str | None:
        """The commit that is checked out; None where there is none."""
        return current_revision(self.root)

    @cached_property
    def _listing(self) -> tuple[str, ...]:
        return tuple(sorted(path for room in ROOMS for path in _walk(self.root, room)))

    def paths(self) -> Sequence[str]:
        """Every file in ROOMS, sorted."""
        return self._listing

    def read(self, path: str) -> bytes:
        """The bytes of a file."""
        full = self.root / path
        if full.is_symlink() and not full.resolve().is_relative_to(self.root.resolve()):
            raise OutsideRepositoryError(path)
        return full.read_bytes()

    def content_hash(self, path: str) -> str | None:  # noqa: ARG002
        """Not known without reading."""
        return None

    def stat(self, path: str) -> Stat | None:
        """Size, time of modification and inode; None for links, whose target may change unseen."""
        try:
            found = os.lstat(f"{self.root}/{path}")
        except OSError:
            return None
        if not stat_module.S_ISREG(found.st_mode):
            return None
        return Stat(found.st_size, found.st_mtime_ns, found.st_ino)


class RevisionTree:
    """The files of one commit, read from Git's object store in one go when first needed."""

    def __init__(self, root: Path, revision: str) -> None:
        self.root = root
        self._revision = revision

    @property
    def revision(self) -> str | None:
        """The commit."""
        return self._revision

    @cached_property
    def _blobs(self) -> dict[str, str]:
        prefix = prefix_in_repository(self.root)
        listing = run_git(
            self.root, "ls-tree", "-r", "-z", "--full-tree", self._revision,
            *(f"{prefix}{room}" for room in ROOMS),
        )  # fmt: skip
        blobs = {}
        for line in listing.split(b"\0"):
            head, _, name = line.partition(b"\t")
            path = name.decode("utf-8", "surrogateescape").removeprefix(prefix)
            # 120000 is a symbolic link, 160000 a submodule: no records
            if head.startswith(b"100") and not _is_left_out(path):
                blobs[path] = head.split()[2].decode()
        return dict(sorted(blobs.items()))

    @cached_property
    def _contents(self) -> dict[str, bytes]:
        wanted = "\n".join(sorted(set(self._blobs.values()))) + "\n"
        return dict(_batch(run_git(self.root, "cat-file", "--batch", stdin=wanted.encode())))

    def paths(self) -> Sequence[str]:
        """Every file in ROOMS, sorted."""
        return tuple(self._blobs)

    def read(self, path: str) -> bytes:
        """The bytes of a file."""
        try:
            return self._contents[self._blobs[path]]
        except KeyError:
            raise FileNotFoundError(path) from None

    def content_hash(self, path: str) -> str | None:
        """The blob's name."""
        return self._blobs.get(path)

    def stat(self, path: str) -> Stat | None:  # noqa: ARG002
        """A commit does not change."""
        return None


def _batch(output: bytes) -> Iterator[tuple[str, bytes]]:
    """Take the answers of `git cat-file --batch` apart: `<name> blob <size>`, the bytes, a newline."""
    position = 0
    while position < len(output):
        end = output.index(b"\n", position)
        name, _, size = output[position:end].split(b" ")
        start = end + 1
        yield name.decode(), output[start : start + int(size)]
        position = start + int(size) + 1


def _walk(root: Path, room: str) -> Iterator[str]:
    pending = [room]
    while pending:
        folder = pending.pop()
        try:
            entries = list(os.scandir(root / folder))
        except OSError:
            continue
        for entry in entries:
            path = f"{folder}/{entry.name}"
            if _is_left_out(path):
                continue
            if entry.is_dir(follow_symlinks=False):
                pending.append(path)
            else:
                yield path


def _is_left_out(path: str) -> bool:
    name = path.rpartition("/")[2]
    return name.startswith(".") or path.startswith("schema/json/") or path == "schema/json"


def open_working_tree(root: Path) -> WorkingTree:
    """Open the files on disk below a folder."""
    return WorkingTree(root)


def open_revision(root: Path, revision: str) -> RevisionTree:
    """Open the files of a revision. Raises UnknownRevisionError or NotAGitRepositoryError."""
    return RevisionTree(root, resolve_revision(root, revision))
