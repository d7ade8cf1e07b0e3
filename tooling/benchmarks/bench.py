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
    """One command, from its start to its end: seconds on the wall, processor time of all its processes,
    mebibytes of the largest of them.
    """

    seconds: float
    processor_seconds: float
    peak_mib: float


@dataclass(frozen=True)
class Figures:
    """What was measured at one size; the best of the repeats each."""

    size: int
    loop: Run
    cold_one_core: Run
    cold: Run
    warm: Run
    one_file: Run


def run(command: Sequence[str], *, one_core: bool = False) -> Run:
    """Run a command to its end, its output thrown away as a pipe would take it."""
    cores = _cores()
    try:
        if one_core and cores:
            os.sched_setaffinity(0, {min(cores)})
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        assert process.stderr is not None
        message = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
    finally:
        if one_core and cores:
            os.sched_setaffinity(0, cores)
    process.stderr.close()
    process.returncode = os.waitstatus_to_exitcode(status)
    # 1 is a check that found something; only 2 and a signal are failures here
    if process.returncode not in {0, 1}:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}:\n{message.decode(errors='replace')}")
    # kibibytes on Linux, bytes on macOS
    peak_mib = usage.ru_maxrss / (1024 if sys.platform != "darwin" else 1024 * 1024)
    return Run(seconds, usage.ru_utime + usage.ru_stime, peak_mib)


def measure(root: Path, size: int, repeat: int) -> Figures:
    """Generate a repository of a size and measure everything on it."""
    generate.write(root, size, _SEED)
    check = [str(Path(sys.executable).with_name("incidentbook")), "--repo", str(root), "check"]
    loop = [sys.executable, str(_HERE / "plain_loop.py"), str(root)]
    some_file = str(sorted(root.glob("incidents/*/INC-*.md"))[size // 2])
    cache = root / ".cache"

    def cold(*, one_core: bool) -> Run:
        shutil.rmtree(cache, ignore_errors=True)
        return run(check, one_core=one_core)

    run(loop)  # brings the files into memory and the modules into bytecode, for everybody
    # In rounds, so that whatever else the machine does meanwhile falls on everybody alike.
    rounds = [
        (
            run(loop),
            cold(one_core=True),
            cold(one_core=False),
            run(check),
            run([*check, some_file]),
        )
        for _ in range(repeat)
    ]
    best = (min(runs, key=lambda one: one.seconds) for runs in zip(*rounds, strict=True))
    return Figures(size, *best)


def report(figures: Sequence[Figures]) -> Table:
    """Put the figures beside their aims."""
    table = Table(title=f"incidentbook check, {len(_cores()) or os.cpu_count()} cores, best of the repeats")
    table.add_column("")
    for one in figures:
        table.add_column(f"{one.size:,} records", justify="right")
    table.add_column("aim", justify="right")

    def row(label: str, *cells: str, aim: str = "") -> None:
        table.add_row(label, *cells, aim)

    def seconds(runs: Sequence[Run]) -> list[str]:
        return [f"{one.seconds:.2f} s" for one in runs]

    def processor(run: Run, loop: Run) -> str:
        return f"{run.processor_seconds / loop.processor_seconds:.2f}"

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
    row("cold / loop, processor time", *(processor(one.cold_one_core, one.loop) for one in figures))
    row("warm / loop, processor time", *(processor(one.warm, one.loop) for one in figures))
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
