"""What differs anywhere in a Git repository, modes and links included: not only in the records."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from incidentbook.gitrepo.command import run_git
from incidentbook.gitrepo.objects import read_blobs
from incidentbook.gitrepo.repository import resolve_revision

PLAIN_FILE = "100644"


@dataclass(frozen=True, slots=True)
class FileChange:
    """One path of a repository, from its top, before and after; a mode of None says that there is no file.

    The contents are only there where the file is a plain one (PLAIN_FILE) on that side.
    """

    path: str
    mode_before: str | None
    mode_after: str | None
    before: bytes | None
    after: bytes | None


def everything_changed(root: Path, base: str, head: str | None) -> tuple[FileChange, ...]:
    """Every file that differs between a commit and another, or the files on disk where `head` is None.

    Moves are told as a file that is gone and one that is new. Submodules count, ignored files do not.
    Raises what `run_git` raises.
    """
    top = Path(os.fsdecode(run_git(root, "rev-parse", "--show-toplevel").removesuffix(b"\n")))
    start = resolve_revision(root, base)
    end = [] if head is None else [resolve_revision(root, head)]
    # what a repository's own configuration would leave out must not be left out here
    raw = run_git(
        top, "--no-optional-locks", "-c", "core.fileMode=true", "diff", "--raw", "-z", "--no-renames",
        "--no-abbrev", "--ignore-submodules=none", start, *end, "--",
    )  # fmt: skip
    found = _parsed(top, raw, on_disk=head is None)
    if head is None:
        others = run_git(top, "ls-files", "-z", "--others", "--exclude-standard")
        for name in filter(None, others.split(b"\0")):
            found.append(FileChange(_text(name), None, _mode_on_disk(top, name), None, None))
    return tuple(sorted(found, key=lambda change: change.path))


def _parsed(top: Path, raw: bytes, *, on_disk: bool) -> list[FileChange]:
    tokens = iter(raw.split(b"\0"))
    rows = [(head.decode().lstrip(":").split(" "), next(tokens)) for head in tokens if head]
    wanted = {blob for (was, is_, old, new, _), _ in rows for mode, blob in ((was, old), (is_, new))
              if mode == PLAIN_FILE and blob.strip("0")}  # fmt: skip
    names = sorted(wanted)
    texts = dict(zip(names, read_blobs(top, names), strict=True)) if names else {}
    found = []
    for (was, is_, old, new, _), name in rows:
        after = texts.get(new) if is_ == PLAIN_FILE else None
        mode: str | None = is_ if is_.strip("0") else None
        if on_disk:
            mode = _mode_on_disk(top, name)
            after = _bytes_on_disk(top, name) if mode == PLAIN_FILE else None
        before = texts.get(old) if was == PLAIN_FILE else None
        if (mode, after) != (was, before) or after is None:  # Git lists what has but other times, too
            found.append(FileChange(_text(name), was if was.strip("0") else None, mode, before, after))
    return found


def _mode_on_disk(top: Path, name: bytes) -> str | None:
    try:
        mode = (top / os.fsdecode(name)).lstat().st_mode
    except OSError:
        return None
    if stat.S_ISREG(mode):
        return "100755" if mode & stat.S_IXUSR else PLAIN_FILE
    return "120000" if stat.S_ISLNK(mode) else "160000"


def _bytes_on_disk(top: Path, name: bytes) -> bytes | None:
    try:
        return (top / os.fsdecode(name)).read_bytes()
    except OSError:
        return None


def _text(name: bytes) -> str:
    return name.decode("utf-8", "replace")
