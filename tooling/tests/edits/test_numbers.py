"""The next number is above every one in use, here and on every branch."""

from __future__ import annotations

import pytest

from incidentbook.archive import open_repository
from incidentbook.edits import Numbers, names_in_use
from testbed import NEW_INCIDENT, CommitAll, MakeRepository, git


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ([], "INC-2026-0001"),
        (["INC-2026-0041.md"], "INC-2026-0042"),
        (["INC-2026-0003.md", "INC-2026-0001.md"], "INC-2026-0004"),
        (["INC-2026-9999.md"], "INC-2026-10000"),
        (["INC-2026-10000.md", "INC-2026-9999.md"], "INC-2026-10001"),
        (["INC-2026-0007.review.md"], "INC-2026-0008"),
        (["INC-2026-0009"], "INC-2026-0010"),
        (["INC-2025-0007.md", "MNT-2026-0009.md", "readme.md"], "INC-2026-0001"),
    ],
)
def test_the_next_number(names: list[str], expected: str) -> None:
    assert Numbers(names).next("incident", 2026).id == expected


def test_each_call_gives_another() -> None:
    numbers = Numbers(["MNT-2026-0004.md"])
    assert [numbers.next("maintenance", 2026).id for _ in range(2)] == ["MNT-2026-0005", "MNT-2026-0006"]


def test_other_branches_count(make_repository: MakeRepository, commit_all: CommitAll) -> None:
    root = make_repository({"incidents/2026/INC-2026-0001.md": NEW_INCIDENT})
    commit_all(root)
    git(root, "switch", "--quiet", "--create", "other")
    (root / "incidents/2026/INC-2026-0007.md").write_text(NEW_INCIDENT)
    commit_all(root)
    git(root, "update-ref", "refs/remotes/origin/theirs", "HEAD")
    git(root, "switch", "--quiet", "main")
    git(root, "branch", "--quiet", "-D", "other")
    (root / "incidents/2026/INC-2026-0002.md").write_text(NEW_INCIDENT)
    names = names_in_use(open_repository(root))
    assert {"INC-2026-0001.md", "INC-2026-0002.md", "INC-2026-0007.md"} <= names


def test_outside_git_the_files_here_count(make_repository: MakeRepository) -> None:
    root = make_repository({"incidents/2026/INC-2026-0001.md": NEW_INCIDENT})
    assert "INC-2026-0001.md" in names_in_use(open_repository(root))
