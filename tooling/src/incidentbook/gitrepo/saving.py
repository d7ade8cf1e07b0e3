"""Commits of the working tree's own changes, and sending them where others see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path

from incidentbook.diagnostics import IncidentbookError
from incidentbook.gitrepo.command import GitError, run_git
from incidentbook.gitrepo.committing import PushRejectedError, push
from incidentbook.gitrepo.unfinished import default_branch, unfinished

_ATTEMPTS = 3


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


class NotRebasedError(IncidentbookError):
    """Others changed the same lines of what is to be pushed, so that a person must decide."""

    def __init__(self, branch: str, remote: str, reason: str) -> None:
        super().__init__(
            f"{remote} has commits on `{branch}` that do not go together with yours ({reason}); yours is "
            f"committed here and not pushed: `git pull --rebase {remote} {branch}` shows the conflict, and "
            "after it `git push`"
        )


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


def switch_to_new_branch(root: Path, name: str) -> None:
    """Check out a new branch at HEAD; whatever is changed here comes along."""
    run_git(root, "checkout", "--quiet", "--no-track", "-b", name)


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


def push_new_branch(root: Path, branch: str, remote: str) -> None:
    """Push a branch that the remote does not have. Raises PushRejectedError where it does."""
    push(root, branch, remote)
    _track(root, branch, remote)


def push_branch_onto(root: Path, branch: str, remote: str, settings: Mapping[str, str]) -> bool:
    """Push the branch that is checked out; where others were quicker, put ours on top of theirs first.

    `settings` are Git's for the rebase, such as a merge driver. Returns whether it was put on top. Raises
    NotRebasedError, with everything as it was, where a person must decide.
    """
    rebased = False
    for attempt in range(_ATTEMPTS):
        try:
            push(root, branch, remote)
        except PushRejectedError:
            if attempt == _ATTEMPTS - 1:
                raise
            _rebase(root, branch, remote, settings)
            rebased = True
        else:
            _track(root, branch, remote)
            break
    return rebased


def fetch_branches(root: Path, remote: str) -> None:
    """Learn what others have pushed. Raises GitError, where nobody answers."""
    run_git(root, "fetch", "--quiet", "--", remote)


def _track(root: Path, branch: str, remote: str) -> None:
    """Let `git pull` and `git status` know where the branch went."""
    run_git(root, "update-ref", f"refs/remotes/{remote}/{branch}", f"refs/heads/{branch}")
    with suppress(GitError):
        run_git(root, "branch", "--quiet", f"--set-upstream-to={remote}/{branch}", branch)


def _rebase(root: Path, branch: str, remote: str, settings: Mapping[str, str]) -> None:
    there = f"refs/remotes/{remote}/{branch}"
    run_git(root, "fetch", "--quiet", remote, f"+refs/heads/{branch}:{there}")
    given = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
    try:
        run_git(root, *given, "rebase", "--quiet", "--autostash", there)
    except GitError as error:
        with suppress(GitError):
            run_git(root, "rebase", "--abort")
        # Git's words come behind the command, which is ours and says nothing to anybody
        raise NotRebasedError(branch, remote, str(error).partition(": ")[2]) from None
