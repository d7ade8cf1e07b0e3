"""The contents of blobs, as many as are asked for, from one Git process."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO

from incidentbook.gitrepo.command import GitError, run_git, talking_to_git


def batch(output: bytes) -> Iterator[tuple[str, bytes]]:
    """Take the answers of `git cat-file --batch` apart: `<name> blob <size>`, the bytes, a newline."""
    position = 0
    while position < len(output):
        end = output.index(b"\n", position)
        name, kind, *size = output[position:end].split(b" ")
        if not size:
            raise GitError(f"git cat-file: the object {name.decode()} is {kind.decode()}")
        start = end + 1
        yield name.decode(), output[start : start + int(size[0])]
        position = start + int(size[0]) + 1


def read_blobs(root: Path, names: Iterable[str]) -> Iterator[bytes]:
    """Yield the contents of blobs, in the order of their names, while they are still being asked for.

    A few are asked for ahead of those that are read, so that Git works meanwhile. Raises GitError where
    an object is missing, and what `run_git` raises.
    """
    pending = iter(names)
    with talking_to_git(root, "cat-file", "--batch") as process:
        assert process.stdin and process.stdout  # noqa: S101  pipes were asked for
        waiting = 0
        while True:
            if waiting <= _AHEAD // 2:
                asked = list(islice(pending, _AHEAD // 2))
                _ask(root, process.stdin, asked)
                waiting += len(asked)
            if not waiting:
                return
            yield _answer(root, process.stdout)
            waiting -= 1


@contextmanager
def asking_for_names(root: Path) -> Iterator[Callable[[str], str | None]]:
    """Give a function that tells the object that an expression such as `<commit>:schema` means, or None."""
    with talking_to_git(root, "cat-file", "--batch-check=%(objectname)") as process:

        def name_of(expression: str) -> str | None:
            assert process.stdin and process.stdout  # noqa: S101  pipes were asked for
            _ask(root, process.stdin, [expression])
            answer = process.stdout.readline()
            if not answer:
                raise _gone(root)
            name, *missing = answer.decode("utf-8", "replace").split()
            return None if missing else name

        yield name_of


_AHEAD = 200
"""How many questions may wait: they fit into the smallest pipe of any system, so that asking never
waits for Git while Git waits for somebody to read its answers."""


def _ask(root: Path, stdin: IO[bytes], names: Sequence[str]) -> None:
    if not names:
        return
    try:
        stdin.write("".join(f"{name}\n" for name in names).encode())
        stdin.flush()
    except BrokenPipeError:
        raise _gone(root) from None


def _answer(root: Path, stdout: IO[bytes]) -> bytes:
    head = stdout.readline()
    if not head:
        raise _gone(root)
    name, kind, *size = head.split()
    if not size:
        raise GitError(f"git cat-file: the object {name.decode()} is {kind.decode()}")
    data = stdout.read(int(size[0]) + 1)
    return data[:-1]


def _gone(root: Path) -> GitError:
    """Why Git ended before it had answered: what is wrong with the repository, where it says so."""
    run_git(root, "rev-parse", "--git-dir")
    return GitError("git cat-file: ended before it had answered")
