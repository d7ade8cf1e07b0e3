"""Questions to real Git: what is here, what is on other branches, and why there is no answer."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from incidentbook.gitrepo import (
    GitError,
    NotAGitRepositoryError,
    UnknownRevisionError,
    current_revision,
    initialise,
    is_repository,
    names_on_all_branches,
    open_revision,
)
from incidentbook.gitrepo.command import GitNotFoundError, run_git
from testbed import NEW_INCIDENT, CommitAll, MakeRepository, git, write_files

FIRST, SECOND, THIRD = (f"incidents/2026/INC-2026-{number:04d}.md" for number in (1, 2, 3))


@pytest.fixture(autouse=True)
def _no_git_around(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests may themselves run in a hook."""
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR"):
        monkeypatch.delenv(name, raising=False)


def branch(root: Path, name: str, *paths: str, message: str = "Record") -> None:
    """Put records on a branch of their own, and come back."""
    before = git(root, "symbolic-ref", "--short", "HEAD").strip()
    git(root, "switch", "--quiet", "--create", name)
    write_files(root, dict.fromkeys(paths, NEW_INCIDENT))
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", message)
    git(root, "switch", "--quiet", before)


def test_outside_git_everything_has_an_answer(make_repository: MakeRepository) -> None:
    root = make_repository({FIRST: NEW_INCIDENT})
    assert not is_repository(root)
    assert current_revision(root) is None
    assert names_on_all_branches(root) == set()
    with pytest.raises(NotAGitRepositoryError, match="is not in a Git repository; `git init` makes it one"):
        open_revision(root, "HEAD")


def test_before_the_first_commit_too(make_repository: MakeRepository) -> None:
    root = make_repository({FIRST: NEW_INCIDENT})
    initialise(root)
    assert git(root, "symbolic-ref", "HEAD").strip() == "refs/heads/main"
    assert is_repository(root)
    assert current_revision(root) is None
    assert names_on_all_branches(root) == set()
    with pytest.raises(UnknownRevisionError, match="there is no revision `HEAD` here"):
        open_revision(root, "HEAD")


def test_the_commit_that_is_checked_out(make_repository: MakeRepository, commit_all: CommitAll) -> None:
    root = make_repository({FIRST: NEW_INCIDENT})
    first = commit_all(root)
    assert current_revision(root) == first
    assert commit_all(root, "Again") == current_revision(root) != first
    git(root, "checkout", "--quiet", "--detach", first)
    assert current_revision(root) == first
    assert open_revision(root, "main~1").revision == first


def test_names_of_every_local_branch(make_repository: MakeRepository, commit_all: CommitAll) -> None:
    root = make_repository({FIRST: NEW_INCIDENT, "knowledge/articles/restart.md": "", "site/index.md": ""})
    commit_all(root)
    branch(root, "second", SECOND)
    branch(root, "third", THIRD)
    assert not (root / SECOND).exists()
    assert names_on_all_branches(root) == {
        "INC-2026-0001.md",
        "INC-2026-0002.md",
        "INC-2026-0003.md",
        "restart.md",
    }
    git(root, "checkout", "--quiet", "--detach")
    git(root, "branch", "--quiet", "--force", "-D", "third")
    assert "INC-2026-0003.md" not in names_on_all_branches(root)


def test_names_of_remote_tracking_branches(
    make_repository: MakeRepository, commit_all: CommitAll, tmp_path: Path
) -> None:
    colleague = make_repository({FIRST: NEW_INCIDENT}, name="colleague")
    commit_all(colleague)
    branch(colleague, "outage", SECOND)
    git(tmp_path, "clone", "--quiet", "--bare", str(colleague), "remote.git")
    git(tmp_path, "clone", "--quiet", "--single-branch", "remote.git", "mine")
    mine = tmp_path / "mine"
    assert names_on_all_branches(mine) == {"INC-2026-0001.md"}
    git(mine, "fetch", "--quiet", "origin", "outage:refs/remotes/origin/outage")
    assert names_on_all_branches(mine) == {"INC-2026-0001.md", "INC-2026-0002.md"}


def test_records_in_a_subfolder_of_a_repository(
    make_repository: MakeRepository, commit_all: CommitAll, tmp_path: Path
) -> None:
    top = tmp_path / "monorepo"
    root = make_repository({FIRST: NEW_INCIDENT}, name="monorepo/ops/Störungen & Co ")
    write_files(top, {"incidents/2026/INC-2026-0009.md": NEW_INCIDENT, "README.md": "# Ours\n"})
    commit_all(top)
    assert is_repository(root)
    assert names_on_all_branches(root) == {"INC-2026-0001.md"}
    assert FIRST in open_revision(root, "HEAD").paths()
    assert open_revision(root, "HEAD").read(FIRST) == NEW_INCIDENT.encode()


def test_a_worktree_has_its_own_commit(
    make_repository: MakeRepository, commit_all: CommitAll, tmp_path: Path
) -> None:
    root = make_repository({FIRST: NEW_INCIDENT})
    first = commit_all(root)
    git(root, "worktree", "add", "--quiet", "-b", "hotfix", str(tmp_path / "hotfix"))
    write_files(tmp_path / "hotfix", {SECOND: NEW_INCIDENT})
    second = commit_all(tmp_path / "hotfix")
    assert (current_revision(root), current_revision(tmp_path / "hotfix")) == (first, second)
    assert names_on_all_branches(root) == names_on_all_branches(tmp_path / "hotfix")
    assert "INC-2026-0002.md" in names_on_all_branches(root)


@pytest.mark.parametrize(
    "revision", ["nobody", "0" * 40, "HEAD~9", "", " ", "--all", "HEAD:incidents", "main^{tree}"]
)
def test_a_revision_that_is_not_here(
    make_repository: MakeRepository, commit_all: CommitAll, revision: str
) -> None:
    root = make_repository({FIRST: NEW_INCIDENT})
    commit_all(root)
    with pytest.raises(UnknownRevisionError) as raised:
        open_revision(root, revision)
    assert f"no revision `{revision}` here; `git fetch` may bring it" in str(raised.value)


def test_a_shallow_clone_says_what_to_fetch(
    make_repository: MakeRepository, commit_all: CommitAll, tmp_path: Path
) -> None:
    root = make_repository({FIRST: NEW_INCIDENT})
    first = commit_all(root)
    commit_all(root, "Again")
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{root}", "shallow")
    with pytest.raises(UnknownRevisionError, match=r"the clone is shallow: `git fetch --unshallow`"):
        open_revision(tmp_path / "shallow", first)
    assert FIRST in open_revision(tmp_path / "shallow", "HEAD").paths()


def test_a_branch_that_is_damaged_does_not_keep_the_others_from_being_read(
    make_repository: MakeRepository, commit_all: CommitAll
) -> None:
    root = make_repository({FIRST: NEW_INCIDENT})
    commit_all(root)
    branch(root, "second", SECOND)
    commit = git(root, "rev-parse", "second").strip()
    (root / ".git" / "objects" / commit[:2] / commit[2:]).unlink()
    assert "INC-2026-0001.md" in names_on_all_branches(root)


def test_what_git_says_is_one_line(make_repository: MakeRepository, commit_all: CommitAll) -> None:
    root = make_repository()
    commit_all(root)
    with pytest.raises(GitError) as raised:
        run_git(root, "cat-file", "blob", "0" * 40)
    assert "\n" not in str(raised.value)
    assert str(raised.value).startswith("git cat-file: ")


def test_a_repository_that_git_refuses_is_not_called_absent(
    make_repository: MakeRepository, commit_all: CommitAll
) -> None:
    root = make_repository()
    commit_all(root)
    (root / ".git" / "config").write_text("[core\n")
    with pytest.raises(GitError) as raised:
        open_revision(root, "HEAD")
    assert not isinstance(raised.value, NotAGitRepositoryError | UnknownRevisionError)
    assert "config" in str(raised.value)


def test_without_git_on_the_machine(make_repository: MakeRepository, tmp_path: Path) -> None:
    root = make_repository()
    script = (
        "from pathlib import Path\n"
        "from incidentbook.gitrepo import current_revision, names_on_all_branches, open_revision\n"
        f"root = Path({str(root)!r})\n"
        "print(current_revision(root), names_on_all_branches(root))\n"
        "try:\n    open_revision(root, 'HEAD')\n"
        "except Exception as error:\n    print(type(error).__name__, error)\n"
    )
    environment = {**os.environ, "PATH": str(tmp_path)}
    output = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    ).stdout
    assert output.splitlines() == [
        "None set()",
        f"{GitNotFoundError.__name__} git was not found; install it, or leave out what needs revisions",
    ]


def test_in_a_hook_the_repository_asked_about_is_meant(
    make_repository: MakeRepository, commit_all: CommitAll, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_repository({FIRST: NEW_INCIDENT}, name="repository/ops")
    top = tmp_path / "repository"
    commit = commit_all(top)
    outside = make_repository({SECOND: NEW_INCIDENT}, name="outside")
    other = make_repository({THIRD: NEW_INCIDENT}, name="other")
    commit_all(other)
    monkeypatch.setenv("GIT_DIR", ".git")
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/index")
    assert current_revision(root) == commit
    assert names_on_all_branches(root) == {"INC-2026-0001.md"}
    assert names_on_all_branches(other) == {"INC-2026-0003.md"}
    monkeypatch.setenv("GIT_DIR", str(top / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(top))
    assert current_revision(root) == commit
    assert names_on_all_branches(other) == {"INC-2026-0003.md"}
    assert not is_repository(outside)
    initialise(outside)
    assert (outside / ".git" / "HEAD").exists()


def test_a_real_hook_of_a_worktree_reads_its_own_records(
    make_repository: MakeRepository, commit_all: CommitAll, tmp_path: Path
) -> None:
    root = make_repository({FIRST: NEW_INCIDENT})
    commit_all(root)
    git(root, "worktree", "add", "--quiet", "-b", "hotfix", str(tmp_path / "hotfix"))
    script = (
        "from pathlib import Path; from incidentbook.gitrepo import names_on_all_branches, open_revision;"
        f"print(names_on_all_branches(Path.cwd()), {FIRST!r} in open_revision(Path.cwd(), 'HEAD').paths())"
    )
    hook = root / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f'#!/bin/sh\n"{sys.executable}" -c "{script}" >"{tmp_path}/told" 2>&1\n')
    hook.chmod(0o755)
    write_files(tmp_path / "hotfix", {SECOND: NEW_INCIDENT})
    git(tmp_path / "hotfix", "add", "--all")
    git(tmp_path / "hotfix", "commit", "--quiet", "--message", "Record")
    assert (tmp_path / "told").read_text() == "{'INC-2026-0001.md'} True\n"


def test_git_is_asked_with_fixed_words(
    make_repository: MakeRepository, commit_all: CommitAll, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_repository()
    monkeypatch.setenv("LANGUAGE", "de")
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    with pytest.raises(NotAGitRepositoryError):
        run_git(root, "rev-parse", "HEAD")
