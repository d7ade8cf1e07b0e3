"""Where the records lie in what was checked out: forges count paths from there."""

from __future__ import annotations

import os
from pathlib import Path

WORKSPACES = ("GITHUB_WORKSPACE", "CI_PROJECT_DIR")
"""By which GitHub and GitLab say where they checked out."""


def prefix_in_checkout(root: Path) -> str:
    """The way from the root of the checkout to the records: empty, or ending in `/`.

    Outside CI the root of the checkout is that of the Git repository, if there is one.
    """
    for variable in WORKSPACES:
        named = os.environ.get(variable)
        top = Path(named).resolve() if named else None
        if top is not None and root.is_relative_to(top):
            relative = root.relative_to(top).as_posix()
            return "" if relative == "." else f"{relative}/"
    return _prefix_in_git(root)


def _prefix_in_git(root: Path) -> str:
    from incidentbook.gitrepo import GitError, prefix_in_repository  # noqa: PLC0415

    try:
        return prefix_in_repository(root)
    except GitError:
        return ""
