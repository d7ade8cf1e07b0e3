"""A tree of record files: those on disk, or those of one revision."""

from __future__ import annotations

import errno
import os
import stat as stat_module
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from incidentbook.gitrepo.command import GitError, run_git
from incidentbook.gitrepo.objects import batch
from incidentbook.gitrepo.repository import (
    current_revision,
    prefix_in_repository,
    resolve_revision,
    uncommitted,
)
from incidentbook.records import parse_name
from incidentbook.source import ROOMS, LinkedFileError, OutsideRepositoryError, Stat, is_left_out


class WorkingTree:
    """The files on disk, uncommitted ones included."""

    def __init__(self, root: Path, rooms: Sequence[str] = ROOMS) -> None:
        self.root = root
        self._rooms = rooms

    @cached_property
    def revision(self) -> str | None:
        """The commit that is checked out; None where there is none."""
        return current_revision(self.root)

    @cached_property
    def dirty(self) -> bool:
        """Whether any file that is read differs from that commit."""
        if self.revision is None:
            return False
        try:
            return any(not is_left_out(path) for path in uncommitted(self.root, ROOMS))
        except GitError:
            return False

    @cached_property
    def _listing(self) -> tuple[str, ...]:
        return tuple(sorted(_as_text(path) for room in self._rooms for path in _walk(self.root, room)))

    def paths(self) -> Sequence[str]:
        """Every file in ROOMS, sorted."""
        return self._listing

    def read(self, path: str) -> bytes:
        """The bytes of a file."""
        full = self.root / path
        mode = full.lstat().st_mode
        if stat_module.S_ISLNK(mode):
            full = self._target(path)
            mode = full.stat().st_mode
        if stat_module.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, "it is a directory", path)
        if not stat_module.S_ISREG(mode):
            # reading a pipe would wait for ever
            raise OSError(errno.EINVAL, "it is not a regular file", path)
        return full.read_bytes()

    def _target(self, path: str) -> Path:
        """Where a link leads; hidden files, such as those of Git, are not of the repository either."""
        top = self.root.resolve()
        try:
            target = (self.root / path).resolve()
        except RuntimeError:  # a loop, before Python 3.13
            raise OSError(errno.ELOOP, "it is a link that leads to itself", path) from None
        if not target.is_relative_to(top) or any(
            part.startswith(".") for part in target.relative_to(top).parts
        ):
            raise OutsideRepositoryError(path)
        _require_file(path)
        return target

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

    def __init__(self, root: Path, revision: str, rooms: Sequence[str] = ROOMS) -> None:
        self.root = root
        self._revision = revision
        self._rooms = rooms

    @property
    def revision(self) -> str | None:
        """The commit."""
        return self._revision

    @property
    def dirty(self) -> bool:
        """Never: a commit is what it is."""
        return False

    @cached_property
    def _prefix(self) -> str:
        return prefix_in_repository(self.root)

    @cached_property
    def _blobs(self) -> dict[str, str | None]:
        """The blob of each path; None for a symbolic link, whose blob is not what it leads to."""
        listing = run_git(
            self.root, "ls-tree", "-r", "-z", "--full-tree", self._revision,
            *(f"{self._prefix}{room}" for room in self._rooms),
        )  # fmt: skip
        blobs: dict[str, str | None] = {}
        for line in listing.split(b"\0"):
            head, _, name = line.partition(b"\t")
            path = _as_text(name.decode("utf-8", "surrogateescape").removeprefix(self._prefix))
            # 160000 is a submodule: no records of ours
            if head.startswith((b"100", b"120000")) and not is_left_out(path):
                blobs[path] = head.split()[2].decode() if head.startswith(b"100") else None
        return dict(sorted(blobs.items()))

    @cached_property
    def _texts(self) -> dict[str, bytes]:
        """Contents of all records and schema files by blob; attachments may be large, and are not here."""
        wanted = {blob for path, blob in self._blobs.items() if blob and path.endswith((".md", ".yml"))}
        if not wanted:
            return {}
        stdin = "".join(f"{blob}\n" for blob in sorted(wanted)).encode()
        return dict(batch(run_git(self.root, "cat-file", "--batch", stdin=stdin)))

    def paths(self) -> Sequence[str]:
        """Every file in ROOMS, sorted."""
        return tuple(self._blobs)

    def read(self, path: str) -> bytes:
        """The bytes of a file."""
        if path not in self._blobs:
            raise FileNotFoundError(errno.ENOENT, "there is no such file in this revision", path)
        blob = self._blobs[path]
        if blob is None:
            return self._follow(path)
        if blob in self._texts:
            return self._texts[blob]
        return run_git(self.root, "cat-file", "blob", blob)

    def _follow(self, path: str) -> bytes:
        """What a symbolic link leads to within the revision."""
        name = f"{self._revision}:{self._prefix}{path}\n".encode()
        answer = run_git(self.root, "cat-file", "--batch", "--follow-symlinks", stdin=name)
        if answer.startswith(b"symlink "):
            raise OutsideRepositoryError(path)
        _require_file(path)
        if answer.split(b" ", 2)[1] != b"blob":
            raise FileNotFoundError(errno.ENOENT, "it is a link that leads to no file", path)
        return next(batch(answer))[1]

    def content_hash(self, path: str) -> str | None:
        """The blob's name."""
        return self._blobs.get(path)

    def stat(self, path: str) -> Stat | None:  # noqa: ARG002
        """A commit does not change."""
        return None


def _require_file(path: str) -> None:
    """Refuse a link where what it leads to would be read as ours: nobody reviews changes of a target."""
    if path.startswith("schema/") or parse_name(path) is not None:
        raise LinkedFileError(path)


def _walk(root: Path, room: str) -> Iterator[str]:
    if (root / room).is_symlink():
        yield room  # never entered, as no link below it is
        return
    pending = [room]
    while pending:
        folder = pending.pop()
        try:
            entries = list(os.scandir(root / folder))
        except FileNotFoundError:
            continue
        except OSError:
            yield folder  # no folder, or one that may not be read: named, so that it is not passed over
            continue
        for entry in entries:
            path = f"{folder}/{entry.name}"
            if is_left_out(path):
                continue
            if entry.is_dir(follow_symlinks=False):
                pending.append(path)
            else:
                yield path


def _as_text(path: str) -> str:
    """Make a name that is not UTF-8 printable: it can be shown then; reading it finds no such file."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def blobs_at(root: Path, commit: str, paths: Sequence[str] = ()) -> Mapping[str, str]:
    """The blob of every file of a commit, or of those at some paths; links have none that is theirs."""
    tree = RevisionTree(root, commit, paths or ROOMS)
    return {path: blob for path in tree.paths() if (blob := tree.content_hash(path)) is not None}


def open_working_tree(root: Path, rooms: Sequence[str] = ROOMS) -> WorkingTree:
    """Open the files on disk below a folder, or those of some of its rooms."""
    return WorkingTree(root, rooms)


def open_revision(root: Path, revision: str, rooms: Sequence[str] = ROOMS) -> RevisionTree:
    """Open the files of a revision, or some of its rooms.

    Raises UnknownRevisionError or NotAGitRepositoryError.
    """
    return RevisionTree(root, resolve_revision(root, revision), rooms)
