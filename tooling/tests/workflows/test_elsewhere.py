"""The same gate for GitLab, as a pipeline, and for any other forge and a laptop, as a script."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from incidentbook.scaffold.workflows import ForgeName, workflow_files
from runnerbed import NOW, PROGRAMS
from testbed import GIT_ENVIRONMENT, NEW_INCIDENT, REPOSITORY_ROOT, SCHEMA, git, write_files
from workflowbed import HOSTILE, UNREVIEWED, ForgeBed

FIRST, SECOND = (f"incidents/2026/INC-2026-000{number}.md" for number in (1, 2))
BROKEN = NEW_INCIDENT.replace("status: new", "status: nwe")
HOSTILE_TITLE = NEW_INCIDENT.replace(
    "title: Checkout answers 502 for one request in five", f"title: {json.dumps(HOSTILE['commands'])}"
)

OWED = {
    "incidents/2026/INC-2026-0003.md": UNREVIEWED,
    "incidents/2026/INC-2026-0004.md": UNREVIEWED.replace(
        "major: true", "major: true\nvisibility: restricted"
    ),
}
"""Two reviews that are overdue, one of a restricted incident."""


@pytest.fixture
def clone(bed: ForgeBed) -> Path:
    """What a runner has after the installation: everything that is committed, and the tool in .venv."""
    programs = bed.work / ".venv" / "bin"
    programs.mkdir(parents=True)
    for program in ("incidentbook", "mkdocs"):
        (programs / program).symlink_to(PROGRAMS / program)
    return bed.work


@pytest.fixture
def built(clone: Path) -> Path:
    """What stands in for mkdocs where another test builds the site, and writes down how it was called."""
    (clone / ".venv" / "bin" / "mkdocs").unlink()
    log = clone.parent / "built"
    script = f'#!/bin/sh\necho "$*" >> "{log}"\n'
    (clone / ".venv" / "bin" / "mkdocs").write_text(script, encoding="utf-8")
    (clone / ".venv" / "bin" / "mkdocs").chmod(0o755)
    return log


def shell(folder: Path, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    ours = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "CI"))}
    more = {"INCIDENTBOOK_NOW": NOW, "NO_MKDOCS_2_WARNING": "1", **GIT_ENVIRONMENT, **variables}
    return subprocess.run(
        [*command], cwd=folder, env={**ours, **more}, capture_output=True, text=True, check=False
    )


def job(name: str) -> dict[str, Any]:
    text = workflow_files(ForgeName.GITLAB, in_tree=False)[".gitlab-ci.yml"]
    found: dict[str, Any] = yaml.safe_load(text)[name]
    return found


def run_job(
    name: str, clone: Path, part: str = "script", **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run a part of a job as GitLab's runner does: one shell for all lines, until the first that fails."""
    script = "\n".join(["set -eo pipefail", *job(name)[part]])
    return shell(clone, "bash", "--noprofile", "--norc", "-c", script, **variables)


def test_a_merge_request_is_judged_by_its_own_change(bed: ForgeBed, clone: Path) -> None:
    base = bed.commit({FIRST: BROKEN})
    bed.commit({SECOND: HOSTILE_TITLE})
    mine = run_job("records", clone, CI_MERGE_REQUEST_DIFF_BASE_SHA=base)
    assert mine.returncode == 0, mine.stdout + mine.stderr
    everything = run_job("records", clone)
    assert everything.returncode == 1
    assert FIRST in everything.stdout
    assert bed.untouched()


def test_findings_go_into_reports_and_the_log_says_what_the_change_does(bed: ForgeBed, clone: Path) -> None:
    base = git(clone, "rev-parse", "HEAD").strip()
    bed.commit({FIRST: BROKEN, SECOND: HOSTILE_TITLE})
    told = run_job("records", clone, "after_script", CI_MERGE_REQUEST_DIFF_BASE_SHA=base)
    assert told.returncode == 0, told.stderr
    reports = job("records")["artifacts"]["reports"]
    (finding, *_) = json.loads((clone / reports["codequality"]).read_text("utf-8"))
    assert finding["location"]["path"] == FIRST
    assert "<testsuite" in (clone / reports["junit"]).read_text("utf-8")
    assert "INC-2026-0002" in told.stdout
    assert "Time to restore (MTTR)" in told.stdout
    assert bed.untouched()


def test_reviews_are_asked_for_in_a_job_of_their_own(bed: ForgeBed, clone: Path) -> None:
    base = git(clone, "rev-parse", "HEAD").strip()
    bed.commit({FIRST: NEW_INCIDENT})
    assert run_job("reviews", clone, CI_MERGE_REQUEST_DIFF_BASE_SHA=base).returncode == 0
    assert "reviews" not in str(job("records"))
    # on main it says what is owed, and is not red for ever; of what is restricted it does not say it
    bed.commit(OWED)
    owed = run_job("reviews", clone)
    assert owed.returncode == 0
    assert [(name in owed.stdout) for name in ("INC-2026-0003", "INC-2026-0004")] == [True, False]


def test_the_pipeline_builds_publishes_and_compares(clone: Path, built: Path) -> None:
    for name in ("generated", "site", "pages"):
        assert run_job(name, clone).returncode == 0
    assert built.read_text("utf-8").splitlines() == [
        "build --strict -f mkdocs.public.yml",
        "build -f mkdocs.public.yml --site-dir public",
    ]
    assert job("pages")["artifacts"]["paths"] == ["public"]
    assert job("pages")["cache"]["paths"] == [".cache"]


def run_script(clone: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    sh = shutil.which("dash") or "sh"
    return shell(clone, sh, "ci/gate.sh", *arguments, **variables)


ASKED = ["Records are sound", "No review is overdue", "What is generated is up to date", "The site builds"]


def asked(ran: subprocess.CompletedProcess[str]) -> list[str]:
    return [line[3:] for line in ran.stdout.splitlines() if line.startswith("== ")]


def reviews_of(ran: subprocess.CompletedProcess[str]) -> str:
    """What it answered to that question. The log has other readers than the records."""
    return ran.stdout.partition("== No review is overdue")[2].partition("== ")[0]


def test_the_script_asks_everything_whatever_was_found(clone: Path, built: Path) -> None:
    write_files(clone, {FIRST: BROKEN, **OWED})
    refused = run_script(clone)
    assert refused.returncode == 1, refused.stderr
    assert asked(refused) == ASKED
    assert "-- Records are sound: no (1)" in refused.stdout
    assert "-- No review is overdue: no (1)" in refused.stdout
    assert [(name in reviews_of(refused)) for name in ("INC-2026-0003", "INC-2026-0004")] == [True, False]
    assert built.read_text("utf-8") == "build --quiet --strict -f mkdocs.public.yml\n"


def test_the_script_passes_what_is_sound(bed: ForgeBed, clone: Path) -> None:
    bed.commit({FIRST: HOSTILE_TITLE})
    passed = run_script(clone)
    assert passed.returncode == 0, passed.stdout + passed.stderr
    assert asked(passed) == ASKED
    assert "-- " not in passed.stdout
    assert bed.untouched()


def test_the_script_judges_a_change_from_any_folder(bed: ForgeBed, clone: Path, built: Path) -> None:
    base = bed.commit({FIRST: BROKEN, **OWED})
    altered = SCHEMA["schema/services.yml"].replace("team: payments", "team: desk")
    bed.commit({SECOND: NEW_INCIDENT, "schema/services.yml": altered})
    passed = shell(clone / "incidents", "sh", "../ci/gate.sh", base)
    assert passed.returncode == 0, passed.stdout
    assert [(name in reviews_of(passed)) for name in ("INC-2026-0003", "INC-2026-0004")] == [True, False]
    assert built.is_file()
    absent = run_script(clone, "no-such-branch")
    assert absent.returncode == 2
    assert "no-such-branch" in absent.stderr


def test_the_hooks_of_pre_commit_name_commands_and_a_page_that_are_there() -> None:
    text = (REPOSITORY_ROOT / ".pre-commit-hooks.yaml").read_text("utf-8")
    pages = re.findall(r"site/docs/[\w-]+\.md", text)
    assert pages
    assert all("pre-commit" in (REPOSITORY_ROOT / page).read_text("utf-8") for page in pages)
    assert {hook["entry"] for hook in yaml.safe_load(text)} == {
        "incidentbook check",
        "incidentbook schema --check",
    }


def test_the_script_says_that_the_tool_is_not_there(bed: ForgeBed) -> None:
    ran = shell(bed.work, "/bin/sh", "ci/gate.sh", PATH="/usr/bin:/bin")
    assert ran.returncode == 2
    assert ran.stderr.startswith("gate: there is no incidentbook")
