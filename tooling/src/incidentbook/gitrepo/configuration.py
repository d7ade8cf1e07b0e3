"""What a clone of a repository is told of itself: its configuration, and the attributes of its files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from incidentbook.gitrepo.command import GitError, run_git


def configured(root: Path, key: str) -> str | None:
    """The value that Git has for a key here, from whichever of its files; None where it has none.

    Raises NotAGitRepositoryError.
    """
    run_git(root, "rev-parse", "--git-dir")  # the next question fails for any reason alike
    try:
        return run_git(root, "config", "--get", key).decode().removesuffix("\n")
    except GitError:
        return None


def configure(root: Path, values: Mapping[str, str]) -> None:
    """Write values into the configuration of this clone, which all its working trees share."""
    for key, value in values.items():
        run_git(root, "config", "--local", "--replace-all", key, value)


def forget_section(root: Path, section: str) -> None:
    """Remove a section from the configuration of this clone. Raises GitError where there is none."""
    run_git(root, "config", "--local", "--remove-section", section)


def attribute(root: Path, name: str, path: str) -> str | None:
    """The attribute of a file, whether it is there or not; None where it has none."""
    answer = run_git(root, "check-attr", "-z", name, "--", path).split(b"\0")
    value = answer[2].decode("utf-8", "replace")
    return None if value in ("unspecified", "unset") else value
