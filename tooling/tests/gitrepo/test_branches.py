"""Branches by the beginning of their names, here and on a remote; what was merged is known."""

from __future__ import annotations

from pathlib import Path

import pytest

from incidentbook.gitrepo import commit_to_branch, resolve_revision
from incidentbook.gitrepo.branches import (
    branches,
    fetch_branches,
    has_been,
    is_ancestor,
    is_on_remote,
    push_branch,
)
from intakebed import repository_with_remote
from testbed import git

PATH = "incidents/2026/INC-2026-0001.md"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return repository_with_remote(tmp_path)


def test_names_begin_alike(root: Path) -> None:
    for name in ("intake/mail-1", "intake/mail-12", "intake/other", "mail-1"):
        commit_to_branch(root, name, {PATH: name.encode()}, "Add\n")
    assert list(branches(root, "intake/mail-1")) == ["intake/mail-1", "intake/mail-12"]
    assert branches(root, "intake/none") == {}


def test_pushed_fetched_and_forgotten(root: Path, tmp_path: Path) -> None:
    commit = commit_to_branch(root, "intake/a", {PATH: b"a"}, "Add\n")
    assert not is_on_remote(root, "intake/a")
    push_branch(root, "intake/a")
    assert is_on_remote(root, "intake/a") and is_on_remote(root, "intake/not-here")
    git(
        tmp_path,
        "clone",
        "--quiet",
        "--single-branch",
        "--branch",
        "main",
        f"file://{tmp_path / 'remote.git'}",
        "other",
    )
    other = tmp_path / "other"
    fetch_branches(other, "intake/")
    assert branches(other, "intake/") == {"intake/a": commit}
    git(tmp_path / "remote.git", "branch", "-D", "intake/a")
    fetch_branches(other, "intake/")
    assert branches(other, "intake/") == {}


def test_one_that_the_remote_has_left_behind_moves_on(root: Path, tmp_path: Path) -> None:
    commit_to_branch(root, "intake/a", {PATH: b"a"}, "Add\n")
    push_branch(root, "intake/a")
    git(tmp_path, "clone", "--quiet", f"file://{tmp_path / 'remote.git'}", "other")
    other = tmp_path / "other"
    for key, value in (("user.name", "Other"), ("user.email", "two@example.invalid")):
        git(other, "config", key, value)
    newer = commit_to_branch(other, "intake/a", {PATH: b"b"}, "Change\n")
    push_branch(other, "intake/a")
    fetch_branches(root, "intake/")
    assert branches(root, "intake/") == {"intake/a": newer}
    assert resolve_revision(root, "intake/a") == newer
    mine = commit_to_branch(root, "intake/a", {PATH: b"c"}, "Change again\n")
    assert branches(root, "intake/") == {"intake/a": mine}, "what is only here is not taken back"


@pytest.mark.parametrize("how", ["--no-ff", "--squash"])
def test_what_was_merged_is_known(root: Path, how: str) -> None:
    tip = commit_to_branch(root, "intake/a", {PATH: b"text\n"}, "Add\n")
    blob = git(root, "rev-parse", f"{tip}:{PATH}").strip()
    assert not has_been(root, PATH, blob)
    git(root, "merge", "--quiet", how, "intake/a")
    if how == "--squash":
        git(root, "commit", "--quiet", "--message", "Merged")
    assert is_ancestor(root, tip, "HEAD") == (how == "--no-ff")
    (root / PATH).write_text("changed\n")
    git(root, "commit", "--quiet", "--all", "--message", "Change")
    assert has_been(root, PATH, blob)
    assert not has_been(root, PATH, "f" * 40) and not has_been(root, "incidents/2026/*.md", blob)
