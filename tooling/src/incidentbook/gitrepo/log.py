"""The commits of a history with the record files that each of them changed, in one pass."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from incidentbook.gitrepo.command import reading_git
from incidentbook.gitrepo.repository import prefix_in_repository
from incidentbook.source import ROOMS, is_left_out

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
    the file for one that was moved. `is_link`: what stands at the path afterwards is a link or a
    submodule, which has no blob of ours, and yet was not removed.
    """

    path: str
    before: tuple[str | None, ...]
    after: str | None
    old_path: str
    is_link: bool = False

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
    # Naming the rooms to Git took three times as long as reading what it says of everything else: it
    # then compares each commit with each parent twice, path by path. A folder of a larger repository
    # is named, for there the rest may be most of it.
    limits = ("--full-history", "--end-of-options", *revisions, "--", ":/" + prefix) if prefix else (
        "--end-of-options", *revisions, "--",
    )  # fmt: skip
    pieces = reading_git(
        root, "-c", "log.showSignature=false", "log", "--raw", "-z", "-c", "--combined-all-paths", "--root",
        "-M", "--no-abbrev", "--no-color", "--encoding=UTF-8", "--topo-order", "--reverse",
        f"--format={_HEAD}", *limits,
    )  # fmt: skip
    yield from _read(pieces, prefix, tuple(f"{room}/" for room in rooms))


def _read(pieces: Iterable[bytes], prefix: str, rooms: tuple[str, ...]) -> Iterator[CommitChanges]:
    head = b""
    changes: list[PathChange] = []
    people = _People()
    tokens = _tokens(pieces)
    for token in tokens:
        if token.startswith(_MARK):
            if changes:
                yield CommitChanges(_commit(head, people), tuple(changes))
            head, changes = token[1:], []
        elif found := token.lstrip(b"\n"):
            change = _within(_change(found, tokens), prefix, rooms)
            if change is not None:
                changes.append(change)
    if changes:
        yield CommitChanges(_commit(head, people), tuple(changes))


def _within(change: PathChange, prefix: str, rooms: tuple[str, ...]) -> PathChange | None:
    """The change as the rooms see it: what comes in from elsewhere is new, what leaves is removed.

    Each end is asked on its own: a record that got a hidden name is gone for everybody who reads.
    """
    path, old_path = change.path, change.old_path
    if prefix:
        path, old_path = _below(path, prefix), _below(old_path, prefix)
    is_in = path.startswith(rooms) and not is_left_out(path)
    was_in = old_path.startswith(rooms) and not is_left_out(old_path)
    if not is_in and not was_in:
        return None
    if is_in and was_in:
        return change if not prefix else replace(change, path=path, old_path=old_path)
    if is_in:
        return PathChange(path, (None,) * len(change.before), change.after, path, change.is_link)
    return PathChange(old_path, change.before, None, old_path)


def _below(path: str, prefix: str) -> str:
    """The path below a folder; empty outside."""
    return path[len(prefix) :] if path.startswith(prefix) else ""


def parse_changes(output: bytes, prefix: str) -> tuple[PathChange, ...]:
    """Read what `git diff --raw -z` printed of files in ROOMS; `prefix` is taken off its paths."""
    tokens = _tokens([output])
    found = (_within(_change(token, tokens), prefix, ROOMS) for token in tokens if token)
    return tuple(one for one in found if one is not None)


def _tokens(pieces: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\0")
        yield from whole
    if rest.strip(b"\n"):
        yield rest


class _People(dict[tuple[str, str], Signature]):
    """The few people of a repository, made once each."""

    def __missing__(self, who: tuple[str, str]) -> Signature:
        self[who] = made = Signature(*who)
        return made


def _commit(head: bytes, people: _People) -> Commit:
    lines = head.decode("utf-8", "replace").split("\n")
    name, parents, author, email, authored, committer, address, committed, subject, co_authors = lines[:10]
    return Commit(
        hash=name,
        parents=tuple(parents.split()),
        author=people[author, email],
        authored=_time(authored),
        committer=people[committer, address],
        committed=_time(committed),
        subject=subject,
        co_authors=tuple(_signature(text) for text in co_authors.split(_SEPARATOR) if text.strip()),
    )


def _time(seconds: str) -> datetime:
    """What a clock said; the beginning of all clocks where it said what no calendar has."""
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)


def _signature(text: str) -> Signature:
    name, _, email = text.partition("<")
    return Signature(name.strip(), email.rstrip().removesuffix(">").strip())


def _change(head: bytes, tokens: Iterator[bytes]) -> PathChange:
    """`:100644 100644 <before> <after> M`, with one more colon, mode and blob for each further parent."""
    parents = len(head) - len(head.lstrip(b":"))
    fields = head[parents:].decode().split(" ")
    modes, blobs, status = fields[: parents + 1], fields[parents + 1 : -1], fields[-1]
    before = tuple(_blob(blob, mode) for blob, mode in zip(blobs[:-1], modes[:-1], strict=True))
    after = _blob(blobs[-1], modes[-1])
    is_link = after is None and modes[-1] != _NO_FILE
    if parents > 1:  # a path for each parent, then the file's own
        old_paths = [_path(next(tokens)) for _ in range(parents)]
        path = _path(next(tokens))
        moved = (old for old, blob in zip(old_paths, before, strict=True) if old != path and blob is not None)
        return PathChange(path, before, after, next(moved, path), is_link)
    path = old_path = _path(next(tokens))
    if status[0] in "RC":
        path = _path(next(tokens))
        if status[0] == "C":  # another file still has the old name
            return PathChange(path, (None,), after, path, is_link)
    return PathChange(path, before, after, old_path, is_link)


_NO_FILE = "000000"


def _blob(name: str, mode: str) -> str | None:
    """The blob, where it is that of a file; a link's or a submodule's holds no record."""
    return name if mode.startswith("100") and name.strip("0") else None


def _path(name: bytes) -> str:
    """The path as text: what is not UTF-8 can be shown, and names no record."""
    return name.decode("utf-8", "replace")
