"""`check`: what a pull request has to pass, and what it is told."""

from __future__ import annotations

import json
from typing import Any

import pytest

from expressionbed import interpolate
from runnerbed import REPOSITORY, JobRun, recorded
from testbed import NEW_INCIDENT, SCHEMA
from workflowbed import HOSTILE, UNREVIEWED, ForgeBed

CHECK = "Check the change, or every record of main"
SARIF = "Write the findings for code scanning"
SUMMARY = "Say what the change does"
FIGURES = "Print service levels and time to restore"
REVIEWS = "Ask for reviews of what the change touches; on main, name all that are overdue"
SITE = "Build what main would publish"
GENERATED = "Compare with what would be generated"
COMMENT = "Write the comment, or write it anew"


def titled(title: str) -> str:
    return NEW_INCIDENT.replace(
        "title: Checkout answers 502 for one request in five", f"title: {json.dumps(title)}"
    )


def path(number: int) -> str:
    return f"incidents/2026/INC-2026-{number:04}.md"


def test_a_pull_request_that_logs_an_outage_passes_and_is_told(bed: ForgeBed) -> None:
    bed.propose({path(1): NEW_INCIDENT})
    done = bed.on_pull_request().run("records")
    assert [(step.name, step.code) for step in done.steps] == [
        (CHECK, 0), (SARIF, 0), (SUMMARY, 0), (FIGURES, 0)
    ], done.steps  # fmt: skip
    assert "INC-2026-0001" in done.summary
    assert "Time to restore (MTTR)" in done.summary
    assert json.loads((done.workspace / "findings.sarif").read_text("utf-8"))["version"] == "2.1.0"
    for _ in range(2):
        told = bed.on_pull_request().run("comment")
        assert told.step(COMMENT).code == 0, told.step(COMMENT).err
    (comment,) = bed.gh.state["comments"]["17"]
    assert "INC-2026-0001" in comment["body"]


def test_no_title_is_more_than_text(bed: ForgeBed) -> None:
    bed.propose({path(number): titled(title) for number, title in enumerate(HOSTILE.values(), 1)})
    runner = bed.on_pull_request(
        pull_request__title=HOSTILE["commands"], pull_request__head__ref="x$(touch${IFS}pwned)"
    )
    done = runner.run("records")
    assert {step.code for step in done.steps} <= {0, 1}, done.steps
    told = runner.run("comment")
    assert told.step(COMMENT).code == 0, told.step(COMMENT).err
    (comment,) = bed.gh.state["comments"]["17"]
    lines = "".join(step.out for step in (*done.steps, *told.steps)).splitlines()
    assert not [line for line in lines if line.startswith("::error::")]
    assert bed.untouched()
    for text in (done.summary, comment["body"]):
        assert "<script" not in text
        assert "token-of-this-run" not in text
        assert len(text) < 60_000


def test_a_fault_is_annotated_and_hides_no_figure(bed: ForgeBed) -> None:
    bed.propose({path(1): NEW_INCIDENT.replace("status: new", "status: nwe")})
    done = bed.on_pull_request().run("records")
    assert done.step(CHECK).code == 1
    assert f"::error file={path(1)},line=3" in done.step(CHECK).out
    assert done.step(SARIF).code == 0
    assert done.step(FIGURES).code == 0
    findings = json.loads((done.workspace / "findings.sarif").read_text("utf-8"))["runs"][0]["results"]
    assert findings
    assert done.actions[-1] == "actions/upload-artifact"


def test_a_fault_that_was_there_before_is_not_the_pull_requests(bed: ForgeBed) -> None:
    bed.commit({path(1): NEW_INCIDENT.replace("status: new", "status: nwe")})
    bed.push("main")
    bed.propose({path(2): NEW_INCIDENT})
    assert bed.on_pull_request().run("records", CHECK).step(CHECK).code == 0
    on_main = bed.runner("check", "push").run("records")
    assert on_main.step(CHECK).code == 1
    assert on_main.names == [CHECK, SARIF, FIGURES]


def test_a_tool_that_cannot_go_on_fails_every_step(bed: ForgeBed) -> None:
    bed.propose({"schema/incidentbook.yml": "format: 99\n"})
    done = bed.on_pull_request().run("records", CHECK, SARIF)
    assert not done.succeeded
    assert done.step(CHECK).code == 2
    assert done.step(SARIF).code != 0


GATE = SCHEMA["schema/reviews.yml"] + "gate: {level: fail}\n"


def test_an_overdue_review_stops_what_closes_no_outage_and_is_said_on_main(bed: ForgeBed) -> None:
    hidden = UNREVIEWED.replace("status: resolved", "status: resolved\nvisibility: restricted")
    bed.commit({path(1): UNREVIEWED, path(3): hidden, "schema/reviews.yml": GATE})
    bed.push("main")
    bed.propose({path(2): NEW_INCIDENT})
    logged = bed.on_pull_request().run("reviews")
    assert logged.step(REVIEWS).code == 0, logged.step(REVIEWS)
    # nothing is left to stop there, and a job that is always red is looked at by nobody
    on_main = bed.runner("check", "push").run("reviews")
    assert on_main.step(REVIEWS).code == 0
    assert on_main.step(REVIEWS).out.startswith(f"::warning file={path(1)}")
    assert "INC-2026-0003" not in on_main.step(REVIEWS).out
    planned = {"schema/services.yml": SCHEMA["schema/services.yml"].replace("name: Checkout", "name: Till")}
    bed.propose(planned, branch="other", number=18)
    held = bed.runner("check", "pull_request", ref="refs/pull/18/merge").run("reviews").step(REVIEWS)
    assert held.code == 1
    assert "::error" in held.out
    assert "INC-2026-0003" not in held.out


def test_the_site_builds_and_what_is_generated_is_held_against_the_source(bed: ForgeBed) -> None:
    bed.propose(
        {path(1): titled(HOSTILE["commands"]).replace("status: new", "status: new\nvisibility: public")}
    )
    built = bed.on_pull_request().run("site")
    assert built.step(SITE).code == 0, built.step(SITE).err
    assert (built.workspace / "public-site" / "index.html").is_file()
    assert bed.on_pull_request().run("generated").step(GENERATED).code == 0
    bed.commit(
        {".github/workflows/watch.yml": (bed.work / ".github/workflows/watch.yml").read_text("utf-8") + "#\n"}
    )
    bed.push("main")
    stale = bed.runner("check", "push").run("generated").step(GENERATED)
    assert (stale.code, ".github/workflows/watch.yml is stale" in stale.out) == (1, True)
    assert bed.untouched()


FORK = {"pull_request__head__repo": {"full_name": "a-stranger/records", "fork": True}}
DEPENDABOT = {"pull_request__user": {"login": "dependabot[bot]", "id": 49699333}}
PRIVATE = {"repository__visibility": "private"}


@pytest.mark.parametrize(
    ("changes", "variables", "starts"),
    [
        ({}, {}, {"comment", "findings"}),
        (FORK, {}, set()),
        (DEPENDABOT, {}, set()),
        (PRIVATE, {}, {"comment"}),
        (PRIVATE, {"INCIDENTBOOK_CODE_SCANNING": "on"}, {"comment", "findings"}),
        ({**FORK, **PRIVATE}, {"INCIDENTBOOK_CODE_SCANNING": "on"}, set()),
    ],
    ids=["own", "fork", "dependabot", "private", "private that pays", "fork of it"],
)
def test_what_writes_starts_only_where_it_may(
    changes: dict[str, Any], variables: dict[str, str], starts: set[str], bed: ForgeBed
) -> None:
    runner = bed.on_pull_request(**changes)
    runner.variables = variables
    jobs = set(runner.workflow["jobs"])
    asked = {job for job in jobs if runner.starts(job, records="failure" if job == "findings" else "success")}
    assert asked == {"records", "reviews", "site", "generated"} | starts


def test_a_push_to_main_has_findings_and_no_comment(bed: ForgeBed) -> None:
    runner = bed.runner("check", "push")
    assert runner.starts("findings", records="success")
    assert not runner.starts("findings", records="skipped")
    assert not runner.starts("comment")
    assert not bed.runner("check", "merge_group").starts("findings", records="success")
    assert runner.run("findings").actions == [
        "actions/download-artifact",
        "github/codeql-action/upload-sarif",
    ]


@pytest.mark.parametrize(
    ("event", "ref", "base"),
    [
        ("pull_request", "refs/pull/17/merge", "HEAD^1"),
        ("merge_group", "refs/heads/gh-readonly-queue/main/pr-17-0", "0" * 40),
        ("workflow_dispatch", "refs/heads/intake/alert-1", "origin/main"),
        ("workflow_dispatch", "refs/heads/main", ""),
        ("push", "refs/heads/main", ""),
    ],
)
def test_what_a_change_is_held_against(event: str, ref: str, base: str, bed: ForgeBed) -> None:
    runner = bed.runner("check", event, ref=ref)
    github = {"event": recorded(event), "event_name": event, "ref": ref}
    assert interpolate(runner.workflow["env"]["BASE"], {"github": github}, {}) == base


def test_a_branch_of_a_workflow_is_checked_against_main(bed: ForgeBed) -> None:
    bed.propose({path(1): NEW_INCIDENT.replace("status: new", "status: nwe")}, branch="intake/alert-1")
    done = bed.runner("check", "workflow_dispatch", ref="refs/heads/intake/alert-1").run(
        "records", CHECK, SUMMARY
    )
    assert done.step(CHECK).code == 1
    assert done.step(SUMMARY).code == 0, done.step(SUMMARY).err


INTAKE = "intake/alert-1"


@pytest.mark.parametrize(
    ("ref", "starts"),
    [
        (f"refs/heads/{INTAKE}", {"comment", "findings"}),
        ("refs/heads/main", {"findings"}),
        ("refs/tags/v1", {"findings"}),
    ],
)
def test_what_a_workflow_started_is_told_as_well(ref: str, starts: set[str], bed: ForgeBed) -> None:
    runner = bed.runner("check", "workflow_dispatch", ref=ref)
    assert runner.starts("findings", records="failure") is ("findings" in starts)
    assert runner.starts("comment") is ("comment" in starts)


def proposed_by_intake(bed: ForgeBed, **changes: Any) -> JobRun:
    """Run the comment of a branch that has a pull request, as the forge tells of it."""
    head = bed.propose({path(1): NEW_INCIDENT}, branch=INTAKE)
    its = {"ref": INTAKE, "sha": head, "repo": {"full_name": REPOSITORY}} | changes
    pull = {"number": 23, "state": "open", "head": its, "base": {"ref": "main"}}
    bed.gh.write({**bed.gh.state, "pulls": [pull]})
    return bed.runner("check", "workflow_dispatch", ref=f"refs/heads/{INTAKE}").run("comment")


def test_the_pull_request_of_intake_is_told(bed: ForgeBed) -> None:
    told = proposed_by_intake(bed)
    assert told.step(COMMENT).code == 0, told.step(COMMENT).err
    (comment,) = bed.gh.state["comments"]["23"]
    assert "INC-2026-0001" in comment["body"]


@pytest.mark.parametrize(
    "changes",
    [{"repo": {"full_name": "harbourline/records-fork"}}, {"repo": None}, {"ref": "intake/alert-2"}],
    ids=str,
)
def test_no_other_pull_request_is_told(changes: dict[str, Any], bed: ForgeBed) -> None:
    assert proposed_by_intake(bed, **changes).succeeded
    assert bed.gh.state["comments"] == {}


def test_a_pull_request_that_has_gone_on_is_not_told_of_what_was(bed: ForgeBed) -> None:
    """The next push has its own run, whose comment must not be written over by an earlier one."""
    runner = bed.runner("check", "workflow_dispatch", ref=f"refs/heads/{INTAKE}")
    proposed_by_intake(bed)
    bed.gh.write({**bed.gh.state, "comments": {}})
    environment = runner.workflow["jobs"]["comment"]["steps"][-1]["env"]
    environment["HEAD"] = "1" * 40
    assert runner.run("comment").succeeded
    assert bed.gh.state["comments"] == {}
