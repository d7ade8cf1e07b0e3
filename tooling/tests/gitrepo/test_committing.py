"""Commits past the working tree, and pushing them, in real Git with hooks, dirty trees and rivals."""

from __future__ import annotations

from pathlib import Path

import pytest

from incidentbook.gitrepo import (
    GitError,
    Signature,
    UnknownRevisionError,
    commit_to_branch,
    committing,
    push,
    remote_of,
)
from incidentbook.gitrepo.committing import PushRejectedError, branch_tip
from testbed import GIT_ENVIRONMENT, NEW_INCIDENT, CommitAll, MakeRepository, git, write_files

ONE, TWO = "incidents/2026/INC-2026-0001.md", "incidents/2026/INC-2026-0002.md"


@pytest.fixture(autouse=True)
def _somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in GIT_ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def root(make_repository: MakeRepository, commit_all: CommitAll) -> Path:
    root = make_repository({ONE: NEW_INCIDENT})
    commit_all(root)
    return root


def show(root: Path, revision: str, path: str) -> str:
    return git(root, "show", f"{revision}:{path}")


def test_neither_the_working_tree_nor_the_index_is_touched(root: Path) -> None:
    write_files(root, {ONE: "half done\n", "notes.md": "mine\n"})
    git(root, "add", "notes.md")
    before = git(root, "status", "--porcelain=v2", "--branch")
    commit = commit_to_branch(root, "intake/a", {TWO: b"second\n"}, "Log a second\n\nBecause.\n")
    assert git(root, "status", "--porcelain=v2", "--branch") == before
    assert show(root, "intake/a", TWO) == "second\n"
    assert show(root, "intake/a", ONE) == NEW_INCIDENT
    assert "notes.md" not in git(root, "ls-tree", "-r", "--name-only", "intake/a")
    assert git(root, "rev-parse", "intake/a").strip() == commit
    assert (
        git(root, "log", "-1", "--format=%s|%b|%an", commit).strip()
        == "Log a second|Because.\n|First duty engineer"
    )


def test_a_second_commit_follows_the_first_and_one_without_change_is_none(root: Path) -> None:
    first = commit_to_branch(root, "b", {TWO: b"1\n"}, "One")
    assert commit_to_branch(root, "b", {TWO: b"1\n"}, "Nothing") == first
    author = Signature("Somebody; $(rm -rf x)", "some@example.invalid")
    second = commit_to_branch(root, "b", {TWO: b"2\n", ONE: None}, "Two", author=author)
    assert git(root, "rev-parse", "b~1").strip() == first
    assert (
        git(root, "log", "-1", "--format=%an <%ae>", second).strip()
        == "Somebody; $(rm -rf x) <some@example.invalid>"
    )
    assert ONE not in git(root, "ls-tree", "-r", "--name-only", "b")
    assert commit_to_branch(root, "c", {}, "Nothing at all") == git(root, "rev-parse", "HEAD").strip()


def test_names_messages_and_bytes_that_need_care(root: Path) -> None:
    odd = 'incidents/2026/-x "y"\n\tzé.md'
    data = bytes(range(256)) * 300
    title = "--amend $(touch hacked) `x` 'y'\n\n" + "long " * 2000
    commit_to_branch(root, "b", {odd: data, "incidents/2026/empty.md": b""}, title)
    assert git(root, "log", "-1", "--format=%s", "b").startswith("--amend $(touch hacked) `x` 'y'")
    assert not (root / "hacked").exists()
    names = git(root, "ls-tree", "-r", "-z", "--name-only", "b").split("\0")
    assert {odd, "incidents/2026/empty.md"} <= set(names)


def test_hooks_do_not_run_and_a_base_may_be_named(root: Path) -> None:
    hook = root / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    first = git(root, "rev-parse", "HEAD").strip()
    commit_to_branch(root, "later", {TWO: b"1\n"}, "One")
    commit = commit_to_branch(root, "b", {TWO: b"2\n"}, "Two", base=first)
    assert git(root, "rev-parse", f"{commit}~1").strip() == first
    with pytest.raises(UnknownRevisionError):
        commit_to_branch(root, "c", {TWO: b"2\n"}, "Two", base="nobody")
    with pytest.raises(GitError):
        commit_to_branch(root, "no such..name", {TWO: b"2\n"}, "Two")
    with pytest.raises(GitError):
        commit_to_branch(root, "b", {"../outside.md": b"x"}, "Out")


def test_a_rival_who_commits_meanwhile_is_not_overwritten(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What somebody put on the branch between our reading it and our moving it stays there."""
    commit_to_branch(root, "b", {TWO: b"1\n"}, "One")
    tip = git(root, "rev-parse", "b").strip()
    rival = git(root, "commit-tree", f"{tip}^{{tree}}", "-p", tip, "-m", "Rival").strip()
    resolve = committing.resolve_tree

    def late(root: Path, commit: str) -> str:
        git(root, "update-ref", "refs/heads/b", rival)
        return resolve(root, commit)

    monkeypatch.setattr(committing, "resolve_tree", late)
    with pytest.raises(GitError):
        commit_to_branch(root, "b", {TWO: b"2\n"}, "Two")
    assert git(root, "rev-parse", "b").strip() == rival


def test_in_a_subfolder(make_repository: MakeRepository, commit_all: CommitAll, tmp_path: Path) -> None:
    root = make_repository({ONE: NEW_INCIDENT}, name="mono/ops")
    write_files(tmp_path / "mono", {"README.md": "x\n"})
    commit_all(tmp_path / "mono")
    commit_to_branch(root, "b", {TWO: b"2\n"}, "Two")
    assert show(tmp_path / "mono", "b", f"ops/{TWO}") == "2\n"
    assert show(tmp_path / "mono", "b", "README.md") == "x\n"


def test_push_and_a_push_that_is_rejected(root: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", "--bare", str(root), "remote.git")
    git(root, "remote", "add", "origin", str(tmp_path / "remote.git"))
    commit = commit_to_branch(root, "b", {TWO: b"1\n"}, "One")
    push(root, "b")
    assert git(tmp_path / "remote.git", "rev-parse", "b").strip() == commit
    push(root, "b")
    git(tmp_path, "clone", "--quiet", "--branch", "b", "remote.git", "other")
    write_files(tmp_path / "other", {TWO: "theirs\n"})
    git(tmp_path / "other", "commit", "--quiet", "--all", "--message", "Theirs")
    git(tmp_path / "other", "push", "--quiet")
    commit_to_branch(root, "b", {TWO: b"mine\n"}, "Mine")
    with pytest.raises(PushRejectedError, match=r"origin refused branch `b`: .*`git pull --rebase origin b`"):
        push(root, "b")
    assert show(tmp_path / "remote.git", "b", TWO) == "theirs\n"
    with pytest.raises(GitError):
        push(root, "b", "nowhere")


def test_a_branch_that_only_the_remote_has_is_continued(root: Path, tmp_path: Path) -> None:
    commit_to_branch(root, "b", {TWO: b"1\n"}, "One")
    git(tmp_path, "clone", "--quiet", str(root), "mine")
    mine = tmp_path / "mine"
    assert branch_tip(mine, "b") == git(root, "rev-parse", "b").strip()
    assert branch_tip(mine, "nobody") is None
    commit_to_branch(mine, "b", {TWO: b"2\n"}, "Two")
    assert git(mine, "rev-parse", "b~1") == git(root, "rev-parse", "b")


def test_which_remote_is_meant(root: Path) -> None:
    assert remote_of(root) is None
    git(root, "remote", "add", "forge", "/nowhere")
    assert remote_of(root) == "forge"
    git(root, "remote", "add", "other", "/nowhere")
    assert remote_of(root) is None
    git(root, "remote", "add", "origin", "/nowhere")
    assert remote_of(root) == "origin"
    git(root, "config", "branch.main.remote", "other")
    assert remote_of(root) == "other"
    git(root, "checkout", "--quiet", "--detach")
    assert remote_of(root) == "origin"


def test_a_branch_that_the_other_side_protects(root: Path, tmp_path: Path) -> None:
    """No pulling helps there: it is not called a race that was lost."""
    git(tmp_path, "clone", "--quiet", "--bare", str(root), "remote.git")
    hook = tmp_path / "remote.git" / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho 'main is protected' >&2\nexit 1\n")
    hook.chmod(0o755)
    git(root, "remote", "add", "origin", str(tmp_path / "remote.git"))
    commit_to_branch(root, "b", {TWO: b"1\n"}, "One")
    with pytest.raises(
        GitError, match=r"git push: ! \[remote rejected\] b -> b \(pre-receive hook declined\)"
    ):
        push(root, "b")


@pytest.mark.parametrize(
    "path", ["../x.md", "/x.md", "a//b.md", "a/../../b.md", ".git/config", "a/.GIT/x", ""]
)
def test_a_path_that_leads_out_is_refused(root: Path, path: str) -> None:
    with pytest.raises(GitError, match="is no path of a file in the records folder; nothing was committed"):
        commit_to_branch(root, "b", {path: b"x"}, "Out")
    assert branch_tip(root, "b") is None
