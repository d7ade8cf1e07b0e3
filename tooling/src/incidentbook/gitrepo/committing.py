"""Commits that are made without touching the working tree, and sent where others see them."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from incidentbook.diagnostics import IncidentbookError
from incidentbook.gitrepo.command import GitError, run_git
from incidentbook.gitrepo.log import Signature
from incidentbook.gitrepo.repository import prefix_in_repository, resolve_revision


class PushRejectedError(IncidentbookError):
    """The other side has commits on this branch that are not here."""

    def __init__(self, branch: str, remote: str, reason: str) -> None:
        super().__init__(
            f"{remote} refused branch `{branch}`: {reason}; "
            f"`git pull --rebase {remote} {branch}` brings what it has, then push again"
        )


class OutsideFolderError(GitError):
    """A file was to be committed that is none of the repository's."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} is no path of a file in the records folder; nothing was committed")


def branch_tip(root: Path, branch: str, remote: str = "origin") -> str | None:
    """The commit of a branch here, else of the remote's branch as it was last seen; None without either."""
    for name in (f"refs/heads/{branch}", f"refs/remotes/{remote}/{branch}"):
        try:
            return run_git(root, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}").decode().strip()
        except GitError:
            continue
    return None


def commit_to_branch(
    root: Path,
    branch: str,
    changes: Mapping[str, bytes | None],
    message: str,
    *,
    base: str = "HEAD",
    author: Signature | None = None,
    remote: str = "origin",
) -> str:
    """Commit files, by their paths in the records folder, to a branch; None removes a file.

    The branch is made at `base` where there is none, neither here nor on the remote. Neither the working
    tree nor the index is touched, so that somebody's half-done work neither hinders nor gets in; a branch
    that is checked out must not be named. Returns the commit: the branch's tip as it was, where nothing
    changes. Raises GitError.
    """
    # the old value is named in the end, so that a commit somebody makes meanwhile is not lost
    here = run_git(root, "for-each-ref", "--format=%(objectname)", f"refs/heads/{branch}").decode().strip()
    parent = branch_tip(root, branch, remote) or resolve_revision(root, base)
    with tempfile.TemporaryDirectory() as folder:
        index = {"GIT_INDEX_FILE": str(Path(folder, "index"))}
        run_git(root, "read-tree", parent, environment=index)
        run_git(
            root, "update-index", "-z", "--index-info", stdin=_index_lines(root, changes), environment=index
        )
        tree = run_git(root, "write-tree", environment=index).decode().strip()
    if tree == resolve_tree(root, parent):
        commit = parent
    else:
        identity = _identity(author)
        made = run_git(
            root, "commit-tree", tree, "-p", parent, "-F", "-", stdin=message.encode(), environment=identity
        )
        commit = made.decode().strip()
    run_git(root, "update-ref", "-m", "incidentbook", f"refs/heads/{branch}", commit, here or "0" * 40)
    return commit


def resolve_tree(root: Path, commit: str) -> str:
    """The name of a commit's tree."""
    return run_git(root, "rev-parse", "--verify", f"{commit}^{{tree}}").decode().strip()


def _index_lines(root: Path, changes: Mapping[str, bytes | None]) -> bytes:
    prefix = prefix_in_repository(root)
    lines = []
    for path, data in sorted(changes.items()):
        if not _is_inside(path):
            raise OutsideFolderError(path)  # Git would leave it out and say nothing
        if data is None:
            lines.append(f"0 {'0' * 40}\t{prefix}{path}")
        else:
            blob = run_git(root, "hash-object", "-w", "--stdin", stdin=data).decode().strip()
            lines.append(f"100644 {blob}\t{prefix}{path}")
    return "".join(f"{line}\0" for line in lines).encode("utf-8", "surrogateescape")


def _is_inside(path: str) -> bool:
    """Whether Git takes a path: relative, and without steps up, or into what is Git's own."""
    return not any(part.lower() in ("", ".", "..", ".git") for part in path.split("/"))


def _identity(author: Signature | None) -> dict[str, str]:
    if author is None:
        return {}
    return {"GIT_AUTHOR_NAME": author.name, "GIT_AUTHOR_EMAIL": author.email}


def push(root: Path, branch: str, remote: str = "origin", commit: str | None = None) -> None:
    """Send a branch, or a commit that is to be its tip, to a remote; never over what somebody else put there.

    Raises PushRejectedError where the remote has other commits, and what `run_git` raises.
    """
    name = f"refs/heads/{branch}"
    try:
        run_git(root, "push", "--quiet", remote, f"{commit or name}:{name}")
    except GitError as error:
        if _is_outrun(str(error)):
            raise PushRejectedError(branch, remote, "it has commits that are not here") from None
        raise


def _is_outrun(refusal: str) -> bool:
    """Whether somebody else has put commits there, be it while we were pushing.

    Other words behind "remote rejected" are a hook or a protected branch, which pulling does not help.
    """
    raced = ("failed to update ref", "cannot lock ref", "reference already exists", "incorrect old value")
    return "[rejected]" in refusal or (
        "[remote rejected]" in refusal and any(words in refusal for words in raced)
    )


def remote_of(root: Path) -> str | None:
    """The remote that `git push` would use: that of the branch, else origin, else the only one."""
    try:
        branch = run_git(root, "symbolic-ref", "--quiet", "--short", "HEAD").decode().strip()
        return run_git(root, "config", "--get", f"branch.{branch}.remote").decode().strip()
    except GitError:
        names = run_git(root, "remote").decode().split()
        return "origin" if "origin" in names else names[0] if len(names) == 1 else None
