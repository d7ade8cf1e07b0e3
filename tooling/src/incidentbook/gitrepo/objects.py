"""The contents of blobs, as many as are asked for, from one Git process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from threading import Thread
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

    Raises GitError where an object is missing, and what `run_git` raises.
    """
    with talking_to_git(root, "cat-file", "--batch", "--buffer") as process:
        assert process.stdin and process.stdout  # noqa: S101  pipes were asked for
        # a thread of its own: Git stops reading while nobody reads what it answers
        asking = Thread(target=_ask, args=(process.stdin, names), daemon=True)
        asking.start()
        while head := process.stdout.readline():
            yield _answer(head, process.stdout)
        if process.wait() != 0:
            run_git(root, "rev-parse", "--git-dir")  # says what is wrong with the repository


def _ask(stdin: IO[bytes], names: Iterable[str]) -> None:
    try:
        stdin.writelines(f"{name}\n".encode() for name in names)
        stdin.close()
    except (BrokenPipeError, ValueError):
        return  # nobody wants the rest


def _answer(head: bytes, stdout: IO[bytes]) -> bytes:
    name, kind, *size = head.split()
    if not size:
        raise GitError(f"git cat-file: the object {name.decode()} is {kind.decode()}")
    data = stdout.read(int(size[0]) + 1)
    return data[:-1]
