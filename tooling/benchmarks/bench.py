"""Times `incidentbook check` against a plain loop over the same records: bench.py [--repeat N] SIZE..."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
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
    """What was measured at one size; the best of the repeats each. `cold` is by the number of cores."""

    size: int
    loop: Run
    cold: Mapping[int, Run]
    warm: Run
    one_file: Run

    @property
    def cold_on_all(self) -> Run:
        """The cold check with every core that we may use."""
        return self.cold[max(self.cold)]


def core_counts() -> tuple[int, ...]:
    """With how many cores the cold check is run: one, two, four and so on, and all of them."""
    most = len(_cores())
    if not most:
        return (os.cpu_count() or 1,)
    return tuple(sorted({*(1 << n for n in range(most.bit_length())), most}))


def run(command: Sequence[str], *, on: int | None = None) -> Run:
    """Run a command to its end, on so many cores; its output is thrown away as a pipe would take it."""
    cores = _cores()
    try:
        if on is not None and cores:
            os.sched_setaffinity(0, sorted(cores)[:on])
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        assert process.stderr is not None
        message = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
    finally:
        if on is not None and cores:
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

    def cold(cores: int) -> Run:
        shutil.rmtree(cache, ignore_errors=True)
        return run(check, on=cores)

    run(loop)  # brings the files into memory and the modules into bytecode, for everybody
    # In rounds, so that whatever else the machine does meanwhile falls on everybody alike.
    counts = core_counts()
    rounds = [(run(loop), *map(cold, counts), run(check), run([*check, some_file])) for _ in range(repeat)]
    best = [min(runs, key=lambda one: one.seconds) for runs in zip(*rounds, strict=True)]
    return Figures(size, best[0], dict(zip(counts, best[1:-2], strict=True)), *best[-2:])


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
    counts = core_counts()
    for count in counts:
        row(f"check, cold, {_spelled(count)}", *seconds([one.cold[count] for one in figures]))
    row("check, warm", *seconds([one.warm for one in figures]))
    row("check of one file, warm", *seconds([one.one_file for one in figures]), aim="< 0.30 s")
    table.add_section()
    row(
        "cold / loop",
        *(f"{one.cold_on_all.seconds / one.loop.seconds:.2f}" for one in figures),
        aim="<= 0.60",
    )
    row("warm / loop", *(f"{one.warm.seconds / one.loop.seconds:.2f}" for one in figures), aim="<= 0.15")
    row("cold / loop, processor time", *(processor(one.cold[counts[0]], one.loop) for one in figures))
    row("warm / loop, processor time", *(processor(one.warm, one.loop) for one in figures))
    table.add_section()
    row(
        "cold, each record",
        *(f"{1e6 * one.cold_on_all.seconds / one.size:.0f} us" for one in figures),
        aim="flat",
    )
    row("warm, each record", *(f"{1e6 * one.warm.seconds / one.size:.0f} us" for one in figures), aim="flat")
    for count in counts[1:]:
        times = (f"{one.cold[1].seconds / one.cold[count].seconds:.2f} times" for one in figures)
        row(f"cold, {_spelled(count)} against one", *times)
    table.add_section()
    row("plain loop, peak", *peak([one.loop for one in figures]))
    row("check, cold, peak of the largest process", *peak([one.cold_on_all for one in figures]))
    row("check, warm, peak of the largest process", *peak([one.warm for one in figures]))
    return table


def _spelled(cores: int) -> str:
    return "1 core" if cores == 1 else f"{cores} cores"


def more_cores(largest: Figures) -> str:
    """Say what more cores than there are would give, and that this is computed, not measured."""
    counts = core_counts()
    most = counts[-1]
    if len(counts) == 1:
        return f"What other numbers of cores give cannot be measured here: {_spelled(most)} it is."
    alone, together = largest.cold[1].seconds, largest.cold[most].seconds
    if together >= alone:
        return (
            f"{_spelled(most)} were no faster than one: the machine was busy with other work. Measure again."
        )
    # Amdahl: together = serial + (alone - serial) / most
    serial = max(0.0, (most * together - alone) / (most - 1))
    estimate = serial + (alone - serial) / (2 * most)
    return (
        f"At {largest.size:,} records {_spelled(most)} were {alone / together:.2f} times as fast as one. "
        f"More than {most} cannot be measured here; if what stays with one process ({serial:.2f} s) stays, "
        f"{2 * most} cores would take {estimate:.2f} s ({estimate / largest.loop.seconds:.2f} of the loop)."
    )


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
    console = Console(width=100)
    console.print(report(figures))
    console.print(more_cores(figures[-1]))


if __name__ == "__main__":
    main()
