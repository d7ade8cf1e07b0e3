"""The same files the same way, whether they lie on disk or in a commit."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from incidentbook.cache import content_hash
from incidentbook.gitrepo import RevisionTree, WorkingTree, open_revision, open_working_tree
from incidentbook.source import LinkedFileError, OutsideRepositoryError
from testbed import NEW_INCIDENT, SCHEMA, CommitAll, MakeRepository, git, write_files

FILES: dict[str, str | bytes] = {
    "incidents/2026/INC-2026-0001.md": NEW_INCIDENT,
    "incidents/2026/INC-2026-0002.md": "",
    "incidents/2026/INC-2026-0001/graph one.png": b"\x89PNG\r\n\0\n\n\xff",
    "incidents/2026/INC-2026-0001/empty": b"",
    "incidents/2026/Störungen/notes, draft.txt": "Ü\n",
    'incidents/2026/it\'s "odd"\t.md': "tab\n",
    "knowledge/articles/restart-the-queue.md": "one\r\ntwo\r\n",
    "knowledge/problems/PRB-2026-0001.md": "no newline at the end",
}
LEFT_OUT: dict[str, str | bytes] = {
    "README.md": "# Ours\n",
    "incidents.md": "",
    "site/index.md": "",
    "incidents/.hidden.md": "",
    "incidents/2026/.drafts/INC-2026-0003.md": NEW_INCIDENT,
    "schema/json/services.schema.json": "{}",
}


def same(working: WorkingTree, revision: RevisionTree) -> None:
    assert list(working.paths()) == list(revision.paths())
    for path in working.paths():
        assert working.read(path) == revision.read(path)
        assert content_hash(working.read(path)) == revision.content_hash(path)


def test_a_clean_checkout_is_its_commit(make_repository: MakeRepository, commit_all: CommitAll) -> None:
    root = make_repository({**FILES, **LEFT_OUT})
    commit = commit_all(root)
    working, revision = open_working_tree(root), open_revision(root, "HEAD")
    same(working, revision)
    assert working.revision == revision.revision == commit
    assert set(working.paths()) == {*FILES, *SCHEMA}
    assert list(working.paths()) == sorted(working.paths())


def test_a_working_tree_knows_whether_it_is_its_commit(
    make_repository: MakeRepository, commit_all: CommitAll
) -> None:
    root = make_repository(FILES)
    assert not open_working_tree(root).dirty, "outside Git there is no commit to differ from"
    git(root, "init", "--quiet")
    assert not open_working_tree(root).dirty, "nor is there before the first"
    commit_all(root)
    assert not open_working_tree(root).dirty
    write_files(root, {**LEFT_OUT, "mkdocs.yml": "site_name: A\n"})
    assert not open_working_tree(root).dirty, "what is not read makes no difference"
    path = "incidents/2026/INC-2026-0001.md"
    write_files(root, {path: "changed"})
    assert open_working_tree(root).dirty
    git(root, "add", "--all")
    assert open_working_tree(root).dirty, "what is staged is not committed"
    git(root, "reset", "--quiet", "--hard")
    assert not open_working_tree(root).dirty
    (root / path).unlink()
    assert open_working_tree(root).dirty
    git(root, "reset", "--quiet", "--hard")
    write_files(root, {"knowledge/articles/new.md": "new"})
    assert open_working_tree(root).dirty
    assert not open_revision(root, "HEAD").dirty
    commit_all(root)
    assert not open_working_tree(root).dirty


def test_records_below_the_top_of_a_repository_are_looked_at_alone(
    make_repository: MakeRepository, commit_all: CommitAll, tmp_path: Path
) -> None:
    root = make_repository(FILES, name="all/records")
    commit_all(tmp_path / "all")
    write_files(tmp_path / "all", {"incidents/else.md": "", "records/schema/json/x.schema.json": "{}"})
    assert not open_working_tree(root).dirty
    write_files(root, {"incidents/2026/INC-2026-0009.md": NEW_INCIDENT})
    assert open_working_tree(root).dirty


def test_a_file_that_is_not_committed_is_on_disk_only(
    make_repository: MakeRepository, commit_all: CommitAll
) -> None:
    root = make_repository(FILES)
    commit_all(root)
    write_files(root, {"incidents/2026/INC-2026-0009.md": NEW_INCIDENT})
    (root / "incidents/2026/INC-2026-0002.md").unlink()
    working, revision = open_working_tree(root), open_revision(root, "HEAD")
    assert set(working.paths()) ^ set(revision.paths()) == {
        "incidents/2026/INC-2026-0009.md",
        "incidents/2026/INC-2026-0002.md",
    }
    with pytest.raises(FileNotFoundError):
        revision.read("incidents/2026/INC-2026-0009.md")
    with pytest.raises(FileNotFoundError):
        working.read("incidents/2026/INC-2026-0002.md")


def test_a_tree_without_records(
    make_repository: MakeRepository, commit_all: CommitAll, tmp_path: Path
) -> None:
    empty = tmp_path / "empty"
    write_files(empty, {"README.md": "", "incidents": "a file, no folder"})
    commit_all(empty)
    for tree in (open_working_tree(empty), open_revision(empty, "HEAD")):
        assert list(tree.paths()) == ["incidents"]
        assert tree.read("incidents") == b"a file, no folder"
        with pytest.raises(OSError):
            tree.read("incidents/2026/INC-2026-0001.md")


_NAMES = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs"], exclude_characters="/\0"), min_size=1, max_size=12
).filter(lambda name: not name.startswith(".") and len(name.encode()) < 200)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.dictionaries(_NAMES, st.binary(max_size=40), min_size=1, max_size=6))
def test_any_name_and_any_bytes(tmp_path_factory: pytest.TempPathFactory, files: dict[str, bytes]) -> None:
    root = tmp_path_factory.mktemp("any")
    write_files(root, {f"knowledge/{name}": data for name, data in files.items()})
    git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "Any")
    same(open_working_tree(root), open_revision(root, "HEAD"))


def test_a_link_inside_is_read_and_one_that_leaves_is_not(
    make_repository: MakeRepository, commit_all: CommitAll, tmp_path: Path
) -> None:
    (tmp_path / "secret.md").write_text("secret\n")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "INC-2026-0009.md").write_text("secret\n")
    root = make_repository({**FILES, "docs/vpn.md": "Restart it.\n"})
    folder = root / "knowledge" / "articles"
    links = {
        "inside": "restart-the-queue.md",
        "elsewhere": "../../docs/vpn.md",
        "twice": "elsewhere.txt",
        "absolute": "/etc/hostname",
        "relative": "../../../secret.md",
        "dangling": "nothing.txt",
        "loop": "loop.txt",
    }
    for name, target in links.items():
        (folder / f"{name}.txt").symlink_to(target)
    (root / "incidents" / "2019").symlink_to(tmp_path / "outside")
    commit_all(root)
    for tree in (open_working_tree(root), open_revision(root, "HEAD")):
        assert "incidents/2019" in tree.paths(), "named as what it is, and not entered"
        assert "incidents/2019/INC-2026-0009.md" not in tree.paths()

        def read(name: str, tree: WorkingTree | RevisionTree = tree) -> bytes:
            return tree.read(f"knowledge/articles/{name}.txt")

        assert read("inside") == b"one\r\ntwo\r\n"
        assert read("elsewhere") == read("twice") == b"Restart it.\n"
        for name in ("absolute", "relative"):
            with pytest.raises(OutsideRepositoryError, match=f"articles/{name}.txt is a link that leads out"):
                read(name)
        for name in ("dangling", "loop"):
            with pytest.raises(OSError):
                read(name)
        with pytest.raises(OutsideRepositoryError):
            tree.read("incidents/2019")
        assert tree.content_hash("knowledge/articles/inside.txt") is None
        assert tree.stat("knowledge/articles/inside.txt") is None


def test_a_record_and_a_file_of_schema_are_never_links(
    make_repository: MakeRepository, commit_all: CommitAll
) -> None:
    """What they lead to could be rewritten, and no record would have changed."""
    root = make_repository({**FILES, "docs/vpn.md": "Restart it.\n", "docs/teams.yml": "teams: []\n"})
    links = {
        "incidents/2026/INC-2026-0077.md": "../../docs/vpn.md",
        "knowledge/articles/vpn.md": "restart-the-queue.md",
        "schema/notes.yml": "../docs/teams.yml",
    }
    for path, target in links.items():
        (root / path).symlink_to(target)
    commit_all(root)
    for tree in (open_working_tree(root), open_revision(root, "HEAD")):
        for path in links:
            assert path in tree.paths(), "named, so that it is told"
            with pytest.raises(LinkedFileError, match=f"{path} is a link, and not the file itself"):
                tree.read(path)


def test_a_link_to_what_is_hidden_is_not_read(make_repository: MakeRepository, commit_all: CommitAll) -> None:
    """Git's own configuration may hold credentials, and an attachment would be published."""
    root = make_repository({"incidents/2026/INC-2026-0001.md": NEW_INCIDENT, ".env": "PASSWORD=x\n"})
    commit_all(root)
    folder = root / "incidents" / "2026" / "INC-2026-0001"
    folder.mkdir()
    (folder / "config.txt").symlink_to("../../../.git/config")
    (folder / "env.txt").symlink_to("../../../.env")
    for name in ("config.txt", "env.txt"):
        with pytest.raises(OutsideRepositoryError):
            open_working_tree(root).read(f"incidents/2026/INC-2026-0001/{name}")


def test_a_folder_that_is_a_link_is_not_entered(
    make_repository: MakeRepository, commit_all: CommitAll, tmp_path: Path
) -> None:
    root = make_repository()
    write_files(tmp_path / "outside", {"2026/INC-2026-0001.md": NEW_INCIDENT})
    (root / "incidents").symlink_to(tmp_path / "outside")
    commit_all(root)
    for tree in (open_working_tree(root), open_revision(root, "HEAD")):
        assert [path for path in tree.paths() if path.startswith("incidents")] == ["incidents"]
        with pytest.raises(OutsideRepositoryError):
            tree.read("incidents")


def test_what_is_no_file_is_not_waited_for(make_repository: MakeRepository) -> None:
    root = make_repository(FILES)
    os.mkfifo(root / "incidents" / "2026" / "INC-2026-0007.md")
    tree = open_working_tree(root)
    assert "incidents/2026/INC-2026-0007.md" in tree.paths()
    with pytest.raises(OSError, match="not a regular file"):
        tree.read("incidents/2026/INC-2026-0007.md")
    assert tree.stat("incidents/2026/INC-2026-0007.md") is None


def test_a_name_that_is_not_utf_8_can_be_shown(make_repository: MakeRepository) -> None:
    root = make_repository()
    raw = os.fsencode(root) + b"/incidents/caf\xe9.md"
    (root / "incidents").mkdir()
    try:
        Path(os.fsdecode(raw)).write_bytes(b"")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    tree = open_working_tree(root)
    assert "incidents/caf\ufffd.md" in tree.paths()
    with pytest.raises(FileNotFoundError):
        tree.read("incidents/caf\ufffd.md")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_read_is_named(make_repository: MakeRepository) -> None:
    root = make_repository(FILES)
    (root / "incidents" / "2026").chmod(0)
    try:
        assert "incidents/2026" in open_working_tree(root).paths()
    finally:
        (root / "incidents" / "2026").chmod(0o755)


def test_a_submodule_is_somebody_elses(make_repository: MakeRepository, commit_all: CommitAll) -> None:
    other = make_repository(FILES, name="other")
    commit = commit_all(other)
    root = make_repository({"incidents/2026/INC-2026-0005.md": NEW_INCIDENT})
    commit_all(root)
    git(root, "update-index", "--add", "--cacheinfo", f"160000,{commit},incidents/2025")
    git(root, "commit", "--quiet", "--message", "Add a submodule")
    assert [path for path in open_revision(root, "HEAD").paths() if path.startswith("incidents")] == [
        "incidents/2026/INC-2026-0005.md"
    ]


def test_attachments_are_read_one_by_one(make_repository: MakeRepository, commit_all: CommitAll) -> None:
    """An archive of a revision is loaded to compare records, and videos would fill the memory."""
    root = make_repository(FILES)
    commit_all(root)
    tree = open_revision(root, "HEAD")
    tree.read("incidents/2026/INC-2026-0001.md")
    picture = "incidents/2026/INC-2026-0001/graph one.png"
    assert tree.read(picture) == FILES[picture]
    blob = str(tree.content_hash(picture))
    (root / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    assert open_revision(root, "HEAD").read("incidents/2026/INC-2026-0001.md") == NEW_INCIDENT.encode()


def test_a_repository_of_another_hash(make_repository: MakeRepository, tmp_path: Path) -> None:
    root = make_repository(FILES)
    made = subprocess.run(["git", "init", "--quiet", "--object-format=sha256"], cwd=root, check=False)
    if made.returncode:
        pytest.skip("this Git knows no SHA-256")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "Record")
    tree = open_revision(root, "HEAD")
    assert tree.read("incidents/2026/INC-2026-0001.md") == NEW_INCIDENT.encode()
    assert len(str(tree.content_hash("incidents/2026/INC-2026-0001.md"))) == 64
