"""What `setup-git` writes, once, and takes back."""

from __future__ import annotations

import shlex
import sys
from datetime import date

from incidentbook.commands.setup_git import ATTRIBUTES, driver_command
from incidentbook.scaffold.repository import repository_files
from testbed import REPOSITORY_ROOT, CommitAll, MakeRepository, RunCli, git


def test_it_writes_what_is_missing_and_nothing_twice(
    make_repository: MakeRepository, commit_all: CommitAll, run_cli: RunCli
) -> None:
    root = make_repository({".gitattributes": "*.png binary"})
    commit_all(root)
    first = run_cli("setup-git", "--check", repo=root)
    assert first.code == 1
    assert "this clone has no merge driver" in first.out
    assert ".gitattributes does not say" in first.out
    assert run_cli("setup-git", repo=root).code == 0
    attributes = (root / ".gitattributes").read_text()
    assert attributes.startswith("*.png binary\n# Git merges records")
    assert run_cli("setup-git", "--check", repo=root).code == 0
    again = run_cli("setup-git", repo=root)
    assert again.out == "Git merges the records of this clone by what they mean.\n"
    assert (root / ".gitattributes").read_text() == attributes
    assert git(root, "config", "merge.incidentbook.driver").strip() == driver_command(sys.executable)


def test_another_installation_is_noticed_and_replaced(
    make_repository: MakeRepository, commit_all: CommitAll, run_cli: RunCli
) -> None:
    root = make_repository()
    commit_all(root)
    run_cli("setup-git", repo=root)
    git(root, "config", "merge.incidentbook.driver", driver_command("/gone/bin/python"))
    assert "another installation" in run_cli("setup-git", "--check", repo=root).out
    run_cli("setup-git", repo=root)
    assert run_cli("setup-git", "--check", repo=root).code == 0


def test_what_was_set_up_is_taken_back(
    make_repository: MakeRepository, commit_all: CommitAll, run_cli: RunCli
) -> None:
    root = make_repository()
    commit_all(root)
    run_cli("setup-git", repo=root)
    assert run_cli("setup-git", "--remove", repo=root).code == 0
    assert "incidentbook" not in git(root, "config", "--list")
    outcome = run_cli("setup-git", "--remove", repo=root)
    assert (outcome.code, outcome.err) == (
        2, "incidentbook: this clone has no merge driver of incidentbook; nothing was removed\n",
    )  # fmt: skip


def test_outside_git_it_says_so(make_repository: MakeRepository, run_cli: RunCli) -> None:
    outcome = run_cli("setup-git", repo=make_repository())
    assert outcome.code == 2
    assert "is not in a Git repository" in outcome.err


def test_a_python_in_a_folder_with_a_strange_name_is_quoted() -> None:
    python = "/opt/it's 100%/python"
    command = driver_command(python).replace("%%", "%")
    assert shlex.split(command)[0] == python


def test_a_new_repository_and_this_one_name_their_files_already() -> None:
    files = repository_files(name="x", zone="UTC", url=None, today=date(2026, 11, 20))
    assert files[".gitattributes"] == ATTRIBUTES
    assert (REPOSITORY_ROOT / ".gitattributes").read_text() == ATTRIBUTES
