"""`major`: declared and stood down, by who may."""

from __future__ import annotations

from pathlib import Path

import pytest

from testbed import SCHEMA, CommitAll, MakeRepository, RunCli

MAJOR = """\
when:
  - {priority: [P1], reason: Everybody is needed.}
declare: [duty-three]
declare_teams: [payments]
managers: payments
communications: duty-two
team: [duty-one]
update_every: 45m
stakeholders:
  - {name: Board, email: board@example.invalid, wants: When it is over.}
  - {name: Warehouse, services: [search]}
"""
TEAMS = """\
teams:
  - id: payments
    name: Payments
    members: [duty-one]
    rotation: {since: 2026-01-05, at: "10:00", order: [duty-one]}
  - {id: desk, name: Service desk, members: [duty-two]}
"""
RECORD = """\
---
# who reads this at night: call first
title: "Checkout answers 502"
status: in_progress
services: [{service: checkout, state: partial_outage}]
category: application/deployment
impact: high   # everybody
urgency: high
opened: 2026-11-20T11:00+00:00
acknowledged: 2026-11-20T11:05+00:00
reporter: {channel: alert}
assignments:
  - {at: 2026-11-20T11:05+00:00, team: payments, owner: duty-one}
---
Text.
"""
PATH = "incidents/2026/INC-2026-0001.md"


@pytest.fixture
def root(make_repository: MakeRepository) -> Path:
    return make_repository({"schema/major.yml": MAJOR, "schema/teams.yml": TEAMS, PATH: RECORD})


def test_declaring_names_who_leads_whom_to_tell_and_when_readers_hear(root: Path, run_cli: RunCli) -> None:
    outcome = run_cli("major", "declare", "1", "--by", "duty-three", "--scribe", "duty-three", repo=root)
    assert (outcome.code, outcome.err) == (0, "")
    for said in (
        "INC-2026-0001: declared major by duty-three",
        "Incident manager: duty-one",
        "Communications lead: duty-two",
        "Scribe: duty-three",
        "Tell Board <board@example.invalid>: When it is over.",
        "Next update due: 2026-11-20 12:45 UTC",
    ):
        assert said in outcome.out
    assert "Warehouse" not in outcome.out
    text = (root / PATH).read_text("utf-8")
    for line in (
        "# who reads this at night: call first\n",
        "impact: high   # everybody\n",
        "major: true\n",
        "declared: 2026-11-20T12:00+00:00\n",
        "incident_manager: duty-one\n",
        "Declared major: Everybody is needed.",
    ):
        assert line in text
    assert "major-not-declared" not in run_cli("check", repo=root).out


def test_what_was_said_counts_before_what_the_schema_says(root: Path, run_cli: RunCli) -> None:
    options = ("--manager", "duty-three", "--communications", "duty-one", "--team", "duty-two")
    assert run_cli("major", "declare", "1", "--by", "duty-one", *options, repo=root).code == 0
    text = (root / PATH).read_text("utf-8")
    assert "incident_manager: duty-three" in text
    assert "communications_lead: duty-one" in text
    assert text.index("- duty-one") < text.index("- duty-two")


def test_who_may_not_is_told_who_may(root: Path, run_cli: RunCli) -> None:
    outcome = run_cli("major", "declare", "1", "--by", "duty-two", repo=root)
    assert outcome.code == 2
    assert "duty-two may not declare it major; duty-three, duty-one may; nothing was written" in outcome.err
    assert "incidentbook escalate INC-2026-0001 --to duty-three --kind hierarchical" in outcome.err
    assert (root / PATH).read_text("utf-8") == RECORD


def test_standing_down_needs_a_reason_keeps_the_roles_and_nobody_is_asked_again(
    root: Path, run_cli: RunCli
) -> None:
    assert run_cli("major", "stand-down", "1", "--by", "duty-one", repo=root).code == 2
    refused = run_cli("major", "stand-down", "1", "-m", "x", "--by", "duty-one", repo=root)
    assert (refused.code, "is not major" in refused.err) == (2, True)
    run_cli("major", "declare", "1", "--by", "duty-one", repo=root)
    again = run_cli("major", "declare", "1", "--by", "duty-one", repo=root)
    assert (again.code, "is major already" in again.err) == (2, True)
    other = run_cli("major", "stand-down", "1", "-m", "x", "--by", "duty-two", repo=root)
    assert (other.code, "may not stand it down" in other.err) == (2, True)

    outcome = run_cli(
        "major", "stand-down", "1", "-m", "Only the test shop: no customer.", "--by", "duty-one", repo=root
    )
    assert (outcome.code, outcome.err) == (0, "")
    text = (root / PATH).read_text("utf-8")
    assert "major: false\n" in text
    assert "incident_manager: duty-one" in text
    assert "Stood down: Only the test shop: no customer." in text
    assert "major-not-declared" not in run_cli("check", repo=root).out


def test_one_that_is_over_is_not_declared(make_repository: MakeRepository, run_cli: RunCli) -> None:
    closed = RECORD.replace("in_progress", "cancelled")
    root = make_repository({"schema/major.yml": MAJOR, PATH: closed})
    outcome = run_cli("major", "declare", "1", "--by", "duty-one", repo=root)
    assert outcome.code == 2
    assert "is cancelled, and cannot be declared major" in outcome.err


def test_a_role_for_nobody_known_is_refused(root: Path, run_cli: RunCli) -> None:
    outcome = run_cli("major", "declare", "1", "--by", "duty-one", "--scribe", "duty-thre", repo=root)
    assert outcome.code == 2
    assert "schema/people.yml has no `duty-thre`, did you mean `duty-three`?" in outcome.err
    assert (root / PATH).read_text("utf-8") == RECORD


def test_without_a_file_anybody_may_and_nobody_is_named(
    make_repository: MakeRepository, run_cli: RunCli
) -> None:
    root = make_repository(
        {**{k: v for k, v in SCHEMA.items() if "major" not in k}, PATH: RECORD}, schema=False
    )
    outcome = run_cli("major", "declare", "1", "--by", "duty-two", repo=root)
    assert outcome.code == 0
    assert "Incident manager: nobody yet" in outcome.out
    assert "by judgement" in (root / PATH).read_text("utf-8")


STAND_DOWN = ("major", "stand-down", "1", "-m", "Only the test shop.", "--by", "duty-one")


def test_a_second_declaration_begins_the_beat_anew(
    root: Path, run_cli: RunCli, commit_all: CommitAll
) -> None:
    declare = ("major", "declare", "1", "--by", "duty-one")
    assert run_cli(*declare, "--at", "2026-11-20T11:10Z", repo=root).code == 0
    commit_all(root)
    assert run_cli(*STAND_DOWN, "--at", "2026-11-20T11:20Z", repo=root).code == 0
    outcome = run_cli(*declare, repo=root)
    assert outcome.code == 0
    assert "Next update due: 2026-11-20 12:45 UTC" in outcome.out
    assert "major-update-overdue" not in outcome.out
    text = (root / PATH).read_text("utf-8")
    assert "declared: 2026-11-20T12:00+00:00\n" in text
    assert text.count("Declared major: ") == 2
    assert "time-rewritten" not in run_cli("check", "--base", "HEAD", repo=root).out


def test_a_first_declaration_by_hand_is_kept_in_the_decisions(
    make_repository: MakeRepository, run_cli: RunCli, commit_all: CommitAll
) -> None:
    by_hand = "acknowledged: 2026-11-20T11:05+00:00\nmajor: false\ndeclared: 2026-11-20T11:06+00:00\n"
    record = RECORD.replace("acknowledged: 2026-11-20T11:05+00:00\n", by_hand)
    root = make_repository({"schema/major.yml": MAJOR, PATH: record})
    commit_all(root)
    assert run_cli("major", "declare", "1", "--by", "duty-one", repo=root).code == 0
    assert "at: 2026-11-20T11:06+00:00" in (root / PATH).read_text("utf-8")
    assert "time-rewritten" not in run_cli("check", "--base", "HEAD", repo=root).out
    # the words alone do not make the time another
    moved = record.replace("declared: 2026-11-20T11:06", "declared: 2026-11-20T11:36")
    (root / PATH).write_text(moved, "utf-8")
    assert "time-rewritten" in run_cli("check", "--base", "HEAD", repo=root).out


@pytest.mark.parametrize("deed", ["stand-down", "declare"])
def test_nothing_comes_before_the_last_declaration(root: Path, run_cli: RunCli, deed: str) -> None:
    assert run_cli("major", "declare", "1", "--by", "duty-one", repo=root).code == 0
    arguments: tuple[str, ...] = STAND_DOWN
    if deed == "declare":
        assert run_cli(*STAND_DOWN, repo=root).code == 0
        arguments = ("major", "declare", "1", "--by", "duty-one")
    before = (root / PATH).read_text("utf-8")
    outcome = run_cli(*arguments, "--at", "2026-11-20T11:59Z", repo=root)
    assert outcome.code == 2
    assert "for it was declared major at 2026-11-20T12:00:00+00:00; nothing was written" in outcome.err
    assert (root / PATH).read_text("utf-8") == before


def test_nothing_is_stood_down_before_it_was_opened(make_repository: MakeRepository, run_cli: RunCli) -> None:
    undeclared = RECORD.replace("urgency: high\n", "urgency: high\nmajor: true\n")
    root = make_repository({"schema/major.yml": MAJOR, PATH: undeclared})
    outcome = run_cli(*STAND_DOWN, "--at", "2026-11-20T10:59Z", repo=root)
    assert (outcome.code, "for it was opened at" in outcome.err) == (2, True)
