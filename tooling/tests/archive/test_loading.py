"""Loading many records: from the cache, by several processes, and always the same."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from incidentbook.archive import Archive, Entry, load_archive, load_entries, open_repository
from incidentbook.archive.archive import CACHE_FOLDER
from incidentbook.archive.loading import map_entries
from incidentbook.cache import Cache
from incidentbook.gitrepo import WorkingTree, open_revision, open_working_tree
from incidentbook.processes import PARALLEL_FROM
from testbed import NEW_INCIDENT, CommitAll, MakeRepository, write_files

ODD: dict[str, str | bytes] = {
    "incidents/2026/INC-2026-0001.md": NEW_INCIDENT,
    "incidents/2026/INC-2026-0001.review.md": "---\nstatus: draft\n---\n",
    "incidents/2026/INC-2026-0002.md": "",
    "incidents/2026/INC-2026-0003.md": b"\xff\xfe\0",
    "incidents/2026/INC-2026-0004.md": "---\ntitle: Ü\nstatus: new\nimpact: hihg\nx-a: [1, {b: null}]\n---\n",
    "incidents/2026/INC-2026-0005.md": "---\ntitle: A\nstatus: new\nopened: 2026-01-01\n---\n",
    "knowledge/articles/restart.md": "---\ntitle: A\nstatus: draft\ntype: faq\n---\nText\n",
}


def facts(archive: Archive) -> list[tuple[Any, ...]]:
    return [
        (entry.path, entry.record if entry.readable else None, entry.diagnostics, entry.body)
        for entry in archive.entries
    ]


def cold(root: Path) -> list[tuple[Any, ...]]:
    return facts(load_archive(open_working_tree(root)))


def path_of(entry: Entry[Any]) -> str:
    return entry.path


def test_a_cached_archive_is_the_cold_one(make_repository: MakeRepository) -> None:
    root = make_repository(ODD)
    wanted = cold(root)
    first = open_repository(root)
    assert load_entries(first, path_of) == {path: path for path in ODD}
    assert facts(first) == wanted
    second = open_repository(root)
    assert load_entries(second, path_of) == {}, "all of them were known"
    assert facts(second) == wanted
    assert load_entries(second, path_of) == {}


def test_only_what_changed_is_read_again(make_repository: MakeRepository) -> None:
    root = make_repository(ODD)
    load_entries(open_repository(root))
    changed = "incidents/2026/INC-2026-0001.md"
    write_files(root, {changed: NEW_INCIDENT.replace("high", "low")})
    (root / "knowledge/articles/restart.md").unlink()
    archive = open_repository(root)
    assert list(load_entries(archive, path_of)) == [changed]
    assert facts(archive) == cold(root)


def test_a_record_that_moves_takes_its_new_path_into_its_diagnostics(make_repository: MakeRepository) -> None:
    root = make_repository(ODD)
    load_entries(open_repository(root))
    (root / "incidents/2026/INC-2026-0004.md").rename(root / "incidents/2026/INC-2026-0009.md")
    archive = open_repository(root)
    load_entries(archive)
    assert facts(archive) == cold(root)


def files_of(root: Path) -> Path:
    return root / CACHE_FOLDER / "incidentbook.sqlite"


@pytest.mark.parametrize("damage", ["deleted", "garbage", "values", "words", "blocked"])
def test_a_cache_that_is_lost_or_damaged_changes_nothing(
    make_repository: MakeRepository, damage: str
) -> None:
    root = make_repository(ODD)
    wanted = cold(root)
    archive = open_repository(root)
    load_entries(archive)
    archive.cache.close()
    if damage == "deleted":
        shutil.rmtree(root / CACHE_FOLDER)
    elif damage == "garbage":
        files_of(root).write_bytes(b"garbage" * 1000)
    elif damage == "blocked":
        shutil.rmtree(root / CACHE_FOLDER)
        (root / CACHE_FOLDER).write_text("a file where the folder belongs")
    else:
        new = {
            "values": "x'ff00'",
            "words": """CAST(replace(CAST(data AS TEXT), '"new"', '"nev"') AS BLOB)""",
        }
        with sqlite3.connect(files_of(root)) as connection:
            connection.execute(f"UPDATE entries SET data = {new[damage]}")
    for _ in range(2):
        again = open_repository(root)
        load_entries(again)
        assert facts(again) == wanted


def settle(root: Path) -> None:
    """Let the files be older than the index doubts, and let the index know them."""
    past = time.time() - 60
    for path in (root / "incidents").rglob("*.md"):
        os.utime(path, (past, past))
    archive = open_repository(root)
    load_entries(archive)
    archive.cache.close()


class Counting(WorkingTree):
    """Remembers what was read."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.seen: list[str] = []

    def read(self, path: str) -> bytes:
        self.seen.append(path)
        return super().read(path)


def records_read(root: Path) -> list[str]:
    tree = Counting(root)
    load_entries(load_archive(tree, cache=Cache.open(root / CACHE_FOLDER)))
    return [path for path in tree.seen if path.startswith("incidents")]


def test_unchanged_files_are_not_even_read(make_repository: MakeRepository) -> None:
    root = make_repository(incidents(3))
    settle(root)
    assert records_read(root) == []
    assert records_read(root) == []


def incidents(count: int) -> dict[str, str]:
    return {
        f"incidents/2026/INC-2026-{number:04d}.md": f"---\ntitle: Incident {number:04d}\nstatus: new\n---\n"
        for number in range(1, count + 1)
    }


def overwrite(path: Path, text: str) -> None:
    """Write another text of the same length in place, and put its times back."""
    before = path.stat()
    assert len(text.encode()) == before.st_size
    with path.open("r+", encoding="utf-8") as file:
        file.write(text)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    after = path.stat()
    assert (after.st_size, after.st_mtime_ns, after.st_ino) == (
        before.st_size,
        before.st_mtime_ns,
        before.st_ino,
    )


def test_a_change_that_no_stat_shows_is_seen_where_the_file_is_young(make_repository: MakeRepository) -> None:
    root = make_repository(incidents(2))
    archive = open_repository(root)
    load_entries(archive)
    archive.cache.close()
    path = root / "incidents/2026/INC-2026-0001.md"
    overwrite(path, path.read_text().replace("Incident 0001", "Incident Nine"))
    again = open_repository(root)
    load_entries(again)
    assert again.incidents[0].record.title == "Incident Nine"


@pytest.mark.parametrize("how", ["size", "time", "file"])
def test_a_change_that_a_stat_shows_is_seen_in_an_old_file(make_repository: MakeRepository, how: str) -> None:
    root = make_repository(incidents(2))
    settle(root)
    path = root / "incidents/2026/INC-2026-0001.md"
    before = path.stat()
    text = path.read_text().replace("Incident 0001", "Incident Nine" if how != "size" else "Nine")
    if how == "file":
        (root / "new").write_text(text)
        (root / "new").replace(path)
    else:
        path.write_text(text)
    if how != "time":
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    archive = open_repository(root)
    load_entries(archive)
    assert archive.incidents[0].record.title == text.split("\n")[1].removeprefix("title: ")


class SavedMeanwhile(WorkingTree):
    """Somebody saves a file just after it was first read."""

    def __init__(self, root: Path, path: str, text: str) -> None:
        super().__init__(root)
        self._saved: tuple[str, str] | None = (path, text)

    def read(self, path: str) -> bytes:
        data = super().read(path)
        if self._saved and self._saved[0] == path:
            (self.root / path).write_text(self._saved[1])
            self._saved = None
        return data


@pytest.mark.parametrize("aged", [True, False])
def test_what_is_saved_while_loading_is_never_kept_under_another_hash(
    make_repository: MakeRepository, *, aged: bool
) -> None:
    root = make_repository(incidents(2))
    path = "incidents/2026/INC-2026-0001.md"
    old = (root / path).read_text()
    new = old.replace("Incident 0001", "Incident Nine")
    if aged:
        os.utime(root / path, (time.time() - 60, time.time() - 60))
    archive = load_archive(SavedMeanwhile(root, path, new), cache=Cache.open(root / CACHE_FOLDER))
    load_entries(archive)
    archive.cache.close()
    for text in (new, old, new):
        (root / path).write_text(text)
        again = open_repository(root)
        load_entries(again)
        assert again.incidents[0].record.title == text.split("\n")[1].removeprefix("title: ")
        again.cache.close()


def test_what_could_not_be_read_is_not_remembered(make_repository: MakeRepository, tmp_path: Path) -> None:
    (tmp_path / "outside.md").write_text(NEW_INCIDENT)
    root = make_repository(incidents(1))
    path = root / "incidents/2026/INC-2026-0001.md"
    found = []
    for target in (tmp_path / "outside.md", Path("nowhere.md")):
        path.unlink()
        path.symlink_to(target)
        archive = open_repository(root)
        load_entries(archive)
        found.append([item.code for item in archive.diagnostics])
        archive.cache.close()
    assert found == [["symlinked-record"], ["symlinked-record"]]


def test_a_file_that_becomes_a_link_is_not_recalled(make_repository: MakeRepository) -> None:
    root = make_repository({**incidents(2), "docs/a.md": NEW_INCIDENT})
    settle(root)
    path = root / "incidents/2026/INC-2026-0002.md"
    path.unlink()
    path.symlink_to("../../docs/a.md")
    archive = open_repository(root)
    load_entries(archive)
    assert [(item.path, item.code) for item in archive.diagnostics] == [
        ("incidents/2026/INC-2026-0002.md", "symlinked-record")
    ]


def test_a_revision_shares_the_cache_and_leaves_the_index(
    make_repository: MakeRepository, commit_all: CommitAll
) -> None:
    root = make_repository(incidents(3))
    commit_all(root)
    settle(root)
    revision = load_archive(open_revision(root, "HEAD"), cache=Cache.open(root / CACHE_FOLDER))
    assert load_entries(revision, path_of) == {}
    assert facts(revision) == cold(root)
    assert records_read(root) == []


def test_what_nobody_asks_for_again_is_dropped(make_repository: MakeRepository) -> None:
    root = make_repository(incidents(1))
    cache = Cache.open(root / CACHE_FOLDER)
    cache.put_many("record", {f"old:{number}": b"null" for number in range(1100)})
    archive = load_archive(open_working_tree(root), cache=cache)
    load_entries(archive)
    assert list(cache.get_all("record")) == [archive.entries[0].cache_key]


PARALLEL = """
import os, sys
from pathlib import Path
from incidentbook.archive import load_entries, open_repository
from incidentbook.processes import PARALLEL_FROM
root = Path(sys.argv[1])
archive = open_repository(root)
by = load_entries(archive, lambda entry: (os.getpid(), entry.document.body_line))
assert len(by) == len(archive.entries) >= PARALLEL_FROM, len(by)
print(len({process for process, _ in by.values()} - {os.getpid()}))
assert {line for _, line in by.values()} == {5}
again = open_repository(root)
assert load_entries(again, lambda entry: 1) == {}
first, second = ([entry.encoded for entry in one.entries] for one in (archive, again))
assert first == second
"""


@pytest.mark.skipif((os.cpu_count() or 1) < 2 or sys.platform != "linux", reason="one core, or no safe fork")
def test_several_processes_read_what_one_reads(make_repository: MakeRepository) -> None:
    """In a process of its own, because a test runner has threads, with which one must not fork."""
    root = make_repository(incidents(PARALLEL_FROM + 30))
    told = subprocess.run(
        [sys.executable, "-c", PARALLEL, str(root)], capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr
    assert int(told.stdout) > 0, "nobody but the first process worked"
    archive = open_repository(root)
    assert load_entries(archive, path_of) == {}
    assert facts(archive) == cold(root)


def test_few_records_are_read_by_one_process(make_repository: MakeRepository) -> None:
    archive = load_archive(open_working_tree(make_repository(incidents(3))))
    processes = {result for _, _, result in map_entries(archive.entries, lambda _: os.getpid())}
    assert processes == {os.getpid()}
