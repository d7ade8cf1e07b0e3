"""`confirm`, `close` and `reopen`: whether a resolution holds, and the end of the record."""

from __future__ import annotations

from pathlib import Path

import pytest
from lifebed import BY, FIRST, incident, record

from testbed import SCHEMA, CommitAll, MakeRepository, RunCli

STRICT = SCHEMA["schema/incidentbook.yml"] + "rules: {closed-by-resolver: error}\n"


@pytest.fixture
def root(make_repository: MakeRepository) -> Path:
    return make_repository({FIRST: incident("resolved")})


def test_a_user_confirms_and_rates(root: Path, run_cli: RunCli) -> None:
    outcome = run_cli(
        "confirm", "1", "--user", "Table 3", "--score", "4", "-m", "It took long.", *BY, repo=root
    )
    assert outcome.out.startswith("INC-2026-0001: rated and confirmed by Table 3\n")
    found = record(root)
    assert (found.confirmation.confirmed, found.confirmation.by) == (True, "Table 3")
    assert (found.satisfaction.score, found.satisfaction.comment) == (4, "It took long.")
    assert "so already" in run_cli("confirm", "1", "--user", "Table 3", *BY, repo=root).out


def test_not_solved_reopens_by_policy(root: Path, run_cli: RunCli) -> None:
    arguments = ("confirm", "1", "--not-solved", "--user", "Table 3", "-m", "Still white", *BY)
    (root / "schema/intake.yml").write_text("confirmations: {reopens: false}\n")
    assert run_cli(*arguments, repo=root).code == 0
    found = record(root)
    assert (found.status, found.steps[0].by) == ("resolved", "duty-one")
    assert found.steps[0].text == "The reporter says that it is not solved: Still white"
    (root / "schema/intake.yml").write_text("confirmations: {reopens: true}\n")
    assert "reopened by Table 3" in run_cli(*arguments, repo=root).out
    found = record(root)
    assert (found.status, found.resolution, len(found.reopenings)) == ("in_progress", None, 1)


def test_a_closed_incident_takes_a_rating_and_no_verdict(root: Path, run_cli: RunCli) -> None:
    (root / FIRST).write_text(incident("closed"))
    assert "new --earlier" in run_cli("confirm", "1", "--not-solved", *BY, repo=root).err
    assert run_cli("confirm", "1", "--score", "2", *BY, repo=root).code == 0
    assert (record(root).status, record(root).satisfaction.score) == ("closed", 2)


def test_an_answer_is_wanted_before_closing(root: Path, run_cli: RunCli) -> None:
    outcome = run_cli("close", "1", "--by", "duty-two", repo=root)
    assert outcome.code == 1
    assert "missing-confirmation" in outcome.err
    assert "`incidentbook confirm INC-2026-0001` if the user agreed" in outcome.err
    assert run_cli("close", "1", "--unconfirmed", "--by", "duty-two", repo=root).code == 0
    found = record(root)
    assert (found.status, found.closed_by, found.confirmation.confirmed) == ("closed", "duty-two", False)


def test_a_major_incident_wants_its_review_first(root: Path, run_cli: RunCli) -> None:
    (root / FIRST).write_text(incident("resolved", "major: true\nroles: {incident_manager: duty-three}\n"))
    outcome = run_cli("close", "1", "--unconfirmed", "--by", "duty-two", repo=root)
    assert outcome.code == 1
    assert "closed-without-review" in outcome.err
    assert "`incidentbook review start INC-2026-0001` begins it" in outcome.err
    assert record(root).status == "resolved"


def test_four_eyes(root: Path, run_cli: RunCli) -> None:
    outcome = run_cli("close", "1", "--unconfirmed", "--dry-run", *BY, repo=root)
    assert outcome.code == 0
    (root / "schema/incidentbook.yml").write_text(STRICT)
    outcome = run_cli("close", "1", "--unconfirmed", *BY, repo=root)
    assert outcome.code == 2
    assert "duty-one resolved INC-2026-0001, and nobody else has confirmed" in outcome.err
    run_cli("confirm", "1", "--user", "A guest", *BY, repo=root)
    assert run_cli("close", "1", *BY, repo=root).code == 0


def test_a_reopening_keeps_what_was_said(root: Path, run_cli: RunCli) -> None:
    outcome = run_cli("reopen", "1", "-m", "502 again", *BY, repo=root)
    assert outcome.code == 0
    found = record(root)
    assert (found.status, found.resolved, found.resolution, found.resolved_by) == (
        "in_progress",
        None,
        None,
        None,
    )
    assert found.reopenings[0].reason == "502 again"
    assert "The resolution had been: Pool made larger." in found.steps[0].text
    assert found.corrections[0].field == "restored"


def test_a_reopened_parent_names_what_was_resolved_with_it(root: Path, run_cli: RunCli) -> None:
    child = "incidents/2026/INC-2026-0002.md"
    (root / child).write_text(incident("resolved", "links: {parent: INC-2026-0001}\n"))
    outcome = run_cli("reopen", "1", "-m", "502 again", *BY, repo=root)
    assert "  INC-2026-0002 was resolved with it and stays so" in outcome.out


def test_what_the_verbs_did_is_no_rewriting_of_history(
    root: Path, commit_all: CommitAll, run_cli: RunCli
) -> None:
    (root / FIRST).write_text(incident("resolved"))
    (root / ".gitignore").write_text(".cache/\n")
    for arguments in (
        ("reopen", "1", "-m", "502 again"),
        ("update", "1", "-m", "It is back."),
        ("resolve", "1", "-m", "Doubled.", "--code", "fixed", "--permanent"),
        ("confirm", "1", "--user", "A guest"),
        ("close", "1", "--by", "duty-two"),
        ("link", "1", "--caused-by", "Roll-out 7"),
    ):
        commit_all(root)
        by = () if "--by" in arguments else BY
        assert run_cli(*arguments, *by, repo=root).code == 0
        outcome = run_cli("check", "--base", "HEAD", repo=root)
        assert outcome.code == 0, f"{arguments}: {outcome.out}"
