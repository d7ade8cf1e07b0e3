"""Branches by the beginning of their names: what is on them, and whether it has been merged."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from incidentbook.gitrepo.command import GitError, run_git
from incidentbook.gitrepo.committing import push
from incidentbook.gitrepo.repository import prefix_in_repository


def fetch_branches(root: Path, prefix: str, remote: str = "origin") -> None:
    """Look at what a remote has of the branches below a folder such as `intake/`; those gone are forgotten.

    Raises what `run_git` raises.
    """
    refspec = f"+refs/heads/{prefix}*:refs/remotes/{remote}/{prefix}*"
    run_git(root, "fetch", "--quiet", "--prune", "--no-tags", remote, refspec)


def branches(root: Path, prefix: str, remote: str = "origin") -> Mapping[str, str]:
    """The newest known commit of each branch, here or on the remote, whose name begins so.

    A branch here that the remote's has left behind is moved on to it, unless it is checked out.
    """
    here = _tips(root, f"refs/heads/{prefix}")
    there = _tips(root, f"refs/remotes/{remote}/{prefix}")
    found = {**there, **here}
    for name in sorted(here.keys() & there.keys()):
        if here[name] != there[name] and is_ancestor(root, here[name], there[name]):
            run_git(root, "update-ref", f"refs/heads/{name}", there[name], here[name])
            found[name] = there[name]
    return dict(sorted(found.items()))


def is_on_remote(root: Path, branch: str, remote: str = "origin") -> bool:
    """Whether a remote, as it was last seen, has a branch as it is here, or there is none here."""
    here = _tips(root, f"refs/heads/{branch}").get(branch)
    return here is None or _tips(root, f"refs/remotes/{remote}/{branch}").get(branch) == here


def push_branch(root: Path, branch: str, remote: str = "origin") -> None:
    """Push a branch, and remember that the remote has it: in a clone of one branch Git would not.

    Raises PushRejectedError, and what `run_git` raises.
    """
    push(root, branch, remote)
    run_git(root, "update-ref", f"refs/remotes/{remote}/{branch}", f"refs/heads/{branch}")


def local_tip(root: Path, branch: str) -> str | None:
    """The commit of a branch here; None where there is no such branch."""
    return _tips(root, f"refs/heads/{branch}").get(branch)


def put_back(root: Path, branch: str, commit: str | None) -> None:
    """Let a branch here be again at the commit where it was; None where there was no such branch."""
    if commit is None:
        run_git(root, "update-ref", "-d", f"refs/heads/{branch}")
    else:
        run_git(root, "update-ref", f"refs/heads/{branch}", commit)


def has_file(root: Path, path: str, revision: str) -> bool:
    """Whether a revision has a file, by its path in the records folder."""
    full = f"{prefix_in_repository(root)}{path}"
    return bool(run_git(root, "ls-tree", "--full-tree", revision, "--", full).strip())


def is_ancestor(root: Path, earlier: str, later: str) -> bool:
    """Whether one commit is in the history of another."""
    try:
        run_git(root, "merge-base", "--is-ancestor", earlier, later)
    except GitError:
        return False
    return True


def has_been(root: Path, path: str, blob: str, revision: str = "HEAD") -> bool:
    """Whether a file, by its path in the records folder, ever had a content in the history of a revision.

    A branch that was merged as one new commit is told by this: its commits are not in that history.
    """
    full = f"{prefix_in_repository(root)}{path}"
    listing = run_git(
        root, "log", "-m", "--full-history", "--raw", "--no-abbrev", "--format=", revision, "--",
        f":(top,literal){full}",
    )  # fmt: skip
    return blob in listing.decode("utf-8", "surrogateescape").split()


def _tips(root: Path, start: str) -> dict[str, str]:
    """Commits by the names of branches; a pattern of `for-each-ref` ends at a slash, ours need not."""
    folder = start.rpartition("/")[0]
    room = "refs/heads/" if start.startswith("refs/heads/") else "/".join(start.split("/")[:3]) + "/"
    listing = run_git(root, "for-each-ref", "--format=%(objectname) %(refname)", folder).decode()
    pairs = (line.split(" ", 1) for line in listing.splitlines())
    return {name.removeprefix(room): commit for commit, name in pairs if name.startswith(start)}
