"""Commits of the working tree's own changes, and the branches that they go to."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path

from incidentbook.gitrepo.command import GitError, run_git
from incidentbook.gitrepo.unfinished import default_branch, unfinished


class DetachedHeadError(GitError):
    """What is to be sent needs a branch, and none is checked out."""

    def __init__(self) -> None:
        super().__init__("no branch is checked out here (detached HEAD); `git switch -c NAME` makes one")


class UnderWayError(GitError):
    """Git is in the middle of something, and would not take a commit of a few files."""

    def __init__(self, command: str) -> None:
        super().__init__(
            f"a {command} is under way here; finish it (`git {command} --continue`) or leave it "
            f"(`git {command} --abort`), or write without --commit"
        )


class NoRemoteError(GitError):
    """There is nowhere to push to."""

    def __init__(self) -> None:
        super().__init__("this clone has no remote to push to; `git remote add origin URL` names one")


class NoIdentityError(GitError):
    """Git does not know in whose name to commit."""

    def __init__(self) -> None:
        super().__init__(
            "Git does not know who you are: `git config user.name NAME` and `git config user.email MAIL` "
            "tell it"
        )


class NoBranchNameError(GitError):
    """What a branch was to be called is no name of one."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"--branch is `{name}`: {reason}")


def current_branch(root: Path) -> str | None:
    """The branch that is checked out; None for a detached head. Raises what `run_git` raises."""
    run_git(root, "rev-parse", "--git-dir")
    with suppress(GitError):
        return run_git(root, "symbolic-ref", "--quiet", "--short", "HEAD").decode().strip()
    return None


def is_default_branch(root: Path, branch: str) -> bool:
    """Whether a branch is the one that all work comes together in, as far as this clone knows."""
    known = default_branch(root)
    if known is None:
        return branch in ("main", "master")
    if known.endswith("/HEAD"):
        with suppress(GitError):
            known = run_git(root, "symbolic-ref", "--short", f"refs/remotes/{known}").decode().strip()
    return known.partition("/")[2] == branch


def free_branch(root: Path, name: str) -> str:
    """A name for a new branch: `name`, or `name-2` and so on where it is taken here or on a remote."""
    listing = run_git(root, "for-each-ref", "--format=%(refname)", "refs/heads", "refs/remotes").decode()
    taken = set(listing.splitlines())

    def is_taken(branch: str) -> bool:
        return any(ref == f"refs/heads/{branch}" or ref.endswith(f"/{branch}") for ref in taken)

    return next(one for one in (name if n == 1 else f"{name}-{n}" for n in count(1)) if not is_taken(one))


def require_new_branch(root: Path, name: str, remote: str | None) -> None:
    """Refuse what is no name of a branch, or is one that is there. Raises NoBranchNameError."""
    try:
        run_git(root, "check-ref-format", f"refs/heads/{name}")
    except GitError:
        raise NoBranchNameError(name, "which is no name of a branch for Git") from None
    if name.startswith("-") or name == "HEAD":
        raise NoBranchNameError(name, "which is no name of a branch for Git")
    listing = run_git(root, "for-each-ref", "--format=%(refname)", "refs/heads", "refs/remotes").decode()
    taken = set(listing.splitlines())
    if taken & {f"refs/heads/{name}", f"refs/remotes/{remote}/{name}"}:
        raise NoBranchNameError(
            name, f"which is there and not checked out; `git switch {shlex.quote(name)}` first"
        )
    here = {one.removeprefix("refs/heads/") for one in taken if one.startswith("refs/heads/")}
    hindering = next((one for one in here if one.startswith(f"{name}/") or name.startswith(f"{one}/")), None)
    if hindering is not None:  # Git keeps branches as files in folders
        raise NoBranchNameError(name, f"which cannot be beside the branch `{hindering}`")


def switch_to_new_branch(root: Path, name: str, base: str = "HEAD") -> None:
    """Check out a new branch at a commit; whatever is changed here comes along, or Git refuses."""
    run_git(root, "checkout", "--quiet", "--no-track", "-b", name, base)


def require_identity(root: Path) -> None:
    """Refuse where Git would not know in whose name to commit. Raises NoIdentityError."""
    for who in ("GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT"):
        try:
            run_git(root, "var", who)
        except GitError:
            raise NoIdentityError from None


def require_quiet(root: Path) -> None:
    """Refuse where Git is in the middle of a merge or rebase. Raises UnderWayError."""
    waiting = unfinished(root)
    if waiting is not None:
        raise UnderWayError(waiting.command)


def commit_paths(root: Path, paths: Sequence[str], message: str) -> str:
    """Commit these files as they are on disk, and nothing else that is changed or staged.

    Returns the commit. Raises GitError, with a hook's words where one refused; the files stay as they are.
    """
    run_git(root, "--literal-pathspecs", "add", "--all", "--", *paths)
    run_git(
        root,
        "--literal-pathspecs",
        "commit",
        "--quiet",
        "--only",
        "--file=-",
        "--cleanup=whitespace",
        "--",
        *paths,
        stdin=message.encode(),
    )
    return run_git(root, "rev-parse", "HEAD").decode().strip()


def fetch_branches(root: Path, remote: str) -> None:
    """Learn what others have pushed. Raises GitError, where nobody answers."""
    run_git(root, "fetch", "--quiet", "--", remote)
