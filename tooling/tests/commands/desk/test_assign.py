"""`assign`: to a team, to a person, to whoever is on call or has least in hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from lifebed import BY, FIRST, incident, record

from testbed import SCHEMA, MakeRepository, RunCli

ROTATION = SCHEMA["schema/teams.yml"].replace(
    "members: [duty-one]}",
    "members: [duty-one, duty-three], rotation: {since: 2026-11-02, order: [duty-three]}}",
)
SECOND = "incidents/2026/INC-2026-0002.md"


@pytest.fixture
def root(make_repository: MakeRepository) -> Path:
    return make_repository({FIRST: incident("new"), "schema/teams.yml": ROTATION})


def test_a_person_brings_their_team(root: Path, run_cli: RunCli) -> None:
    assert run_cli("assign", "1", "--owner", "duty-two", *BY, repo=root).code == 0
    found = record(root)
    assert [(one.team, one.owner) for one in found.assignments] == [("desk", "duty-two")]
    assert (found.status, found.acknowledged) == ("assigned", None)


def test_who_is_on_call(root: Path, run_cli: RunCli) -> None:
    outcome = run_cli("assign", "1", "--team", "payments", "--on-call", *BY, repo=root)
    assert outcome.code == 0, outcome.err
    assert "  duty-three: on call for payments until" in outcome.out
    assert record(root).assignments[-1].owner == "duty-three"


def test_who_has_least_in_hand(root: Path, run_cli: RunCli) -> None:
    (root / SECOND).write_text(incident("in_progress"))  # of duty-one
    outcome = run_cli("assign", "1", "--team", "Payments", "--least-loaded", *BY, repo=root)
    assert "  duty-three: has least in hand of payments: nothing" in outcome.out
    assert [(one.team, one.owner) for one in record(root).assignments] == [("payments", "duty-three")]


def test_nobody_to_choose_from(root: Path, run_cli: RunCli) -> None:
    assert "say --team KEY" in run_cli("assign", "1", "--on-call", *BY, repo=root).err
    outcome = run_cli("assign", "1", "--team", "desk", "--on-call", *BY, repo=root)
    assert outcome.code == 2 and "the team desk has nobody who is on call for it" in outcome.err
    assert "Say to whom" in run_cli("assign", "1", *BY, repo=root).err
    assert "three ways" in run_cli("assign", "1", "--on-call", "--least-loaded", *BY, repo=root).err


def test_once_more_changes_nothing(root: Path, run_cli: RunCli) -> None:
    run_cli("assign", "1", "--team", "desk", *BY, repo=root)
    outcome = run_cli("assign", "1", "--team", "desk", *BY, repo=root)
    assert outcome.out == "INC-2026-0001 is so already; nothing was written.\n"
