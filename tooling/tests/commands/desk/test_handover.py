"""`incidentbook handover`: the note, who takes over, and the acknowledgement."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from testbed import SCHEMA, CommitAll, MakeRepository, RunCli, git

ROTATION = "rotation: {turn: day, at: '08:00', since: 2026-11-01, order: [duty-three, duty-one]}"
TEAMS = SCHEMA["schema/teams.yml"].replace("members: [duty-one]}", f"members: [duty-one], {ROTATION}}}")
ONE, TWO = "incidents/2026/INC-2026-0001.md", "incidents/2026/INC-2026-0002.md"
NOTE = "handovers/2026/HND-2026-0001.md"
PATIENCE = 20
"""Seconds after which a terminal that says nothing new has hung; no test waits so long."""

RECORD = """\
---
title: Checkout answers 502
status: in_progress
services: [{service: checkout, state: partial_outage}]
category: application/deployment
impact: low
urgency: low   # nobody waits
opened: 2026-11-20T09:00+00:00
acknowledged: 2026-11-20T09:05+00:00
reporter: {channel: alert}
assignments:
  - {at: 2026-11-20T09:05+00:00, team: payments, owner: duty-two}
---
Text.
"""
DESK = RECORD.replace("team: payments", "team: desk").replace("502", "503\\u001b]0;owned")
DESK = DESK.replace("title: ", 'title: "').replace("owned\n", 'owned"\n')


@pytest.fixture
def root(make_repository: MakeRepository) -> Path:
    return make_repository({"schema/teams.yml": TEAMS, ONE: RECORD, TWO: DESK})


def written(root: Path, path: str = NOTE) -> str:
    return (root / path).read_text("utf-8")


def test_the_note_holds_what_was_said_and_nothing_else(root: Path, run_cli: RunCli) -> None:
    outcome = run_cli(
        *("handover", "--team", "payments", "--by", "duty-two"),
        *("--next", "1=Watch the error rate until noon"),
        *("--next-update", "INC-2026-0001=2026-11-20T12:30+00:00", "--note", "Quiet otherwise."),
        repo=root,
    )
    assert (outcome.code, outcome.err) == (0, "")
    assert written(root) == (
        "---\n# yaml-language-server: $schema=../../schema/json/handover.schema.json\n"
        "status: written\nteam: payments\nat: 2026-11-20T12:00+00:00\n"
        "outgoing: duty-two\nincoming: duty-one\n"
        "items:\n  - incident: INC-2026-0001\n    next_step: Watch the error rate until noon\n"
        "    next_update_due: 2026-11-20T12:30+00:00\n---\nQuiet otherwise.\n"
    )
    assert written(root, ONE) == RECORD
    for words in (
        "HND-2026-0001: handed over from duty-two to duty-one\n",
        "  INC-2026-0001  P4 in progress: Checkout answers 502\n",
        "    resolution: running, due in 21h\n",
        "    next update by 2026-11-20 12:30 UTC\n",
        "    next step: Watch the error rate until noon\n    taken by duty-one\n  note: Quiet otherwise.\n",
        "  incidentbook handover acknowledge HND-2026-0001 --by duty-one\n",
    ):
        assert words in outcome.out
    assert run_cli("check", "--strict", NOTE, repo=root).code == 0


def test_all_teams_need_a_name_and_each_incident_goes_to_its_own(root: Path, run_cli: RunCli) -> None:
    outcome = run_cli("handover", "--by", "duty-two", repo=root)
    assert outcome.code == 2
    assert "no team is named" in outcome.err
    outcome = run_cli("handover", "--to", "duty-three", "--by", "duty-two", repo=root)
    assert outcome.code == 0
    assert "team:" not in written(root)
    assert "{incident: INC-2026-0001, owner: duty-one}" in written(root)
    assert "{incident: INC-2026-0002}" in written(root)
    assert "\x1b" not in outcome.out and "\\u001b]0;owned" in outcome.out


def test_who_has_it_and_is_on_shift_keeps_it(root: Path, run_cli: RunCli) -> None:
    (root / TWO).write_text(DESK.replace("duty-two", "duty-one"), "utf-8")
    assert (
        run_cli("handover", "--team", "desk", "--to", "duty-three", "--by", "duty-two", repo=root).code == 0
    )
    assert "{incident: INC-2026-0002, owner: duty-one}" in written(root)


def test_owners_move_where_that_is_wanted(root: Path, run_cli: RunCli) -> None:
    outcome = run_cli("handover", "--team", "payments", "--by", "duty-two", "--take-over", repo=root)
    assert outcome.code == 0
    entry = "  - {at: 2026-11-20T12:00+00:00, team: payments, owner: duty-one}\n"
    assert written(root, ONE) == RECORD.replace("owner: duty-two}\n", f"owner: duty-two}}\n{entry}")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--team", "paymets"), "did you mean `payments`?"),
        (("--team", "desk"), "the team desk has no rotation that says who takes over"),
        (
            ("--team", "payments", "--by", "duty-one"),
            "duty-one is on call for payments until 2026-11-21 08:00",
        ),
        (
            ("--team", "payments", "--next", "2=x"),
            "INC-2026-0002 is not among the open incidents of the team",
        ),
        (("--team", "payments", "--next", "Watch it"), "--next is `Watch it`; expected an incident, `=`"),
        (("--team", "payments", "--next", "9=x"), "there is no incident `9` here"),
        (("--team", "payments", "--next-update", "1=noon"), "--next-update is `noon`"),
        (
            ("--team", "payments", "--next-update", "1=2026-11-20T12:00+00:00"),
            "an update of INC-2026-0001 is promised by 2026-11-20T12:00+00:00, which is not after the note, "
            "2026-11-20T12:00+00:00; nothing was written\ninstead:\n  incidentbook update INC-2026-0001",
        ),
        (("--team", "payments", "--to", "duty-won"), "there is no person `duty-won`"),
        (("--team", "payments", "--to", "duty-two"), "duty-two cannot take over from duty-two"),
        (("--team", "payments", "--interactive"), "--interactive asks at a terminal, and this is none"),
        (("--take-over", "acknowledge"), "Options of `acknowledge` stand behind it."),
    ],
)
def test_what_is_refused_writes_nothing(
    root: Path, run_cli: RunCli, arguments: tuple[str, ...], said: str
) -> None:
    by = () if "--by" in arguments else ("--by", "duty-two")
    outcome = run_cli("handover", *by, *arguments, repo=root)
    assert outcome.code == 2
    assert said in outcome.err
    assert not (root / "handovers").exists()


def test_a_turn_that_is_about_to_begin_is_the_one(root: Path, run_cli: RunCli) -> None:
    at = ("--at", "2026-11-20T07:50+00:00")
    assert run_cli("handover", "--team", "payments", "--by", "duty-three", *at, repo=root).code == 0
    assert "incoming: duty-one" in written(root)


def test_dry_run_shows_the_note(root: Path, run_cli: RunCli) -> None:
    outcome = run_cli("handover", "--team", "payments", "--by", "duty-two", "--dry-run", repo=root)
    assert outcome.code == 0
    assert "+incoming: duty-one\n" in outcome.out
    assert not (root / "handovers").exists()


def acknowledge(run_cli: RunCli, root: Path, *arguments: str) -> tuple[int, str]:
    outcome = run_cli("handover", "acknowledge", *arguments, repo=root)
    return outcome.code, outcome.out + outcome.err


def test_the_incoming_person_takes_over(root: Path, run_cli: RunCli) -> None:
    run_cli("handover", "--team", "payments", "--by", "duty-two", repo=root)
    code, said = acknowledge(run_cli, root, "--by", "duty-one", "--take-over")
    assert code == 0
    assert "HND-2026-0001: taken over by duty-one\n  INC-2026-0001: assigned to" in said
    assert "status: acknowledged\n" in written(root)
    assert "acknowledged: 2026-11-20T12:00+00:00\nacknowledged_by: duty-one\n" in written(root)
    assert written(root, ONE).count("owner: duty-one}") == 1
    code, said = acknowledge(run_cli, root, "1", "--by", "duty-one")
    assert code == 2
    assert "HND-2026-0001 was acknowledged by duty-one" in said
    code, said = acknowledge(run_cli, root, "--by", "duty-one")
    assert code == 2
    assert "no handover waits" in said


def test_who_took_over_earlier_has_the_incidents_since_then(root: Path, run_cli: RunCli) -> None:
    """Whoever got one in between keeps it."""
    later = DESK.replace(
        "team: desk, owner: duty-two}\n",
        "team: desk, owner: duty-two}\n  - {at: 2026-11-20T11:50+00:00, team: desk, owner: duty-three}\n",
    )
    (root / TWO).write_text(later)
    at = ("--at", "2026-11-20T11:30+00:00")
    assert run_cli("handover", "--to", "duty-one", "--by", "duty-two", *at, repo=root).code == 0
    at = ("--at", "2026-11-20T11:45+00:00")
    code, said = acknowledge(run_cli, root, "--by", "duty-one", "--take-over", *at)
    assert code == 0, said
    assert "acknowledged: 2026-11-20T11:45+00:00\n" in written(root)
    assert "  - {at: 2026-11-20T11:45+00:00, team: payments, owner: duty-one}\n" in written(root, ONE)
    assert written(root, TWO) == later


def test_a_new_promise_is_told_instead_of_the_one_before(root: Path, run_cli: RunCli) -> None:
    shift = ("handover", "--team", "payments", "--by", "duty-two")
    early = ("--at", "2026-11-20T11:30+00:00", "--next-update", "1=2026-11-20T12:30+00:00")
    assert run_cli(*shift, *early, repo=root).code == 0
    outcome = run_cli(*shift, "--next-update", "1=2026-11-20T14:00+00:00", repo=root)
    assert "    next update by 2026-11-20 14:00 UTC\n" in outcome.out


def test_another_person_only_while_on_call(root: Path, run_cli: RunCli) -> None:
    run_cli("handover", "--team", "payments", "--by", "duty-two", "--to", "duty-three", repo=root)
    for who, why in (("duty-two", "duty-two's own note"), ("deploy-bot", "is neither that nor on call")):
        code, said = acknowledge(run_cli, root, "1", "--by", who)
        assert (code, why in said) == (2, True), said
    assert acknowledge(run_cli, root, "1", "--by", "duty-one")[0] == 0
    assert "acknowledged_by: duty-one" in written(root)


def test_several_notes_wait_for_others(root: Path, run_cli: RunCli) -> None:
    for team in ("payments", "desk"):
        run_cli("handover", "--team", team, "--by", "duty-two", "--to", "duty-three", repo=root)
    code, said = acknowledge(run_cli, root, "--by", "duty-one")
    assert code == 2
    assert "2 handovers wait, and none for duty-one" in said
    code, said = acknowledge(run_cli, root, "--by", "duty-three")
    assert code == 0
    assert said.startswith("HND-2026-0002: taken over")


def test_it_is_committed_and_told(root: Path, run_cli: RunCli, commit_all: CommitAll) -> None:
    commit_all(root)
    assert (
        run_cli("handover", "--team", "payments", "--by", "duty-two", "--commit", repo=root).code,
        acknowledge(run_cli, root, "--by", "duty-one", "--commit")[0],
    ) == (0, 0)
    assert git(root, "status", "--porcelain") == "?? .cache/\n"
    told = run_cli("log", "HND-2026-0001", repo=root).out
    assert "shift handed over to duty-one (duty-two)" in told
    assert "handover acknowledged (duty-one)" in told


@pytest.mark.parametrize(("answer", "code"), [("Watch it\n", 0), (None, 2)], ids=["answered", "Ctrl-C"])
def test_at_a_terminal_it_asks_for_the_next_step(root: Path, answer: str | None, code: int) -> None:
    """A real terminal: the answer is written, and Ctrl-C writes nothing."""
    pty = pytest.importorskip("pty")
    master, slave = pty.openpty()
    verb = ["--repo", str(root), "handover", "--team", "payments", "--by", "duty-two", "--interactive"]
    process = subprocess.Popen(
        [sys.executable, "-m", "incidentbook", *verb], stdin=slave, stdout=slave, stderr=slave
    )
    os.close(slave)
    try:
        read_until(master, "Next step")
        if answer is None:
            interrupt(process)
        else:
            os.write(master, answer.encode())
        assert process.wait(PATIENCE) == code
    finally:
        process.kill()
        os.close(master)
    assert (root / NOTE).exists() == (code == 0)
    assert answer is None or "next_step: Watch it" in written(root)


def interrupt(process: subprocess.Popen[bytes]) -> None:
    """Press Ctrl-C as a person does: once more where nothing comes of it, for it came before the reading."""
    for _ in range(PATIENCE // 2):
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(2)
            return


def read_until(terminal: int, words: str) -> None:
    drawn, end = "", time.monotonic() + PATIENCE
    while words not in drawn:
        assert time.monotonic() < end, drawn
        if select.select([terminal], [], [], 0.2)[0]:
            drawn += os.read(terminal, 65536).decode()
