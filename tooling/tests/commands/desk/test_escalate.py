"""`escalate`: by hand, and by what a path says."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from incidentbook.commands.desk.acting import Deed, Hand, carry_out
from incidentbook.commands.desk.sending import Sending
from incidentbook.commands.desk.way import Way
from incidentbook.commands.session import Session
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
        (("1", "--to", "vendor: ", "--kind", "functional"), "A vendor is called as `vendor: NAME`"),
        (("1", "--to", "vendor: card\nprovider", "--kind", "functional"), "--to has a line break"),
        (("1", "--to", "vendor: card\u2028provider", "--kind", "functional"), "--to has a line break"),
        (("1", "--to", " ", "--kind", "functional"), "--to is empty"),
        (("1", "--to", "desk", "--kind", "functional", "-m", " "), "-m is empty"),
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
    assert git(root, "log", "-1", "--format=%s").strip() == ("escalations: 5 steps of 2 incidents, as due")
    assert sorted(git(root, "show", "--format=", "--name-only").split()) == [PATH, OTHER]
    assert git(root, "status", "--porcelain", "--untracked-files=no") == ""


def test_a_dry_run_shows_the_change(root: Path, run_cli: RunCli) -> None:
    outcome = run_cli("escalate", "--due", "--apply", "--dry-run", *BY, repo=root)
    assert outcome.code == 0
    assert "step: critical/late" in outcome.out
    assert steps(root) == []


def sealed(root: Path, path: str = PATH) -> None:
    text = (root / path).read_text("utf-8")
    hidden = text.replace("status:", "visibility: restricted\nstatus:", 1).replace("502", "zqsecret")
    (root / path).write_text(hidden, "utf-8")


def test_restricted_incidents_are_escalated_and_not_named_to_others(
    root: Path, run_cli: RunCli, commit_all: CommitAll
) -> None:
    sealed(root)
    commit_all(root)
    listed = run_cli("escalate", "--due", "--audience", "internal", repo=root)
    assert listed.out.startswith("5 steps are due:\n  INC-2026-0002  critical/half")
    assert listed.out.endswith("\n  and 3 more of restricted incidents\n")
    read = json.loads(run_cli("escalate", "--due", "--audience=internal", "--format=json", repo=root).out)
    assert ([one["id"] for one in read["due"]], read["more"]) == (["INC-2026-0002"] * 2, 3)
    apply = ("escalate", "--due", "--apply", "--audience", "internal", *BY)
    told = [run_cli(*apply, "--dry-run", repo=root)]
    assert (steps(root), "step: critical/half" in told[0].out) == ([], True)
    told.append(run_cli(*apply, repo=root))
    assert (len(steps(root)), len(steps(root, OTHER))) == (3, 2)
    git(root, "checkout", "--quiet", "--", ".")
    told.append(run_cli(*apply, "--commit", repo=root))
    assert (len(steps(root)), len(steps(root, OTHER))) == (3, 2)
    assert git(root, "log", "-1", "--format=%B").strip() == "escalations: 5 steps of 2 incidents, as due"
    for outcome in told:
        assert outcome.code == 0
        assert not re.search("INC-2026-0001|zqsecret", outcome.out + outcome.err)


def test_of_a_restricted_incident_alone_a_number_is_said(
    root: Path, run_cli: RunCli, commit_all: CommitAll
) -> None:
    sealed(root)
    (root / OTHER).unlink()
    commit_all(root)
    outcome = run_cli("escalate", "--due", "--apply", "--audience=internal", "--commit", *BY, repo=root)
    assert (outcome.code, len(steps(root))) == (0, 3)
    assert outcome.out.startswith("3 steps are due\n  3 of restricted incidents\n")
    assert git(root, "log", "-1", "--format=%B").strip() == "escalations: 3 steps of 1 incident, as due"
    assert "INC-2026-0001" not in outcome.out + outcome.err


def test_an_error_of_a_restricted_incident_names_it_not(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = RECORD.format("08:00").replace("impact: high", "impact: hihg").encode()
    deed = Deed(
        about="escalations", said="", contents={PATH: broken, OTHER: broken}, unnamed=frozenset({PATH})
    )
    session = Session(root, datetime(2026, 11, 20, 12, tzinfo=UTC))
    assert carry_out(session, deed, Hand()) == 1
    told = capsys.readouterr()
    assert "1 in restricted records" in told.err and OTHER in told.err
    assert PATH not in told.out + told.err


def test_a_step_that_calls_nobody_is_named_and_the_others_are_written(root: Path, run_cli: RunCli) -> None:
    path = root / "schema/escalation.yml"
    path.write_text(ESCALATION.replace("to: desk", "to: nobodyxx").replace("card provider", ""), "utf-8")
    listed = run_cli("escalate", "--due", repo=root)
    assert listed.code == 1
    assert "critical/half: functional to nobodyxx (nobody has that name)" in listed.out
    outcome = run_cli("escalate", "--due", "--apply", *BY, repo=root)
    assert outcome.code == 1
    for named in (
        "the step `critical/half` calls `nobodyxx`",
        "the step `critical/provider` calls `vendor: `",
    ):
        assert named in outcome.err
    assert "not written (INC-2026-0001, INC-2026-0002)" in outcome.err
    assert (steps(root), steps(root, OTHER)) == (["critical/late"], [])
    path.write_text(path.read_text("utf-8").replace("duty-three", "nobodyyy"), "utf-8")
    again = run_cli("--now", "2026-11-20T14:30+00:00", "escalate", "--due", "--apply", *BY, repo=root)
    assert (again.code, steps(root, OTHER)) == (1, [])


@pytest.mark.parametrize(
    ("name", "text"), [("escalation", "paths: [\n"), ("escalation", "pathes: []\n"), ("sla", "policies: 7\n")]
)
def test_without_the_file_that_says_it_nobody_says_that_nothing_is_due(
    root: Path, run_cli: RunCli, name: str, text: str
) -> None:
    (root / f"schema/{name}.yml").write_text(text, "utf-8")
    outcome = run_cli("escalate", "--due", "--apply", *BY, repo=root)
    assert (outcome.code, outcome.out) == (2, "")
    assert f"schema/{name}.yml has errors, so that nobody can tell what is due" in outcome.err


def test_a_pull_request_names_no_file_of_a_restricted_incident(root: Path) -> None:
    sealed(root)
    session = Session(root, datetime(2026, 11, 20, 12, tzinfo=UTC))
    deed = Deed(about="escalations", said="4 steps", contents={PATH: b"", OTHER: b""})
    title, body = Sending(session, deed, Hand(), Way("branch", False, "HEAD", None))._words()
    assert OTHER in body and "1 of restricted records, not named here" in body
    assert "INC-2026-0001" not in title + body
