"""Questions to Git about a repository, asked through GitPython."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from incidentbook.diagnostics import IncidentbookError


class GitError(IncidentbookError):
    """Git refused, for a reason in its own words."""


class GitNotFoundError(GitError):
    """There is no Git on this machine."""

    def __init__(self) -> None:
        super().__init__("git was not found; install it, or leave out what needs revisions")


class NotAGitRepositoryError(GitError):
    """The folder is in no Git repository, and what was asked for needs one."""

    def __init__(self, root: Path) -> None:
        super().__init__(f"{root} is not in a Git repository; `git init` makes it one")


class UnknownRevisionError(GitError):
    """There is no such revision here."""

    def __init__(self, revision: str, *, shallow: bool) -> None:
        advice = (
            "the clone is shallow: `git fetch --unshallow` brings the rest"
            if shallow
            else "`git fetch` may bring it"
        )
        super().__init__(f"there is no revision `{revision}` here; {advice}")


def run_git(root: Path, *arguments: str, stdin: bytes | None = None) -> bytes:
    """Run one Git command in a folder and return what it printed.

    Raises GitNotFoundError, NotAGitRepositoryError or GitError.
    """
    try:
        from git import Git, GitCommandError, GitCommandNotFound  # noqa: PLC0415  takes 0.1 s
    except ImportError:
        raise GitNotFoundError from None  # GitPython looks for Git as soon as it is imported
    with tempfile.TemporaryFile() as file:
        file.write(stdin or b"")
        file.seek(0)
        try:
            output = Git(root).execute(
                ["git", *arguments],
                istream=file,
                stdout_as_string=False,
                strip_newline_in_stdout=False,
                env=_environment(root),
            )
        except GitCommandNotFound:
            raise GitNotFoundError from None
        except GitCommandError as error:
            reason = str(error.stderr or "").replace("stderr:", "").strip().strip("'").strip()
            if "not a git repository" in reason:
                raise NotAGitRepositoryError(root) from None
            raise GitError(f"git {arguments[0]}: {reason.splitlines()[0] if reason else 'failed'}") from None
    assert isinstance(output, bytes)  # noqa: S101  asked for by stdout_as_string=False
    return output


def _environment(root: Path) -> dict[str, str]:
    """Name our own repository to Git where a hook's environment names one.

    Git tells its hooks by GIT_DIR which repository they run for: relative to the top of the working
    tree, so that a command in a subfolder finds none, and not always the one we are asked about.
    """
    if "GIT_DIR" not in os.environ and "GIT_WORK_TREE" not in os.environ:
        return {}
    start = root.absolute()
    top = next((folder for folder in (start, *start.parents) if (folder / ".git").exists()), start)
    return {"GIT_DIR": str(top / ".git"), "GIT_WORK_TREE": str(top)}


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
        shallow = run_git(root, "rev-parse", "--is-shallow-repository").strip() == b"true"
        raise UnknownRevisionError(revision, shallow=shallow) from None


def prefix_in_repository(root: Path) -> str:
    """Where a records folder lies below the top of its Git repository: empty, or ending in `/`."""
    shown = run_git(root, "rev-parse", "--show-prefix")
    return shown.removesuffix(b"\n").decode("utf-8", "surrogateescape")


def names_on_all_branches(root: Path) -> set[str]:
    """Names of the files below incidents/ and knowledge/ on every local and remote-tracking branch.

    Empty outside Git and before the first commit.
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
                f"{prefix}incidents", f"{prefix}knowledge",
            ).decode("utf-8", "replace")  # fmt: skip
            names.update(path.rpartition("/")[2] for path in listing.split("\0") if path)
    return names


def initialise(root: Path) -> None:
    """Make a folder a Git repository whose first branch is `main`."""
    run_git(root, "init", "--quiet", "--initial-branch=main")
