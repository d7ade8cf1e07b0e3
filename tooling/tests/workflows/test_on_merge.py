"""`auto-merge`: off until chosen; then it merges updates, or answers, at the commit that was judged."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from incidentbook.scaffold.workflows import JUDGED
from runnerbed import REPOSITORY, JobRun, Runner, recorded
from testbed import GIT_ENVIRONMENT, NEW_INCIDENT, SCHEMA, git
from workflowbed import HOSTILE, RESOLVED, ForgeBed

FIND = "Find the pull request, and what it may be merged for"
MERGE_MAIN = "Merge main into it, to judge what would be"
GUARD = "Ask whether it does nothing else, and is without a fault"
MERGE = "Merge it, if nothing was pushed meanwhile"
PUBLISH = "Publish it, where the merge by itself does not"
HAND_ON = "Start auto-merge, which looks for itself what this was"
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


RUN: dict[str, Any] = json.loads((Path(__file__).parent / "run.json").read_text(encoding="utf-8"))
"""What the forge answers when it is asked for a run of `check`."""


def passed(**others: str) -> list[dict[str, Any]]:
    """The jobs of a run as the forge tells of them: those that count passed, others ended as said."""
    ends = dict.fromkeys(JUDGED.values(), "success") | others
    return [{"name": name, "conclusion": end, "run_attempt": 1} for name, end in ends.items()]


def changed(state: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Let the forge remember something else at some places, each named by its path."""
    for path, value in changes.items():
        *parents, last = path.split("__")
        place: Any = state
        for key in parents:
            place = place[int(key) if key.isdigit() else key]
        place[last] = value
    return state


def after_check(bed: ForgeBed, head: str, **changes: Any) -> Runner:
    """What the last job of `check` starts, for the pull request of the branch `change`."""
    pull = {
        "number": 17, "state": "open", "draft": False, "user": {"login": "harbourline-engineer"},
        "base": {"ref": "main"}, "head": {"ref": "change", "sha": head, "repo": {"full_name": REPOSITORY}},
    }  # fmt: skip
    run = json.loads(json.dumps(RUN)) | {"head_sha": head}
    bed.gh.write(changed({**bed.gh.state, "runs": [run], "jobs": passed(), "pulls": [pull]}, changes))
    payload = recorded("workflow_dispatch", inputs={"run": "88001"})
    return bed.runner("auto-merge", "workflow_dispatch", payload, variables=ON)


def judged(bed: ForgeBed, text: str) -> tuple[str, JobRun]:
    head = bed.propose({PATH: text})
    runner = after_check(bed, head)
    assert runner.starts("merge")
    return head, runner.run("merge")


def calls(bed: ForgeBed) -> list[list[str]]:
    return [call["arguments"] for call in bed.gh.calls]


def merges(bed: ForgeBed) -> list[list[str]]:
    return [call for call in calls(bed) if call[0] != "api"]


@pytest.mark.parametrize(
    ("chosen", "ref", "starts"),
    [
        ("updates", "refs/heads/main", True),
        ("answers", "refs/heads/main", True),
        ("updates,answers", "refs/heads/main", True),
        ("", "refs/heads/main", False),
        ("everything", "refs/heads/main", False),
        ("updates,answers", "refs/heads/change", False),
    ],
)
def test_it_is_off_until_chosen_and_judged_by_main(
    chosen: str, ref: str, starts: bool, bed: ForgeBed
) -> None:
    variables = {"INCIDENTBOOK_AUTO_MERGE": chosen}
    payload = recorded("workflow_dispatch", inputs={"run": "88001"})
    runner = bed.runner("auto-merge", "workflow_dispatch", payload, variables=variables, ref=ref)
    assert runner.starts("merge") is starts


@pytest.mark.parametrize(
    "changes",
    [
        {"runs__0__event": "push"},
        {"runs__0__event": "workflow_dispatch"},
        {"runs__0__path": ".github/workflows/own.yml"},
        {"runs__0__head_repository": {"full_name": "a-stranger/records"}},
        {"pulls": []},
        {"pulls__0__state": "closed"},
        {"pulls__0__draft": True},
        {"pulls__0__base__ref": "release"},
        {"pulls__0__head__sha": "1" * 40},
        {"pulls__0__head__repo": {"full_name": "harbourline/records-fork"}},
        {"pulls__0__head__repo": None},
        *({"jobs": passed(**{name: end})} for name in JUDGED.values() for end in ("failure", "cancelled")),
        {"jobs": passed()[1:]},
        {"jobs": [*passed(), {**passed()[0], "conclusion": "failure", "run_attempt": 2}]},
        {"jobs": []},
    ],
    ids=str,
)
def test_what_did_not_pass_or_is_nobodys_pull_request_is_not_looked_at(
    changes: dict[str, Any], bed: ForgeBed
) -> None:
    done = after_check(bed, "0" * 40, **changes).run("merge")
    assert done.succeeded, done.steps
    assert done.names == [FIND]
    assert merges(bed) == []


def test_only_what_was_chosen_is_merged(bed: ForgeBed) -> None:
    runner = after_check(bed, "0" * 40)
    runner.variables = {"INCIDENTBOOK_AUTO_MERGE": "answers"}
    assert runner.run("merge").names == [FIND]


@pytest.mark.parametrize(
    "jobs",
    [
        passed(**{"The pull request is told": "failure", "What is generated is up to date": "failure"}),
        # still at it, for up to an hour
        [*passed(), {"name": "The tool passes its tests", "conclusion": None, "run_attempt": 1}],
        [*passed(), {**passed()[1], "conclusion": "failure", "run_attempt": 0}],
    ],
    ids=["others failed", "others run", "passed when run again"],
)
def test_nothing_else_is_waited_for(jobs: list[dict[str, Any]], open_incident: ForgeBed) -> None:
    runner = after_check(open_incident, open_incident.propose({PATH: updated()}), jobs=jobs)
    assert runner.run("merge").names[-2:] == [MERGE, PUBLISH]


def test_an_update_is_merged_where_it_was_judged_and_published(open_incident: ForgeBed) -> None:
    head, done = judged(open_incident, updated(HOSTILE["commands"]))
    assert done.succeeded, done.steps
    assert done.names == [FIND, MERGE_MAIN, GUARD, MERGE, PUBLISH]
    assert merges(open_incident) == [
        ["pr", "merge", "17", "--merge", "--match-head-commit", head],
        ["workflow", "run", "publish.yml", "--ref", "main", "--field", "pushed=2026-11-20T11:58:02Z"],
    ]
    assert open_incident.untouched()


def tokens(bed: ForgeBed, *secret: str) -> list[tuple[str, str]]:
    """Which token merged, and which started publish."""
    runner = after_check(bed, bed.propose({PATH: updated()}))
    runner.secrets = dict.fromkeys(["INCIDENTBOOK_MERGE_TOKEN"][: len(secret)], "".join(secret))
    assert runner.run("merge").names[-2:] == [MERGE, PUBLISH]
    made = [call for call in bed.gh.calls if call["arguments"][0] != "api"]
    return [(call["arguments"][0], call["token"]) for call in made]


def test_publish_is_started_by_the_runs_own_token(open_incident: ForgeBed) -> None:
    assert tokens(open_incident) == [("pr", "token-of-this-run"), ("workflow", "token-of-this-run")]


def test_a_merge_by_another_token_is_a_push_which_publishes_by_itself(open_incident: ForgeBed) -> None:
    assert tokens(open_incident, "token-of-an-app") == [("pr", "token-of-an-app")]


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
    assert done.names == [FIND, MERGE_MAIN, GUARD]
    assert merges(open_incident) == []


def test_what_main_closed_meanwhile_is_no_open_incident(open_incident: ForgeBed) -> None:
    head = open_incident.propose({PATH: updated()})
    open_incident.commit({PATH: OPEN.replace("status: new", "status: cancelled")})
    open_incident.push("main")
    done = after_check(open_incident, head).run("merge")
    assert done.succeeded
    assert done.names == [FIND, MERGE_MAIN, GUARD]
    assert merges(open_incident) == []


def test_a_conflict_with_main_waits_for_a_person(open_incident: ForgeBed) -> None:
    head = open_incident.propose({PATH: updated()})
    open_incident.commit({PATH: updated("Somebody else was quicker.")})
    open_incident.push("main")
    done = after_check(open_incident, head).run("merge")
    assert done.succeeded
    assert done.names == [FIND, MERGE_MAIN]
    assert merges(open_incident) == []


def test_what_the_change_does_to_the_workflow_does_not_count(open_incident: ForgeBed) -> None:
    head = open_incident.propose({PATH: updated(), ".github/workflows/auto-merge.yml": "name: mine\n"})
    done = after_check(open_incident, head).run("merge")
    assert done.names == [FIND, MERGE_MAIN, GUARD]
    assert merges(open_incident) == []


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


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> ForgeBed:
    """A resolved incident whose reporter was asked."""
    bed = ForgeBed(tmp_path_factory.mktemp("told"))
    bed.commit(ANSWERED)
    bed.push("main")
    asked = {"id": 901, "body": ASKED, "user": {"login": BOT}, "html_url": "https://forge.example/31"}
    issue = recorded("issue_comment")["issue"]
    bed.gh.write({**bed.gh.state, "issues": [issue], "comments": {"31": [asked]}, "last": 901})
    return bed


@pytest.fixture(scope="module", autouse=True)
def _workflows_token() -> Iterator[None]:
    """Who the token of a workflow is, and when. Commits of these tests have a fixed time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GH_STAND_IN_USER", BOT)
        # what is said later than it is committed is a fault
        patch.setattr("runnerbed.NOW", GIT_ENVIRONMENT["GIT_COMMITTER_DATE"])
        yield


@pytest.fixture
def waiting(told: ForgeBed, tmp_path: Path) -> ForgeBed:
    """The same, for one test."""
    return ForgeBed(tmp_path / "waiting", told)


@pytest.fixture(scope="module")
def answered(told: ForgeBed, tmp_path_factory: pytest.TempPathFactory) -> ForgeBed:
    """The reporter said yes; that is a branch, and a run of `check`."""
    bed = ForgeBed(tmp_path_factory.mktemp("answered"), told)
    taken_in(bed, "answer", "confirmed 4")
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
    run = RUN | {
        "event": "workflow_dispatch", "head_branch": branch, "head_sha": pull["head"]["sha"],
        "pull_requests": [], "actor": {"login": BOT},
    }  # fmt: skip
    bed.gh.write({**state, "runs": [run], "jobs": passed(), "calls": []})
    return run


def handed_on(bed: ForgeBed, run: str = "88001") -> JobRun:
    payload = recorded("workflow_dispatch", inputs={"run": run})
    runner = bed.runner("auto-merge", "workflow_dispatch", payload, variables=ANSWERS)
    assert runner.starts("merge")
    return runner.run("merge")


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
    assert done.names == [FIND, MERGE_MAIN, GUARD, MERGE, PUBLISH], done.steps[-1].out
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
    assert done.names == [FIND, MERGE_MAIN, GUARD]
    assert merges(waiting) == []


def test_what_somebody_adds_to_the_branch_of_intake_waits_for_a_person(
    answered: ForgeBed, tmp_path: Path
) -> None:
    bed = ForgeBed(tmp_path / "bed", answered)
    state = bed.gh.state
    branch = state["runs"][0]["head_branch"]
    git(bed.work, "fetch", "--quiet", "origin", branch)
    git(bed.work, "checkout", "--quiet", "--detach", "FETCH_HEAD")
    head = bed.commit({"Makefile": "all:\n"})
    bed.push(branch)
    # not judged: the run of `check` was of another commit
    state["pulls"][0]["head"]["sha"] = head
    bed.gh.write(state)
    assert handed_on(bed).names == [FIND]
    # refused: more than an answer
    state["runs"][0]["head_sha"] = head
    bed.gh.write(state)
    assert handed_on(bed).names == [FIND, MERGE_MAIN, GUARD]
    assert merges(bed) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"runs__0__event": "push"},
        {"runs__0__actor": {"login": "harbourline-engineer"}},
        {"runs__0__path": ".github/workflows/own.yml"},
        {"runs__0__head_branch": "change"},
        {"runs__0__head_repository": {"full_name": "a-stranger/records"}},
        {"pulls__0__user": {"login": "harbourline-engineer"}},
        {"pulls__0__base": {"ref": "release"}},
        {"pulls__0__state": "closed"},
        {"pulls": []},
        {"jobs": passed(**{JUDGED["reviews"]: "failure"})},
    ],
    ids=str,
)
def test_what_is_not_the_bots_own_is_not_looked_at(
    changes: dict[str, Any], answered: ForgeBed, tmp_path: Path
) -> None:
    bed = ForgeBed(tmp_path / "bed", answered)
    bed.gh.write(changed(bed.gh.state, changes))
    done = handed_on(bed)
    assert done.succeeded, done.steps
    assert done.names == [FIND]
    assert merges(bed) == []


@pytest.mark.parametrize("run", [*HOSTILE.values(), "", "1/../../pulls"])
def test_a_run_is_a_number(run: str, bed: ForgeBed) -> None:
    done = handed_on(bed, run)
    assert done.step(FIND).code == 1
    assert calls(bed) == []
    assert bed.untouched()


def hands_on(runner: Runner, **ends: str) -> bool:
    asked = runner.workflow["jobs"]["merge"]["needs"]
    assert asked == list(JUDGED)
    return runner.starts("merge", **dict.fromkeys(asked, "success") | ends)


FORK = {"pull_request__head__repo": {"full_name": "a-stranger/records", "fork": True}}
UPDATES_OF = [
    (ON, {}, True),
    (ANSWERS, {}, True),
    ({}, {}, False),
    ({"INCIDENTBOOK_AUTO_MERGE": "answers"}, {}, False),
    (ON, FORK, False),
    (ON, {"pull_request__user": {"login": "dependabot[bot]"}}, False),
    (ON, {"pull_request__draft": True}, False),
    (ON, {"pull_request__base__ref": "release"}, False),
]


@pytest.mark.parametrize(("variables", "changes", "starts"), UPDATES_OF, ids=str)
def test_check_hands_on_a_pull_request_of_the_repository(
    variables: dict[str, str], changes: dict[str, Any], starts: bool, bed: ForgeBed
) -> None:
    runner = bed.on_pull_request(**changes)
    runner.variables = variables
    assert hands_on(runner) is starts
    assert not any(hands_on(runner, **{job: "failure"}) for job in JUDGED)


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
    assert hands_on(runner) is starts
    assert not any(hands_on(runner, **{job: "failure"}) for job in JUDGED)
    if starts:
        assert runner.run("merge").names == [HAND_ON]
        assert calls(bed) == [["workflow", "run", "auto-merge.yml", "--ref", "main", "--field", "run=88001"]]


def test_the_forge_names_jobs_as_auto_merge_asks_for_them(bed: ForgeBed) -> None:
    jobs = bed.on_pull_request().workflow["jobs"]
    assert {job: jobs[job]["name"] for job in jobs["merge"]["needs"]} == JUDGED
