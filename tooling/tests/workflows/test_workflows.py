"""The workflows are safe to run on a stranger's pull request, and what they call is there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from testbed import REPOSITORY_ROOT, git

WORKFLOWS = sorted((REPOSITORY_ROOT / ".github" / "workflows").glob("*.yml"))
PROGRAMS = Path(sys.executable).parent


def read(path: Path) -> dict[str, Any]:
    # BaseLoader, because YAML 1.1 reads the key `on` as true
    workflow = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)
    assert isinstance(workflow, dict)
    return workflow


def steps_of(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, job in read(path)["jobs"].items():
        for step in job["steps"]:
            yield name, step


def step(workflow: str, job: str, uses: str) -> dict[str, Any]:
    """The step of a job whose script calls something."""
    found = [
        step
        for name, step in steps_of(REPOSITORY_ROOT / ".github" / "workflows" / workflow)
        if name == job and uses in step.get("run", "")
    ]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned_by_commit_with_their_version_beside(path: Path) -> None:
    uses = re.findall(r"uses: *(.+)", path.read_text(encoding="utf-8"))
    assert uses
    assert [one for one in uses if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", one)] == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_nothing_is_permitted_but_what_a_job_asks_for(path: Path) -> None:
    workflow = read(path)
    assert workflow["permissions"] == "" or workflow["permissions"] == {} or workflow["permissions"] == "{}"
    assert "pull_request_target" not in workflow["on"]
    for name, job in workflow["jobs"].items():
        writes = {key for key, value in job["permissions"].items() if value != "read"}
        assert writes == ({"pages", "id-token"} if name == "deploy" else set())
        assert job["timeout-minutes"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_no_script_is_made_of_what_a_stranger_wrote(path: Path) -> None:
    assert [step["run"] for _, step in steps_of(path) if "${{" in step.get("run", "")] == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_checkout_leaves_no_token_behind(path: Path) -> None:
    checkouts = [step for _, step in steps_of(path) if step.get("uses", "").startswith("actions/checkout@")]
    assert checkouts
    assert all(step["with"]["persist-credentials"] == "false" for step in checkouts)


def test_an_overdue_review_fails_a_job_of_its_own() -> None:
    """Logging is never blocked: the job that checks records does not ask for reviews."""
    assert step("check.yml", "reviews", "incidentbook reviews --overdue")
    records = [step.get("run", "") for name, step in steps_of(WORKFLOWS[0]) if name == "records"]
    assert "reviews" not in "".join(records)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The repository as a runner has it after `make install`: records, schema, and the tool in .venv."""
    root = tmp_path / "clone"
    for folder in ("incidents", "knowledge", "schema", "site"):
        shutil.copytree(REPOSITORY_ROOT / folder, root / folder)
    for path in REPOSITORY_ROOT.glob("mkdocs*.yml"):
        shutil.copy(path, root)
    (root / ".venv").mkdir()
    (root / ".venv" / "bin").symlink_to(PROGRAMS)
    git(root, "init", "--quiet")
    return root


def run_step(clone: Path, script: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a script as GitHub does: bash that stops at the first failure."""
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=clone,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_sample_records_pass_and_a_broken_one_is_annotated(clone: Path) -> None:
    script = step("check.yml", "records", "incidentbook check")["run"]
    sound = run_step(clone, script)
    assert (sound.returncode, sound.stderr) == (0, "")
    broken = clone / "incidents" / "2026" / "INC-2026-9000.md"
    broken.write_text("---\ntitle: No state\nopend: 2026-11-01T00:00+00:00\n---\n", encoding="utf-8")
    refused = run_step(clone, script)
    assert refused.returncode == 1
    assert "::error file=incidents/2026/INC-2026-9000.md,line=3" in refused.stdout


def test_the_job_summary_has_the_figures(clone: Path, tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    script = step("check.yml", "records", "incidentbook stats")["run"]
    assert run_step(clone, script, GITHUB_STEP_SUMMARY=str(summary)).returncode == 0
    text = summary.read_text(encoding="utf-8")
    for row in ("Time to restore (MTTR)", "Response", "Resolution"):
        assert re.search(rf"^\| {re.escape(row)} \| ", text, re.MULTILINE)


def test_a_job_summary_fails_where_the_figures_fail(clone: Path, tmp_path: Path) -> None:
    (clone / "schema" / "incidentbook.yml").unlink()
    script = step("check.yml", "records", "incidentbook stats")["run"]
    assert run_step(clone, script, GITHUB_STEP_SUMMARY=str(tmp_path / "summary.md")).returncode == 2


def test_the_review_job_fails_on_an_overdue_review_and_passes_without(clone: Path) -> None:
    script = step("check.yml", "reviews", "incidentbook reviews")["run"]
    ran = run_step(clone, script)
    assert ran.returncode in {0, 1}
    assert ran.stderr == ""
    # once no review policy is in force, none is required, so none is overdue
    (clone / "schema" / "reviews.yml").write_text("policies: []\n", encoding="utf-8")
    assert run_step(clone, script).returncode == 0
