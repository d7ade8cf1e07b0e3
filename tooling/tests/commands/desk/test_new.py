"""`incidentbook new` writes a valid incident, or says all that is missing."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from incidentbook.archive import open_repository
from testbed import GIT_ENVIRONMENT, NEW_INCIDENT, CommitAll, MakeRepository, Outcome, RunCli, git

LEAST = (
    "--title", "Checkout answers 502", "--category", "application/deployment",
    "--impact", "high", "--urgency", "high", "--channel", "alert",
)  # fmt: skip
FIRST = "incidents/2026/INC-2026-0001.md"


@pytest.fixture
def root(make_repository: MakeRepository) -> Path:
    return make_repository()


def written(root: Path, id_: str = "INC-2026-0001") -> Any:
    entry = open_repository(root).get(id_)
    assert entry is not None and entry.diagnostics == ()
    return entry.record


def test_the_least_that_is_needed(root: Path, run_cli: RunCli) -> None:
    outcome = run_cli("new", *LEAST, "--service", "checkout=partial_outage", repo=root)
    assert outcome.code == 0, outcome.err
    assert (
        (root / FIRST).read_text()
        == """\
---
# yaml-language-server: $schema=../../schema/json/incident.schema.json
title: Checkout answers 502
status: new
services:
  - {service: checkout, state: partial_outage}
category: application/deployment
impact: high
urgency: high
opened: 2026-11-20T12:00+00:00
reporter:
  channel: alert
---
"""
    )
    assert outcome.out.splitlines()[:4] == [
        f"Wrote {FIRST}",
        "INC-2026-0001, P1 (Critical)",
        "  response due 2026-11-20 12:15 UTC (critical)",
        "  resolution due 2026-11-20 16:00 UTC (critical)",
    ]
    assert "Next:\n  incidentbook ack INC-2026-0001\n" in outcome.out  # there is no Git to add it to


def test_in_git_it_is_to_be_committed(root: Path, run_cli: RunCli, commit_all: CommitAll) -> None:
    commit_all(root)
    outcome = run_cli("new", *LEAST, "--service", "checkout=partial_outage", repo=root)
    assert f" commit -m 'INC-2026-0001: Checkout answers 502' -- {FIRST}\n" in outcome.out


def test_everything_that_can_be_said(root: Path, run_cli: RunCli) -> None:
    outcome = run_cli(
        "new", *LEAST, "--service", "Checkout", "--service", "find=major_outage",
        "--reporter", "duty-one", "--opened", "2026-11-20T13:00+01:00", "--started", "2026-11-20T11:50Z",
        "--detected", "2026-11-20T11:55Z",
        "--summary", "Orders fail.", "--symptom", "502 at the till", "--symptom", "empty basket",
        "--location", "Pier 4", "--visibility", "public", "--major", "--drill", "-m", "Errors began.\n",
        repo=root,
    )  # fmt: skip
    assert outcome.code == 0, outcome.err
    found = written(root)
    assert [(one.service, one.state) for one in found.services] == [
        ("checkout", "degraded_performance"),
        ("search", "major_outage"),
    ]
    assert {one.from_ for one in found.services} == {found.started}
    assert (found.reporter.handle, found.reporter.channel, found.location) == ("duty-one", "alert", "Pier 4")
    assert (found.major, found.drill, found.visibility) == (True, True, "public")
    assert found.symptoms == ("502 at the till", "empty basket")
    assert "opened: 2026-11-20T13:00+01:00" in (root / FIRST).read_text()
    assert (root / FIRST).read_text().endswith("---\nErrors began.\n")


def test_it_passes_the_check(root: Path, run_cli: RunCli) -> None:
    run_cli("new", *LEAST, "--service", "checkout", repo=root)
    outcome = run_cli("check", FIRST, repo=root)
    assert outcome.code == 0, outcome.out


def test_it_is_checked_as_it_is_written(root: Path, run_cli: RunCli) -> None:
    secret = "AKIA" + "IOSFODNN7EXAMPLE"
    outcome = run_cli("new", *LEAST, "--service", "checkout", "-m", f"The key is {secret}", repo=root)
    assert outcome.code == 1
    assert "error[credential]" in outcome.out and secret not in outcome.out
    assert (root / FIRST).is_file()


def test_what_is_not_known_yet_is_a_warning(root: Path, run_cli: RunCli) -> None:
    outcome = run_cli("new", *LEAST, repo=root)
    assert outcome.code == 0
    assert "warning[missing-services]" in outcome.out


def test_a_reporter_without_a_handle_has_a_name(root: Path, run_cli: RunCli) -> None:
    run_cli("new", *LEAST, "--reporter", "A skipper on pier 4", repo=root)
    assert written(root).reporter.name == "A skipper on pier 4"


def test_all_that_is_missing_is_named_at_once(root: Path, run_cli: RunCli) -> None:
    outcome = run_cli("new", repo=root)
    assert outcome.code == 2
    for flag in ("--title", "--impact", "--urgency", "--category", "--channel"):
        assert f"missing: {flag}" in outcome.err
    assert "application/deployment, application/defect" in outcome.err
    assert "alert, phone" in outcome.err
    assert not (root / "incidents").exists()


@pytest.mark.parametrize(
    ("flag", "value", "advice"),
    [
        ("--impact", "hihg", "did you mean `high`?"),
        ("--urgency", "tomorrow", "expected one of high, medium, low"),
        ("--category", "application/deploymet", "did you mean `application/deployment`?"),
        ("--category", "deployment", "did you mean `application/deployment`?"),
        ("--category", "../etc", "expected one of application"),
        ("--channel", "fone", "did you mean `phone`?"),
        ("--service", "chekout", "did you mean `checkout`?"),
        ("--service", "zzz", "expected one of checkout, search, database"),
        ("--service", "checkout=down", "expected one of operational"),
        ("--visibility", "publik", "did you mean `public`?"),
        ("--opened", "2026-11-20T11:00", "write 2026-11-20T11:00+00:00 if it is UTC"),
        ("--started", "noon", "expected a time such as"),
        ("--opened", "2026-11-20T12:01Z", "which is still to come"),
        ("--detected", "2026-02-31T12:00Z", "not a time"),
    ],
)
def test_what_does_not_fit_is_refused_with_advice(
    root: Path, run_cli: RunCli, flag: str, value: str, advice: str
) -> None:
    outcome = run_cli("new", *LEAST, flag, value, repo=root)
    assert outcome.code == 2
    assert f"{flag} is `{value.partition('=')[2] or value}`" in outcome.err or "still to come" in advice
    assert advice in outcome.err
    assert not (root / "incidents").exists()


def test_a_retired_service_is_refused(make_repository: MakeRepository, run_cli: RunCli) -> None:
    services = "services:\n  - {id: fax, name: Fax, valid_until: 2020-01-01}\n  - {id: faxes, name: Faxes}\n"
    root = make_repository({"schema/services.yml": services})
    outcome = run_cli("new", *LEAST, "--service", "fax", repo=root)
    assert outcome.code == 2
    assert "did you mean `faxes`?" in outcome.err


def test_defaults_of_the_repository_count(make_repository: MakeRepository, run_cli: RunCli) -> None:
    settings = (
        "format: 1\nname: Testbed\nnow: 2026-11-20T12:00+00:00\n"
        "defaults: {visibility: public, channel: phone}\n"
    )
    root = make_repository({"schema/incidentbook.yml": settings})
    outcome = run_cli("new", *LEAST[:-2], repo=root)
    assert outcome.code == 0, outcome.err
    assert (written(root).visibility, written(root).reporter.channel) == ("public", "phone")


def test_a_title_is_enough_where_everything_else_is_accepted(root: Path, run_cli: RunCli) -> None:
    outcome = run_cli("new", "--title", "Nobody knows", "--accept", repo=root)
    assert outcome.code == 0, outcome.err
    assert "Accepted impact high: nothing is known; taken high, lower it later" in outcome.out
    assert "Accepted channel alert: the first there is" in outcome.out
    found = written(root)
    assert (found.impact, found.urgency, found.category) == ("high", "high", "application")
    assert found.reporter.channel == "alert"


def test_accepting_in_a_repository_fresh_from_init_and_on_to_the_remote(
    tmp_path: Path, run_cli: RunCli, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in GIT_ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    root = tmp_path / "fresh"
    assert run_cli("init", root).code == 0
    git(tmp_path, "init", "--quiet", "--bare", "origin.git")
    git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "As made")
    git(root, "remote", "add", "origin", str(tmp_path / "origin.git"))
    git(root, "push", "--quiet", "--set-upstream", "origin", "main")
    outcome = run_cli("new", "--title", "X", "--push", repo=root)
    assert outcome.code == 2
    wanting = [line for line in outcome.err.splitlines() if "missing: --" in line]
    assert [line for line in wanting if "--accept takes it" not in line] == []
    outcome = run_cli("new", "--title", "X", "--accept", "--push", repo=root)
    assert outcome.code == 0, outcome.out + outcome.err
    assert "Accepted category unknown: nothing is known" in outcome.out
    assert "Pushed inc-" in outcome.out


def test_what_was_said_is_not_taken_high(root: Path, run_cli: RunCli) -> None:
    run_cli("new", "--title", "X", "--accept", "--impact", "low", "--channel", "phone", repo=root)
    found = written(root)
    assert (found.impact, found.urgency, found.reporter.channel) == ("low", "high", "phone")


def test_a_dry_run_prints_the_difference_and_the_findings_and_writes_nothing(
    root: Path, run_cli: RunCli
) -> None:
    outcome = run_cli("new", *LEAST, "--dry-run", "-m", "Body", repo=root)
    assert outcome.code == 0
    assert outcome.out.startswith(f"--- /dev/null\n+++ b/{FIRST}\n@@ -0,0 +1,12 @@\n+---\n")
    assert "\n+---\n+Body\n  warning missing-services: " in outcome.out
    assert not (root / "incidents").exists()


def test_a_dry_run_tells_by_its_code_what_the_check_would_say(root: Path, run_cli: RunCli) -> None:
    secret = "AKIA" + "IOSFODNN7EXAMPLE"
    outcome = run_cli("new", *LEAST, "--dry-run", "-m", f"The key is {secret}", repo=root)
    assert outcome.code == 1
    assert "  error credential: " in outcome.out
    assert not (root / "incidents").exists()


def test_the_number_is_free_on_every_branch(
    make_repository: MakeRepository, commit_all: CommitAll, run_cli: RunCli
) -> None:
    root = make_repository({FIRST: NEW_INCIDENT})
    commit_all(root)
    git(root, "switch", "--quiet", "--create", "outage")
    (root / "incidents/2026/INC-2026-0041.md").write_text(NEW_INCIDENT)
    commit_all(root)
    git(root, "switch", "--quiet", "main")
    run_cli("new", *LEAST, repo=root)
    assert (root / "incidents/2026/INC-2026-0042.md").is_file()


def test_the_year_is_that_of_opened_in_utc(root: Path, run_cli: RunCli) -> None:
    run_cli("new", *LEAST, "--opened", "2025-12-31T23:30-01:00", repo=root)
    assert (root / FIRST).is_file()
    run_cli("new", *LEAST, "--opened", "2026-01-01T00:30+01:00", repo=root)
    assert (root / "incidents/2025/INC-2025-0001.md").is_file()


@pytest.mark.parametrize("prepare", [[], ["init", "--quiet"]])
def test_it_works_without_git_and_without_a_commit(root: Path, run_cli: RunCli, prepare: list[str]) -> None:
    if prepare:
        git(root, *prepare)
    assert run_cli("new", *LEAST, repo=root).code == 0


def test_processes_at_one_moment_get_a_number_each(root: Path) -> None:
    command = [sys.executable, "-m", "incidentbook", "--repo", str(root), "new", *LEAST]

    def start(_: int) -> int:
        return subprocess.run(command, capture_output=True, check=False).returncode

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(start, range(4))) == [0, 0, 0, 0]
    names = sorted(path.name for path in (root / "incidents/2026").iterdir())
    assert names == [f"INC-2026-{number:04d}.md" for number in range(1, 5)]


def test_the_body_may_come_from_standard_input(root: Path) -> None:
    command = [sys.executable, "-m", "incidentbook", "--repo", str(root), "new", *LEAST, "--body", "-"]
    subprocess.run(command, input="From a pipe\n", text=True, check=True, capture_output=True)
    assert (root / FIRST).read_text().endswith("---\nFrom a pipe\n")


@pytest.mark.parametrize(
    "title",
    [
        "no",
        "12:30",
        "- a: b",
        "<script>alert(1)</script>",
        "a # b",
        "'quoted' \"twice\"",
        "é 日本 🚢",
        "null",
    ],
)
def test_any_title_comes_back_as_it_was(root: Path, run_cli: RunCli, title: str) -> None:
    outcome: Outcome = run_cli("new", *LEAST, "--title", title, repo=root)
    assert outcome.code == 0, outcome.err
    assert written(root).title == title


def test_bytes_that_are_no_text_are_refused(root: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "incidentbook",
        "--repo",
        str(root),
        "new",
        *LEAST,
        "--title",
        os.fsdecode(b"\xff"),
    ]
    outcome = subprocess.run(command, capture_output=True, check=False)
    assert outcome.returncode == 2
    assert b"--title is not UTF-8 text" in outcome.stderr
    assert b"Traceback" not in outcome.stderr


def test_a_folder_that_is_a_file_is_one_line_and_exit_2(root: Path, run_cli: RunCli) -> None:
    (root / "incidents").write_text("a file")
    outcome = run_cli("new", *LEAST, repo=root)
    assert outcome.code == 2
    assert "cannot be written: Not a directory" in outcome.err and outcome.err.count("\n") == 1


def test_help(run_cli: RunCli) -> None:
    outcome = run_cli("new", "--help")
    assert outcome.code == 0
    assert "Example: " in outcome.out
