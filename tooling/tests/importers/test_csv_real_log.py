"""A real year of ServiceNow, 141,712 rows, imported whole: its known figures come out exactly.

One test, because runners that share tests among processes would import once in each. Each step is
a process of its own, as a user runs it: a test runner has threads, with which the tool would not fork.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from datetime import datetime
from pathlib import Path
from statistics import mean, median
from typing import Any

import pytest

from testbed import Corpus

FACTS = """
import json, sys
from pathlib import Path
from incidentbook.archive import load_entries, open_repository
archive = open_repository(Path(sys.argv[1]))
load_entries(archive)
def iso(moment): return moment.isoformat() if moment else None
for entry in archive.incidents:
    one = entry.record
    print(json.dumps({
        "id": entry.id, "status": one.status, "opened": iso(one.opened), "resolved": iso(one.resolved),
        "closed": iso(one.closed), "reopenings": len(one.reopenings), "sla": one.extra.get("x-recorded-sla"),
        "stored": one.priority and one.priority.value, "priority": archive.taxonomy.priority_of(one),
        "cell": [one.impact, one.urgency], "assets": len(one.assets), "location": one.location,
        "symptoms": len(one.symptoms), "services": len(one.services), "holds": len(one.holds),
    }))
"""


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)


class RealLog:
    """The repository into which the log was imported, and what its records say."""

    def __init__(self, folder: Path, log: Path) -> None:
        tool = Path(sys.executable).with_name("incidentbook")
        self.root = folder / "records"
        self.rejects = folder / "rejects.csv"
        assert run(tool, "init", self.root).returncode == 0
        self.command: tuple[str | Path, ...] = (tool, "--repo", self.root)
        options = ("--preset", "servicenow", "--timezone", "UTC", "--rejects", self.rejects)
        self.imported = run(*self.command, "import", "csv", log, *options)
        facts = run(sys.executable, "-c", FACTS, self.root)
        assert facts.returncode == 0, facts.stderr
        self.incidents: list[dict[str, Any]] = [json.loads(line) for line in facts.stdout.splitlines()]

    def hours(self, end: str) -> list[float]:
        return [
            (datetime.fromisoformat(one[end]) - datetime.fromisoformat(one["opened"])).total_seconds() / 3600
            for one in self.incidents
            if one[end]
        ]


def every_incident_comes_in_and_five_rows_do_not(real_log: RealLog) -> None:
    assert real_log.imported.returncode == 1
    assert len(real_log.incidents) == 24_918
    assert "Wrote 24,918 incidents: INC-2016-0001 to INC-2016-24769, INC-2017-0001 to INC-2017-0149." in (
        real_log.imported.stdout
    )
    assert real_log.imported.stderr.count("`incident_state` is `-100`, which the mapping does not know") == 5
    assert len(real_log.rejects.read_text().splitlines()) == 6


def ids_sort_as_numbers(real_log: RealLog) -> None:
    opened = [one["opened"] for one in real_log.incidents]
    assert opened == sorted(opened)
    assert [one["id"] for one in real_log.incidents[9_998:10_000]] == ["INC-2016-9999", "INC-2016-10000"]


def the_times_are_those_that_were_published(real_log: RealLog) -> None:
    resolved, closed = real_log.hours("resolved"), real_log.hours("closed")
    assert (len(resolved), round(mean(resolved), 2), round(median(resolved), 2)) == (23_362, 178.17, 22.10)
    assert (len(closed), round(mean(closed), 2), round(median(closed), 2)) == (24_918, 315.33, 145.87)


def reopenings_are_counted_right(real_log: RealLog) -> None:
    assert sum(one["reopenings"] > 0 for one in real_log.incidents) == 275


def the_recorded_service_levels_are_kept(real_log: RealLog) -> None:
    assert Counter(one["sla"] for one in real_log.incidents) == {"met": 15_803, "breached": 9_115}
    breached = Counter(one["priority"] for one in real_log.incidents if one["sla"] == "breached")
    assert breached == {"P1": 265, "P2": 406, "P3": 8_321, "P4": 123}


def the_matrix_is_adopted_and_derives_every_recorded_priority(real_log: RealLog) -> None:
    assert (
        "as ServiceNow recorded it, 8 cells of schema/priority.yml; 1 that no incident has stays as before."
        in real_log.imported.stdout
    )
    assert {one["stored"] for one in real_log.incidents} == {None}
    cells = Counter((*one["cell"], one["priority"]) for one in real_log.incidents)
    assert cells == {
        ("high", "high", "P1"): 270,
        ("high", "medium", "P2"): 151,
        ("medium", "high", "P2"): 257,
        ("medium", "medium", "P3"): 23_462,
        ("medium", "low", "P4"): 27,
        ("low", "high", "P3"): 4,
        ("low", "medium", "P4"): 76,
        ("low", "low", "P4"): 671,
    }


def what_was_missing_is_missing(real_log: RealLog) -> None:
    missing = {
        field: sum(not one[field] for one in real_log.incidents)
        for field in ("services", "assets", "resolved", "location", "symptoms")
    }
    assert missing == {
        "services": 24_864,
        "assets": 24_864,
        "resolved": 1_556,
        "location": 6,
        "symptoms": 5_839,
    }
    assert {one["status"] for one in real_log.incidents} == {"closed"}


def statistics_and_a_check_read_it(real_log: RealLog) -> None:
    stats = run(*real_log.command, "stats", "--format", "json")
    assert stats.returncode == 0, stats.stderr
    overall = json.loads(stats.stdout)["overall"]
    assert overall["incidents"] == 24_918
    assert overall["time_to_restore"]["n"] == 23_362
    assert overall["time_to_restore"]["mean_s"] / 3600 == pytest.approx(178.17, abs=0.005)
    assert overall["time_to_restore"]["median_s"] / 3600 == pytest.approx(22.10, abs=0.005)
    checked = run(*real_log.command, "check", "incidents/2017")
    assert checked.returncode == 0, checked.stdout
    assert "149 records checked: 0 errors" in checked.stdout


def test_the_whole_log_comes_in_as_it_was_published(tmp_path: Path, corpus: Corpus) -> None:
    real_log = RealLog(tmp_path, corpus("uci-itsm") / "incident_event_log.csv.zip")
    every_incident_comes_in_and_five_rows_do_not(real_log)
    ids_sort_as_numbers(real_log)
    the_times_are_those_that_were_published(real_log)
    reopenings_are_counted_right(real_log)
    the_recorded_service_levels_are_kept(real_log)
    the_matrix_is_adopted_and_derives_every_recorded_priority(real_log)
    what_was_missing_is_missing(real_log)
    statistics_and_a_check_read_it(real_log)
