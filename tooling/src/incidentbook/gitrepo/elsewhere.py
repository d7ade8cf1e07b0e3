"""What is in files on branches that are not checked out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from incidentbook.gitrepo.branches import has_been, is_ancestor
from incidentbook.gitrepo.command import GitError, run_git
from incidentbook.gitrepo.repository import prefix_in_repository


def files_by_branch(root: Path) -> Iterator[tuple[str, frozenset[str]]]:
    """Paths of files of records on every local branch, then on every remote-tracking one; none outside Git.

    Branches are named as `git switch` wants them: without the remote.
    """
    try:
        prefix = prefix_in_repository(root)
        listing = run_git(
            root, "for-each-ref", "--format=%(objectname) %(refname)", "refs/heads", "refs/remotes"
        ).decode()
    except GitError:
        return
    for line in listing.splitlines():
        commit, _, reference = line.partition(" ")
        with suppress(GitError):  # a branch that is damaged hinders nobody
            found = run_git(
                root, "ls-tree", "-r", "-z", "--full-tree", "--name-only", commit,
                f"{prefix}incidents", f"{prefix}knowledge", f"{prefix}handovers",
            ).decode("utf-8", "surrogateescape")  # fmt: skip
            paths = frozenset(path.removeprefix(prefix) for path in found.split("\0") if path)
            yield branch_of(reference), paths


def branch_of(reference: str) -> str:
    """The name of a branch, here or on a remote, as `git switch` wants it."""
    if reference.startswith("refs/heads/"):
        return reference.removeprefix("refs/heads/")
    return reference.removeprefix("refs/remotes/").partition("/")[2]


def goes_on_at(root: Path, branch: str, remote: str, path: str, base: str) -> bool:
    """Whether a branch, here or on a remote, has a version of a file that `base` never had."""
    return any(
        _is_new_there(root, reference, path, base)
        for reference in (f"refs/heads/{branch}", f"refs/remotes/{remote}/{branch}")
    )


def is_newer_at(root: Path, reference: str, path: str) -> bool:
    """Whether a file was changed at a reference since what is checked out here parted from it."""
    try:
        base = run_git(root, "merge-base", "HEAD", reference).decode().strip()
        return _blob(root, reference, path) != _blob(root, base, path)
    except GitError:
        return False


def _is_new_there(root: Path, reference: str, path: str, base: str) -> bool:
    blob = _blob(root, reference, path)
    return not (
        blob is None
        or is_ancestor(root, reference, "HEAD")
        or is_ancestor(root, reference, base)
        or has_been(root, path, blob, base)
    )


def _blob(root: Path, revision: str, path: str) -> str | None:
    try:
        name = run_git(
            root, "rev-parse", "--verify", "--quiet", f"{revision}:{prefix_in_repository(root)}{path}"
        )
    except GitError:
        return None
    return name.decode().strip()
