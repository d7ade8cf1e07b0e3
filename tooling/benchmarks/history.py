"""Times the event stream against plain Git, and a pull request's events: history.py [COMMITS [RECORDS]]."""

from __future__ import annotations

import argparse
import gc
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import lived_history
from rich.console import Console
from rich.table import Table

from incidentbook.history import events

_SEED = 1
_CHANGED = 30
_ROUNDS = 5
_STREAM_AIM = 1.5
_RANGE_AIM_S = 0.5
_PROGRAM = str(Path(sys.executable).with_name("incidentbook"))


def blobs_of(root: Path) -> bytes:
    """The blobs that a history brought, one a line: what the stream, too, has to read."""
    listing = subprocess.run(
        ["git", "log", "--raw", "--no-abbrev", "--format="], cwd=root, check=True, capture_output=True
    ).stdout
    names = (line.split()[3] for line in listing.splitlines())
    return b"".join(name + b"\n" for name in names if name.strip(b"0"))


def plain(root: Path, blobs: bytes) -> None:
    """What Git alone takes to list the history and to give out its blobs."""
    _quietly(["git", "log", "--raw"], root)
    _quietly(["git", "cat-file", "--batch"], root, blobs)


def _quietly(command: Sequence[str], root: Path, stdin: bytes = b"") -> None:
    subprocess.run(command, cwd=root, input=stdin, stdout=subprocess.DEVNULL, check=True)


def seconds(work: Callable[[], object]) -> float:
    """How long something takes once."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def stream(root: Path, rounds: int) -> tuple[float, float, int]:
    """Median times of plain Git and of the stream, turn about, and the number of events."""
    blobs = blobs_of(root)
    plain(root, blobs)
    count = len(events(root, head="HEAD"))
    pairs = []
    for _ in range(rounds):
        gc.collect()
        pairs.append((seconds(lambda: plain(root, blobs)), seconds(lambda: events(root, head="HEAD"))))
    git, ours = (statistics.median(times) for times in zip(*pairs, strict=True))
    return git, ours, count


def from_start(root: Path, rounds: int, *arguments: str) -> float:
    """The median of a command's time, from the start of its process, with a warm cache."""
    command = [_PROGRAM, "--repo", str(root), *arguments]
    _quietly(command, root)
    return statistics.median(seconds(lambda: _quietly(command, root)) for _ in range(rounds))


def main() -> None:
    """Write both histories, measure, and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("commits", type=int, nargs="?", default=20_000, metavar="COMMITS")
    parser.add_argument("records", type=int, nargs="?", default=10_000, metavar="RECORDS")
    parser.add_argument("--rounds", type=int, default=_ROUNDS, metavar="N")
    arguments = parser.parse_args()
    table = Table("", "plain Git", "ours", "ratio", "aim", title=f"{arguments.commits:,} commits")
    gc.disable()  # as the command line does
    with tempfile.TemporaryDirectory(prefix="incidentbook-bench-") as directory:
        root = Path(directory)
        for records in (arguments.commits * 3 // 16, arguments.records):
            lived_history.write_history(root / str(records), records, arguments.commits, _SEED)
            git, ours, count = stream(root / str(records), arguments.rounds)
            words = f"{count:,} events of {records:,} records"
            table.add_row(words, f"{git:.2f} s", f"{ours:.2f} s", f"{ours / git:.2f}", f"<= {_STREAM_AIM:g}")
        lived_history.changed_branch(root / str(arguments.records), _CHANGED, _SEED)
        for range_ in ("main..HEAD", "main.."):
            taken = from_start(root / str(arguments.records), arguments.rounds, "log", range_)
            name = f"log {range_}, {_CHANGED} of {arguments.records:,} files changed"
            table.add_row(name, "", f"{taken:.2f} s", "", f"<= {_RANGE_AIM_S:g} s")
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
