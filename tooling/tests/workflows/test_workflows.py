"""The workflows are safe on a stranger's pull request, and those of a records repository are the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from expressionbed import condition
from incidentbook.scaffold.workflows import MARK, ForgeName, kept_files, workflow_files
from runnerbed import load_workflow
from testbed import REPOSITORY_ROOT

NAMES = ["auto-merge", "check", "intake", "notify", "publish", "watch"]
PATHS = [REPOSITORY_ROOT / ".github" / "workflows" / f"{name}.yml" for name in NAMES]
MAY_WRITE = {
    ("auto-merge", "merge"): {"actions", "contents", "pull-requests"},
    ("check", "comment"): {"pull-requests"},
    ("check", "findings"): {"security-events"},
    ("check", "merge"): {"actions"},
    ("intake", "alert"): {"actions", "contents", "issues", "pull-requests"},
    ("intake", "answer"): {"actions", "contents", "issues", "pull-requests"},
    ("intake", "confirmations"): {"actions", "contents", "issues", "pull-requests"},
    ("intake", "report"): {"actions", "contents", "issues", "pull-requests"},
    ("notify", "notify"): {"contents"},
    ("publish", "deploy"): {"pages", "id-token"},
    ("watch", "watch"): {"issues"},
}


def steps_of(path: Path) -> Iterator[dict[str, Any]]:
    for job in load_workflow(path)["jobs"].values():
        yield from job["steps"]


def of_each_workflow(test: Any) -> Any:
    return pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)(test)


def test_no_workflow_is_left_out_of_these_tests() -> None:
    assert sorted((REPOSITORY_ROOT / ".github" / "workflows").iterdir()) == PATHS


@of_each_workflow
def test_actions_are_pinned_by_commit_with_their_version_beside(path: Path) -> None:
    uses = re.findall(r"uses: *(.+)", path.read_text(encoding="utf-8"))
    assert uses
    assert [one for one in uses if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", one)] == []


def test_an_action_has_one_version() -> None:
    pins = {
        (action.split("/")[1], commit)
        for path in PATHS
        for action, commit in re.findall(r"uses: *([^@]+)@(.+)", path.read_text(encoding="utf-8"))
    }
    assert len(pins) == len({action for action, _ in pins})


@of_each_workflow
def test_nothing_is_permitted_but_what_a_job_asks_for(path: Path) -> None:
    workflow = load_workflow(path)
    assert workflow["permissions"] == {}
    assert "pull_request_target" not in workflow["on"]
    for name, job in workflow["jobs"].items():
        writes = {key for key, value in job["permissions"].items() if value != "read"}
        assert writes == MAY_WRITE.get((path.stem, name), set())
        assert int(job["timeout-minutes"]) <= 60


@of_each_workflow
def test_no_script_is_made_of_what_a_stranger_wrote(path: Path) -> None:
    assert [step["run"] for step in steps_of(path) if "${{" in step.get("run", "")] == []


@of_each_workflow
def test_a_token_is_given_to_single_steps_alone(path: Path) -> None:
    workflow = load_workflow(path)
    above = [workflow, *workflow["jobs"].values()]
    assert "token" not in " ".join(str(level.get("env")) for level in above).lower()
    holders = [step["name"] for step in steps_of(path) if "GH_TOKEN" in step.get("env", {})]
    assert all(name != "Install" for name in holders)


@of_each_workflow
def test_a_checkout_leaves_no_token_behind(path: Path) -> None:
    checkouts = [step for step in steps_of(path) if step.get("uses", "").startswith("actions/checkout@")]
    assert checkouts
    assert all(step["with"]["persist-credentials"] == "false" for step in checkouts)


def test_no_report_waits_where_a_later_one_would_push_it_out() -> None:
    intake = load_workflow(REPOSITORY_ROOT / ".github/workflows/intake.yml")
    assert "concurrency" not in intake
    # these ask after every record, so that one of them is as good as another
    assert {name for name, job in intake["jobs"].items() if "concurrency" in job} == {"confirmations"}


@of_each_workflow
def test_a_run_on_a_branch_pushes_none_of_main_out(path: Path) -> None:
    group = load_workflow(path).get("concurrency", {}).get("group", "${{ github.ref }}")
    assert "${{ github.ref }}" in group


def test_intake_asks_reporters_when_incidents_change_on_main() -> None:
    on = load_workflow(REPOSITORY_ROOT / ".github/workflows/intake.yml")["on"]
    assert on["push"] == {"branches": ["main"], "paths": ["incidents/**"]}
    assert {"schedule", "workflow_dispatch"} <= set(on)


@pytest.mark.parametrize("forge", ForgeName)
def test_the_files_of_this_repository_are_those_of_the_source(forge: ForgeName) -> None:
    stale = [
        path
        for path, text in workflow_files(forge, in_tree=True).items()
        if (REPOSITORY_ROOT / path).read_text(encoding="utf-8") != text
    ]
    assert stale == [], "`incidentbook schema` writes those anew that carry the mark"


def test_a_records_repository_differs_in_how_the_tool_comes_to_it() -> None:
    """Its own jobs and steps are the same, so that what is tried with one is tried with the other."""
    ours, theirs = (workflow_files(ForgeName.GITHUB, in_tree=in_tree) for in_tree in (True, False))
    assert list(ours) == list(theirs)
    for path in ours:
        here, there = (
            re.sub(r"- name: Install\n +run: .*?(?=      - )", "", texts[path], flags=re.DOTALL)
            for texts in (ours, theirs)
        )
        here = here.split("\n  tool:")[0].replace("tooling/src/**", "requirements.txt")
        assert here.rstrip() == there.rstrip()
    assert "make install" in ours[".github/workflows/watch.yml"]
    assert "--requirement requirements.txt" in theirs[".github/workflows/watch.yml"]
    assert "\n  tool:" not in theirs[".github/workflows/check.yml"]


def test_a_file_is_kept_up_to_date_until_somebody_takes_the_mark_out(tmp_path: Path) -> None:
    wanted = workflow_files(ForgeName.GITHUB, in_tree=False)
    path = ".github/workflows/check.yml"
    (tmp_path / path).parent.mkdir(parents=True)
    (tmp_path / path).write_text(f"# old\n{MARK}\n", encoding="utf-8")
    assert kept_files(tmp_path) == {path: wanted[path]}
    (tmp_path / path).write_text("# mine\n", encoding="utf-8")
    assert kept_files(tmp_path) == {}


@pytest.mark.parametrize("label", ["it's\n  broken", "it's {0} ${{ true }}", "incident', '"])
def test_the_label_of_reports_is_that_of_the_schema_as_text(label: str, tmp_path: Path) -> None:
    path = ".github/workflows/intake.yml"
    text = workflow_files(ForgeName.GITHUB, in_tree=False, label=label)[path]
    (tmp_path / "intake.yml").write_text(text, encoding="utf-8")
    asked = load_workflow(tmp_path / "intake.yml")["jobs"]["report"]["if"]
    for labels, wanted in (([{"name": " ".join(label.split())}], True), ([{"name": "incident"}], False)):
        github = {"event_name": "issues", "event": {"issue": {"labels": labels}}}
        functions: dict[str, Any] = {
            "contains": lambda where, what: what in where,
            "success": lambda: True,
            "format": lambda text, *values: text.format(*values),
        }
        assert "${{" not in asked
        assert condition(asked, {"github": github}, functions) is wanted


def test_every_step_is_run_by_a_test() -> None:
    """By its name: the tests beside this one run steps as the runner would, and look at what came of it."""
    tests = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_on_*.py"))
    names = {step["name"] for path in PATHS for step in steps_of(path) if "run" in step}
    # `Install` is replaced, and `.ci/run` has tests of its own in test_gate.py
    assert [name for name in sorted(names - {"Install", "Lint and test"}) if name not in tests] == []
