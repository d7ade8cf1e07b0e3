"""A branch pushed, and put on top of what others pushed before, away from the working tree and its index."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from incidentbook.diagnostics import IncidentbookError
from incidentbook.gitrepo.branches import is_ancestor
from incidentbook.gitrepo.command import GitError, run_git
from incidentbook.gitrepo.committing import PushRejectedError, push
from incidentbook.gitrepo.repository import resolve_revision

_ATTEMPTS = 3
_NO_HOOKS = ("-c", "core.hooksPath=/dev/null")

Reword = Callable[[str], str | None]
"""The message that a commit, put on top of others, is to have; None where it has that already."""


class NotRebasedError(IncidentbookError):
    """Others changed the same lines of what is to be pushed, so that a person must decide."""

    def __init__(self, branch: str, remote: str, reasons: Sequence[str]) -> None:
        super().__init__(
            f"{remote} has commits on `{branch}` that do not go together with yours. Yours is committed here "
            "and not pushed:\n"
            + "".join(f"  {reason}\n" for reason in reasons)
            + f"`incidentbook setup-git`, then `git pull --rebase --autostash {remote} {branch}` shows the "
            "conflict: `upstream` is what was pushed, `yours` what is here; after it `git push`"
        )


@dataclass(frozen=True)
class Landed:
    """How a push ended.

    `onto` is what others had pushed, where ours had to go on top of it. `left` are files that others and
    somebody here changed: for their sake the branch here stays where it was, behind the remote's.
    """

    commit: str
    onto: str | None = None
    left: tuple[str, ...] | None = None


def push_new_branch(root: Path, branch: str, remote: str) -> None:
    """Push a branch that the remote does not have. Raises PushRejectedError where it does."""
    push(root, branch, remote)
    _track(root, branch, remote, f"refs/heads/{branch}")


def push_branch_onto(
    root: Path, branch: str, remote: str, settings: Mapping[str, str], reword: Reword | None = None
) -> Landed:
    """Push the branch that is checked out; where others were quicker, put ours on top of theirs first.

    What is changed or staged here and not committed stays as it is. `settings` are Git's for the rebase, such
    as a merge driver. Raises NotRebasedError, with everything as it was, where a person must decide.
    """
    tip = resolve_revision(root, f"refs/heads/{branch}")
    with suppress(PushRejectedError):
        push(root, branch, remote)
        _track(root, branch, remote, tip)
        return Landed(tip)
    with _aside(root, tip) as place:
        commit, onto = _pushed_on_top(root, place, branch, remote, settings, reword)
    # told apart from what is still to be pushed, should the branch here stay behind
    run_git(root, "update-ref", _sent(branch), tip)
    _track(root, branch, remote, commit)
    return Landed(commit, onto, _moved(root, branch, tip, commit))


def _pushed_on_top(
    root: Path, place: Path, branch: str, remote: str, settings: Mapping[str, str], reword: Reword | None
) -> tuple[str, str]:
    for attempt in range(_ATTEMPTS):
        onto = _fetched(root, branch, remote)
        _rebase(place, branch, remote, onto, settings)
        message = reword(resolve_revision(place, "HEAD")) if reword else None
        if message is not None:
            _amend(place, message)
        commit = resolve_revision(place, "HEAD")
        try:
            push(root, branch, remote, commit)
        except PushRejectedError:
            if attempt == _ATTEMPTS - 1:
                raise
        else:
            break
    return commit, onto


@contextmanager
def _aside(root: Path, commit: str) -> Iterator[Path]:
    """A working tree of its own for a while."""
    with tempfile.TemporaryDirectory(prefix="incidentbook-", ignore_cleanup_errors=True) as folder:
        place = Path(folder, "aside")
        # without hooks, which have their say at the commit and at the push
        run_git(
            root,
            "-c",
            "core.hooksPath=/dev/null",
            "worktree",
            "add",
            "--quiet",
            "--detach",
            str(place),
            commit,
        )
        try:
            yield place
        finally:
            with suppress(GitError):
                run_git(root, "worktree", "remove", "--force", "--force", str(place))


def _fetched(root: Path, branch: str, remote: str) -> str:
    there = f"refs/remotes/{remote}/{branch}"
    run_git(root, "fetch", "--quiet", remote, f"+refs/heads/{branch}:{there}")
    return resolve_revision(root, there)


def _rebase(place: Path, branch: str, remote: str, onto: str, settings: Mapping[str, str]) -> None:
    known = {**settings, "rebase.autoStash": "false", "rebase.updateRefs": "false"}
    given = [part for key, value in known.items() for part in ("-c", f"{key}={value}")]
    begin = _pushed_before(place, branch)
    try:
        run_git(place, *given, "rebase", "--quiet", *(("--onto", onto, begin) if begin else (onto,)))
    except GitError as error:
        with suppress(GitError):
            run_git(place, "rebase", "--abort")
        lines = [line.strip() for line in error.words.splitlines() if line.strip()]
        told = [line for line in lines if ": conflict in " in line] or lines[:1] or [str(error)]
        raise NotRebasedError(branch, remote, told) from None


def _pushed_before(place: Path, branch: str) -> str | None:
    """The last commit of the branch that was pushed under another name, put on top of others' work."""
    try:
        commit = run_git(place, "rev-parse", "--verify", "--quiet", f"{_sent(branch)}^{{commit}}")
    except GitError:
        return None
    begin = commit.decode().strip()
    return begin if is_ancestor(place, begin, "HEAD") else None


def _amend(place: Path, message: str) -> None:
    run_git(
        place, *_NO_HOOKS, "commit", "--quiet", "--amend", "--no-verify",
        "--allow-empty", "--cleanup=whitespace", "--file=-", stdin=message.encode(),
    )  # fmt: skip


def _moved(root: Path, branch: str, tip: str, commit: str) -> tuple[str, ...] | None:
    """Let the branch that is checked out go on to a commit; the files that hinder it, where some do."""
    if resolve_revision(root, f"refs/heads/{branch}") != tip:
        return ()  # somebody committed to it meanwhile
    try:
        # takes what is changed and staged along, and refuses where others changed the same files
        run_git(root, "checkout", "--quiet", "--no-track", "-B", branch, commit)
    except GitError as error:
        if resolve_revision(root, "HEAD") != commit:  # or a hook said no to what was done by then
            return tuple(line.strip() for line in error.words.splitlines() if line.startswith("\t"))
    run_git(root, "update-ref", "-d", _sent(branch))
    return None


def _sent(branch: str) -> str:
    return f"refs/incidentbook/sent/{branch}"


def _track(root: Path, branch: str, remote: str, commit: str) -> None:
    """Let `git pull` and `git status` know where the branch went."""
    run_git(root, "update-ref", f"refs/remotes/{remote}/{branch}", commit)
    with suppress(GitError):
        run_git(root, "branch", "--quiet", f"--set-upstream-to={remote}/{branch}", branch)
