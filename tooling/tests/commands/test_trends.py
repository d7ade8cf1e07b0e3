"""`trends`, as somebody runs it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from testbed import NEW_INCIDENT, MakeRepository, RunCli

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def incident(opened: datetime, hours: float | None, title: str) -> str:
    done = f"resolved: {(opened + timedelta(hours=hours)).isoformat()}\n" if hours is not None else ""
    return (
        f"---\ntitle: {title}\nstatus: {'resolved' if done else 'in_progress'}\nimpact: low\nurgency: low\n"
        "category: application/defect\nservices: [{service: checkout, state: degraded_performance}]\n"
        f"opened: {opened.isoformat()}\n{done}---\n"
    )


def year(*, recent: int = 0) -> dict[str, str]:
    """Two incidents a week for more than a year, one slow and one quick; and `recent` open ones."""
    texts = [
        incident(NOW - timedelta(weeks=week, days=day), 48 if day == 3 else 2, "Trouble")
        for week in range(1, 56)
        for day in (3, 5)
    ]
    texts += [
        incident(NOW - timedelta(hours=5 + number / 10), None, "'A | [title](x) <b>'")
        for number in range(recent)
    ]
    return {f"incidents/2026/INC-2026-{number:04}.md": text for number, text in enumerate(texts, 1)}


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from testbed import SCHEMA, write_files  # noqa: PLC0415

    root = tmp_path_factory.mktemp("busy")
    write_files(root, {**SCHEMA, **year(recent=24)})
    return root


def test_a_shift_and_what_is_likely_to_be_missed_are_told(busy: Path, run_cli: RunCli) -> None:
    outcome = run_cli("trends", "--explain", repo=busy)
    assert outcome.code == 0
    assert "More than usual: 2 of 6 services and categories" in outcome.out
    assert "Likely to miss the resolution target: 24 of 24 open incidents" in outcome.out
    assert "Tried on these records: better than a naive guess. Brier score" in outcome.out
    assert "50% of the target used" in outcome.out


def test_programs_read_the_same(busy: Path, run_cli: RunCli) -> None:
    told = json.loads(run_cli("trends", "--format", "json", repo=busy).out)
    series = {one["key"]: one for one in told["rising"]["series"]}
    assert series["checkout"]["verdict"] == "rising"
    assert series["checkout"]["chance"] <= 0.05
    assert series["checkout"]["before"] == [8] * 12
    assert series["search"]["verdict"] == "usual"
    first = told["outlook"]["incidents"][0]
    assert first["likely"] is True
    assert first["probability"] > 0.8
    assert (first["lasted_as_long"], first["of_these_missed"]) == (55, 55)
    assert told["trial"]["verdict"] == "better"
    assert told["trial"]["overall"]["brier"] < told["trial"]["overall"]["naive_brier"]


def test_what_records_say_is_text_in_markdown(busy: Path, run_cli: RunCli) -> None:
    told = run_cli("trends", "--format", "markdown", repo=busy).out
    assert "A \\| \\[title\\](x) &lt;b\\>" in told
    rows = [line for line in told.splitlines() if line.startswith("| INC-")]
    assert len(rows) == 24
    assert {row.replace("\\|", "").count("|") for row in rows} == {7}


def test_the_same_twice(busy: Path, run_cli: RunCli) -> None:
    first, second = (run_cli("trends", "--explain", "--weeks", "2", repo=busy) for _ in range(2))
    assert first == second


def test_too_little_says_how_much_is_needed(make_repository: MakeRepository, run_cli: RunCli) -> None:
    root = make_repository({"incidents/2026/INC-2026-0001.md": NEW_INCIDENT})
    outcome = run_cli("trends", repo=root)
    assert outcome.code == 0
    assert "More than usual: not enough data for any of 6 services and categories" in outcome.out
    assert "6 windows of 4 weeks before the last are needed, 28 weeks of records in all" in outcome.out
    assert "not enough data for" in outcome.out.partition("Likely to miss")[2]


def test_no_record_at_all(make_repository: MakeRepository, run_cli: RunCli) -> None:
    root = make_repository({})
    outcome = run_cli("trends", repo=root)
    assert outcome.code == 0
    assert outcome.out == "Testbed: no incident among all records; there is nothing to compare\n"
    told = run_cli("trends", "--format", "markdown", "--audience", "public", repo=root)
    assert told.out == "Testbed: no incident among public records; there is nothing to compare\n"
    (root / "incidents/2026").mkdir(parents=True)
    (root / "incidents/2026/INC-2026-0001.md").write_text("---\ntitle: [\n---\n")
    assert "1 unreadable" in run_cli("trends", repo=root).out


def test_the_public_is_told_of_its_services_only(busy: Path, run_cli: RunCli) -> None:
    outcome = run_cli("trends", "--audience", "public", "--explain", repo=busy)
    assert "Category" not in outcome.out
    assert "Likely to miss" not in outcome.out
    refused = run_cli("trends", "--audience", "public", "--by", "category", repo=busy)
    assert refused.code == 2
    assert "categories are not public" in refused.err
