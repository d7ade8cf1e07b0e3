"""Moves that led nowhere, or went through where they should not have."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from lifebed import BY, FIRST, incident, record

from incidentbook.commands.completing_values import people
from testbed import SCHEMA, MakeRepository, RunCli

PEOPLE = SCHEMA["schema/people.yml"] + "  - {handle: night-watch, valid_until: 2026-11-01}\n"
RESOLVE = ("resolve", "1", "-m", "x", "--code", "fixed", "--summary", "Orders failed.", *BY)
_SEEN = """\
acknowledged: 2026-11-20T10:10+00:00
assignments:
  - {at: 2026-11-20T10:10+00:00, team: payments, owner: duty-one}
"""


def _waiting() -> str:
    return incident("new", _SEEN).replace("status: new", "status: assigned")


def test_what_was_taken_and_waits_is_taken_up_again(make_repository: MakeRepository, run_cli: RunCli) -> None:
    root = make_repository({FIRST: _waiting()})
    assert "incidentbook ack INC-2026-0001" in run_cli("resume", "1", *BY, repo=root).err
    outcome = run_cli("ack", "1", "--by", "duty-two", "-m", "From the start.", repo=root)
    assert outcome.code == 0 and "taken up by duty-two" in outcome.out
    found = record(root)
    assert (found.status, found.acknowledged) == ("in_progress", datetime(2026, 11, 20, 10, 10, tzinfo=UTC))
    assert [one.owner for one in found.assignments] == ["duty-one", "duty-two"]
    assert [one.text for one in found.steps] == ["From the start."]


def test_what_was_taken_and_waits_may_be_held(make_repository: MakeRepository, run_cli: RunCli) -> None:
    root = make_repository({FIRST: _waiting()})
    assert run_cli("hold", "1", "--reason", "vendor", *BY, repo=root).code == 0
    assert record(root).status == "on_hold"
    (root / FIRST).write_text(incident("assigned"))
    outcome = run_cli("hold", "1", "--reason", "vendor", *BY, repo=root)
    assert outcome.code == 2 and "incidentbook ack INC-2026-0001" in outcome.err


def test_harm_that_comes_back_is_contained_again(make_repository: MakeRepository, run_cli: RunCli) -> None:
    root = make_repository({FIRST: incident("resolved", "mitigated: 2026-11-20T10:30+00:00\n")})
    assert run_cli("reopen", "1", "-m", "502", *BY, "--at", "2026-11-20T11:10+00:00", repo=root).code == 0
    found = record(root)
    assert found.mitigated is None and found.restored is None
    assert "The harm had been contained at 2026-11-20T10:30+00:00." in found.steps[0].text
    assert [(one.field, one.was) for one in found.corrections] == [
        ("mitigated", "2026-11-20T10:30+00:00"),
        ("restored", "2026-11-20T10:55+00:00"),
    ]
    assert run_cli("mitigate", "1", *BY, "--at", "2026-11-20T11:20+00:00", repo=root).code == 0
    assert record(root).mitigated.minute == 20
    assert run_cli("mitigate", "1", *BY, repo=root).code == 2
    assert run_cli("check", FIRST, repo=root).code == 0


def test_harm_that_came_back_after_a_reopening_by_hand(
    make_repository: MakeRepository, run_cli: RunCli
) -> None:
    again = "resolved: 2026-11-20T10:40+00:00, reopened: 2026-11-20T10:50+00:00, reason: Slow again"
    more = f"mitigated: 2026-11-20T10:30+00:00\nreopenings:\n  - {{{again}}}\n"
    root = make_repository({FIRST: incident("in_progress", more)})
    assert run_cli("mitigate", "1", *BY, "--at", "2026-11-20T11:20+00:00", repo=root).code == 0
    assert record(root).mitigated.minute == 20
    assert [(one.field, one.was) for one in record(root).corrections] == [
        ("mitigated", "2026-11-20T10:30+00:00")
    ]


def test_a_resolution_is_one_of_two(make_repository: MakeRepository, run_cli: RunCli) -> None:
    root = make_repository({FIRST: incident("in_progress")})
    outcome = run_cli(*RESOLVE, "--permanent", "--temporary", repo=root)
    assert outcome.code == 2 and "--permanent and --temporary exclude each other" in outcome.err
    assert run_cli(*RESOLVE, "--permanent", repo=root).code == 0
    assert record(root).resolution.permanence == "permanent"


def test_nobody_is_given_work_who_is_not_here(make_repository: MakeRepository, run_cli: RunCli) -> None:
    root = make_repository({FIRST: incident("new"), "schema/people.yml": PEOPLE})
    left = "`night-watch` has left on 2026-11-01, by schema/people.yml, and it is 2026-11-20"
    bot = "`deploy-bot` is a bot"
    new = (
        "new",
        "--title",
        "T",
        "--impact",
        "low",
        "--urgency",
        "low",
        "--category",
        "data",
        "--channel",
        "phone",
    )
    work = (
        "maintenance",
        "new",
        "-m",
        "T",
        "--from",
        "2026-12-01T05:00+00:00",
        "--to",
        "2026-12-01T06:00+00:00",
    )
    for arguments, said in (
        (("assign", "1", "--owner", "night-watch", *BY), left),
        (("assign", "1", "--owner", "deploy-bot", *BY), bot),
        (("ack", "1", "--by", "night-watch"), left),
        ((*new, "--owner", "night-watch", *BY), left),
        (("problem", "new", "-m", "T", "--owner", "deploy-bot", *BY), bot),
        (("article", "new", "a", "--title", "T", "--type", "faq", "--owner", "night-watch", *BY), left),
        (("review", "start", "1", "--facilitator", "night-watch", *BY), left),
        ((*work, "--owner", "night-watch", *BY), left),
    ):
        outcome = run_cli(*arguments, repo=root)
        assert outcome.code == 2 and said in outcome.err, outcome
    assert (root / FIRST).read_text() == incident("new")
    # what was done while they were here may be written down later
    outcome = run_cli(
        "assign", "1", "--owner", "night-watch", *BY, "--at", "2026-10-30T10:00+00:00", repo=root
    )
    assert "began at" in outcome.err


def test_who_acknowledged_is_not_who_has_it(make_repository: MakeRepository, run_cli: RunCli) -> None:
    root = make_repository({FIRST: incident("in_progress")})
    outcome = run_cli("ack", "1", "--by", "duty-two", repo=root)
    assert "INC-2026-0001 was acknowledged at 2026-11-20T10:10+00:00; duty-one has it" in outcome.err


@pytest.fixture
def planned(make_repository: MakeRepository) -> Path:
    return make_repository(
        {
            "incidents/2026/MNT-2026-0001.md": "---\ntitle: The database moves\nstatus: scheduled\n"
            "announced: 2026-11-10T10:00+00:00\n"
            "planned: {from: 2026-11-23T05:00+00:00, to: 2026-11-23T06:00+00:00}\n"
            "services:\n  - {service: search, state: degraded_performance}\n---\n"
        }
    )


def test_work_begins_when_it_was_planned(planned: Path, run_cli: RunCli) -> None:
    outcome = run_cli("maintenance", "start", "MNT-2026-0001", *BY, repo=planned)
    assert outcome.code == 2
    assert "MNT-2026-0001 is planned from 2026-11-23T05:00+00:00, and it is 2026-11-20T12:00" in outcome.err
    assert "incidentbook maintenance start MNT-2026-0001 --early" in outcome.err
    soon = ("--now", "2026-11-23T04:10+00:00")
    assert run_cli(*soon, "maintenance", "start", "MNT-2026-0001", *BY, "--dry-run", repo=planned).code == 0
    assert run_cli("maintenance", "start", "MNT-2026-0001", "--early", *BY, repo=planned).code == 0
    before = ("--at", "2026-11-20T11:00+00:00")
    outcome = run_cli("maintenance", "complete", "MNT-2026-0001", *BY, *before, repo=planned)
    assert outcome.code == 2 and "was started at 2026-11-20T12:00+00:00" in outcome.err
    assert run_cli("maintenance", "complete", "MNT-2026-0001", *BY, repo=planned).code == 0


def test_what_comes_next_is_what_would_go_through(make_repository: MakeRepository, run_cli: RunCli) -> None:
    root = make_repository({FIRST: incident("in_progress")})
    outcome = run_cli(*RESOLVE, "--permanent", repo=root)
    assert "\n  incidentbook close INC-2026-0001\n" not in outcome.out
    assert "  incidentbook confirm INC-2026-0001\n" in outcome.out
    assert "what the user says: `incidentbook confirm INC-2026-0001`" in outcome.out
    outcome = run_cli("confirm", "1", "--user", "A guest", *BY, repo=root)
    assert "\n  incidentbook close INC-2026-0001\n" in outcome.out


def test_a_review_that_is_owed_comes_next_after_closing(
    make_repository: MakeRepository, run_cli: RunCli
) -> None:
    major = incident("resolved", "confirmation: {confirmed: true, by: A guest}\n").replace(
        "impact: medium", "impact: high"
    )
    policy = "policies:\n  - {required_when: [p1]}\n"
    root = make_repository({FIRST: major, "schema/reviews.yml": policy})
    outcome = run_cli("close", "1", "--by", "duty-two", repo=root)
    assert outcome.code == 0, outcome.err
    assert "  incidentbook review start INC-2026-0001\n" in outcome.out


def test_a_service_without_its_state(make_repository: MakeRepository, run_cli: RunCli) -> None:
    root = make_repository({FIRST: incident("in_progress")})
    outcome = run_cli("update", "1", "-m", "x", "--service", "checkout", *BY, repo=root)
    assert (
        outcome.code == 2 and "the state of the service is not said; KEY=STATE, of operational" in outcome.err
    )


def test_one_error_that_was_there_is_one(make_repository: MakeRepository, run_cli: RunCli) -> None:
    root = make_repository({FIRST: incident("in_progress").replace("service: checkout", "service: nothing")})
    outcome = run_cli("update", "1", "-m", "x", *BY, repo=root)
    assert "1 error was there before" in outcome.out


@pytest.mark.parametrize(
    ("state", "verb"),
    [
        ("new", ("ack",)),
        ("new", ("assign", "--team", "desk")),
        ("on_hold", ("resume",)),
        ("resolved", ("close", "--unconfirmed")),
    ],
)
def test_what_is_said_of_a_move_is_a_step(
    state: str, verb: tuple[str, ...], make_repository: MakeRepository, run_cli: RunCli
) -> None:
    root = make_repository({FIRST: incident(state)})
    outcome = run_cli(verb[0], "1", *verb[1:], "-m", "As agreed.", "--by", "duty-two", repo=root)
    assert outcome.code == 0, outcome.err
    assert [one.text for one in record(root).steps] == ["As agreed."]


def test_the_obvious_text_is_said_with_m(make_repository: MakeRepository, run_cli: RunCli) -> None:
    root = make_repository(
        {
            "knowledge/articles/restart.md": "---\ntitle: Restart\nstatus: published\ntype: how-to\n"
            "owner: duty-one\nreviewed: 2026-11-01\n---\n## Steps\n\nRestart it.\n"
        }
    )
    for arguments in (
        ("problem", "new", "-m", "The pool leaks", "--workaround", "Restart"),
        ("problem", "known-error", "1", "-m", "The driver leaks"),
        ("action", "add", "PRB-2026-0001", "-m", "Watch it", "--owner", "duty-one", "--due", "2026-12-01"),
        ("action", "done", "PRB-2026-0001", "a1", "-m", "CHG-1"),
        ("problem", "resolve", "1", "-m", "Driver 4.2 is in"),
        ("article", "retire", "restart", "-m", "It restarts by itself."),
        ("article", "new", "watch", "-m", "Watch the pool", "--type", "faq"),
    ):
        outcome = run_cli(*arguments, *BY, repo=root)
        assert outcome.code == 0, (arguments, outcome.err)
    problem = record(root, "PRB-2026-0001")
    assert (problem.root_cause, problem.permanent_fix) == ("The driver leaks", "Driver 4.2 is in")
    assert problem.actions[0].evidence == "CHG-1"
    text = (root / "knowledge/articles/restart.md").read_text()
    assert text.endswith("---\nRetired on 2026-11-20: It restarts by itself.\n\n## Steps\n\nRestart it.\n")


def test_only_who_is_here_is_offered(make_repository: MakeRepository) -> None:
    root = make_repository({"schema/people.yml": PEOPLE})
    assert "night-watch" not in dict(people(root, date(2026, 11, 1)))
    assert "night-watch" in dict(people(root, date(2026, 10, 31)))


def test_what_is_done_says_by_which_option_it_is_shown(
    make_repository: MakeRepository, run_cli: RunCli
) -> None:
    root = make_repository({})
    assert run_cli("problem", "new", "-m", "The pool leaks", *BY, repo=root).code == 0
    added = ("action", "add", "PRB-2026-0001", "-m", "Watch it", "--owner", "duty-one", "--due", "2026-12-01")
    assert run_cli(*added, *BY, repo=root).code == 0
    outcome = run_cli("action", "done", "PRB-2026-0001", "a1", *BY, repo=root)
    assert outcome.code == 1 and "say with --evidence where one can see it" in outcome.err
