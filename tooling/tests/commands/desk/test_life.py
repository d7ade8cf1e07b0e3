"""The verbs of an incident's life, each in every state: what it does, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest
from lifebed import BY, FIRST, STATES, incident, record

from testbed import MakeRepository, RunCli

VERBS = {
    "ack": ("ack", "1"),
    "assign": ("assign", "1", "--team", "desk"),
    "update": ("update", "1", "-m", "We look into it."),
    "hold": ("hold", "1", "--reason", "vendor"),
    "resume": ("resume", "1"),
    "mitigate": ("mitigate", "1", "-m", "Load moved."),
    "resolve": (
        "resolve",
        "1",
        "-m",
        "Pool larger.",
        "--code",
        "fixed",
        "--permanent",
        "--summary",
        "Orders failed.",
    ),
    "confirm": ("confirm", "1", "--user", "A guest"),
    "close": ("close", "1", "--unconfirmed", "--by", "duty-two"),
    "reopen": ("reopen", "1", "-m", "502 again"),
    "cancel": ("cancel", "1", "-m", "A probe"),
    "link": ("link", "1", "--caused-by", "Roll-out 7"),
}
BECOMES = {
    "ack": dict.fromkeys(("new", "assigned"), "in_progress"),
    "assign": {"new": "assigned", "assigned": "assigned", "in_progress": "in_progress", "on_hold": "on_hold"},
    "update": {state: state for state in STATES if state not in ("closed", "cancelled")},
    "hold": {"in_progress": "on_hold"},
    "resume": {"on_hold": "in_progress"},
    "mitigate": {state: state for state in STATES[:4]},
    "resolve": dict.fromkeys(STATES[:4], "resolved"),
    "confirm": {"resolved": "resolved"},
    "close": {"resolved": "closed"},
    "reopen": {"resolved": "in_progress"},
    "cancel": dict.fromkeys(STATES[:4], "cancelled"),
    "link": {state: state for state in STATES},
}
INSTEAD = {
    ("ack", "in_progress"): "update INC-2026-0001",
    ("ack", "resolved"): "reopen INC-2026-0001",
    ("update", "closed"): "new --earlier INC-2026-0001",
    ("hold", "new"): "ack INC-2026-0001",
    ("hold", "on_hold"): "resume INC-2026-0001",
    ("resume", "in_progress"): "hold INC-2026-0001",
    ("close", "in_progress"): "resolve INC-2026-0001",
    ("close", "closed"): "new --earlier INC-2026-0001",
    ("reopen", "closed"): "new --earlier INC-2026-0001",
    ("reopen", "on_hold"): "resolve INC-2026-0001",
    ("confirm", "assigned"): "resolve INC-2026-0001",
    ("cancel", "resolved"): "reopen INC-2026-0001",
    ("assign", "cancelled"): "new",
}


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_in_every_state(verb: str, make_repository: MakeRepository, run_cli: RunCli) -> None:
    root = make_repository({FIRST: ""})
    for state in STATES:
        before = incident(state)
        (root / FIRST).write_text(before)
        by = () if "--by" in VERBS[verb] else BY
        outcome = run_cli(*VERBS[verb], *by, repo=root)
        if state in BECOMES[verb]:
            assert outcome.code == 0, f"{state}: {outcome.err}"
            assert record(root).status == BECOMES[verb][state]
            assert outcome.out.startswith("INC-2026-0001: ")
            assert ("Next:" in outcome.out) is (verb != "cancel" and state != "cancelled")
        else:
            assert outcome.code == 2, f"{state}: {outcome.out}"
            assert "nothing was written" in outcome.err
            assert INSTEAD.get((verb, state), "incidentbook ") in outcome.err
            assert (root / FIRST).read_text() == before
        assert "# all tills" in (root / FIRST).read_text()


def test_a_life_by_verbs_passes_the_check(make_repository: MakeRepository, run_cli: RunCli) -> None:
    root = make_repository({FIRST: incident("new")})
    for minute, arguments in enumerate(
        (
            ("ack", "1"),
            ("update", "1", "-m", "We look into it.", "--public"),
            ("mitigate", "1", "-m", "Load moved."),
            ("hold", "1", "--reason", "vendor", "-m", "Case 4711"),
            ("resume", "1"),
            ("update", "1", "-m", "A fix goes in.", "--status", "identified"),
            VERBS["resolve"],
            ("reopen", "1", "-m", "502 again"),
            ("update", "1", "-m", "It is back.", "--service", "checkout=major_outage"),
            ("resolve", "1", "-m", "Pool doubled.", "--code", "fixed", "--permanent"),
            ("confirm", "1", "--user", "A guest", "--score", "5"),
            ("close", "1"),
        )
    ):
        outcome = run_cli(*arguments, *BY, "--at", f"2026-11-20T11:{minute:02}+00:00", repo=root)
        assert outcome.code == 0, outcome.err
        assert run_cli("check", "--strict", FIRST, repo=root).code == 0
    found = record(root)
    assert (found.status, found.acknowledged.minute, found.closed.minute) == ("closed", 0, 11)
    assert [(one.status, one.visibility) for one in found.updates] == [
        ("investigating", "public"),
        ("identified", "internal"),
        ("identified", "internal"),
    ]
    assert [(one.from_.minute, one.to.minute) for one in found.holds] == [(3, 4)]
    assert [(one.state, one.to.minute) for one in found.services] == [
        ("partial_outage", 6),
        ("major_outage", 9),
    ]
    assert [one.reason for one in found.reopenings] == ["502 again"]


def test_the_next_steps_say_what_the_next_state_wants(root_of: Path, run_cli: RunCli) -> None:
    outcome = run_cli("ack", "1", *BY, repo=root_of)
    assert "incidentbook mitigate INC-2026-0001" in outcome.out
    assert "--summary 'What happened, and whom it hurt'" in outcome.out
    outcome = run_cli(*VERBS["resolve"], *BY, repo=root_of)
    assert "  for `closed` it still lacks: what the user says" in outcome.out
    assert "incidentbook confirm INC-2026-0001" in outcome.out


def test_a_hold_says_whether_the_clock_pauses(make_repository: MakeRepository, run_cli: RunCli) -> None:
    root = make_repository({FIRST: incident("in_progress")})
    outcome = run_cli("hold", "1", "--reason", "vendor", "--dry-run", *BY, repo=root)
    assert outcome.code == 0 and "+status: on_hold" in outcome.out
    assert (
        "The clock pauses: `vendor` under the policy standard"
        in run_cli("hold", "1", "--reason", "vendor", *BY, repo=root).out
    )
    assert run_cli("resume", "1", *BY, repo=root).code == 0
    assert "The clock goes on: `user`" in run_cli("hold", "1", "--reason", "user", *BY, repo=root).out


def test_unknown_words_are_refused_with_a_suggestion(root_of: Path, run_cli: RunCli) -> None:
    before = (root_of / FIRST).read_text()
    for arguments, said in (
        (("assign", "1", "--team", "paymets"), "there is no team `paymets`; did you mean `payments`?"),
        (("assign", "1", "--owner", "dty-one"), "there is no person `dty-one`; did you mean `duty-one`?"),
        (("ack", "1", "--team", "dsk"), "did you mean `desk`?"),
        (("ack", "INC-2026-0011"), "did you mean INC-2026-0001?"),
        (("link", "1", "--problem", "7"), "there is no problem `7` here"),
        (("update", "1", "-m", "x", "--service", "chekout=operational"), "did you mean `checkout`?"),
        (("update", "1", "-m", "x", "--service", "checkout=down"), "expected one of operational"),
        (("update", "1", "-m", "x", "--corrects", "u1"), "there is no update `u1`; there are none yet"),
        (("resolve", "1", "-m", "x", "--code", "fixd", "--permanent"), "did you mean `fixed`?"),
        (("ack", "1", "--by", "duty-on"), "did you mean `duty-one`?"),
    ):
        by = () if "--by" in arguments else BY
        outcome = run_cli(*arguments, *by, repo=root_of)
        assert outcome.code == 2 and said in outcome.err, outcome
    assert (root_of / FIRST).read_text() == before


@pytest.fixture
def root_of(make_repository: MakeRepository) -> Path:
    return make_repository({FIRST: incident("new")})
