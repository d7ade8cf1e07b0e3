"""`explain` prints the pages of rules."""

from __future__ import annotations

import pytest

from incidentbook.rules import RULES
from testbed import RunCli


def test_one_rule(run_cli: RunCli) -> None:
    outcome = run_cli("explain", "missing-owner")
    assert outcome.code == 0
    assert outcome.out.startswith("# missing-owner\n\nlifecycle (error)\n\n## What it does\n")
    assert outcome.out.rstrip().endswith("```")


def test_a_rule_that_reading_a_file_applies(run_cli: RunCli) -> None:
    outcome = run_cli("explain", "unknown-key", "naive-time")
    assert outcome.code == 0
    assert "# unknown-key" in outcome.out
    assert "# naive-time" in outcome.out


def test_what_weighs_less_in_a_draft_says_so(run_cli: RunCli) -> None:
    assert "review (error, note in a draft)" in run_cli("explain", "empty-heading").out


def test_every_rule(run_cli: RunCli) -> None:
    outcome = run_cli("explain", "--all")
    assert outcome.code == 0
    for code in RULES:
        assert f"# {code}\n" in outcome.out


@pytest.mark.parametrize(
    ("code", "advice"), [("mising-owner", "did you mean `missing-owner`?"), ("zzz", "explain --all")]
)
def test_a_rule_that_does_not_exist(run_cli: RunCli, code: str, advice: str) -> None:
    outcome = run_cli("explain", code)
    assert outcome.code == 2
    assert advice in outcome.err
    assert outcome.err.count("\n") == 1


def test_nothing_named(run_cli: RunCli) -> None:
    outcome = run_cli("explain")
    assert outcome.code == 2
    assert "--all" in outcome.err


def test_help_has_an_example(run_cli: RunCli) -> None:
    assert "Example: incidentbook explain" in run_cli("explain", "--help").out
