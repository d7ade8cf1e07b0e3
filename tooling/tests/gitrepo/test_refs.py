"""Files on a ref of their own: never lost where two change them."""

from __future__ import annotations

from pathlib import Path

import pytest

from incidentbook.gitrepo import GitError
from incidentbook.gitrepo.refs import (
    RefMovedError,
    commit_ref_files,
    differing_files,
    fetch_ref,
    move_ref,
    push_ref,
    read_ref_files,
    ref_tip,
)
from testbed import GIT_ENVIRONMENT, git

REF = "refs/incidentbook/test"


@pytest.fixture
def clones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    for name, value in GIT_ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    git(tmp_path, "init", "--quiet", "--bare", "remote.git")
    for name in ("one", "two"):
        git(tmp_path, "clone", "--quiet", "remote.git", name)
    return tmp_path / "one", tmp_path / "two"


def test_files_are_kept_beside_others(clones: tuple[Path, Path]) -> None:
    root, _ = clones
    first = commit_ref_files(root, None, {"a/b": b"1\n", "c": b"2\n"}, "First")
    second = commit_ref_files(root, first, {"a/b": b"3\n"}, "Second")
    assert read_ref_files(root, second, ["a/b", "c", "gone"]) == {"a/b": b"3\n", "c": b"2\n"}
    assert read_ref_files(root, None, ["c"]) == {}
    assert differing_files(root, first, second) == ("a/b",)
    assert git(root, "log", "--format=%s", second) == "Second\n"


def test_a_ref_is_moved_only_from_where_it_was_read(clones: tuple[Path, Path]) -> None:
    root, _ = clones
    first, second = (commit_ref_files(root, None, {"a": data}, "x") for data in (b"1", b"2"))
    assert ref_tip(root, REF) is None
    move_ref(root, REF, first, None)
    with pytest.raises(RefMovedError):
        move_ref(root, REF, second, None)
    assert ref_tip(root, REF) == first
    move_ref(root, REF, second, first)
    assert ref_tip(root, REF) == second


def test_a_push_never_goes_over_what_another_pushed(clones: tuple[Path, Path]) -> None:
    one, two = clones
    first = commit_ref_files(one, None, {"a": b"1"}, "x")
    push_ref(one, "origin", REF, first, None)
    rival = commit_ref_files(two, None, {"a": b"2"}, "x")
    with pytest.raises(RefMovedError):
        push_ref(two, "origin", REF, rival, None)
    found = fetch_ref(two, "origin", REF)
    assert found == first
    assert read_ref_files(two, found, ["a"]) == {"a": b"1"}
    push_ref(two, "origin", REF, commit_ref_files(two, found, {"b": b"2"}, "x"), found)
    assert read_ref_files(one, fetch_ref(one, "origin", REF), ["a", "b"]) == {"a": b"1", "b": b"2"}


def test_a_remote_that_is_gone_is_no_remote_that_has_nothing(clones: tuple[Path, Path]) -> None:
    one, _ = clones
    assert fetch_ref(one, "origin", REF) is None
    with pytest.raises(GitError):
        fetch_ref(one, "elsewhere", REF)
    first = commit_ref_files(one, None, {"a": b"1"}, "x")
    with pytest.raises(GitError) as refused:
        push_ref(one, "elsewhere", REF, first, None)
    assert not isinstance(refused.value, RefMovedError)
