"""Histories of real Git, written by one `git fast-import`: branches, merges and moves in a few lines."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

from testbed import SCHEMA, git

START = 1_790_000_000
"""When the first commit was made; each later one is a minute after the one before."""

Files = Mapping[str, str | bytes | None]


class Bed:
    """Commits by names, each with its parents by theirs; `write` makes them and points `main` at the last."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.names: dict[str, int] = {}
        self._out = bytearray()
        self.commit("schema", dict(SCHEMA))

    def commit(
        self,
        name: str,
        files: Files,
        *parents: str,
        author: str = "First duty engineer <one@example.invalid>",
        links: Mapping[str, str] | None = None,
        message: str | None = None,
        dated_before_s: int = 0,
    ) -> None:
        """Add a commit of some files (None removes one) to its parents: the last one, unless said.

        The author's date lies `dated_before_s` before the committer's, as after a rebase.
        """
        mark = len(self.names) + 1
        before = [self.names[parent] for parent in parents] or ([mark - 1] if self.names else [])
        when = START + 60 * mark
        text = (message or name).encode()
        lines = [
            "commit refs/heads/main", f"mark :{mark}", f"author {author} {when - dated_before_s} +0000",
            f"committer Merger <merger@example.invalid> {when} +0000", f"data {len(text)}",
        ]  # fmt: skip
        self._out += "\n".join(lines).encode() + b"\n" + text + b"\n"
        for at, parent in enumerate(before):
            self._out += f"{'merge' if at else 'from'} :{parent}\n".encode()
        for path, content in files.items():
            self._file(path, content)
        for path, target in (links or {}).items():
            self._out += f"M 120000 inline {path}\ndata {len(target)}\n{target}\n".encode()
        self._out += b"\n"
        self.names[name] = mark

    def _file(self, path: str, content: str | bytes | None) -> None:
        if content is None:
            self._out += f"D {path}\n".encode()
            return
        data = content.encode() if isinstance(content, str) else content
        self._out += f"M 100644 inline {path}\ndata {len(data)}\n".encode() + data + b"\n"

    def write(self) -> dict[str, str]:
        """Make the repository, and return the commits by their names."""
        self.root.mkdir(parents=True, exist_ok=True)
        if not (self.root / ".git").exists():
            git(self.root, "init", "--quiet", "--initial-branch=main")
        marks = self.root / ".git" / "marks"
        subprocess.run(
            ["git", "fast-import", "--quiet", "--force", f"--export-marks={marks}"],
            cwd=self.root, input=bytes(self._out), check=True,
        )  # fmt: skip
        git(self.root, "reset", "--quiet", "--hard")
        hashes = dict(line.split() for line in marks.read_text().splitlines())
        return {name: hashes[f":{mark}"] for name, mark in self.names.items()}
