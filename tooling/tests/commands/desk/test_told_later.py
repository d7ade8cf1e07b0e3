"""Deeds that are told later, with --at: they stand where their time is, or are refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from lifebed import BY, FIRST, incident, record

from testbed import MakeRepository, RunCli

_UPDATES = """\
updates:
  - {id: u1, at: 2026-11-20T10:20+00:00, status: identified, text: A roll-out is the cause.}
  # the second one
  - {id: u2, at: 2026-11-20T10:40+00:00, status: monitoring, text: It is taken back.}
"""


@pytest.fixture
def root(make_repository: MakeRepository) -> Path:
    return make_repository({FIRST: incident("in_progress", _UPDATES)})


def test_an_update_and_a_step_stand_in_the_order_of_their_times(root: Path, run_cli: RunCli) -> None:
    for minute, said in ((30, "Two"), (50, "Last"), (15, "One")):
        at = f"2026-11-20T10:{minute}+00:00"
        assert run_cli("update", "1", "-m", said, *BY, "--at", at, repo=root).code == 0
        assert run_cli("step", "1", "-m", said, *BY, "--at", at, repo=root).code == 0
    found = record(root)
    assert [one.at.minute for one in found.updates] == [15, 20, 30, 40, 50]
    # as the last one before it said, whatever stood last in the file
    assert [str(one.status) for one in found.updates] == [
        *("investigating", "identified", "identified", "monitoring", "monitoring"),
    ]
    assert [one.text for one in found.steps] == ["One", "Two", "Last"]
    assert "# the second one\n  - {id: u2" in (root / FIRST).read_text()
    assert "entries-out-of-order" not in run_cli("check", FIRST, repo=root).out


def test_the_latest_update_counts_wherever_it_stands(
    make_repository: MakeRepository, run_cli: RunCli
) -> None:
    lines = _UPDATES.splitlines(keepends=True)
    root = make_repository({FIRST: incident("in_progress", "".join((lines[0], lines[3], lines[1])))})
    assert run_cli("update", "1", "-m", "Still.", *BY, repo=root).code == 0
    assert str(record(root).updates[-1].status) == "monitoring"


def test_an_earlier_assignment_changes_nothing_of_who_has_it(root: Path, run_cli: RunCli) -> None:
    arguments = ("assign", "1", "--owner", "duty-two", *BY, "--at", "2026-11-20T10:07+00:00")
    outcome = run_cli(*arguments, repo=root)
    assert outcome.code == 0, outcome.err
    assert "assigned to desk and duty-two, until 2026-11-20T10:10+00:00" in outcome.out
    assert [one.owner for one in record(root).assignments] == ["duty-two", "duty-one"]


@pytest.mark.parametrize("verb", [("reopen", "1", "-m", "It is back"), ("confirm", "1", "--user", "A guest")])
def test_no_resolution_is_answered_before_it_was_there(
    verb: tuple[str, ...], make_repository: MakeRepository, run_cli: RunCli
) -> None:
    root = make_repository({FIRST: incident("resolved")})
    outcome = run_cli(*verb, *BY, "--at", "2026-11-20T10:50+00:00", repo=root)
    assert outcome.code == 2
    assert "INC-2026-0001 was resolved at 2026-11-20T11:00+00:00" in outcome.err
    assert (root / FIRST).read_text() == incident("resolved")
    steps = "steps:\n  - {at: 2026-11-20T11:40+00:00, text: Looked at the log.}\n"
    (root / FIRST).write_text(incident("resolved", steps))
    assert run_cli(*verb, *BY, "--at", "2026-11-20T11:20+00:00", repo=root).code == 0
    assert [one.at.minute for one in record(root).steps] == ([20, 40] if verb[0] == "reopen" else [40])


def test_nothing_is_done_before_it_began(make_repository: MakeRepository, run_cli: RunCli) -> None:
    early = ("--at", "2026-11-20T09:00+00:00")
    for state, verb in (
        ("new", ("ack", "1")),
        ("new", ("assign", "1", "--team", "desk")),
        ("in_progress", ("mitigate", "1")),
        ("in_progress", ("hold", "1", "--reason", "vendor")),
        ("in_progress", ("update", "1", "-m", "We look.")),
        ("in_progress", ("resolve", "1", "-m", "x", "--code", "fixed", "--permanent")),
    ):
        root = make_repository({FIRST: incident(state)})
        outcome = run_cli(*verb, *BY, *early, repo=root)
        assert outcome.code == 2, verb
        assert "began at 2026-11-20T10:00+00:00 at the earliest" in outcome.err
        assert "incidentbook set INC-2026-0001 --started TIME" in outcome.err


def test_an_outage_is_not_over_before_it_began(make_repository: MakeRepository, run_cli: RunCli) -> None:
    root = make_repository({FIRST: incident("in_progress")})
    resolve = (
        "resolve",
        "1",
        "-m",
        "x",
        "--code",
        "fixed",
        "--permanent",
        "--summary",
        "Orders failed.",
        *BY,
    )
    outcome = run_cli(*resolve, "--restored", "2026-11-20T10:02+00:00", repo=root)
    assert outcome.code == 2
    assert "restored at 2026-11-20T10:02+00:00, before it was opened (2026-11-20T10:05+00:00)" in outcome.err
    assert run_cli("set", "1", "--started", "2026-11-20T10:00+00:00", *BY, repo=root).code == 0
    assert run_cli(*resolve, "--restored", "2026-11-20T10:12+00:00", repo=root).code == 0
