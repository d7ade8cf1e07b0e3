"""What every verb that writes does with Git, and on bad days: nothing half-written, or taken along."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from lifebed import BY, FIRST, incident, record

from clonebed import two_clones
from ghbed import StandIn
from incidentbook.commands.desk.acting import ChangedMeanwhileError, changing
from incidentbook.commands.session import Session
from incidentbook.commands.setup_git import ATTRIBUTES
from incidentbook.desk.change import Change
from testbed import GIT_ENVIRONMENT, CommitAll, MakeRepository, RunCli, git

SECOND = "incidents/2026/INC-2026-0002.md"


@pytest.fixture(autouse=True)
def _author(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in GIT_ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("INCIDENTBOOK_BY", raising=False)


@pytest.fixture
def root(make_repository: MakeRepository, commit_all: CommitAll) -> Path:
    root = make_repository(
        {FIRST: incident("new"), SECOND: incident("in_progress"), ".gitignore": ".cache/\n"}
    )
    commit_all(root)
    return root


@pytest.fixture
def clones(tmp_path: Path) -> tuple[Path, Path]:
    return two_clones(tmp_path, {FIRST: incident("in_progress"), ".gitattributes": ATTRIBUTES})


def test_a_dry_run_shows_the_change_and_writes_nothing(root: Path, run_cli: RunCli) -> None:
    outcome = run_cli("ack", "1", "--dry-run", *BY, repo=root)
    assert outcome.code == 0
    assert f"--- a/{FIRST}\n+++ b/{FIRST}\n" in outcome.out
    assert "-status: new\n+status: in_progress\n" in outcome.out
    assert git(root, "status", "--porcelain") == ""


def test_a_commit_takes_nothing_else_along(root: Path, run_cli: RunCli) -> None:
    (root / SECOND).write_text(incident("in_progress", "location: Pier 4\n"))
    (root / "notes.txt").write_text("mine\n")
    (root / "staged.txt").write_text("mine, too\n")
    git(root, "add", "staged.txt")
    outcome = run_cli("ack", "1", "--commit", *BY, repo=root)
    assert outcome.code == 0, outcome.err
    assert "Committed " in outcome.out and "git add" not in outcome.out
    assert git(root, "show", "--format=%s", "--name-only").split("\n")[:3] == [
        "INC-2026-0001: acknowledged by duty-one",
        "",
        FIRST,
    ]
    assert git(root, "status", "--porcelain").splitlines() == [
        f" M {SECOND}",
        "A  staged.txt",
        "?? notes.txt",
    ]


def test_without_git_nobody_is_told_to_commit(
    root: Path, make_repository: MakeRepository, run_cli: RunCli
) -> None:
    plain = make_repository({FIRST: incident("new")}, name="plain")
    outcome = run_cli("ack", "1", *BY, repo=plain)
    assert outcome.code == 0
    assert "git" not in outcome.out and "Next:\n  incidentbook " in outcome.out
    assert f" add -- {FIRST} && git -C " in run_cli("ack", "1", *BY, repo=root).out


def test_who_acts_is_whom_git_knows(root: Path, run_cli: RunCli, monkeypatch: pytest.MonkeyPatch) -> None:
    git(root, "config", "user.email", "TWO@example.invalid")
    assert run_cli("ack", "1", repo=root).out.startswith("INC-2026-0001: acknowledged by duty-two\n")
    git(root, "config", "user.email", "nobody@example.invalid")
    assert "nobody in schema/people.yml has Git's user.email" in run_cli("resolve", "2", repo=root).err
    monkeypatch.setenv("INCIDENTBOOK_BY", "duty-three")
    assert run_cli("mitigate", "2", "-m", "Load moved.", repo=root).code == 0
    assert record(root, "INC-2026-0002").steps[0].by == "duty-three"


def test_a_time_that_cannot_be_is_refused(root: Path, run_cli: RunCli) -> None:
    for time, said in (("2026-11-20T12:01Z", "still to come"), ("noon", "--at is `noon`")):
        outcome = run_cli("ack", "1", "--at", time, *BY, repo=root)
        assert outcome.code == 2 and said in outcome.err
    assert git(root, "status", "--porcelain") == ""


def test_a_detached_head_is_refused_before_anything_is_written(root: Path, run_cli: RunCli) -> None:
    git(root, "checkout", "--quiet", "--detach")
    outcome = run_cli("ack", "1", "--commit", *BY, repo=root)
    assert outcome.code == 2 and "git switch -c NAME" in outcome.err
    assert git(root, "status", "--porcelain") == ""
    assert run_cli("ack", "1", "--commit", "--branch", "night", *BY, repo=root).code == 0
    assert git(root, "branch", "--show-current").strip() == "night"


def test_a_merge_under_way_is_refused(root: Path, run_cli: RunCli) -> None:
    git(root, "switch", "--quiet", "--create", "other")
    (root / SECOND).write_text(incident("in_progress", "location: Pier 4\n"))
    git(root, "commit", "--quiet", "--all", "--message", "Pier 4")
    git(root, "switch", "--quiet", "main")
    (root / SECOND).write_text(incident("in_progress", "location: Pier 5\n"))
    git(root, "commit", "--quiet", "--all", "--message", "Pier 5")
    subprocess.run(["git", "merge", "other"], cwd=root, check=False, capture_output=True)
    outcome = run_cli("ack", "1", "--commit", *BY, repo=root)
    assert outcome.code == 2 and "a merge is under way here" in outcome.err
    assert "status: new" in (root / FIRST).read_text()


def test_no_git_is_no_hindrance_to_writing(make_repository: MakeRepository, run_cli: RunCli) -> None:
    root = make_repository({FIRST: incident("new")})
    outcome = run_cli("ack", "1", "--commit", *BY, repo=root)
    assert outcome.code == 2 and "git init" in outcome.err
    assert record(root).status == "new"
    assert run_cli("ack", "1", *BY, repo=root).code == 0


def test_no_remote_is_said_before_anything_is_written(root: Path, run_cli: RunCli) -> None:
    outcome = run_cli("ack", "1", "--push", *BY, repo=root)
    assert outcome.code == 2 and "git remote add origin URL" in outcome.err
    assert git(root, "status", "--porcelain") == ""


def test_records_in_a_folder_of_a_larger_repository(tmp_path: Path, run_cli: RunCli) -> None:
    one, _ = two_clones(tmp_path, {FIRST: incident("in_progress")}, below="ops/records")
    (one / "mine.txt").write_text("mine\n")
    outcome = run_cli(
        "update", "1", "-m", "On it.", "--push", "--branch", "main", *BY, repo=one / "ops/records"
    )
    assert outcome.code == 0, outcome.err
    assert git(one, "show", "--format=", "--name-only", "origin/main").strip() == f"ops/records/{FIRST}"


def test_two_people_update_one_incident_at_once(clones: tuple[Path, Path], run_cli: RunCli) -> None:
    one, two = clones
    for root, who, at in ((one, "duty-one", "11:00"), (two, "duty-two", "11:01")):
        outcome = run_cli(
            "update", "1", "-m", f"From {who}.", "--by", who, "--at", f"2026-11-20T{at}Z",
            "--push", "--branch", "main", repo=root,
        )  # fmt: skip
        assert outcome.code == 0, outcome.err
    assert "Pushed main to origin, on top of what others had pushed" in outcome.out
    assert [(one.id, one.text) for one in record(two).updates] == [
        ("u1", "From duty-one."),
        ("u2", "From duty-two."),
    ]
    assert git(two, "rev-parse", "HEAD") == git(two, "rev-parse", "origin/main")
    assert run_cli("check", repo=two).code == 0


def test_what_does_not_go_together_is_left_to_people(clones: tuple[Path, Path], run_cli: RunCli) -> None:
    one, two = clones
    push = ("--push", "--branch", "main", *BY)
    assert run_cli("cancel", "1", "-m", "A probe", *push, repo=one).code == 0
    outcome = run_cli(
        "resolve", "1", "-m", "Done", "--code", "fixed", "--permanent", "--summary", "Down.", *push, repo=two
    )
    assert outcome.code == 2
    assert "Yours is committed here and not pushed" in outcome.err
    assert "conflict in status: upstream says `cancelled`, yours `resolved`" in outcome.err
    assert "`incidentbook setup-git`, then `git pull --rebase --autostash origin main`" in outcome.err
    assert git(two, "status", "--porcelain") == ""
    assert record(two).status == "resolved"


def test_from_the_main_branch_a_push_goes_to_one_of_its_own(
    clones: tuple[Path, Path], run_cli: RunCli
) -> None:
    one, _ = clones
    outcome = run_cli("update", "1", "-m", "On it.", "--push", *BY, repo=one)
    assert "Pushed inc-2026-0001 to origin" in outcome.out
    assert git(one, "branch", "--show-current").strip() == "inc-2026-0001"
    again = run_cli("update", "1", "-m", "Still on it.", "--push", *BY, repo=one)
    assert "Pushed inc-2026-0001 to origin" in again.out


def test_a_pull_request_is_opened_once(
    clones: tuple[Path, Path], tmp_path: Path, run_cli: RunCli, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = clones
    stand_in = StandIn(tmp_path / "bin")
    monkeypatch.setenv("PATH", f"{stand_in.folder}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("GITHUB_REPOSITORY", "harbourline/records")
    outcome = run_cli("update", "1", "-m", "On it.", "--pr", *BY, repo=one)
    assert outcome.code == 0, outcome.err
    assert "Pull request: https://forge.example/harbourline/records/pull/1" in outcome.out
    again = run_cli("update", "1", "-m", "Still.", "--pr", *BY, repo=one)
    assert "/pull/1 (is open already)" in again.out
    assert [pull["title"] for pull in stand_in.state["pulls"]] == ["INC-2026-0001: Checkout answers 502"]


def test_a_record_with_errors_of_its_own_can_still_be_led_on(root: Path, run_cli: RunCli) -> None:
    (root / SECOND).write_text(incident("in_progress").replace("impact: medium\n", ""))
    outcome = run_cli("update", "2", "-m", "On it.", *BY, repo=root)
    assert outcome.code == 0, outcome.err
    assert f"1 error was there before: incidentbook check {SECOND}" in outcome.out


def test_a_record_whose_yaml_is_in_doubt_is_left_alone(root: Path, run_cli: RunCli) -> None:
    (root / SECOND).write_text(incident("in_progress", "location: Pier 4\nlocation: Pier 5\n"))
    before = (root / SECOND).read_text()
    for arguments in (("update", "2", "-m", "x"), ("mitigate", "2"), ("link", "2", "--fixed-by", "x")):
        outcome = run_cli(*arguments, *BY, repo=root)
        assert outcome.code == 2 and "has errors in its YAML; nothing was written" in outcome.err
    assert (root / SECOND).read_text() == before


def test_long_and_hostile_titles(root: Path, run_cli: RunCli) -> None:
    title = "\\e[31m$(touch x)`id` " + "A" * 10_000
    (root / SECOND).write_text(
        incident("in_progress").replace("title: Checkout answers 502", f'title: "{title}"')
    )
    outcome = run_cli("update", "2", "-m", "On it.", "--commit", *BY, repo=root)
    assert outcome.code == 0, outcome.err
    assert "\x1b" not in outcome.out
    assert not (root / "x").exists()


def test_what_a_responder_types_cannot_act_on_the_terminal(root: Path, run_cli: RunCli) -> None:
    outcome = run_cli("cancel", "1", "-m", "\x1b]0;owned\x07 --oops", "--dry-run", *BY, repo=root)
    assert "\x1b" not in outcome.out and "\x07" not in outcome.out


def test_somebody_saves_the_file_meanwhile(root: Path) -> None:
    session = Session(root)
    entry = session.archive.get("INC-2026-0001")
    assert entry is not None and entry.record.status == "new"
    (root / FIRST).write_text(incident("new", "location: Pier 4\n"))
    with pytest.raises(ChangedMeanwhileError, match="was changed meanwhile"):
        changing(session, entry, Change(said="x", values={"urgency": "low"}))


@pytest.mark.parametrize("limit", [100, 4096])
def test_a_full_disk_leaves_nothing_half_written(root: Path, limit: int) -> None:
    long = incident("in_progress", f"location: {'A' * 9000}\n")
    (root / SECOND).write_text(long)
    (root / ".cache").write_text("no folder: no cache, which the limit would end first\n")

    def little_space() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    command = [sys.executable, "-m", "incidentbook", "--repo", str(root), "update", "2", "-m", "On it.", *BY]
    outcome = subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=little_space)
    assert outcome.returncode == 2
    assert "cannot be written: File too large" in outcome.stderr and "Traceback" not in outcome.stderr
    assert (root / SECOND).read_text() == long
    assert [path.name for path in (root / "incidents/2026").iterdir() if path.suffix != ".md"] == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_to(root: Path, run_cli: RunCli) -> None:
    before = (root / FIRST).read_text()
    folder = root / "incidents/2026"
    folder.chmod(0o555)
    try:
        outcome = run_cli("ack", "1", *BY, repo=root)
    finally:
        folder.chmod(0o755)
    assert outcome.code == 2 and "cannot be written: Permission denied" in outcome.err
    assert (root / FIRST).read_text() == before
