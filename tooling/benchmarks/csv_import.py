"""Times `incidentbook import csv` against reading the same rows and writing as many files: csv_import.py."""

from __future__ import annotations

import argparse
import csv
import random
import shutil
import sys
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bench import Run, run
from rich.console import Console
from rich.table import Table

ROWS, INCIDENTS = 141_712, 24_918
"""As many as a real year of ServiceNow had."""

_NAMES = """
number incident_state active reassignment_count reopen_count sys_mod_count made_sla caller_id opened_by
opened_at sys_created_by sys_created_at sys_updated_by sys_updated_at contact_type location category
subcategory u_symptom cmdb_ci impact urgency priority assignment_group assigned_to knowledge
u_priority_confirmation notify problem_id rfc vendor caused_by closed_code resolved_by resolved_at closed_at
"""
COLUMNS = _NAMES.split()
_MATRIX = {
    ("1 - High", "1 - High"): "1 - Critical",
    ("1 - High", "2 - Medium"): "2 - High",
    ("2 - Medium", "1 - High"): "2 - High",
    ("2 - Medium", "2 - Medium"): "3 - Moderate",
    ("3 - Low", "3 - Low"): "4 - Low",
}
_COURSE = ("New", "Active", "Awaiting User Info", "Active", "Resolved", "Active")


@dataclass(frozen=True)
class Figures:
    """The best of the repeats: the yardstick, a first import, and one that changes nothing."""

    plain: Run
    first: Run
    again: Run


def write_log(path: Path, rows: int, incidents: int, seed: int) -> None:
    """Write the log of a made-up service desk in the form in which ServiceNow exports one."""
    chance = random.Random(seed)
    counts = [2] * incidents
    for _ in range(rows - sum(counts)):
        counts[chance.randrange(incidents)] += 1
    start = datetime(2025, 1, 1, 8, 0)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="?", lineterminator="\n")
        writer.writeheader()
        for number, count in enumerate(counts, start=1):
            opened = start + timedelta(minutes=number * 20)
            writer.writerows(_incident(chance, number, count, opened))


def _incident(chance: random.Random, number: int, count: int, opened: datetime) -> list[dict[str, object]]:
    impact, urgency = chance.choices(list(_MATRIX), [1, 1, 1, 94, 3])[0]
    written = sorted(chance.randrange(1, 20_000) for _ in range(count))
    category = chance.randrange(58)
    fixed = {
        "number": f"INC{number:07}",
        "made_sla": str(chance.random() < 0.6).lower(),
        "caller_id": f"Caller {chance.randrange(5_000)}",
        "opened_at": _time(opened),
        "contact_type": chance.choice(["Phone", "Phone", "Email", "Self service"]),
        "location": f"Location {chance.randrange(220)}",
        "category": f"Category {category}",
        "subcategory": f"Subcategory {category * 5 + chance.randrange(5)}",
        "u_symptom": f"Symptom {chance.randrange(500)}",
        "impact": impact,
        "urgency": urgency,
        "priority": _MATRIX[impact, urgency],
        "closed_code": f"code {chance.randrange(1, 18)}",
        "resolved_by": f"Resolved by {chance.randrange(200)}",
        "resolved_at": _time(opened + timedelta(minutes=written[-2])),
        "closed_at": _time(opened + timedelta(minutes=written[-1])),
    }
    rows: list[dict[str, object]] = []
    group = chance.randrange(70)
    for place, minutes in enumerate(written):
        if chance.random() < 0.2:
            group = chance.randrange(70)
        state = "Closed" if place == count - 1 else _COURSE[min(place, len(_COURSE) - 1)]
        rows.append(
            {
                **fixed,
                "incident_state": state,
                "sys_mod_count": place,
                "sys_updated_at": _time(opened + timedelta(minutes=minutes)),
                "assignment_group": f"Group {group}",
                "assigned_to": f"Resolver {group * 3 + chance.randrange(3)}",
            }
        )
    return rows


def _time(moment: datetime) -> str:
    return f"{moment.day}/{moment.month}/{moment.year} {moment:%H:%M}"


def measure(log: Path, folder: Path, repeat: int) -> Figures:
    """Run everything in rounds, so that whatever else the machine does falls on everybody alike."""
    tool = [str(Path(sys.executable).with_name("incidentbook"))]
    rounds = []
    for number in range(repeat):
        root, plain = folder / f"records-{number}", folder / f"plain-{number}"
        run([*tool, "init", str(root)])
        importing = [*tool, "--repo", str(root), "import", "csv", str(log), "--preset", "servicenow"]
        importing += ["--timezone", "UTC", "--rejects", str(folder / "rejects.csv")]
        yardstick = run([sys.executable, str(Path(__file__).with_name("plain_csv.py")), str(log), str(plain)])
        rounds.append((yardstick, run(importing), run(importing)))
        shutil.rmtree(root)
        shutil.rmtree(plain)
    return Figures(*(min(runs, key=lambda one: one.seconds) for runs in zip(*rounds, strict=True)))


def report(figures: Figures) -> Table:
    """Put the figures beside their aims."""
    table = Table(title=f"incidentbook import csv, {ROWS:,} rows of {INCIDENTS:,} incidents")
    for heading in ("", "wall", "processor", "peak of the largest process", "wall / plain", "aim"):
        table.add_column(heading, justify="left" if not heading else "right")

    def row(label: str, one: Run, aim: str = "") -> None:
        ratio = f"{one.seconds / figures.plain.seconds:.1f}"
        table.add_row(
            label,
            f"{one.seconds:.2f} s",
            f"{one.processor_seconds:.2f} s",
            f"{one.peak_mib:.0f} MiB",
            ratio,
            aim,
        )

    row("plain csv read, as many files written", figures.plain)
    row("first import", figures.first, "<= 8, < 600 MiB")
    row("import again, nothing changes", figures.again)
    return table


def main() -> None:
    """Measure, and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--log", type=Path, help="a real log of ServiceNow instead of a made-up one")
    parser.add_argument("--repeat", type=int, default=3, metavar="N")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="incidentbook-bench-") as directory:
        log = arguments.log or Path(directory, "log.csv")
        if arguments.log is None:
            write_log(log, ROWS, INCIDENTS, seed=1)
        Console(width=120).print(report(measure(log, Path(directory), arguments.repeat)))


if __name__ == "__main__":
    main()
