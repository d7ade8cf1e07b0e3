"""`escalate`: by hand, and by what a path says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from testbed import CommitAll, MakeRepository, RunCli, git

ESCALATION = """\
paths:
  - id: critical
    name: Critical
    match: {priority: [P1]}
    steps:
      - {id: half, kind: functional, to: desk, resolution_share: 0.5}
      - {id: provider, kind: functional, to: "vendor: card provider", resolution_share: 0.6}
      - {id: late, kind: hierarchical, to: duty-three, resolution_share: 1.0}
"""
RECORD = """\
---
title: Checkout answers 502
status: in_progress
services: [{{service: checkout, state: partial_outage}}]
category: application/deployment
impact: high   # everybody
urgency: high
opened: 2026-11-20T{}+00:00
acknowledged: 2026-11-20T10:59+00:00
reporter: {{channel: alert}}
assignments:
  - {{at: 2026-11-20T10:59+00:00, team: payments, owner: duty-one}}
---
Text.
"""
PATH, OTHER = "incidents/2026/INC-2026-0001.md", "incidents/2026/INC-2026-0002.md"
BY = ("--by", "duty-one")


@pytest.fixture
def root(make_repository: MakeRepository) -> Path:
    # at noon: four hours of the target of four are used, and two and a half
    files = {PATH: RECORD.format("08:00"), OTHER: RECORD.format("09:30")}
    return make_repository({"schema/escalation.yml": ESCALATION, **files})


def steps(root: Path, path: str = PATH) -> list[str]:
    lines = (root / path).read_text("utf-8").splitlines()
    return [line.partition("step: ")[2] for line in lines if "step: " in line]


def test_by_hand(root: Path, run_cli: RunCli) -> None:
    outcome = run_cli(
        *("escalate", "1", "--to", "desk", "--kind", "functional", "-m", "Who knows the tills?", "--assign"),
        *BY,
        repo=root,
    )
    assert (outcome.code, outcome.err) == (0, "")
    assert "INC-2026-0001: escalated to desk by duty-one" in outcome.out
    text = (root / PATH).read_text("utf-8")
    assert "reason: Who knows the tills?" in text
    assert "{at: 2026-11-20T12:00+00:00, team: desk}" in text
    assert "impact: high   # everybody" in text


@pytest.mark.parametrize("to", ["vendor: card provider, emergency line", "duty-three"])
def test_to_a_vendor_or_a_person(root: Path, run_cli: RunCli, to: str) -> None:
    assert run_cli("escalate", "1", "--to", to, "--kind", "hierarchical", *BY, repo=root).code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("1", "--to", "paymets", "--kind", "functional"), "did you mean `payments`?"),
        (("1", "--to", "card provider", "--kind", "functional"), "A vendor is called as `vendor: NAME`"),
        (
            ("1", "--to", "duty-three", "--kind", "functional", "--assign"),
            "assign INC-2026-0001 --owner duty-three",
        ),
        (
            ("1", "--to", "desk", "--kind", "hierarchical", "--assign"),
            "it needs `--kind functional` and a team",
        ),
        (("1", "--to", "desk"), "say --to WHOM and --kind"),
        (("1", "--due"), "--due is for all incidents"),
        (("--due", "--to", "desk"), "--due is for all incidents"),
        (
            ("1", "--to", "desk", "--kind", "functional", "--apply"),
            "--apply, --format and --audience go with --due",
        ),
        (("77", "--to", "desk", "--kind", "functional"), "there is no incident `77`"),
    ],
)
def test_what_is_refused_changes_nothing(
    root: Path, run_cli: RunCli, arguments: tuple[str, ...], said: str
) -> None:
    outcome = run_cli("escalate", *arguments, *BY, repo=root)
    assert outcome.code == 2
    assert said in outcome.err
    assert (root / PATH).read_text("utf-8") == RECORD.format("08:00")


def test_one_that_is_resolved_calls_nobody(make_repository: MakeRepository, run_cli: RunCli) -> None:
    root = make_repository({PATH: RECORD.format("08:00").replace("in_progress", "resolved")})
    outcome = run_cli("escalate", "1", "--to", "desk", "--kind", "functional", *BY, repo=root)
    assert outcome.code == 2
    assert "reopen INC-2026-0001 -m WHY" in outcome.err


def test_due_steps_are_listed_and_nothing_is_written(root: Path, run_cli: RunCli) -> None:
    outcome = run_cli("escalate", "--due", repo=root)
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out == (
        "5 steps are due:\n"
        "  INC-2026-0001  critical/half: functional to desk\n"
        "    since 2026-11-20 10:00 UTC: 50 % of the resolution target of 4h was used\n"
        "  INC-2026-0001  critical/provider: functional to vendor: card provider\n"
        "    since 2026-11-20 10:24 UTC: 60 % of the resolution target of 4h was used\n"
        "  INC-2026-0001  critical/late: hierarchical to duty-three\n"
        "    since 2026-11-20 12:00 UTC: 100 % of the resolution target of 4h was used\n"
        "  INC-2026-0002  critical/half: functional to desk\n"
        "    since 2026-11-20 11:30 UTC: 50 % of the resolution target of 4h was used\n"
        "  INC-2026-0002  critical/provider: functional to vendor: card provider\n"
        "    since 2026-11-20 11:54 UTC: 60 % of the resolution target of 4h was used\n"
    )
    assert steps(root) == []
    read = json.loads(run_cli("escalate", "--due", "--format", "json", repo=root).out)
    assert [one["step"] for one in read["due"]][:2] == ["critical/half", "critical/provider"]
    assert read["due"][0]["due"] == "2026-11-20T10:00:00+00:00"


def test_applied_they_stand_in_the_records_once(root: Path, run_cli: RunCli) -> None:
    assert run_cli("escalate", "--due", "--apply", *BY, repo=root).code == 0
    assert steps(root) == ["critical/half", "critical/provider", "critical/late"]
    assert steps(root, OTHER) == ["critical/half", "critical/provider"]
    first = (root / PATH).read_text("utf-8")
    again = run_cli("escalate", "--due", "--apply", *BY, repo=root)
    assert (again.code, again.out) == (0, "No step is due.\n")
    assert (root / PATH).read_text("utf-8") == first
    assert "0 errors" in run_cli("check", repo=root).out
    later = run_cli("--now", "2026-11-20T13:30+00:00", "escalate", "--due", "--apply", *BY, repo=root)
    assert later.code == 0
    assert steps(root, OTHER) == ["critical/half", "critical/provider", "critical/late"]


def test_nobody_need_act(root: Path, run_cli: RunCli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("INCIDENTBOOK_BY", raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    assert run_cli("escalate", "--due", "--apply", repo=root).code == 0
    assert len(steps(root)) == 3
    assert "by: " not in (root / PATH).read_text("utf-8")


def test_one_commit_for_all_and_a_list_alone_for_programs(
    root: Path, run_cli: RunCli, commit_all: CommitAll
) -> None:
    commit_all(root)
    git(root, "config", "user.email", "one@example.invalid")
    git(root, "config", "user.name", "First")
    outcome = run_cli("escalate", "--due", "--apply", "--commit", "--format", "json", repo=root)
    assert outcome.code == 0
    assert len(json.loads(outcome.out)["due"]) == 5
    assert "Committed" in outcome.err
    assert git(root, "log", "-1", "--format=%s").strip() == (
        "escalations: 5 steps that are due, of 2 incidents"
    )
    assert sorted(git(root, "show", "--format=", "--name-only").split()) == [PATH, OTHER]
    assert git(root, "status", "--porcelain", "--untracked-files=no") == ""


def test_a_dry_run_shows_the_change(root: Path, run_cli: RunCli) -> None:
    outcome = run_cli("escalate", "--due", "--apply", "--dry-run", *BY, repo=root)
    assert outcome.code == 0
    assert "step: critical/late" in outcome.out
    assert steps(root) == []


def test_restricted_incidents_stay_out_of_what_others_read(root: Path, run_cli: RunCli) -> None:
    text = (root / PATH).read_text("utf-8")
    (root / PATH).write_text(text.replace("status:", "visibility: restricted\nstatus:", 1), "utf-8")
    outcome = run_cli("escalate", "--due", "--apply", "--audience", "internal", *BY, repo=root)
    assert outcome.code == 0
    assert "INC-2026-0001" not in outcome.out
    assert (steps(root), len(steps(root, OTHER))) == ([], 2)
