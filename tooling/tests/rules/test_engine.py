"""The check as a whole: what it looks at, what it keeps, and that keeping changes nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rules.material import INCIDENT, NOW, OTHERS, REVIEW, SCHEMA, CheckFiles, change, codes, found

from incidentbook.archive import Archive, load_archive, open_repository
from incidentbook.diagnostics import Diagnostic, Severity
from incidentbook.gitrepo import open_working_tree
from incidentbook.rules import RULES, engine, examination
from incidentbook.rules.engine import check
from testbed import NEW_INCIDENT, MakeRepository, write_files

BROKEN = "---\ntitle: [\n---\n"
WITHOUT_OWNER = change(INCIDENT, "assignments:\n  - {at: 2026-03-02T08:25+00:00, team: shop}")


def archive_of(root: Path) -> Archive:
    return load_archive(open_working_tree(root))


def test_what_somebody_writes_at_three_in_the_morning_is_clean(make_repository: MakeRepository) -> None:
    root = make_repository({"incidents/2026/INC-2026-0001.md": NEW_INCIDENT})
    result = check(archive_of(root), now=datetime(2026, 11, 20, 12, tzinfo=UTC))
    assert result.diagnostics == ()
    assert result.records == 1


def test_an_empty_repository_is_clean(check_files: CheckFiles) -> None:
    result = check_files({})
    assert (result.records, codes(result)) == (0, [])


def test_a_broken_file_hides_no_other(check_files: CheckFiles) -> None:
    result = check_files(
        {
            "incidents/2026/INC-2026-0001.md": BROKEN,
            "incidents/2026/INC-2026-0002.md": WITHOUT_OWNER,
            "incidents/2026/INC-2026-0003.md": "",
        }
    )
    assert [(d.path[-7:-3], d.code) for d in result.diagnostics] == [
        ("0001", "yaml-syntax"),
        ("0002", "missing-owner"),
        ("0003", "empty-file"),
    ]


def test_what_was_written_but_not_understood_is_not_missing_besides(check_files: CheckFiles) -> None:
    broken = change(INCIDENT, "opened: 2026-03-02T08:20")
    result = check_files({"incidents/2026/INC-2026-0001.md": broken})
    assert codes(result) == ["naive-time"]


def test_order_is_by_path_and_place(check_files: CheckFiles) -> None:
    result = check_files(
        {f"incidents/2026/INC-2026-000{number}.md": "---\nsttaus: new\ntitel: a\n---\n" for number in (2, 1)}
    )
    assert list(result.diagnostics) == sorted(result.diagnostics, key=Diagnostic.sort_key)
    assert len({d.path for d in result.diagnostics}) == 2


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("incidents/2026/INC-2026-0001.md", {"missing-owner"}),
        ("incidents/2026", {"missing-owner", "stray-file", "credential-in-file"}),
        ("incidents/2026/INC-2026-0001", {"credential-in-file"}),
        ("incidents/2026/notes.txt", {"stray-file"}),
        ("schema", {"unknown-runbook"}),
        ("knowledge", set()),
        ("", {"missing-owner", "stray-file", "credential-in-file", "unknown-runbook"}),
    ],
)
def test_only_what_was_asked_about_is_told(check_files: CheckFiles, path: str, expected: set[str]) -> None:
    services = SCHEMA["schema/services.yml"].replace("team: shop}", "team: shop, runbooks: [nowhere]}", 1)
    result = check_files(
        {
            "incidents/2026/INC-2026-0001.md": WITHOUT_OWNER,
            "incidents/2026/INC-2026-0001/log.txt": "GET https://user:h4rb0ur-s1de@host.example/",
            "incidents/2026/notes.txt": "notes",
            "schema/services.yml": services,
        },
        paths=[path],
    )
    assert set(codes(result)) == expected


def test_an_error_of_the_configuration_is_told_whatever_was_asked(check_files: CheckFiles) -> None:
    result = check_files(
        {"incidents/2026/INC-2026-0001.md": INCIDENT},
        schema={"schema/teams.yml": "teams:\n  - {id: shop, name: Shop, members: [nobody]}\n"},
        paths=["incidents/2026/INC-2026-0001.md"],
    )
    assert codes(result) == ["unknown-reference"]


def test_one_file_reads_no_other_record(tmp_path: Path) -> None:
    linked = change(INCIDENT, "links: {problem: PRB-2026-0001, earlier: [INC-2026-0002]}")
    write_files(tmp_path, {**SCHEMA, **OTHERS, "incidents/2026/INC-2026-0001.md": linked})
    archive = archive_of(tmp_path)
    check(archive, now=NOW, paths=["incidents/2026/INC-2026-0001.md"])
    assert [entry.id for entry in archive.entries if entry.is_loaded] == ["INC-2026-0001"]


def many(count: int) -> dict[str, str]:
    """Records of which every third lacks an owner, every fifth has a review, and some recur."""
    files = dict(OTHERS)
    for number in range(10, count):
        text = WITHOUT_OWNER if number % 3 == 0 else INCIDENT
        links = f"links: {{problem: PRB-2026-0003, earlier: [INC-2026-{number - 1:04d}]}}"
        text = change(text, links) if number % 7 < 3 else text
        files[f"incidents/2026/INC-2026-{number:04d}.md"] = text
        if number % 5 == 0:
            files[f"incidents/2026/INC-2026-{number:04d}.review.md"] = REVIEW
    return files


def test_keeping_what_was_found_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_files(tmp_path, {**SCHEMA, **many(40)})
    plain = check(archive_of(tmp_path), now=NOW)
    assert {"missing-owner", "review-overdue", "dangling-reference"} <= set(codes(plain))

    cold = check(open_repository(tmp_path), now=NOW)

    def not_again(*_: object) -> None:
        raise AssertionError("examined although nothing has changed")

    monkeypatch.setattr(examination, "examine", not_again)
    warm = check(open_repository(tmp_path), now=NOW)
    assert plain == cold == warm


def test_what_changes_is_looked_at_again(tmp_path: Path) -> None:
    write_files(tmp_path, {**SCHEMA, **many(30)})
    check(open_repository(tmp_path), now=NOW)
    write_files(
        tmp_path, {"incidents/2026/INC-2026-0010.md": BROKEN, "knowledge/problems/PRB-2026-0003.md": ""}
    )
    (tmp_path / "incidents/2026/INC-2026-0015.review.md").unlink()
    kept = check(open_repository(tmp_path), now=NOW)
    assert kept == check(archive_of(tmp_path), now=NOW)
    assert found(kept, "yaml-syntax")


def test_a_changed_taxonomy_judges_every_record_anew(tmp_path: Path) -> None:
    write_files(tmp_path, {**SCHEMA, **many(20)})
    assert not found(check(open_repository(tmp_path), now=NOW), "unknown-service")
    services = SCHEMA["schema/services.yml"].replace("checkout", "till")
    write_files(tmp_path, {"schema/services.yml": services})
    assert found(check(open_repository(tmp_path), now=NOW), "unknown-service")


def test_time_passes_over_what_is_kept(tmp_path: Path) -> None:
    write_files(tmp_path, {**SCHEMA, "incidents/2026/INC-2026-0001.md": INCIDENT})
    early = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
    assert found(check(open_repository(tmp_path), now=early), "time-in-the-future")
    assert not check(open_repository(tmp_path), now=NOW).diagnostics
    assert found(check(open_repository(tmp_path), now=early), "time-in-the-future")


def test_a_damaged_cache_only_costs_time(tmp_path: Path) -> None:
    write_files(tmp_path, {**SCHEMA, **many(20)})
    plain = check(archive_of(tmp_path), now=NOW)
    archive = open_repository(tmp_path)
    archive.cache.put_many("check", {"examinations": b"\x93nonsense"})
    assert check(archive, now=NOW) == plain
    shutil.rmtree(tmp_path / ".cache")
    assert check(open_repository(tmp_path), now=NOW) == plain


PARALLEL = """
import sys
from datetime import datetime
from pathlib import Path
from incidentbook import processes
from incidentbook.archive import load_archive
from incidentbook.gitrepo import open_working_tree
from incidentbook.rules.engine import check
now = datetime.fromisoformat(sys.argv[2])
def told():
    return check(load_archive(open_working_tree(Path(sys.argv[1]))), now=now)
alone = told()
assert alone.diagnostics
processes.PARALLEL_FROM, processes._CHUNK = 10, 7
assert processes.can_fork()
assert told() == alone
"""


@pytest.mark.skipif((os.cpu_count() or 1) < 2 or sys.platform != "linux", reason="one core, or no safe fork")
def test_several_processes_find_the_same(tmp_path: Path) -> None:
    """In a process of its own, because a test runner has threads, with which nobody forks."""
    write_files(tmp_path, {**SCHEMA, **many(60)})
    told = subprocess.run(
        [sys.executable, "-c", PARALLEL, str(tmp_path), NOW.isoformat()],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr


def test_bulk_and_single_files_find_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_files(tmp_path, {**SCHEMA, **OTHERS, "incidents/2026/INC-2026-0001.md": WITHOUT_OWNER})
    bulk = check(archive_of(tmp_path), now=NOW)
    single = check(archive_of(tmp_path), now=NOW, paths=[""])
    monkeypatch.setattr(engine, "BULK_FROM", 1)
    assert check(archive_of(tmp_path), now=NOW, paths=[""]) == single == bulk


def test_counts_and_failing() -> None:
    def result(*severities: Severity) -> engine.CheckResult:
        return engine.CheckResult(tuple(Diagnostic("a", s, "m", "p") for s in severities), 1)

    assert not result(Severity.NOTE).fails(strict=True)
    assert not result(Severity.WARNING).fails()
    assert result(Severity.WARNING).fails(strict=True)
    assert result(Severity.ERROR).fails()
    assert result(Severity.ERROR, Severity.ERROR, Severity.NOTE).count(Severity.ERROR) == 2


def test_codes_are_stable_words() -> None:
    assert all(code == rule.code and code.replace("-", "").isalpha() for code, rule in RULES.items())
