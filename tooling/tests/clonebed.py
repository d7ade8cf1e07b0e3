"""Two people with a clone each of one bare repository, and what Git says to them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from testbed import GIT_ENVIRONMENT, SCHEMA, git, write_files


class Said(NamedTuple):
    """What Git answered: its exit code, and all that it printed."""

    code: int
    words: str


def try_git(root: Path, *arguments: str, **environment: str) -> Said:
    """Run Git where it may refuse, with no editor to wait for."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    done = subprocess.run(
        ["git", *arguments],
        cwd=root,
        env={**inherited, **GIT_ENVIRONMENT, "GIT_EDITOR": "true", **environment},
        check=False,
        capture_output=True,
        text=True,
    )
    return Said(done.returncode, done.stdout + done.stderr)


def two_clones(root: Path, files: Mapping[str, str], *, below: str = "") -> tuple[Path, Path]:
    """A bare repository with a first commit, and two clones of it; records may lie in a folder below."""
    bare, one, two = (root / name for name in ("origin.git", "one", "two"))
    git(root, "init", "--quiet", "--bare", "--initial-branch=main", str(bare))
    git(root, "clone", "--quiet", str(bare), str(one))
    git(one, "checkout", "--quiet", "-B", "main")
    write_files(one / below, {**SCHEMA, ".gitignore": "/.cache/\n", **files})
    commit(one, "Begin")
    git(one, "push", "--quiet", "--set-upstream", "origin", "main")
    git(root, "clone", "--quiet", str(bare), str(two))
    return one, two


def commit(root: Path, message: str, files: Mapping[str, str] | None = None) -> None:
    write_files(root, files or {})
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", message)
