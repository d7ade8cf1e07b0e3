"""`incidentbook export`: what is in the tables, read back by others; safe in a spreadsheet; for whom."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from incidentbook.reports.export.columns import Kind
from incidentbook.reports.export.tables import TABLES
from testbed import REPOSITORY_ROOT, MakeRepository, RunCli

FORMULA = '=HYPERLINK("http://evil.example","a"),\n\'b\' \u00e9'
INCIDENT = f"""\
---
title: {json.dumps(FORMULA)}
status: resolved
visibility: public
impact: high
urgency: high
services:
  - {{service: find, state: partial_outage}}
  - {{service: checkout, state: major_outage}}
  - {{service: checkout, state: partial_outage}}
category: application/defect
location: "-1 degrees"
started: 2026-10-05T09:30+02:00
opened: 2026-10-05T08:00Z
acknowledged: 2026-10-05T08:30Z
resolved: 2026-10-05T13:00:30Z
assignments:
  - {{at: "2026-10-05T08:10Z", team: desk}}
  - {{at: "2026-10-05T09:10Z", team: payments, owner: duty-one}}
holds:
  - {{from: "2026-10-05T09:00Z", to: "2026-10-05T10:00Z", reason: vendor, note: "+ parts"}}
updates:
  - {{at: "2026-10-05T09:00Z", status: investigating, text: "@all", visibility: public, by: duty-one}}
  - {{at: "2026-10-05T09:30Z", status: identified, text: Only for us}}
satisfaction: {{score: 4}}
---
"""
FILES = {
    "incidents/2026/INC-2026-0001.md": INCIDENT,
    "incidents/2026/INC-2026-0002.md": (
        "---\ntitle: Drill\nstatus: new\ndrill: true\nopened: 2026-10-06T08:00Z\n---\n"
    ),
    "incidents/2026/INC-2026-0003.md": "---\ntitle: Secret\nstatus: new\nvisibility: restricted\n---\n",
    "incidents/2026/INC-2026-0001.review.md": (
        "---\nstatus: draft\nvisibility: public\nactions:\n"
        "  - {title: Enlarge the pool, owner: duty-one, due: 2026-11-01, type: prevent}\n"
        "  - {title: Done, state: done, done: 2026-10-30, due: 2026-11-01, evidence: =1+1}\n---\n"
    ),
}  # fmt: skip


@pytest.fixture
def repository(make_repository: MakeRepository) -> Path:
    return make_repository(FILES)


def asked(query: str) -> list[tuple[Any, ...]]:
    """What DuckDB answers."""
    answer = duckdb.sql(query)
    assert answer is not None
    return answer.fetchall()


def exported(run_cli: RunCli, root: Path, *arguments: str) -> list[dict[str, Any]]:
    outcome = run_cli("export", "--format", "json", *arguments, repo=root)
    assert outcome.code == 0
    rows: list[dict[str, Any]] = json.loads(outcome.out)
    return rows


def test_incidents(run_cli: RunCli, repository: Path) -> None:
    row, drill = exported(run_cli, repository)
    expected = {
        "id": "INC-2026-0001", "title": FORMULA, "status": "resolved", "priority": "P1", "left_out": None,
        "category": "application", "subcategory": "defect", "services": "search;checkout",
        "started": "2026-10-05T07:30:00Z", "resolved": "2026-10-05T13:00:30Z", "restored": None,
        "month": "2026-10", "weekday": 1, "hour": 8,
        "time_to_acknowledge_s": 1800, "time_to_restore_s": 19830, "time_to_detect_s": None,
        "policy": "critical", "response_state": "breached", "response_target_s": 900,
        "response_elapsed_s": 1800, "resolution_state": "breached", "resolution_elapsed_s": 18030,
        "resolution_due": "2026-10-05T12:00:00Z",
        "paused_s": 0, "team": "payments", "teams": 2, "owner": "duty-one", "holds": 1, "updates": 2,
        "satisfaction": 4, "review_status": "draft", "review_due": "2026-10-10", "review_overdue": True,
        "recurring": False, "problem": None,
    }  # fmt: skip
    assert {name: row[name] for name in expected} == expected
    assert (drill["id"], drill["left_out"], drill["policy"]) == ("INC-2026-0002", "drill", None)


def test_updates_holds_and_actions(run_cli: RunCli, repository: Path) -> None:
    updates = exported(run_cli, repository, "--table", "updates")
    assert [(row["incident"], row["number"], row["text"]) for row in updates] == [
        ("INC-2026-0001", 1, "@all"),
        ("INC-2026-0001", 2, "Only for us"),
    ]
    (hold,) = exported(run_cli, repository, "--table", "holds")
    assert (hold["from"], hold["wall_s"], hold["pauses"]) == ("2026-10-05T09:00:00Z", 3600, False)
    late, done = exported(run_cli, repository, "--table", "actions")
    assert (late["incident"], late["due"], late["overdue"]) == ("INC-2026-0001", "2026-11-01", True)
    assert (done["state"], done["done"], done["overdue"]) == ("done", "2026-10-30", False)


def test_a_spreadsheet_computes_nothing_that_somebody_wrote(run_cli: RunCli, repository: Path) -> None:
    outcome = run_cli("export", repo=repository)
    first = next(csv.DictReader(io.StringIO(outcome.out, newline="")))
    assert first["title"] == f"'{FORMULA}"
    assert first["location"] == "'-1 degrees"
    assert first["paused_s"] == "0"
    cells = [cell for row in csv.reader(io.StringIO(outcome.out, newline="")) for cell in row]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "'=1", "'a", "\ta", "a=1", ""])
def test_the_guard_can_be_taken_away_again(
    run_cli: RunCli, make_repository: MakeRepository, text: str
) -> None:
    record = f"---\ntitle: A\nstatus: new\nlocation: {json.dumps(text or 'x')}\n---\n"
    outcome = run_cli("export", repo=make_repository({"incidents/2026/INC-2026-0001.md": record}))
    (row,) = csv.DictReader(io.StringIO(outcome.out, newline=""))
    assert row["location"].removeprefix("'") == (text or "x")


def test_duckdb_reads_every_format_back(run_cli: RunCli, repository: Path, tmp_path: Path) -> None:
    wanted = {row["id"]: row for row in exported(run_cli, repository)}
    for format_ in ("csv", "json", "parquet"):
        path = tmp_path / f"incidents.{format_}"
        outcome = run_cli("export", "--format", format_, "--output", path, repo=repository)
        assert (outcome.code, outcome.out) == (0, "")
        rows = asked(
            "select id, title, time_to_restore_s, opened::timestamptz at time zone 'UTC' as opened, major, "
            f"left_out from '{path}' order by id"
        )
        assert [row[0] for row in rows] == list(wanted)
        assert rows[0][1].removeprefix("'") == FORMULA
        assert rows[0][2] == 19830
        assert rows[0][3].isoformat() == "2026-10-05T08:00:00"
        assert rows[0][4] in (False, "false")
        assert [row[5] for row in rows] == [None, "drill"]


def test_duckdb_finds_the_figures_of_stats_in_the_samples(run_cli: RunCli, tmp_path: Path) -> None:
    path = tmp_path / "incidents.parquet"
    run_cli("export", "--format", "parquet", "--output", path, "--audience", "all", repo=REPOSITORY_ROOT)
    stats = json.loads(run_cli("stats", "--format", "json", repo=REPOSITORY_ROOT).out)["overall"]
    count, n, mean, median, p90, breached = asked(
        "select count(*), count(time_to_restore_s), avg(time_to_restore_s), median(time_to_restore_s), "
        "quantile_cont(time_to_restore_s, 0.9), count(*) filter (resolution_state = 'breached') "
        f"from '{path}' where left_out is null"
    )[0]
    restore = stats["time_to_restore"]
    assert (count, n) == (stats["incidents"], restore["n"])
    assert [mean, median, p90] == pytest.approx([restore["mean_s"], restore["median_s"], restore["p90_s"]])
    assert breached == stats["sla"]["resolution"]["breached"]


def test_parquet_has_types_and_says_what_it_was_made_from(
    run_cli: RunCli, repository: Path, tmp_path: Path
) -> None:
    path = tmp_path / "incidents.parquet"
    run_cli("export", "--format", "parquet", "--output", path, repo=repository)
    types = dict(asked(f"select column_name, column_type from (describe select * from '{path}')"))
    wanted = {
        Kind.TEXT: "VARCHAR", Kind.COUNT: "BIGINT", Kind.SECONDS: "DOUBLE", Kind.FLAG: "BOOLEAN",
        Kind.TIME: "TIMESTAMP WITH TIME ZONE", Kind.DAY: "DATE",
    }  # fmt: skip
    assert types == {column.name: wanted[column.kind] for column in TABLES["incidents"].columns}
    about = dict(asked(f"select key::varchar, value::varchar from parquet_kv_metadata('{path}')"))
    assert about["incidentbook.clock"] == "2026-11-20T12:00:00+00:00"
    assert about["incidentbook.audience"] == "internal"


@pytest.mark.parametrize("format_", ["csv", "json", "parquet"])
def test_the_same_records_give_the_same_bytes(
    run_cli: RunCli, repository: Path, tmp_path: Path, format_: str
) -> None:
    for name in ("one", "two"):
        run_cli("export", "--format", format_, "--output", tmp_path / name, repo=repository)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_the_public_gets_no_internal_column_and_no_internal_row(run_cli: RunCli, repository: Path) -> None:
    (row,) = exported(run_cli, repository, "--audience", "public")
    hidden = {
        "category",
        "policy",
        "owner",
        "team",
        "response_state",
        "review_status",
        "origin_id",
        "satisfaction",
    }
    assert hidden.isdisjoint(row)
    (update,) = exported(run_cli, repository, "--table", "updates", "--audience", "public")
    assert update["text"] == "@all"
    assert "by" not in update
    outcome = run_cli("export", "--table", "holds", "--audience", "public", repo=repository)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == "incidentbook: the table `holds` has nothing that the public may see\n"


def test_restricted_records_only_where_they_are_asked_for(run_cli: RunCli, repository: Path) -> None:
    assert len(exported(run_cli, repository)) == 2
    assert len(exported(run_cli, repository, "--audience", "all")) == 3


@pytest.mark.parametrize("format_", ["csv", "json", "parquet"])
@pytest.mark.parametrize("table", TABLES)
def test_nothing_at_all(
    run_cli: RunCli, make_repository: MakeRepository, tmp_path: Path, table: str, format_: str
) -> None:
    path = tmp_path / f"empty.{format_}"
    root = make_repository()
    assert run_cli("export", "--format", format_, "--table", table, "--output", path, repo=root).code == 0
    if format_ != "json":  # without a row there is no name of a column
        count = asked(f"select count(*) from '{path}'")
        assert count == [(0,)]
    else:
        assert json.loads(path.read_text(encoding="utf-8")) == []


def test_without_pyarrow_a_line_names_the_extra(repository: Path, tmp_path: Path) -> None:
    """In a process of its own, in which importing pyarrow fails as it does where it is not installed."""
    program = (
        "import sys; sys.modules['pyarrow'] = None\n"
        "from incidentbook.cli import main\nsys.exit(main(sys.argv[1:]))"
    )
    target = tmp_path / "incidents.parquet"
    arguments = ["--repo", str(repository), "export", "--format", "parquet", "--output", str(target)]
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "incidentbook: Parquet needs pyarrow: pip install pyarrow\n"
    assert not target.exists()


def test_every_column_is_described(run_cli: RunCli) -> None:
    for table in TABLES.values():
        names = [column.name for column in table.columns]
        assert len(names) == len(set(names))
        assert all(column.description.endswith(".") for column in table.columns)
    page = (REPOSITORY_ROOT / "site/docs/reference/export.md").read_text(encoding="utf-8")
    for table in TABLES.values():
        assert f"## {table.name}" in page
        assert all(f"| `{column.name}` |" in page for column in table.columns)
