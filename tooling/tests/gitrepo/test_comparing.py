"""What differs between two revisions of real Git, or between one and the files on disk."""

from __future__ import annotations

from pathlib import Path

import pytest
from historybed import Bed

from incidentbook.gitrepo import (
    NoCommitYetError,
    NoMergeBaseError,
    NotAGitRepositoryError,
    UnknownRevisionError,
    changed_paths,
    merge_base,
)
from testbed import CommitAll, MakeRepository, git, write_files

ONE, TWO, THREE = (f"incidents/2026/INC-2026-000{number}.md" for number in (1, 2, 3))
LONG = "".join(f"Line {number}\n" for number in range(40))


@pytest.fixture
def bed(tmp_path: Path) -> Bed:
    return Bed(tmp_path / "records")


def test_where_a_branch_left(bed: Bed) -> None:
    bed.commit("start", {ONE: "1\n"})
    bed.commit("main", {TWO: "1\n"}, "start")
    bed.commit("branch", {ONE: "2\n"}, "start")
    commits = bed.write()
    assert merge_base(bed.root, commits["main"]) == commits["start"]
    assert merge_base(bed.root, commits["main"], commits["branch"]) == commits["start"]
    assert merge_base(bed.root, "HEAD~1") == commits["start"]
    with pytest.raises(
        UnknownRevisionError, match="no revision `origin/main` here; `git fetch` may bring it"
    ):
        merge_base(bed.root, "origin/main")
    with pytest.raises(UnknownRevisionError):
        merge_base(bed.root, "--all")


def test_nothing_in_common(bed: Bed, tmp_path: Path) -> None:
    bed.commit("start", {ONE: "1\n"})
    bed.write()
    git(bed.root, "checkout", "--quiet", "--orphan", "apart")
    with pytest.raises(
        NoCommitYetError, match="there is no commit here yet; the first `git commit` makes one"
    ):
        merge_base(bed.root, "main")
    git(bed.root, "commit", "--quiet", "--message", "Apart")
    with pytest.raises(
        NoMergeBaseError, match="`main` and `HEAD` have no commit in common; their histories are"
    ):
        merge_base(bed.root, "main")
    git(tmp_path, "clone", "--quiet", "--no-single-branch", "--depth=1", f"file://{bed.root}", "shallow")
    with pytest.raises(
        NoMergeBaseError, match="the clone is shallow: `git fetch --unshallow` brings the rest"
    ):
        merge_base(tmp_path / "shallow", "origin/main")
    with pytest.raises(NotAGitRepositoryError):
        merge_base(tmp_path, "main")


def test_between_two_revisions(bed: Bed) -> None:
    bed.commit("start", {ONE: LONG, TWO: "2\n", "README.md": "x\n"})
    bed.commit("end", {ONE: None, THREE: LONG + "more\n", TWO: "3\n", "README.md": "y\n"})
    commits = bed.write()
    found = changed_paths(bed.root, commits["start"], commits["end"])
    assert {(one.path, one.old_path) for one in found} == {(TWO, TWO), (THREE, ONE)}
    back = changed_paths(bed.root, commits["end"], commits["start"])
    assert {one.path: one.after for one in back} == {one.old_path: one.before[0] for one in found}
    assert changed_paths(bed.root, "HEAD", "HEAD") == ()


def test_from_a_revision_to_the_disk(bed: Bed) -> None:
    bed.commit("start", {ONE: LONG, TWO: "2\n", ".gitignore": "*.tmp\n"})
    commits = bed.write()
    assert changed_paths(bed.root, "HEAD") == ()
    (bed.root / TWO).touch()  # as another process may: Git then lists the file as changed
    assert changed_paths(bed.root, "HEAD") == ()
    odd = 'incidents/2026/ é a\n"b".md'
    write_files(bed.root, {odd: "new\n", "incidents/x.tmp": "", "README.md": "", TWO: "3\n"})
    (bed.root / ONE).unlink()
    git(bed.root, "add", TWO)
    write_files(bed.root, {TWO: "4\n"})
    found = {one.path: one for one in changed_paths(bed.root, commits["start"])}
    assert set(found) == {odd, ONE, TWO}
    assert (found[odd].before, found[ONE].after) == ((None,), None)
    assert found[TWO].after == git(bed.root, "hash-object", TWO).strip()
    git(bed.root, "add", "--all")
    assert set(found) == {one.path for one in changed_paths(bed.root, commits["start"])}


def test_a_move_on_disk_is_told_once_git_tracks_it(bed: Bed) -> None:
    bed.commit("start", {ONE: LONG})
    bed.write()
    git(bed.root, "mv", ONE, TWO)
    assert [(one.path, one.old_path) for one in changed_paths(bed.root, "HEAD")] == [(TWO, ONE)]


def test_links_have_no_content_of_theirs(bed: Bed) -> None:
    bed.commit("start", {ONE: "1\n"})
    bed.write()
    (bed.root / ONE).unlink()
    (bed.root / ONE).symlink_to("../../README.md")
    (bed.root / TWO).symlink_to(ONE)
    assert {one.path: one.after for one in changed_paths(bed.root, "HEAD")} == {ONE: None}


def test_below_a_subfolder(tmp_path: Path) -> None:
    bed = Bed(tmp_path / "mono")
    bed.commit("start", {f"ops/{ONE}": LONG, ONE: "x\n"})
    bed.commit("end", {f"ops/{ONE}": LONG + "more\n", ONE: "y\n"})
    commits = bed.write()
    root = bed.root / "ops"
    assert [one.path for one in changed_paths(root, commits["start"], "HEAD")] == [ONE]
    write_files(root, {TWO: "2\n"})
    assert [one.path for one in changed_paths(root, "HEAD")] == [TWO]


def test_outside_git(make_repository: MakeRepository, commit_all: CommitAll) -> None:
    root = make_repository()
    with pytest.raises(NotAGitRepositoryError):
        changed_paths(root, "HEAD")
    commit_all(root)
    with pytest.raises(UnknownRevisionError):
        changed_paths(root, "nobody")
