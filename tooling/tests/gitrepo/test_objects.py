"""Reading many objects from one process of real Git."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
from historybed import Bed

from incidentbook.gitrepo import GitError, NotAGitRepositoryError, asking_for_names, read_blobs
from testbed import git


def names_of(root: Path) -> dict[str, str]:
    rows = (line.split() for line in git(root, "ls-tree", "-r", "HEAD").splitlines())
    return {path: blob for _, _, blob, path in rows}


def test_contents_come_in_the_order_of_their_names(tmp_path: Path) -> None:
    files = {f"incidents/{number}.md": f"{number}\n" * number for number in range(700)}
    bed = Bed(tmp_path / "records")
    bed.commit("many", {**files, "incidents/large.bin": bytes(range(256)) * 4000})
    bed.write()
    names = names_of(bed.root)
    wanted = [*reversed(files), "incidents/large.bin", *files]
    expected = [files.get(path, bytes(range(256)) * 4000) for path in wanted]
    found = list(read_blobs(bed.root, (names[path] for path in wanted)))
    assert found == [one.encode() if isinstance(one, str) else one for one in expected]
    assert list(read_blobs(bed.root, [])) == []


def test_no_more_is_asked_for_than_soon_read(tmp_path: Path) -> None:
    bed = Bed(tmp_path / "records")
    bed.commit("one", {"incidents/1.md": "1\n"})
    bed.write()
    asked = 0

    def asking() -> Iterator[str]:
        nonlocal asked
        while True:
            asked += 1
            yield names_of(bed.root)["incidents/1.md"] if asked == 1 else blob

    blob = names_of(bed.root)["incidents/1.md"]
    assert list(islice(read_blobs(bed.root, asking()), 3)) == [b"1\n"] * 3
    assert asked < 1000


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    bed = Bed(tmp_path / "records")
    bed.write()
    with pytest.raises(GitError, match=f"the object {'1' * 40} is missing"):
        list(read_blobs(bed.root, ["1" * 40]))
    with pytest.raises(NotAGitRepositoryError):
        list(read_blobs(tmp_path, ["1" * 40]))


def test_what_an_expression_means(tmp_path: Path) -> None:
    bed = Bed(tmp_path / "records")
    bed.commit("one", {"incidents/1.md": "1\n"})
    commits = bed.write()
    with asking_for_names(bed.root) as name_of:
        assert name_of(f"{commits['one']}:incidents/1.md") == names_of(bed.root)["incidents/1.md"]
        assert name_of(f"{commits['one']}:schema") == name_of(f"{commits['schema']}:schema")
        assert name_of(f"{commits['one']}:nothing here") is None
        assert name_of("nobody:schema") is None
