"""A merge, rebase or cherry-pick that waits for people, and where its sides come from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from incidentbook.gitrepo.command import GitError, run_git
from incidentbook.gitrepo.repository import prefix_in_repository

_UNDER_WAY = (
    ("merge", "MERGE_HEAD"),
    ("rebase", "REBASE_HEAD"),
    ("cherry-pick", "CHERRY_PICK_HEAD"),
)


@dataclass(frozen=True)
class Unfinished:
    """What Git is in the middle of: its command, the commit that it brings in, and what is in conflict.

    Paths are relative to the records folder; those outside it are left out.
    """

    command: str
    theirs: str
    paths: tuple[str, ...]


def unfinished(root: Path) -> Unfinished | None:
    """What waits for people here; None where nothing does. Raises what `run_git` raises."""
    for command, reference in _UNDER_WAY:
        try:
            commit = run_git(root, "rev-parse", "--verify", "--quiet", f"{reference}^{{commit}}")
        except GitError:
            continue
        return Unfinished(command, commit.decode().strip(), _conflicting(root))
    return None


def is_rebasing(root: Path) -> bool:
    """Whether commits are being put on top of others here; False outside Git."""
    try:
        folder = run_git(root, "rev-parse", "--path-format=absolute", "--git-path", "rebase-merge")
    except GitError:
        return False
    return Path(folder.decode("utf-8", "surrogateescape").removesuffix("\n")).is_dir()


def _conflicting(root: Path) -> tuple[str, ...]:
    listing = run_git(root, "ls-files", "--unmerged", "-z", "--full-name")
    prefix = prefix_in_repository(root)
    names = (line.partition(b"\t")[2].decode("utf-8", "surrogateescape") for line in listing.split(b"\0"))
    return tuple(sorted({name.removeprefix(prefix) for name in names if name.startswith(prefix) and name}))


def is_tracked(root: Path, path: str) -> bool:
    """Tell whether the index has a file, or anything below a folder, whatever is on disk."""
    return bool(run_git(root, "--literal-pathspecs", "ls-files", "-z", "--", path))


def default_branch(root: Path) -> str | None:
    """The branch that all work comes together in, as far as this clone knows it; None where it does not."""
    candidates = ("origin/HEAD", "origin/main", "origin/master")
    for name in candidates:
        try:
            run_git(root, "rev-parse", "--verify", "--quiet", f"refs/remotes/{name}^{{commit}}")
        except GitError:
            continue
        return name
    return None
