"""The hooks of .pre-commit-hooks.yaml, run by pre-commit itself at a commit.

pre-commit clones a repository of hooks, makes an environment, and lets pip build and install the tool from
the clone into it, as for any user. Only what the tool itself depends on is not installed anew, because
tests do not use the network: the environment sees the packages of the one that runs the tests.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path

import pytest

from incidentbook.cli import main
from testbed import GIT_ENVIRONMENT, NEW_INCIDENT, REPOSITORY_ROOT, SCHEMA, git, write_files

PATH = "incidents/2026/INC-2026-0042.md"
WRONG = NEW_INCIDENT.replace("urgency: high", "urgency: hihg")
NOT_TRIED = "Skipped"
CONFIGURATION = """\
repos:
  - repo: {hooks}
    rev: {revision}
    hooks:
      - id: incidentbook-check
      - id: incidentbook-schema
"""
BELOW = """\
repos:
  - repo: {hooks}
    rev: {revision}
    hooks:
      - id: incidentbook-check
        entry: incidentbook --repo records check
        files: ^records/(incidents|knowledge|schema)/
"""


class Hooks:
    """A repository of hooks, and the environments that pre-commit makes of it."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "hooks"
        self.home = folder / "home"
        for name in ("pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml"):
            self.root.mkdir(exist_ok=True)
            shutil.copy(REPOSITORY_ROOT / name, self.root)
        shutil.copytree(
            REPOSITORY_ROOT / "tooling" / "src",
            self.root / "tooling" / "src",
            ignore=shutil.ignore_patterns("__pycache__"),
        )
        self.revision = commit_everything(self.root)

    @property
    def environment(self) -> dict[str, str]:
        inherited = {
            key: value
            for key, value in os.environ.items()
            if not key.startswith(("GIT_", "PIP_", "INCIDENT"))
        }
        return {
            **inherited,
            **GIT_ENVIRONMENT,
            "PRE_COMMIT_HOME": str(self.home),
            "PYTHONPATH": sysconfig.get_path("purelib"),
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_INDEX": "1",
            # pip reads it the other way round: 0 is without isolation, which would download hatchling
            "PIP_NO_BUILD_ISOLATION": "0",
        }

    def run(self, root: Path, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=root, env=self.environment, capture_output=True, text=True, check=False, timeout=300
        )

    def pre_commit(self, root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.run(root, sys.executable, "-m", "pre_commit", *arguments)

    def commit(self, root: Path, files: Mapping[str, str | bytes]) -> subprocess.CompletedProcess[str]:
        """Commit files as a person would, hooks and all."""
        write_files(root, files)
        git(root, "add", "--all")
        return self.run(root, "git", "commit", "--quiet", "--message", "Log")


def commit_everything(root: Path) -> str:
    git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "All", "--no-verify")
    return git(root, "rev-parse", "HEAD").strip()


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Hooks:
    return Hooks(tmp_path_factory.mktemp("pre-commit"))


@pytest.fixture
def records(hooks: Hooks, tmp_path: Path) -> Path:
    """A records repository with the hooks, at whose every commit they run."""
    root = tmp_path / "records"
    configuration = CONFIGURATION.format(hooks=hooks.root, revision=hooks.revision)
    write_files(root, {**SCHEMA, ".pre-commit-config.yaml": configuration, ".gitignore": "/.cache/\n"})
    assert main(["--repo", str(root), "schema"]) == 0
    commit_everything(root)
    installed = hooks.pre_commit(root, "install")
    assert installed.returncode == 0, installed.stdout + installed.stderr
    return root


def test_the_manifest_is_one(hooks: Hooks) -> None:
    outcome = hooks.pre_commit(hooks.root, "validate-manifest", ".pre-commit-hooks.yaml")
    assert outcome.returncode == 0, outcome.stdout


def test_a_broken_record_is_not_committed(hooks: Hooks, records: Path) -> None:
    refused = hooks.commit(records, {PATH: WRONG})
    said = refused.stdout + refused.stderr
    assert refused.returncode == 1, said
    assert f"{PATH}:8:10: error[unknown-value]" in said
    assert "1 record checked" in said
    assert git(records, "log", "--oneline").count("\n") == 1
    passed = hooks.commit(records, {PATH: NEW_INCIDENT, "incidents/2026/INC-2026-0042/a b $(x).log": "up"})
    assert passed.returncode == 0, passed.stdout + passed.stderr
    assert git(records, "log", "--oneline").count("\n") == 2


def test_only_the_files_of_the_commit_are_checked(hooks: Hooks, records: Path) -> None:
    write_files(records, {PATH: WRONG})
    commit_everything(records)
    other = "incidents/2026/INC-2026-0043.md"
    outcome = hooks.commit(records, {other: NEW_INCIDENT})
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    elsewhere = hooks.commit(records, {"README.md": "# Ours\n"})
    assert elsewhere.returncode == 0
    assert (elsewhere.stdout + elsewhere.stderr).count(NOT_TRIED) == 2
    every = hooks.pre_commit(records, "run", "--all-files")
    assert every.returncode == 1
    assert "2 records checked" in every.stdout


def test_generated_files_that_are_stale_are_told(hooks: Hooks, records: Path) -> None:
    teams = SCHEMA["schema/teams.yml"] + '  - {id: shop, name: Shop, forge: "@shop", owns: [schema/]}\n'
    stale = hooks.commit(records, {"schema/teams.yml": teams})
    said = stale.stdout + stale.stderr
    assert stale.returncode == 1, said
    assert ".github/CODEOWNERS is stale; `incidentbook schema` writes it again" in said
    assert main(["--repo", str(records), "schema"]) == 0
    assert hooks.commit(records, {}).returncode == 0


def test_records_in_a_folder_of_a_repository(hooks: Hooks, tmp_path: Path) -> None:
    root = tmp_path / "whole"
    write_files(root / "records", {**SCHEMA, ".gitignore": "/.cache/\n"})
    write_files(root, {".pre-commit-config.yaml": BELOW.format(hooks=hooks.root, revision=hooks.revision)})
    commit_everything(root)
    assert hooks.pre_commit(root, "install").returncode == 0
    refused = hooks.commit(root, {f"records/{PATH}": WRONG})
    assert refused.returncode == 1
    assert "error[unknown-value]" in refused.stdout + refused.stderr
    assert hooks.commit(root, {f"records/{PATH}": NEW_INCIDENT}).returncode == 0
