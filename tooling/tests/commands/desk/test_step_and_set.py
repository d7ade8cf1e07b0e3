"""`step` and `set`: what was done, and what an incident says of itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from lifebed import BY, FIRST, STATES, incident, record

from testbed import MakeRepository, RunCli, git


@pytest.fixture
def root(make_repository: MakeRepository) -> Path:
    return make_repository({FIRST: incident("in_progress")})


def test_steps_and_decisions_in_every_state(make_repository: MakeRepository, run_cli: RunCli) -> None:
    root = make_repository({FIRST: ""})
    for state in STATES:
        (root / FIRST).write_text(incident(state))
        assert run_cli("step", "1", "-m", "Moved *half*.", *BY, repo=root).code == 0
        outcome = run_cli("step", "1", "-m", "We wait.", "--decision", *BY, repo=root)
        assert outcome.code == 0 and "INC-2026-0001: decision noted" in outcome.out
        found = record(root)
        assert found.status == state
        assert [(one.by, one.text) for one in found.steps] == [("duty-one", "Moved *half*.")]
        assert [one.text for one in found.decisions] == ["We wait."]
    assert run_cli("step", "1", "-m", "  ", *BY, repo=root).code == 2


def test_a_step_that_nobody_types_is_no_step(root: Path, run_cli: RunCli) -> None:
    outcome = run_cli("step", "1", *BY, repo=root)
    assert outcome.code == 2 and "the step is missing: say it with -m TEXT" in outcome.err
    assert (root / FIRST).read_text() == incident("in_progress")


def test_facts_are_set_and_all_else_stays(root: Path, run_cli: RunCli) -> None:
    arguments = (
        "--title",
        "Checkout is  slow",
        "--symptom",
        "502",
        "--symptom",
        "-502",
        "--category",
        "security",
    )
    outcome = run_cli("set", "1", *arguments, "--visibility", "public", *BY, repo=root)
    assert outcome.code == 0, outcome.err
    found = record(root)
    assert (found.title, found.symptoms, found.category) == ("Checkout is slow", ("502", "-502"), "security")
    assert found.visibility == "public" and found.corrections == ()
    assert "# all tills" in (root / FIRST).read_text()


def test_a_raised_priority_needs_no_reason_a_lowered_one_does(root: Path, run_cli: RunCli) -> None:
    outcome = run_cli("set", "1", "--impact", "high", *BY, repo=root)
    assert outcome.code == 0 and "Its priority is P1 now; it was P2" in outcome.out
    outcome = run_cli("set", "1", "--urgency", "low", *BY, repo=root)
    assert outcome.code == 2 and record(root).urgency == "high"
    assert "the priority is lowered from P1 to P3 of INC-2026-0001, and nothing says why" in outcome.err
    assert run_cli("set", "1", "--urgency", "low", "-m", "One till alone.", *BY, repo=root).code == 0
    correction = record(root).corrections[0]
    assert (correction.field, correction.was, correction.reason, correction.by) == (
        *("urgency", "high", "One till alone.", "duty-one"),
    )


def test_a_stored_priority(root: Path, run_cli: RunCli) -> None:
    assert "nothing says why" in run_cli("set", "1", "--priority", "p1", *BY, repo=root).err
    assert run_cli("set", "1", "--priority", "p1", "-m", "The gates.", *BY, repo=root).code == 0
    assert (record(root).priority.value, record(root).priority.reason) == ("P1", "The gates.")
    outcome = run_cli("set", "1", "--impact", "low", *BY, repo=root)
    assert outcome.code == 0 and "Its priority stays P1, which is stored: The gates." in outcome.out
    outcome = run_cli("set", "1", "--impact", "medium", "--priority", "P2", "-m", "Over.", *BY, repo=root)
    assert outcome.code == 0 and record(root).priority is None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--impact", "hihg"), "there is no impact `hihg`; did you mean `high`?"),
        (("--category", "aplication/defect"), "did you mean `application/defect`?"),
        (("--priority", "P9"), "there is no priority `P9`"),
        (("--visibility", "all"), "expected one of public, internal, restricted"),
        (("--title", " "), "--title is empty"),
        ((), "the change says nothing"),
        (("--started", "yesterday"), "--started is `yesterday`"),
    ],
)
def test_what_cannot_be_set(root: Path, run_cli: RunCli, arguments: tuple[str, ...], said: str) -> None:
    outcome = run_cli("set", "1", *arguments, *BY, repo=root)
    assert outcome.code == 2 and said in outcome.err
    assert (root / FIRST).read_text() == incident("in_progress")


def test_the_history_is_satisfied(make_repository: MakeRepository, run_cli: RunCli) -> None:
    """What the rules about changes ask for is written with the change."""
    for before, arguments in (
        (incident("closed"), ("--impact", "low", "--category", "security")),
        (incident("resolved", "started: 2026-11-20T09:00+00:00\n"), ("--started", "2026-11-20T10:00+00:00")),
        (incident("in_progress", "visibility: restricted\n"), ("--visibility", "internal")),
    ):
        root = make_repository({FIRST: before})
        git(root, "init", "-q")
        git(root, "add", ".")
        git(root, "commit", "-q", "-m", "before")
        outcome = run_cli("set", "1", *arguments, *BY, repo=root)
        assert outcome.code == 2 and "and nothing says why" in outcome.err
        assert run_cli("set", "1", *arguments, "-m", "Counted again.", *BY, repo=root).code == 0
        outcome = run_cli("check", "--base", "HEAD", repo=root)
        assert outcome.code == 0, outcome.out
