"""`intake`: what comes from outside becomes a branch, a record, a pull request, and a check of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from runnerbed import recorded
from testbed import git
from workflowbed import HOSTILE, RESOLVED, ForgeBed

JOBS = {"report", "answer", "alert", "confirmations"}
ALL = "\n".join(HOSTILE.values())


def alert(title: str, status: str = "firing") -> dict[str, Any]:
    """A delivery of Alertmanager, as whoever forwards it sends it to `repository_dispatch`."""
    one = {
        "status": status,
        "labels": {"alertname": "CheckoutErrors", "severity": "critical", "service": "checkout"},
        "annotations": {"summary": title, "description": title},
        "startsAt": "2026-11-20T11:50:00Z",
        "endsAt": "2026-11-20T11:59:00Z" if status == "resolved" else "0001-01-01T00:00:00Z",
        "generatorURL": "http://metrics.harbourline.example/graph",
        "fingerprint": "a1bc48475b20e73d",
    }
    return {
        "receiver": "incidents", "status": status, "version": "4", "groupKey": "{}", "alerts": [one],
        "groupLabels": {}, "commonLabels": {}, "commonAnnotations": {}, "externalURL": "http://alerts.example",
    }  # fmt: skip


def started(bed: ForgeBed, event: str, ref: str = "refs/heads/main", **changes: Any) -> set[str]:
    runner = bed.runner("intake", event, recorded(event, **changes), ref=ref)
    return {job for job in JOBS if runner.starts(job)}


@pytest.mark.parametrize(
    ("event", "changes", "jobs"),
    [
        ("issues", {}, {"report"}),
        ("issues", {"issue__labels": []}, set()),
        ("issue_comment", {}, {"answer"}),
        ("issue_comment", {"issue__pull_request": {"url": "https://forge.example/pulls/31"}}, set()),
        ("issue_comment", {"comment__user": {"login": "a-stranger", "id": 9}}, set()),
        ("repository_dispatch", {}, {"alert"}),
        ("schedule", {}, {"confirmations"}),
        ("push", {}, {"confirmations"}),
        ("workflow_dispatch", {}, {"confirmations"}),
        ("workflow_dispatch", {"ref": "refs/heads/change"}, set()),
    ],
)
def test_each_event_has_its_job(event: str, changes: dict[str, Any], jobs: set[str], bed: ForgeBed) -> None:
    assert started(bed, event, **changes) == jobs


def checks_asked_for(bed: ForgeBed) -> list[str]:
    calls = [call["arguments"] for call in bed.gh.calls]
    assert ["auth", "setup-git"] in calls
    return [call[-1] for call in calls if call[:4] == ["workflow", "run", "check.yml", "--ref"]]


def reported(bed: ForgeBed, payload: dict[str, Any]) -> None:
    """Let the forge know the issue of an event, as it would."""
    state = bed.gh.state
    state["issues"].append(payload["issue"])
    state["last"] = 900
    bed.gh.write(state)


FORM = """\
### What does not work?

checkout: Checkout

### How wide is it?

high: All or most

### How pressing is it?

medium

### What do you see?

%s
"""
REPORT = "Write the record, and ask for it to be merged"


def test_a_report_becomes_a_record_and_its_reporter_is_told(bed: ForgeBed) -> None:
    payload = recorded("issues", issue__title=ALL, issue__body=FORM % ALL)
    reported(bed, payload)
    done = bed.runner("intake", "issues", payload).run("report")
    assert done.step(REPORT).code in {0, 1}, done.step(REPORT).err
    (pull,) = bed.gh.state["pulls"]
    assert checks_asked_for(bed) == [pull["head"]["ref"]]
    (told,) = bed.gh.state["comments"]["31"]
    assert "INC-2026-0001" in told["body"]
    assert bed.untouched()
    assert "token-of-this-run" not in json.dumps([pull, told])
    assert git(bed.remote, "log", "-1", "--format=%cn", pull["head"]["ref"]).strip() == "github-actions[bot]"


PATH = "incidents/2026/INC-2026-0001.md"
ANSWER = "Write the answer into the record"
ASK = "Ask who reported, and close what stayed without an answer"


@pytest.fixture
def resolved(bed: ForgeBed) -> ForgeBed:
    bed.commit({PATH: RESOLVED, "schema/intake.yml": "bot: deploy-bot\n"})
    bed.push("main")
    reported(bed, recorded("issue_comment"))
    return bed


def test_an_answer_becomes_confirmation_and_satisfaction(resolved: ForgeBed) -> None:
    payload = recorded("issue_comment", comment__body=f"confirmed 4\n{ALL}")
    done = resolved.runner("intake", "issue_comment", payload).run("answer")
    assert done.step(ANSWER).code == 0, done.step(ANSWER).err
    (pull,) = resolved.gh.state["pulls"]
    record = git(resolved.remote, "show", f"{pull['head']['ref']}:{PATH}")
    assert "confirmed: true" in record
    assert "4" in record.partition("satisfaction")[2]
    assert checks_asked_for(resolved) == [pull["head"]["ref"]]
    assert resolved.untouched()


def test_reporters_are_asked_when_main_says_it_is_resolved_and_once(resolved: ForgeBed) -> None:
    for event in ("push", "schedule"):
        done = resolved.runner("intake", event).run("confirmations")
        assert done.step(ASK).code == 0, done.step(ASK).err
    (asked,) = resolved.gh.state["comments"]["31"]
    assert "INC-2026-0001" in asked["body"]
    assert checks_asked_for(resolved) == []


STEP = "Write what the alert says"


@pytest.mark.parametrize("title", HOSTILE.values(), ids=HOSTILE)
def test_an_alert_becomes_a_record_once(title: str, bed: ForgeBed) -> None:
    payload = recorded("repository_dispatch", client_payload=alert(title))
    first = bed.runner("intake", "repository_dispatch", payload).run("alert")
    assert first.step(STEP).code == 0, first.step(STEP).err
    (branch,) = [name for name in bed.branches() if name.startswith("intake/")]
    (pull,) = bed.gh.state["pulls"]
    assert (pull["head"]["ref"], pull["base"]["ref"]) == (branch, "main")
    assert checks_asked_for(bed) == [branch]
    changed = git(bed.remote, "diff", "--name-only", f"main...{branch}").split()
    assert changed == ["incidents/2026/INC-2026-0001.md"]
    assert git(bed.remote, "log", "-1", "--format=%an", branch).strip()
    assert bed.untouched()
    assert "token-of-this-run" not in json.dumps(bed.gh.state["pulls"])
    if title == HOSTILE["quotes"]:
        # a second delivery finds the branch, and nothing is pushed that would have to be checked
        again = bed.runner("intake", "repository_dispatch", payload).run("alert")
        assert again.succeeded
        assert len(bed.gh.state["pulls"]) == 1
        assert checks_asked_for(bed) == [branch]


def test_an_alert_that_nobody_understands_fails_the_job(bed: ForgeBed) -> None:
    payload = recorded("repository_dispatch", client_payload={"what": ALL})
    done = bed.runner("intake", "repository_dispatch", payload).run("alert")
    assert done.step(STEP).code == 2
    assert bed.branches() == ["main"]
    assert checks_asked_for(bed) == []
    assert bed.untouched()
