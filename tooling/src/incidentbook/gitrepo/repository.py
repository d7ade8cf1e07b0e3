"""Questions to Git about a repository."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from incidentbook.gitrepo.command import (
    GitError,
    UnknownRevisionError,
    run_git,
)


def is_repository(root: Path) -> bool:
    """Tell whether a folder is inside a Git working tree."""
    try:
        return run_git(root, "rev-parse", "--is-inside-work-tree").strip() == b"true"
    except GitError:
        return False


def current_revision(root: Path) -> str | None:
    """The commit that is checked out; None outside Git and before the first commit."""
    try:
        return run_git(root, "rev-parse", "--verify", "--quiet", "HEAD^{commit}").decode().strip() or None
    except GitError:
        return None


def uncommitted(root: Path, rooms: Sequence[str]) -> tuple[str, ...]:
    """Files below some folders that are not as the checked-out commit has them, untracked ones included.

    Ignored files are left out. Raises what `run_git` raises.
    """
    prefix = prefix_in_repository(root)
    # without the lock that Git would take to note what it has seen: somebody may be committing
    listing = run_git(
        root, "--no-optional-locks", "status", "--porcelain", "-z", "--no-renames",
        "--untracked-files=all", "--", *rooms,
    )  # fmt: skip
    entries = listing.decode("utf-8", "surrogateescape").split("\0")
    return tuple(entry[len("XY ") :].removeprefix(prefix) for entry in entries if entry)


def resolve_revision(root: Path, revision: str) -> str:
    """The full name of the commit that a revision means.

    Raises UnknownRevisionError where there is none, NotAGitRepositoryError outside Git, GitError
    where Git refuses the repository (such as one that somebody else owns).
    """
    try:
        found = run_git(
            root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"
        )
        return found.decode().strip()
    except GitError:
        # --quiet says nothing of the reason: this question fails where it is not the revision
        raise UnknownRevisionError(revision, shallow=is_shallow(root)) from None


def is_shallow(root: Path) -> bool:
    """Tell whether a clone lacks the beginning of its history. Raises what `run_git` raises."""
    return run_git(root, "rev-parse", "--is-shallow-repository").strip() == b"true"


def shallow_commits(root: Path) -> frozenset[str]:
    """The commits at which a shallow clone begins: it has them, and none of their parents."""
    if not is_shallow(root):
        return frozenset()
    listing = run_git(root, "rev-parse", "--path-format=absolute", "--git-path", "shallow")
    file = Path(listing.removesuffix(b"\n").decode("utf-8", "surrogateescape"))
    return frozenset(file.read_text("ascii").split()) if file.is_file() else frozenset()


def prefix_in_repository(root: Path) -> str:
    """Where a records folder lies below the top of its Git repository: empty, or ending in `/`."""
    shown = run_git(root, "rev-parse", "--show-prefix")
    return shown.removesuffix(b"\n").decode("utf-8", "surrogateescape")


def names_on_all_branches(root: Path) -> set[str]:
    """Names of the files of records on every local and remote-tracking branch.

    Those are the files below incidents/, knowledge/ and handovers/. Empty outside Git and before the
    first commit.
    """
    try:
        prefix = prefix_in_repository(root)
        references = run_git(
            root, "for-each-ref", "--format=%(objectname)", "refs/heads", "refs/remotes"
        ).decode()
    except GitError:
        return set()
    names: set[str] = set()
    for commit in sorted(set(references.split())):
        with suppress(GitError):  # a branch that is damaged must not keep an incident from being logged
            listing = run_git(
                root, "ls-tree", "-r", "-z", "--full-tree", "--name-only", commit,
                f"{prefix}incidents", f"{prefix}knowledge", f"{prefix}handovers",
            ).decode("utf-8", "replace")  # fmt: skip
            names.update(path.rpartition("/")[2] for path in listing.split("\0") if path)
    return names


def initialise(root: Path) -> None:
    """Make a folder a Git repository whose first branch is `main`."""
    run_git(root, "init", "--quiet", "--initial-branch=main")
