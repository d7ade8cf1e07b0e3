"""Writes a records repository whose incidents were lived through, commit by commit, into real Git."""

from __future__ import annotations

import random
import subprocess
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import generate

from incidentbook.records import parse_name

_MERGED_EVERY = 20
"""So many commits of the first line stand between two branches that are merged."""

Step = tuple[datetime, str, str]
"""When a record came to say something, its path, and the whole file as it then was."""


def write_history(root: Path, records: int, commits: int, seed: int) -> None:
    """Write a repository of so many records and at least so many commits, and check it out.

    The first commit imports what was lived through before; every later one changes one record.
    """
    root.mkdir(parents=True, exist_ok=True)
    _git(root, "init", "--quiet", "--initial-branch=main")
    imported, steps = _parts(list(generate.records(records, seed)), commits)
    with subprocess.Popen(
        ["git", "fast-import", "--quiet"], cwd=root, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
    ) as importing:
        assert importing.stdin is not None
        _Writer(importing.stdin).write(generate.schema_texts() | imported, steps)
        importing.stdin.close()
        if importing.wait() != 0:
            raise RuntimeError("git fast-import failed")
    _git(root, "reset", "--quiet", "--hard")


def _parts(files: list[generate.File], commits: int) -> tuple[dict[str, str], list[Step]]:
    """What the first commit holds, and the steps of the newest incidents after it."""
    steps: list[Step] = []
    lived: set[str] = set()
    for file in reversed([file for file in files if _is_incident(file.path)]):
        if len(steps) >= commits:
            break
        lived.add(file.path)
        steps += _life(file)
    imported = {
        file.path: generate.text_of(file.values, file.body) for file in files if file.path not in lived
    }
    return imported, sorted(steps)


def _is_incident(path: str) -> bool:
    name = parse_name(path)
    return name is not None and name.kind == "incident"


def _life(file: generate.File) -> Iterator[Step]:
    """The versions of one incident: logged, taken, each update, resolved, closed."""
    values = {key: value for key, value in file.values.items() if key in _BEGINNING}
    values["status"] = "new"
    final: dict[str, Any] = file.values
    stages: list[tuple[Any, dict[str, Any]]] = [(final["opened"], {})]
    if "acknowledged" in final:
        work = {key: final[key] for key in _WORK if key in final}
        stages.append(
            (final["acknowledged"], {"status": "in_progress", "acknowledged": final["acknowledged"], **work})
        )
    updates = final.get("updates", [])
    stages += [(update["at"], {"updates": updates[: at + 1]}) for at, update in enumerate(updates[:-1])]
    if "resolved" in final:
        closing = ("closed", "closed_by", "confirmation", "satisfaction")
        rest = {key: value for key, value in final.items() if key not in closing}
        stages.append((final["resolved"], {**rest, "status": "resolved"}))
    if "closed" in final:
        stages.append((final["closed"], final))
    elif "cancelled" in final:
        stages.append((final["cancelled"], final))
    for at, change in stages:
        values = values | change
        yield at, file.path, generate.text_of({key: values[key] for key in final if key in values}, file.body)


_WORK: tuple[str, ...] = ("assignments", "steps", "holds", "roles")
_BEGINNING = frozenset(
    {
        *("title", "summary", "symptoms", "visibility", "major", "services", "category", "impact", "urgency"),
        *("started", "detected", "opened", "reporter", "affected"),
    }
)


class _Writer:
    """Speaks to `git fast-import`."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self._mark = 0

    def write(self, first: dict[str, str], steps: list[Step]) -> None:
        """Write the first commit, then the steps, now and then two of them side by side and merged."""
        start = int(steps[0][0].timestamp()) - 60
        tip = self._commit(start, "Import what was there", None, first)
        number = 0
        while number < len(steps):
            at, path, text = steps[number]
            mine = self._commit(int(at.timestamp()), f"Step {number}", tip, {path: text})
            beside = steps[number + 1] if number % _MERGED_EVERY == 0 and number + 1 < len(steps) else None
            if beside and beside[1] != path:
                later, other, said = beside
                theirs = self._commit(int(later.timestamp()), f"Step {number + 1}", tip, {other: said})
                tip = self._commit(int(later.timestamp()), "Merge", mine, {other: said}, merged=theirs)
                number += 1
            else:
                tip = mine
            number += 1
        self._out.write(f"reset refs/heads/main\nfrom :{tip}\n\n".encode())

    def _commit(
        self, at: int, message: str, parent: int | None, files: dict[str, str], merged: int | None = None
    ) -> int:
        self._mark += 1
        who = f"Duty engineer <duty@bench.example> {at} +0000"
        lines = [
            "commit refs/heads/work", f"mark :{self._mark}", f"author {who}", f"committer {who}",
            f"data {len(message.encode())}", message,
        ]  # fmt: skip
        lines += [f"from :{parent}"] if parent is not None else []
        lines += [f"merge :{merged}"] if merged is not None else []
        self._out.write(("\n".join(lines) + "\n").encode())
        for path, text in files.items():
            data = text.encode()
            self._out.write(f"M 100644 inline {path}\ndata {len(data)}\n".encode() + data + b"\n")
        self._out.write(b"\n")
        return self._mark


def changed_branch(root: Path, files: int, seed: int) -> None:
    """Commit a change of so many records to a branch `change`, and check it out."""
    _git(root, "switch", "--quiet", "--create", "change")
    paths = sorted((root / "incidents").rglob("INC-*.md"))
    for path in random.Random(seed).sample([path for path in paths if ".review" not in path.name], files):
        text = path.read_text()
        path.write_text(text.replace("\ntitle: ", "\nlocation: Harbour\ntitle: ", 1))
    _git(root, "commit", "--quiet", "--all", "--message", "Change")


def _git(root: Path, *arguments: str) -> None:
    subprocess.run(
        ["git", "-c", "user.name=Duty engineer", "-c", "user.email=duty@bench.example", *arguments],
        cwd=root, check=True,
    )  # fmt: skip
