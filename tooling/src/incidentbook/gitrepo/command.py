"""Running Git: one command at a time, or one that answers as long as it is asked."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from incidentbook.diagnostics import IncidentbookError


class GitError(IncidentbookError):
    """Git refused, for a reason in its own words; `words` are all that it said, a hook's included."""

    words: str = ""


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


class NoCommitYetError(GitError):
    """The repository has no commit, and what was asked for compares commits."""

    def __init__(self) -> None:
        super().__init__("there is no commit here yet; the first `git commit` makes one")


class NoMergeBaseError(GitError):
    """Two revisions have no commit in common, as far as this clone knows."""

    def __init__(self, base: str, head: str, *, shallow: bool) -> None:
        advice = (
            "the clone is shallow: `git fetch --unshallow` brings the rest"
            if shallow
            else "their histories are unrelated; name another base"
        )
        super().__init__(f"`{base}` and `{head}` have no commit in common; {advice}")


def run_git(
    root: Path, *arguments: str, stdin: bytes | None = None, environment: Mapping[str, str] | None = None
) -> bytes:
    """Run one Git command in a folder and return what it printed.

    `environment` is added to this process's. Raises GitNotFoundError, NotAGitRepositoryError or GitError.
    """
    try:
        done = subprocess.run(
            ["git", *arguments],
            cwd=root,
            env=_environment(root) | dict(environment or {}),
            input=stdin or b"",
            capture_output=True,
            check=False,
        )
    except FileNotFoundError:
        raise GitNotFoundError from None
    if done.returncode != 0:
        raise _refusal(root, arguments, done.stderr)
    return done.stdout


@contextmanager
def talking_to_git(root: Path, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """Start a Git command that is read, or asked, while it runs; it is ended with the context.

    Raises GitNotFoundError at once; where the command fails is for the reader of its output to see.
    """
    try:
        process = subprocess.Popen(
            ["git", *arguments],
            cwd=root,
            env=_environment(root),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=1 << 16,
        )
    except FileNotFoundError:
        raise GitNotFoundError from None
    with process:
        try:
            yield process
        finally:
            process.kill()
            if process.stdin:
                with suppress(BrokenPipeError):  # what was not yet sent goes nowhere
                    process.stdin.close()


def reading_git(root: Path, *arguments: str) -> Iterator[bytes]:
    """Yield the output of a Git command in pieces while it runs. Raises what `run_git` raises."""
    with talking_to_git(root, *arguments) as process:
        assert process.stdout  # noqa: S101  asked for
        if process.stdin:
            process.stdin.close()
        while piece := process.stdout.read(1 << 16):
            yield piece
        if process.wait() != 0:
            # its words went nowhere, so that a long complaint cannot stop it: a second run says why
            run_git(root, *arguments)
            raise GitError(f"git {arguments[0]}: failed")


def _refusal(root: Path, arguments: Sequence[str], stderr: bytes) -> GitError:
    reason = stderr.decode("utf-8", "replace").strip()
    if "not a git repository" in reason:
        return NotAGitRepositoryError(root)
    command = next((argument for argument in arguments if not argument.startswith("-")), "")
    # a push says first where to, and only then what became of it
    lines = [line.strip() for line in reason.splitlines() if not line.startswith(("To ", "remote: "))]
    error = GitError(f"git {command}: {lines[0] if lines else 'failed'}")
    error.words = reason
    return error


def _environment(root: Path) -> dict[str, str]:
    """What Git is told of its surroundings: its messages in English, and which repository is meant.

    Git tells its hooks by GIT_DIR which repository they run for: relative to the top of the working
    tree, so that a command in a subfolder finds none, and not always the one we are asked about.
    """
    inherited = {**os.environ, "LC_ALL": "C", "LANGUAGE": "C", "GIT_TERMINAL_PROMPT": "0"}
    if "GIT_DIR" not in os.environ and "GIT_WORK_TREE" not in os.environ:
        return inherited
    start = root.absolute()
    top = next((folder for folder in (start, *start.parents) if (folder / ".git").exists()), start)
    return inherited | {"GIT_DIR": str(top / ".git"), "GIT_WORK_TREE": str(top)}
