"""`incidentbook reviews --base`: what an overdue review holds up, and that logging is never held up."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from incidentbook.commands.session import Session
from testbed import NEW_INCIDENT, SCHEMA, CommitAll, MakeRepository, RunCli, git, write_files

OWING = "incidents/2026/INC-2026-0001.md"
OPEN = "incidents/2026/INC-2026-0002.md"
RESOLVED = "incidents/2026/INC-2026-0003.md"
CLOSED = "incidents/2026/INC-2026-0004.md"
CANCELLED = "incidents/2026/INC-2026-0005.md"
NEW = "incidents/2026/INC-2026-0099.md"
WINDOW = "incidents/2026/MNT-2026-0001.md"
PROBLEM = "knowledge/problems/PRB-2026-0001.md"
ARTICLE = "knowledge/articles/restart.md"

INCIDENT = """\
---
title: Checkout is down
status: {status}
major: {major}
visibility: {visibility}
services:
  - {{service: {service}, state: major_outage, from: 2026-11-02T08:00+00:00}}
opened: 2026-11-02T08:00+00:00
acknowledged: 2026-11-02T08:05+00:00
{times}roles: {{incident_manager: duty-one}}
---
"""
TIMES = {
    "resolved": "resolved: 2026-11-02T10:00+00:00\n",
    "closed": "resolved: 2026-11-02T10:00+00:00\nclosed: 2026-11-03T10:00+00:00\n",
    "cancelled": "cancelled: 2026-11-02T10:00+00:00\n",
}
MAINTENANCE = """\
---
title: New database
status: {status}
planned: {{from: 2026-12-01T02:00+00:00, to: 2026-12-01T04:00+00:00}}
services: [{{service: find, state: major_outage}}, {{service: checkout, state: major_outage}}]
---
"""
PROBLEM_TEXT = "---\ntitle: The pool is too small\nstatus: {status}\nservices: [checkout]\n---\n"
ARTICLE_TEXT = "---\ntitle: Restart\nstatus: {status}\ntype: runbook\nservices: [checkout]\n---\n{body}\n"
DRAFT = "---\nstatus: draft\nfacilitator: duty-two\n---\n"


def incident(
    status: str = "resolved", *, service: str = "checkout", major: bool = False, visibility: str = "internal"
) -> str:
    return INCIDENT.format(
        status=status,
        service=service,
        major=str(major).lower(),
        visibility=visibility,
        times=TIMES.get(status, ""),
    )


def gate(level: str = "fail", waivers: str = "[]") -> str:
    return f"policies:\n  - {{due_working_days: 5}}\ngate:\n  level: {level}\n  waivers: {waivers}\n"


FILES = {
    "schema/reviews.yml": gate(),
    OWING: incident(major=True),
    OPEN: incident("in_progress"),
    RESOLVED: incident("resolved"),
    CLOSED: incident("closed"),
    CANCELLED: incident("cancelled"),
    WINDOW: MAINTENANCE.format(status="scheduled"),
    PROBLEM: PROBLEM_TEXT.format(status="open"),
    ARTICLE: ARTICLE_TEXT.format(status="draft", body="Restart it."),
}


@pytest.fixture
def records(make_repository: MakeRepository, commit_all: CommitAll) -> Path:
    """The review of INC-2026-0001, of checkout, was due on 2026-11-07; it is 2026-11-20."""
    root = make_repository(FILES)
    commit_all(root)
    git(root, "switch", "--quiet", "--create", "change")
    return root


def judged(run_cli: RunCli, root: Path, *more: str) -> tuple[int, Any]:
    outcome = run_cli("reviews", "--base", "main", "--format", "json", *more, repo=root)
    assert outcome.code in {0, 1}, outcome.err
    found = json.loads(outcome.out)
    assert found["passes"] is (outcome.code == 0)
    return outcome.code, found


LOGGING: Mapping[str, Mapping[str, str | None]] = {
    "nothing": {},
    "a new outage": {NEW: NEW_INCIDENT},
    "one of another service": {NEW: NEW_INCIDENT.replace("checkout", "search")},
    "a major one that was over before it was logged": {NEW: incident("resolved", major=True)},
    "one that was closed before it was logged": {NEW: incident("closed")},
    "an update of an open one": {OPEN: incident("in_progress").replace("is down", "is still down")},
    "an open one held": {OPEN: incident("on_hold")},
    "an open one resolved": {OPEN: incident("resolved")},
    "an open one cancelled": {OPEN: incident("cancelled")},
    "a resolved one reopened": {RESOLVED: incident("in_progress")},
    "a correction of a resolved one": {RESOLVED: incident("resolved").replace("is down", "was down")},
    "the review that is owed, begun": {OWING.replace(".md", ".review.md"): DRAFT},
    "another review": {CLOSED.replace(".md", ".review.md"): DRAFT},
    "a window that has begun": {WINDOW: MAINTENANCE.format(status="in_progress")},
    "a window that is over": {WINDOW: MAINTENANCE.format(status="completed")},
    "a window called off": {WINDOW: MAINTENANCE.format(status="cancelled")},
    "work that was done in need": {WINDOW.replace("0001", "0002"): MAINTENANCE.format(status="completed")},
    "a known error": {PROBLEM: PROBLEM_TEXT.format(status="known_error")},
    "a new problem": {PROBLEM.replace("0001", "0002"): PROBLEM_TEXT.format(status="open")},
    "an article": {ARTICLE: ARTICLE_TEXT.format(status="published", body="Drain, then restart.")},
    "a screenshot": {"incidents/2026/INC-2026-0004/graph.png": "PNG"},
    "another service": {
        "schema/services.yml": SCHEMA["schema/services.yml"].replace("name: Search", "name: Find")
    },
    "a new service": {
        "schema/services.yml": SCHEMA["schema/services.yml"] + "  - {id: cart, name: Cart, depends_on: []}\n"
    },
    "a team": {"schema/teams.yml": "teams:\n  - {id: payments, name: Pay}\n"},
}

OTHERWISE: Mapping[str, tuple[Mapping[str, str | None], str]] = {
    "closing": ({RESOLVED: incident("closed")}, "closes INC-2026-0003"),
    "closing the one that owes": ({OWING: incident("closed", major=True)}, "closes INC-2026-0001"),
    "an old record": (
        {CLOSED: incident("closed", service="database")},
        "changes INC-2026-0004, which was closed",
    ),
    "a cancelled record": (
        {CANCELLED: incident("in_progress")},
        "changes INC-2026-0005, which was cancelled",
    ),
    "deleting": ({OPEN: None}, "deletes INC-2026-0002"),
    "planning": (
        {WINDOW.replace("0001", "0002"): MAINTENANCE.format(status="scheduled")},
        "plans MNT-2026-0002",
    ),
    "planning anew": (
        {WINDOW: MAINTENANCE.format(status="scheduled").replace("12-01", "12-02")},
        "changes the plan of MNT-2026-0001",
    ),
    "done with a problem": ({PROBLEM: PROBLEM_TEXT.format(status="resolved")}, "resolves PRB-2026-0001"),
    "the service": (
        {"schema/services.yml": SCHEMA["schema/services.yml"].replace("name: Checkout", "name: Till")},
        "changes the service checkout",
    ),
}


@pytest.mark.parametrize("committed", [True, False], ids=["committed", "on disk"])
@pytest.mark.parametrize("name", LOGGING)
def test_logging_and_learning_are_never_held_up(
    run_cli: RunCli, records: Path, commit_all: CommitAll, name: str, committed: bool
) -> None:
    change(records, LOGGING[name])
    if committed:
        commit_all(records)
    code, found = judged(run_cli, records)
    assert (code, found["reviews"]) == (0, [])


@pytest.mark.parametrize("committed", [True, False], ids=["committed", "on disk"])
@pytest.mark.parametrize("name", OTHERWISE)
def test_what_is_not_logging_waits_for_the_review(
    run_cli: RunCli, records: Path, commit_all: CommitAll, name: str, committed: bool
) -> None:
    files, what = OTHERWISE[name]
    change(records, files)
    if committed:
        commit_all(records)
    code, found = judged(run_cli, records)
    assert code == 1
    (review,) = found["reviews"]
    assert (review["incident"], review["due_day"], review["owners"]) == (
        "INC-2026-0001",
        "2026-11-07",
        ["duty-one"],
    )
    assert (review["services"], review["touched_by"], review["waiver"]) == (["checkout"], [what], None)


def change(root: Path, files: Mapping[str, str | None]) -> None:
    write_files(root, {path: text for path, text in files.items() if text is not None})
    for path, text in files.items():
        if text is None:
            (root / path).unlink()


def test_it_says_which_review_whose_it_is_and_what_to_do(run_cli: RunCli, records: Path) -> None:
    change(records, {RESOLVED: incident("closed")})
    outcome = run_cli("reviews", "--base", "main", repo=records)
    assert outcome.code == 1
    assert outcome.out == (
        "INC-2026-0001 (Checkout is down): its review, owed by duty-one, was due on 2026-11-07 and is not"
        " begun, 13 days late\n"
        "  this change touches checkout: it closes INC-2026-0003\n"
        "  write and publish incidents/2026/INC-2026-0001.review.md\n"
        "  or have it waived: gate.waivers in schema/reviews.yml says who, why and until when\n"
        "\n"
        "The gate is shut: 1 overdue review of what this change touches.\n"
    )


def test_a_review_published_by_the_change_opens_the_gate(run_cli: RunCli, records: Path) -> None:
    review = "---\nstatus: published\npublished: 2026-11-20T08:00+00:00\n---\n"
    change(records, {RESOLVED: incident("closed"), OWING.replace(".md", ".review.md"): review})
    outcome = run_cli("reviews", "--base", "main", repo=records)
    assert (outcome.code, outcome.out) == (
        0,
        "The gate is open: no service that this change touches has an overdue review.\n",
    )


def test_before_the_day_is_over_nothing_is_overdue(run_cli: RunCli, records: Path) -> None:
    change(records, {RESOLVED: incident("closed")})
    for now, code in (("2026-11-07T23:59+00:00", 0), ("2026-11-08T00:00+00:00", 1)):
        assert run_cli("--now", now, "reviews", "--base", "main", repo=records).code == code


def test_as_annotations_on_the_files_that_are_changed(
    run_cli: RunCli, records: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    monkeypatch.delenv("CI_PROJECT_DIR", raising=False)
    change(records, {RESOLVED: incident("closed")})
    outcome = run_cli("reviews", "--base", "main", "--format", "github", repo=records)
    assert outcome.code == 1
    line, verdict = outcome.out.splitlines()
    assert line.startswith(f"::error file={RESOLVED},title=review-overdue::INC-2026-0001 (Checkout is down)")
    assert "%0Ahelp: " in line
    assert verdict == "The gate is shut: 1 overdue review of what this change touches."


@pytest.mark.parametrize("policy", [gate("warn"), "policies:\n  - {due_working_days: 5}\n"])
def test_a_gate_that_warns_passes(
    run_cli: RunCli, make_repository: MakeRepository, commit_all: CommitAll, policy: str
) -> None:
    root = make_repository({**FILES, "schema/reviews.yml": policy})
    commit_all(root)
    change(root, {RESOLVED: incident("closed")})
    outcome = run_cli("reviews", "--base", "main", repo=root)
    assert outcome.code == 0
    assert outcome.out.endswith(
        "The gate warns: 1 overdue review of what this change touches. It lets it pass.\n"
    )
    annotated = run_cli("reviews", "--base", "main", "--format", "github", repo=root)
    assert annotated.code == 0
    assert annotated.out.startswith("::warning file=")


@pytest.mark.parametrize(
    ("waiver", "passes"),
    [
        ("service: checkout", True),
        ("incident: INC-2026-0001", True),
        ("service: checkout, incident: INC-2026-0001", True),
        ("service: search", False),
        ("incident: INC-2026-0003", False),
        ("service: search, incident: INC-2026-0001", False),
    ],
)
def test_a_waiver_names_who_why_and_until_when(
    run_cli: RunCli, make_repository: MakeRepository, commit_all: CommitAll, waiver: str, passes: bool
) -> None:
    named = f"[{{{waiver}, by: duty-two, reason: The sale is tomorrow., until: 2026-11-20}}]"
    root = make_repository({**FILES, "schema/reviews.yml": gate(waivers=named)})
    commit_all(root)
    change(root, {RESOLVED: incident("closed")})
    code, found = judged(run_cli, root)
    assert code == (0 if passes else 1)
    assert found["reviews"][0]["waiver"] == (
        {"by": "duty-two", "reason": "The sale is tomorrow.", "until": "2026-11-20"} if passes else None
    )
    text = run_cli("reviews", "--base", "main", repo=root).out
    assert ("waived by duty-two until 2026-11-20: The sale is tomorrow." in text) is passes
    # the day after it holds no longer
    assert run_cli("--now", "2026-11-21T00:00+00:00", "reviews", "--base", "main", repo=root).code == 1


def test_a_waiver_of_one_service_leaves_the_other(
    run_cli: RunCli, make_repository: MakeRepository, commit_all: CommitAll
) -> None:
    owing = incident(major=True).replace(
        "opened:", "  - {service: find, state: major_outage, from: 2026-11-02T08:00+00:00}\nopened:"
    )
    named = "[{service: checkout, by: duty-two, reason: x, until: 2026-12-01}]"
    root = make_repository({**FILES, OWING: owing, "schema/reviews.yml": gate(waivers=named)})
    commit_all(root)
    change(root, {RESOLVED: incident("closed")})
    assert judged(run_cli, root)[0] == 0
    change(root, {WINDOW: MAINTENANCE.format(status="scheduled").replace("12-01", "12-02")})
    code, found = judged(run_cli, root)
    assert (code, found["reviews"][0]["services"]) == (1, ["search"])


def test_no_change_lets_itself_through(run_cli: RunCli, records: Path) -> None:
    waiver = "[{service: checkout, by: duty-two, reason: x, until: 2027-01-01}]"
    change(records, {RESOLVED: incident("closed"), "schema/reviews.yml": gate("warn", waiver)})
    assert judged(run_cli, records)[0] == 1


REVIEWS = "schema/reviews.yml"
SETTINGS = "schema/incidentbook.yml"
LET_OFF: dict[str, dict[str, str | None]] = {
    "a longer time": {REVIEWS: gate().replace("due_working_days: 5", "due_working_days: 300")},
    "fewer triggers": {REVIEWS: gate().replace("{due", "{required_when: [security], due")},
    "no policy": {REVIEWS: "policies: []\ngate: {level: fail}\n"},
    "a clock put back": {SETTINGS: SCHEMA[SETTINGS] + "now: 2026-11-02T12:00+00:00\n"},
    "no longer major": {OWING: incident(major=False)},
    "a drill": {OWING: incident(major=True).replace("major:", "drill: true\nmajor:")},
    "another service": {OWING: incident(major=True, service="search")},
    "resolved later": {OWING: incident(major=True).replace("resolved: 2026-11-02", "resolved: 2026-11-19")},
    "not to be reviewed": {
        OWING: incident(major=True).replace(
            "roles:", "overrides: {review_required: {value: false, reason: x}}\nroles:"
        )
    },
    "gone": {OWING: None},
}


@pytest.mark.parametrize("name", LET_OFF)
def test_no_change_takes_away_the_duty_that_holds_it_up(
    run_cli: RunCli, records: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Session, "wall_clock", datetime(2026, 11, 20, tzinfo=UTC))
    monkeypatch.delenv("INCIDENTBOOK_NOW", raising=False)
    change(records, {RESOLVED: incident("closed"), **LET_OFF[name]})
    code, found = judged(run_cli, records)
    assert (code, [one["incident"] for one in found["reviews"]]) == (1, ["INC-2026-0001"])


def test_what_takes_away_a_duty_counts_once_it_is_merged(
    run_cli: RunCli, records: Path, commit_all: CommitAll
) -> None:
    change(records, {OWING: incident(major=False)})
    assert judged(run_cli, records)[0] == 0
    commit_all(records)
    git(records, "branch", "--force", "main")
    change(records, {RESOLVED: incident("closed")})
    assert judged(run_cli, records)[0] == 0


def test_a_waiver_counts_as_soon_as_it_is_merged(
    run_cli: RunCli, records: Path, commit_all: CommitAll
) -> None:
    change(records, {RESOLVED: incident("closed")})
    commit_all(records)
    git(records, "switch", "--quiet", "main")
    waiver = "[{service: checkout, by: duty-two, reason: x, until: 2027-01-01}]"
    change(records, {"schema/reviews.yml": gate(waivers=waiver)})
    commit_all(records)
    git(records, "switch", "--quiet", "change")
    assert judged(run_cli, records)[0] == 0


def test_what_main_did_meanwhile_is_not_this_change(
    run_cli: RunCli, records: Path, commit_all: CommitAll
) -> None:
    change(records, {NEW: NEW_INCIDENT})
    commit_all(records)
    git(records, "switch", "--quiet", "main")
    change(records, {RESOLVED: incident("closed")})
    commit_all(records)
    git(records, "switch", "--quiet", "change")
    assert judged(run_cli, records)[1]["touches"] == []


def test_a_closed_record_under_another_number(run_cli: RunCli, records: Path) -> None:
    git(records, "mv", CLOSED, "incidents/2026/INC-2026-0044.md")
    assert judged(run_cli, records)[0] == 1


def test_only_who_may_read_a_restricted_record_hears_of_it(
    run_cli: RunCli, make_repository: MakeRepository, commit_all: CommitAll
) -> None:
    hidden = incident("resolved", visibility="restricted")
    root = make_repository({**FILES, RESOLVED: hidden})
    commit_all(root)
    change(root, {RESOLVED: hidden.replace("status: resolved", "status: closed")})
    assert judged(run_cli, root)[0] == 1
    outcome = run_cli("reviews", "--base", "main", "--audience", "internal", repo=root)
    assert outcome.code == 0
    assert "INC-2026-0003" not in outcome.out
    change(root, {CLOSED: incident("closed").replace("is down", "was down")})
    assert run_cli("reviews", "--base", "main", "--audience", "internal", repo=root).code == 1


def test_titles_and_reasons_steer_nothing(
    run_cli: RunCli, make_repository: MakeRepository, commit_all: CommitAll
) -> None:
    evil = 'title: "\\e[31m\\u202e[red]::error::x\\n::stop-commands::y"'
    root = make_repository({**FILES, OWING: incident(major=True).replace("title: Checkout is down", evil)})
    commit_all(root)
    change(root, {RESOLVED: incident("closed")})
    for format_ in ("text", "github"):
        outcome = run_cli("reviews", "--base", "main", "--format", format_, repo=root)
        assert outcome.code == 1
        assert "\x1b" not in outcome.out
        assert "\u202e" not in outcome.out
        assert "\n::stop-commands" not in outcome.out
        assert "[red]" in outcome.out


def test_the_first_records_of_all(
    run_cli: RunCli, make_repository: MakeRepository, commit_all: CommitAll
) -> None:
    root = make_repository({"README.md": "Soon"}, schema=False)
    commit_all(root)
    write_files(root, {**SCHEMA, **FILES})
    assert judged(run_cli, root)[0] == 0


@pytest.mark.parametrize("base", ["no-such-branch", "--output=x", "0000000"])
def test_a_base_that_is_not_there(run_cli: RunCli, records: Path, base: str) -> None:
    outcome = run_cli("reviews", f"--base={base}", repo=records)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.count("\n") == 1
    assert base in outcome.err


def test_outside_git(run_cli: RunCli, make_repository: MakeRepository) -> None:
    outcome = run_cli("reviews", "--base", "main", repo=make_repository(FILES))
    assert outcome.code == 2
    assert "Git repository" in outcome.err


def test_base_goes_with_no_other_choice(run_cli: RunCli, records: Path) -> None:
    outcome = run_cli("reviews", "--base", "main", "--overdue", repo=records)
    assert outcome.code == 2
    assert "leave out --overdue" in outcome.err


@pytest.mark.parametrize(("flags", "command", "code"), [([], "warning", 0), (["--overdue"], "error", 1)])
def test_without_a_base_what_is_overdue_is_annotated(
    run_cli: RunCli, records: Path, flags: list[str], command: str, code: int
) -> None:
    outcome = run_cli("reviews", *flags, "--format", "github", repo=records)
    assert outcome.code == code
    (line,) = outcome.out.splitlines()
    assert line.startswith(f"::{command} file=")
    assert OWING in line
