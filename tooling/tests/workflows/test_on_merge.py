"""`auto-merge`: off until chosen; then it merges updates, or answers, at the commit that was judged."""

from __future__ import annotations

from typing import Any

import pytest

from runnerbed import JobRun, Runner, recorded
from testbed import GIT_ENVIRONMENT, NEW_INCIDENT, SCHEMA, git
from workflowbed import HOSTILE, RESOLVED, ForgeBed

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
        ({}, {"INCIDENTBOOK_AUTO_MERGE": "answers"}),
        ({"workflow_run__conclusion": "failure"}, ON),
        ({"workflow_run__event": "push"}, ON),
        ({"workflow_run__event": "workflow_dispatch"}, ON),
        ({"workflow_run__head_repository": {"full_name": "a-stranger/records"}}, ON),
        ({"workflow_run__pull_requests": []}, ON),
        ({"workflow_run__pull_requests__0__base__ref": "release"}, ON),
    ],
    ids=[
        "off",
        "no such choice",
        "answers alone",
        "check failed",
        "a push",
        "by hand",
        "a fork",
        "no pull request",
        "not into main",
    ],
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


FIND = "Find the pull request that intake opened"
GUARD_ANSWER = "Ask whether it only writes an answer, and is without a fault"
HAND_ON = "Start auto-merge, which looks for itself what this was"
ANSWERS = {"INCIDENTBOOK_AUTO_MERGE": "updates,answers"}
BOT = "github-actions[bot]"
ANSWERED = {
    PATH: RESOLVED.replace("status: resolved", "status: resolved\nsummary: Checkout failed for two hours."),
    "schema/intake.yml": "bot: deploy-bot\n",
    "schema/people.yml": SCHEMA["schema/people.yml"].replace(
        "name: Deployment bot",
        "name: Deployment bot, emails: ['41898282+github-actions[bot]@users.noreply.github.com']",
    ),
}
ASKED = "<!-- incidentbook:asked INC-2026-0001 2026-11-02T10:00+00:00 at 2026-11-03T05:27+00:00 -->"


@pytest.fixture
def waiting(bed: ForgeBed, monkeypatch: pytest.MonkeyPatch) -> ForgeBed:
    """A resolved incident whose reporter was asked, and who the token of a workflow is."""
    monkeypatch.setenv("GH_STAND_IN_USER", BOT)
    # the commits of these tests have a fixed time, and what is said later than it is committed is a fault
    monkeypatch.setattr("runnerbed.NOW", GIT_ENVIRONMENT["GIT_COMMITTER_DATE"])
    bed.commit(ANSWERED)
    bed.push("main")
    told = {"id": 901, "body": ASKED, "user": {"login": BOT}, "html_url": "https://forge.example/31"}
    issue = recorded("issue_comment")["issue"]
    bed.gh.write({**bed.gh.state, "issues": [issue], "comments": {"31": [told]}, "last": 901})
    return bed


def taken_in(bed: ForgeBed, job: str, body: str = "") -> dict[str, Any]:
    """Let intake do its work, and the forge note the run of `check` that it started. Returns that run."""
    payload = recorded("issue_comment", comment__body=body) if job == "answer" else None
    done = bed.runner("intake", "issue_comment" if payload else "schedule", payload).run(job)
    assert done.succeeded, done.steps
    state = bed.gh.state
    (pull,) = state["pulls"]
    branch = pull["head"]["ref"]
    assert ["workflow", "run", "check.yml", "--ref", branch] in calls(bed)
    pull["head"]["sha"] = git(bed.remote, "rev-parse", branch).strip()
    run: dict[str, Any] = recorded("workflow_run")["workflow_run"] | {
        "event": "workflow_dispatch", "head_branch": branch, "head_sha": pull["head"]["sha"],
        "pull_requests": [], "actor": {"login": BOT},
    }  # fmt: skip
    bed.gh.write({**state, "runs": [run], "calls": []})
    return run


def handed_on(bed: ForgeBed, run: str = "88001") -> JobRun:
    payload = recorded("workflow_dispatch", inputs={"run": run})
    runner = bed.runner("auto-merge", "workflow_dispatch", payload, variables=ANSWERS)
    assert runner.starts("answers")
    assert not runner.starts("updates")
    return runner.run("answers")


def merges(bed: ForgeBed) -> list[list[str]]:
    return [call for call in calls(bed) if call[0] != "api"]


@pytest.mark.parametrize(
    ("job", "body"),
    [("answer", "confirmed 4\n" + HOSTILE["commands"]), ("answer", "5 stars"), ("confirmations", "")],
    ids=["a yes", "a rating", "silence"],
)
def test_an_answer_is_merged_where_it_was_judged_and_published(
    job: str, body: str, waiting: ForgeBed
) -> None:
    run = taken_in(waiting, job, body)
    done = handed_on(waiting)
    assert done.names == [FIND, MERGE_MAIN, GUARD_ANSWER, MERGE], done.steps[-1].out
    assert done.succeeded
    number = str(waiting.gh.state["pulls"][0]["number"])
    assert merges(waiting) == [
        ["pr", "merge", number, "--merge", "--match-head-commit", run["head_sha"]],
        ["workflow", "run", "publish.yml", "--ref", "main", "--field", "pushed=2026-11-20T11:58:02Z"],
    ]
    assert waiting.untouched()


def test_a_reopening_waits_for_a_person(waiting: ForgeBed) -> None:
    taken_in(waiting, "answer", "not solved")
    done = handed_on(waiting)
    assert done.succeeded, done.steps
    assert done.names == [FIND, MERGE_MAIN, GUARD_ANSWER]
    assert merges(waiting) == []


def test_what_somebody_adds_to_the_branch_of_intake_waits_for_a_person(waiting: ForgeBed) -> None:
    run = taken_in(waiting, "answer", "confirmed 4")
    git(waiting.work, "fetch", "--quiet", "origin", run["head_branch"])
    git(waiting.work, "checkout", "--quiet", "--detach", "FETCH_HEAD")
    head = waiting.commit({"Makefile": "all:\n"})
    waiting.push(run["head_branch"])
    # not judged: the run of `check` was of another commit
    state = waiting.gh.state
    state["pulls"][0]["head"]["sha"] = head
    waiting.gh.write(state)
    assert handed_on(waiting).names == [FIND]
    # refused: more than an answer
    state["runs"][0]["head_sha"] = head
    waiting.gh.write(state)
    assert handed_on(waiting).names == [FIND, MERGE_MAIN, GUARD_ANSWER]
    assert merges(waiting) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"runs__0__event": "pull_request"},
        {"runs__0__conclusion": "failure"},
        {"runs__0__actor": {"login": "harbourline-engineer"}},
        {"runs__0__path": ".github/workflows/own.yml"},
        {"runs__0__head_branch": "change"},
        {"runs__0__head_repository": {"full_name": "a-stranger/records"}},
        {"pulls__0__user": {"login": "harbourline-engineer"}},
        {"pulls__0__base": {"ref": "release"}},
        {"pulls__0__state": "closed"},
        {"pulls": []},
    ],
    ids=str,
)
def test_what_is_not_the_bots_own_is_not_looked_at(changes: dict[str, Any], waiting: ForgeBed) -> None:
    taken_in(waiting, "answer", "confirmed 4")
    state = waiting.gh.state
    for path, value in changes.items():
        *parents, last = path.split("__")
        place: Any = state
        for key in parents:
            place = place[int(key) if key.isdigit() else key]
        place[last] = value
    waiting.gh.write(state)
    done = handed_on(waiting)
    assert done.succeeded, done.steps
    assert done.names == [FIND]
    assert merges(waiting) == []


@pytest.mark.parametrize("run", [*HOSTILE.values(), "", "1/../../pulls"])
def test_a_run_is_a_number(run: str, bed: ForgeBed) -> None:
    done = handed_on(bed, run)
    assert done.step(FIND).code == 1
    assert calls(bed) == []
    assert bed.untouched()


@pytest.mark.parametrize(
    ("variables", "ref", "starts"),
    [
        (ANSWERS, "refs/heads/intake/github-0123", True),
        ({"INCIDENTBOOK_AUTO_MERGE": "answers"}, "refs/heads/intake/github-0123", True),
        (ON, "refs/heads/intake/github-0123", False),
        ({}, "refs/heads/intake/github-0123", False),
        (ANSWERS, "refs/heads/change", False),
        (ANSWERS, "refs/heads/main", False),
    ],
)
def test_check_hands_on_what_intake_started(
    variables: dict[str, str], ref: str, starts: bool, bed: ForgeBed
) -> None:
    runner = bed.runner("check", "workflow_dispatch", variables=variables, ref=ref)
    needs = ("records", "reviews", "site", "generated")
    assert runner.starts("answers", **dict.fromkeys(needs, "success")) is starts
    assert not runner.starts("answers", **dict.fromkeys(needs, "success") | {"reviews": "failure"})
    if starts:
        assert runner.run("answers").names == [HAND_ON]
        assert calls(bed) == [["workflow", "run", "auto-merge.yml", "--ref", "main", "--field", "run=88001"]]


@pytest.mark.parametrize(
    ("variables", "ref"), [(ON, "refs/heads/main"), ({}, "refs/heads/main"), (ANSWERS, "refs/heads/change")]
)
def test_answers_are_off_until_chosen_and_judged_by_main(
    variables: dict[str, str], ref: str, bed: ForgeBed
) -> None:
    payload = recorded("workflow_dispatch", inputs={"run": "88001"})
    runner = bed.runner("auto-merge", "workflow_dispatch", payload, variables=variables, ref=ref)
    assert not runner.starts("answers")
