"""The commits of a history with the record files that each of them changed, in one pass."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from incidentbook.gitrepo.command import reading_git
from incidentbook.gitrepo.repository import prefix_in_repository
from incidentbook.source import ROOMS

_MARK = b"\x02"
_SEPARATOR = "\x1f"
_HEAD = "%x02" + "%n".join(
    (
        *("%H", "%P", "%an", "%ae", "%at", "%cn", "%ce", "%ct", "%s"),
        "%(trailers:key=Co-authored-by,valueonly,separator=%x1f)",
    )
)


@dataclass(frozen=True, slots=True)
class Signature:
    """Who a commit names, as Git writes it: nobody has proved it."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit; `authored` and `committed` are what its clocks said, in UTC."""

    hash: str
    parents: tuple[str, ...]
    author: Signature
    authored: datetime
    committer: Signature
    committed: datetime
    subject: str
    co_authors: tuple[Signature, ...] = ()

    @property
    def people(self) -> tuple[Signature, ...]:
        """Everybody who wrote it."""
        return (self.author, *self.co_authors)


@dataclass(frozen=True, slots=True)
class PathChange:
    """What became of one path; blobs are None where there is no file.

    `before` has one blob for each parent of the commit. `old_path` differs from `path` where Git takes
    the file for one that was moved.
    """

    path: str
    before: tuple[str | None, ...]
    after: str | None
    old_path: str

    @property
    def is_move(self) -> bool:
        """Whether the file had another name."""
        return self.path != self.old_path


@dataclass(frozen=True, slots=True)
class CommitChanges:
    """A commit and what it did to files of ours.

    A merge lists only files that differ from each of its parents: what it brought in from one side
    was done by a commit of that side.
    """

    commit: Commit
    changes: tuple[PathChange, ...]


def walk(root: Path, *revisions: str, rooms: Iterable[str] = ROOMS) -> Iterator[CommitChanges]:
    """Yield the commits that revisions reach (`BASE..HEAD`, `^A B`), parents before children.

    Only commits that changed files in `rooms` are yielded; paths are relative to the records folder.
    Raises what `run_git` raises.
    """
    prefix = prefix_in_repository(root)
    pieces = reading_git(
        root, "-c", "log.showSignature=false", "log", "--raw", "-z", "-c", "--root", "-M", "--no-abbrev",
        "--full-history", "--topo-order", "--reverse", f"--format={_HEAD}", "--end-of-options", *revisions,
        "--", *rooms,
    )  # fmt: skip
    yield from _read(pieces, prefix)


def _read(pieces: Iterable[bytes], prefix: str) -> Iterator[CommitChanges]:
    commit: Commit | None = None
    changes: list[PathChange] = []
    tokens = _tokens(pieces)
    for token in tokens:
        if token.startswith(_MARK):
            if commit is not None and changes:
                yield CommitChanges(commit, tuple(changes))
            commit, changes = _commit(token[1:]), []
        else:
            changes.append(_change(token.lstrip(b"\n"), tokens, prefix))
    if commit is not None and changes:
        yield CommitChanges(commit, tuple(changes))


def parse_changes(output: bytes, prefix: str) -> tuple[PathChange, ...]:
    """Read what `git diff --raw -z` printed; `prefix` is taken off its paths."""
    tokens = _tokens([output])
    return tuple(_change(token, tokens, prefix) for token in tokens if token)


def _tokens(pieces: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\0")
        yield from whole
    if rest.strip(b"\n"):
        yield rest


def _commit(head: bytes) -> Commit:
    lines = head.decode("utf-8", "replace").split("\n")
    name, parents, author, email, authored, committer, address, committed, subject, co_authors = lines[:10]
    return Commit(
        hash=name,
        parents=tuple(parents.split()),
        author=Signature(author, email),
        authored=datetime.fromtimestamp(int(authored), UTC),
        committer=Signature(committer, address),
        committed=datetime.fromtimestamp(int(committed), UTC),
        subject=subject,
        co_authors=tuple(_signature(text) for text in co_authors.split(_SEPARATOR) if text.strip()),
    )


def _signature(text: str) -> Signature:
    name, _, email = text.partition("<")
    return Signature(name.strip(), email.rstrip().removesuffix(">").strip())


def _change(head: bytes, tokens: Iterator[bytes], prefix: str) -> PathChange:
    """`:100644 100644 <before> <after> M`, with one more colon, mode and blob for each further parent."""
    parents = len(head) - len(head.lstrip(b":"))
    fields = head[parents:].decode().split(" ")
    blobs, status = fields[parents + 1 : -1], fields[-1]
    modes = fields[: parents + 1]
    path = old_path = _path(next(tokens), prefix)
    if parents == 1 and status[0] in "RC":
        path = _path(next(tokens), prefix)
        if status[0] == "C":  # another file still has the old name
            return PathChange(path, (None,), _blob(blobs[-1], modes[-1]), path)
    before = tuple(_blob(blob, mode) for blob, mode in zip(blobs[:-1], modes[:-1], strict=True))
    return PathChange(path, before, _blob(blobs[-1], modes[-1]), old_path)


def _blob(name: str, mode: str) -> str | None:
    """The blob, where it is that of a file; a link's or a submodule's holds no record."""
    return name if mode.startswith("100") and name.strip("0") else None


def _path(name: bytes, prefix: str) -> str:
    return name.decode("utf-8", "surrogateescape").removeprefix(prefix).encode(
        "utf-8", "surrogateescape"
    ).decode("utf-8", "replace")  # fmt: skip
