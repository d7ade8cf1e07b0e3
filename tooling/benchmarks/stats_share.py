"""Times `stats --by month --by service` against `check` on the same records: stats_share.py [SIZE]."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

import generate
from bench import Run, run
from rich.console import Console
from rich.table import Table

_SEED = 1
_REPEAT = 3
_SIZE = 25_000


def measure(root: Path, *arguments: str, cold: bool) -> Run:
    """Run a command a few times and return its fastest; cold without what an earlier one had cached."""
    command = [str(Path(sys.executable).with_name("incidentbook")), "--repo", str(root), *arguments]
    runs = []
    for _ in range(1 if cold else _REPEAT):
        if cold:
            shutil.rmtree(root / ".cache", ignore_errors=True)
        runs.append(run(command))
    return min(runs, key=lambda one: one.seconds)


def main() -> None:
    """Measure both commands with and without a cache, and print one table."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else _SIZE
    table = Table("", "check", "stats", "stats / check", "aim", "peak of stats", title=f"{size:,} incidents")
    with tempfile.TemporaryDirectory(prefix="incidentbook-bench-") as directory:
        root = Path(directory)
        generate.write(root, size, _SEED)
        run([sys.executable, "-c", "import incidentbook.cli"])
        for words, cold in (("without a cache", True), ("with a warm cache", False)):
            check = measure(root, "check", cold=cold)
            stats = measure(root, "stats", "--by", "month", "--by", "service", cold=cold)
            ratio = stats.seconds / check.seconds
            seconds = (f"{check.seconds:.2f} s", f"{stats.seconds:.2f} s")
            table.add_row(words, *seconds, f"{ratio:.2f}", "<= 1.50", f"{stats.peak_mib:.0f} MiB")
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
