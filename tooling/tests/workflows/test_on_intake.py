"""`intake`: what comes from outside becomes a branch, a record, a pull request, and a check of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from runnerbed import recorded
from testbed import git
from workflowbed import HOSTILE, ForgeBed

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


def started(bed: ForgeBed, event: str, **changes: Any) -> set[str]:
    runner = bed.runner("intake", event, recorded(event, **changes))
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
    ],
)
def test_each_event_has_its_job(event: str, changes: dict[str, Any], jobs: set[str], bed: ForgeBed) -> None:
    assert started(bed, event, **changes) == jobs


def checks_asked_for(bed: ForgeBed) -> list[str]:
    calls = [call["arguments"] for call in bed.gh.calls]
    assert ["auth", "setup-git"] in calls
    return [call[-1] for call in calls if call[:4] == ["workflow", "run", "check.yml", "--ref"]]


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
    # a second delivery finds the branch, and nothing is pushed that would have to be checked
    again = bed.runner("intake", "repository_dispatch", payload).run("alert")
    assert again.succeeded
    assert len(bed.gh.state["pulls"]) == 1
    assert checks_asked_for(bed) == [branch]
    assert bed.untouched()
    assert "token-of-this-run" not in json.dumps(bed.gh.state["pulls"])


def test_an_alert_that_nobody_understands_fails_the_job(bed: ForgeBed) -> None:
    payload = recorded("repository_dispatch", client_payload={"what": ALL})
    done = bed.runner("intake", "repository_dispatch", payload).run("alert")
    assert done.step(STEP).code == 2
    assert bed.branches() == ["main"]
    assert checks_asked_for(bed) == []
    assert bed.untouched()
