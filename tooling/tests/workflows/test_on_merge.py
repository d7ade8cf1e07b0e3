"""`auto-merge`: off until chosen; then it merges what only adds updates, at the commit that was judged."""

from __future__ import annotations

from typing import Any

import pytest

from runnerbed import JobRun, Runner, recorded
from testbed import NEW_INCIDENT
from workflowbed import HOSTILE, ForgeBed

MERGE_MAIN = "Merge main into it, to judge what would be"
GUARD = "Ask whether it only adds updates, and is without a fault"
MERGE = "Merge it, if nothing was pushed meanwhile, and publish"
ON = {"INCIDENTBOOK_AUTO_MERGE": "updates"}
PATH = "incidents/2026/INC-2026-0001.md"
OPEN = NEW_INCIDENT.replace("status: new", "status: new\nvisibility: public").replace(
    "opened: 2026-11-19T14:05+00:00",
    "opened: 2026-11-19T14:05+00:00\nupdates:\n"
    "  - {id: u1, at: 2026-11-19T14:10+00:00, status: investigating, text: We look into it.}",
)
UPDATE = "  - {id: u2, at: 2026-11-19T14:30+00:00, status: identified, text: %s, visibility: public}\n---\n"


def updated(text: str = "A roll-out is to blame.") -> str:
    head, _, body = OPEN.rpartition("---\n")
    return head + UPDATE % ("'" + text.replace("'", "''") + "'") + body


@pytest.fixture
def open_incident(bed: ForgeBed) -> ForgeBed:
    bed.commit({PATH: OPEN})
    bed.push("main")
    return bed


def after_check(bed: ForgeBed, head: str, variables: dict[str, str] = ON, **changes: Any) -> Runner:
    payload = recorded("workflow_run", workflow_run__head_sha=head, **changes)
    return bed.runner("auto-merge", "workflow_run", payload, variables=variables)


def judged(bed: ForgeBed, text: str) -> tuple[str, JobRun]:
    head = bed.propose({PATH: text})
    runner = after_check(bed, head)
    assert runner.starts("updates")
    return head, runner.run("updates")


def calls(bed: ForgeBed) -> list[list[str]]:
    return [call["arguments"] for call in bed.gh.calls]


@pytest.mark.parametrize(
    ("changes", "variables"),
    [
        ({}, {}),
        ({}, {"INCIDENTBOOK_AUTO_MERGE": "everything"}),
        ({"workflow_run__conclusion": "failure"}, ON),
        ({"workflow_run__event": "push"}, ON),
        ({"workflow_run__head_repository": {"full_name": "a-stranger/records"}}, ON),
        ({"workflow_run__pull_requests": []}, ON),
        ({"workflow_run__pull_requests__0__base__ref": "release"}, ON),
    ],
    ids=["off", "no such choice", "check failed", "a push", "a fork", "no pull request", "not into main"],
)
def test_it_does_not_even_start(changes: dict[str, Any], variables: dict[str, str], bed: ForgeBed) -> None:
    assert not after_check(bed, "0" * 40, variables, **changes).starts("updates")


def test_an_update_is_merged_where_it_was_judged_and_published(open_incident: ForgeBed) -> None:
    head, done = judged(open_incident, updated(HOSTILE["commands"]))
    assert done.succeeded, done.steps
    assert done.names == [MERGE_MAIN, GUARD, MERGE]
    assert calls(open_incident) == [
        ["pr", "merge", "17", "--merge", "--match-head-commit", head],
        ["workflow", "run", "publish.yml", "--ref", "main", "--field", "pushed=2026-11-20T11:58:02Z"],
    ]
    assert open_incident.untouched()


@pytest.mark.parametrize(
    "text",
    [
        updated().replace("status: new", "status: in_progress"),
        updated().replace("urgency: high", "urgency: low"),
        updated().replace("We look into it.", "Nothing happened."),
        updated() + "More prose.\n",
        OPEN.replace("title: ", "title: No "),
        updated("password: hunter2-Xk39-zz9!").replace("text: 'password", "api: 'password"),
    ],
    ids=["state", "urgency", "an old update", "prose", "title", "a fault"],
)
def test_what_does_more_waits_for_a_person_and_fails_nothing(text: str, open_incident: ForgeBed) -> None:
    _, done = judged(open_incident, text)
    assert done.succeeded, done.steps
    assert done.names == [MERGE_MAIN, GUARD]
    assert calls(open_incident) == []


def test_what_main_closed_meanwhile_is_no_open_incident(open_incident: ForgeBed) -> None:
    head = open_incident.propose({PATH: updated()})
    open_incident.commit({PATH: OPEN.replace("status: new", "status: cancelled")})
    open_incident.push("main")
    done = after_check(open_incident, head).run("updates")
    assert done.succeeded
    assert done.names == [MERGE_MAIN, GUARD]
    assert calls(open_incident) == []


def test_a_conflict_with_main_waits_for_a_person(open_incident: ForgeBed) -> None:
    head = open_incident.propose({PATH: updated()})
    open_incident.commit({PATH: updated("Somebody else was quicker.")})
    open_incident.push("main")
    done = after_check(open_incident, head).run("updates")
    assert done.succeeded
    assert done.names == [MERGE_MAIN]
    assert calls(open_incident) == []


def test_what_the_change_does_to_the_workflow_does_not_count(open_incident: ForgeBed) -> None:
    head = open_incident.propose({PATH: updated(), ".github/workflows/auto-merge.yml": "name: mine\n"})
    done = after_check(open_incident, head).run("updates")
    assert done.names == [MERGE_MAIN, GUARD]
    assert calls(open_incident) == []
