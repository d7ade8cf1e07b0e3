"""Times the event stream against plain Git, and a pull request's events: history.py [COMMITS [RECORDS]]."""

from __future__ import annotations

import argparse
import gc
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import lived_history
from rich.console import Console
from rich.table import Table

from incidentbook.archive.archive import CACHE_FOLDER
from incidentbook.cache import Cache
from incidentbook.history import Event, events

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


@dataclass(frozen=True)
class Measured:
    """Median times in seconds, and how many events there were.

    `first` is a story of which nothing is kept, with keeping it; `again` the same once it is kept.
    """

    git: float
    first: float
    again: float
    count: int


def stream(root: Path, rounds: int) -> Measured:
    """Time plain Git, the first story and the second, turn about."""
    blobs = blobs_of(root)
    plain(root, blobs)
    count = len(whole(root))
    times = []
    for _ in range(rounds):
        gc.collect()
        git = seconds(lambda: plain(root, blobs))
        shutil.rmtree(root / CACHE_FOLDER)
        times.append((git, seconds(lambda: whole(root)), seconds(lambda: whole(root))))
    git, first, again = (statistics.median(column) for column in zip(*times, strict=True))
    return Measured(git, first, again, count)


def whole(root: Path) -> Sequence[Event]:
    """The whole story, as `log` tells it."""
    cache = Cache.open(root / CACHE_FOLDER)
    try:
        return events(root, head="HEAD", cache=cache)
    finally:
        cache.close()


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
            found = stream(root / str(records), arguments.rounds)
            for words, ours in (
                (f"{found.count:,} events of {records:,} records, none kept", found.first),
                ("the same again, all kept", found.again),
            ):
                ratio = f"{ours / found.git:.2f}"
                table.add_row(words, f"{found.git:.2f} s", f"{ours:.2f} s", ratio, f"<= {_STREAM_AIM:g}")
        lived_history.changed_branch(root / str(arguments.records), _CHANGED, _SEED)
        for range_ in ("main..HEAD", "main.."):
            taken = from_start(root / str(arguments.records), arguments.rounds, "log", range_)
            name = f"log {range_}, {_CHANGED} of {arguments.records:,} files changed"
            table.add_row(name, "", f"{taken:.2f} s", "", f"<= {_RANGE_AIM_S:g} s")
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
