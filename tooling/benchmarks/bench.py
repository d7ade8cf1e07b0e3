"""Times `incidentbook check` against a plain loop over the same records: bench.py [--repeat N] SIZE..."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import generate
from rich.console import Console
from rich.table import Table

_HERE = Path(__file__).parent
_SEED = 1


def _cores() -> set[int]:
    """The cores that we may use; none where the system does not let us choose (macOS)."""
    return os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()


@dataclass(frozen=True)
class Run:
    """One process, from its start to its end: seconds on the wall, mebibytes of its largest process."""

    seconds: float
    peak_mib: float


@dataclass(frozen=True)
class Figures:
    """What was measured at one size; the best of the repeats each."""

    size: int
    loop: Run
    cold: Run
    cold_one_core: Run | None
    warm: Run
    one_file: Run


def run(command: Sequence[str], *, one_core: bool = False) -> Run:
    """Run a command to its end, its output thrown away as a pipe would take it."""
    cores = _cores()
    try:
        if one_core:
            os.sched_setaffinity(0, {min(cores)})
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        assert process.stderr is not None
        message = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
    finally:
        if one_core:
            os.sched_setaffinity(0, cores)
    process.stderr.close()
    process.returncode = os.waitstatus_to_exitcode(status)
    # 1 is a check that found something; only 2 and a signal are failures here
    if process.returncode not in {0, 1}:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}:\n{message.decode(errors='replace')}")
    # kibibytes on Linux, bytes on macOS
    return Run(seconds, usage.ru_maxrss / (1024 if sys.platform != "darwin" else 1024 * 1024))


def measure(root: Path, size: int, repeat: int) -> Figures:
    """Generate a repository of a size and measure everything on it."""
    generate.write(root, size, _SEED)
    check = [str(Path(sys.executable).with_name("incidentbook")), "--repo", str(root), "check"]
    loop = [sys.executable, str(_HERE / "plain_loop.py"), str(root)]
    some_file = str(sorted(root.glob("incidents/*/INC-*.md"))[size // 2])
    cache = root / ".cache"

    def best(command: Sequence[str], *, cold: bool = False, one_core: bool = False) -> Run:
        runs = []
        for _ in range(repeat):
            if cold and cache.exists():
                shutil.rmtree(cache)
            runs.append(run(command, one_core=one_core))
        return min(runs, key=lambda one: one.seconds)

    run(loop)  # brings the files into memory and the modules into bytecode, for everybody
    cold_one_core = best(check, cold=True, one_core=True) if len(_cores()) > 1 else None
    cold = best(check, cold=True)
    warm = best(check)
    return Figures(
        size=size,
        loop=best(loop),
        cold=cold,
        cold_one_core=cold_one_core,
        warm=warm,
        one_file=best([*check, some_file]),
    )


def report(figures: Sequence[Figures]) -> Table:
    """Put the figures beside their aims."""
    table = Table(title=f"incidentbook check, {len(_cores()) or os.cpu_count()} cores, best of the repeats")
    table.add_column("")
    for one in figures:
        table.add_column(f"{one.size:,} records", justify="right")
    table.add_column("aim", justify="right")

    def row(label: str, *cells: str, aim: str = "") -> None:
        table.add_row(label, *cells, aim)

    def seconds(runs: Sequence[Run | None]) -> list[str]:
        return [f"{one.seconds:.2f} s" if one else "-" for one in runs]

    def peak(runs: Sequence[Run]) -> list[str]:
        return [f"{one.peak_mib:.0f} MiB" for one in runs]

    row("plain loop", *seconds([one.loop for one in figures]))
    row("check, cold", *seconds([one.cold for one in figures]))
    row("check, cold, one core", *seconds([one.cold_one_core for one in figures]))
    row("check, warm", *seconds([one.warm for one in figures]))
    row("check of one file, warm", *seconds([one.one_file for one in figures]), aim="< 0.30 s")
    table.add_section()
    row("cold / loop", *(f"{one.cold.seconds / one.loop.seconds:.2f}" for one in figures), aim="<= 0.60")
    row("warm / loop", *(f"{one.warm.seconds / one.loop.seconds:.2f}" for one in figures), aim="<= 0.15")
    table.add_section()
    row("cold, each record", *(f"{1e6 * one.cold.seconds / one.size:.0f} us" for one in figures), aim="flat")
    row("warm, each record", *(f"{1e6 * one.warm.seconds / one.size:.0f} us" for one in figures), aim="flat")
    table.add_section()
    row("plain loop, peak", *peak([one.loop for one in figures]))
    row("check, cold, peak of the largest process", *peak([one.cold for one in figures]))
    row("check, warm, peak of the largest process", *peak([one.warm for one in figures]))
    return table


def main() -> None:
    """Measure every size and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", type=int, nargs="+", metavar="SIZE")
    parser.add_argument("--repeat", type=int, default=3, metavar="N")
    arguments = parser.parse_args()
    figures = []
    with tempfile.TemporaryDirectory(prefix="incidentbook-bench-") as directory:
        for size in arguments.sizes:
            print(f"{size:,} records ...", file=sys.stderr)
            figures.append(measure(Path(directory) / str(size), size, arguments.repeat))
    Console(width=100).print(report(figures))


if __name__ == "__main__":
    main()
