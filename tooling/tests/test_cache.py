"""A cache is only ever a copy: whatever happens to it, nobody notices but by the time."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from incidentbook.cache import Cache, code_fingerprint, content_hash
from testbed import git

FILE = "incidentbook.sqlite"


def test_what_was_put_is_there_for_the_next_run(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / ".cache"
    cache = Cache.open(folder)
    cache.put_many("record", {"a": b"1", "b": b"\0\xff", "Ü": b""})
    cache.put_many("stat", {"a": b"3"})
    cache.close()
    again = Cache.open(folder)
    assert again.get("record", "a") == b"1"
    assert again.get("record", "b") == b"\0\xff"
    assert again.get("record", "Ü") == b""
    assert again.get("stat", "a") == b"3"
    assert again.get("stat", "b") is None
    assert again.get_all("record") == {"a": b"1", "b": b"\0\xff", "Ü": b""}
    assert again.get_all("nothing") == {}


def test_a_newer_value_takes_the_place_of_the_older(tmp_path: Path) -> None:
    cache = Cache.open(tmp_path)
    cache.put_many("record", {"a": b"1", "b": b"2"})
    cache.put_many("record", {"a": b"3"})
    assert cache.get_all("record") == {"a": b"3", "b": b"2"}


def test_forgetting(tmp_path: Path) -> None:
    cache = Cache.open(tmp_path)
    cache.put_many("record", {"a": b"1", "b": b"2"})
    cache.put_many("stat", {"a": b"3"})
    cache.forget("record", iter(["a", "nobody"]))
    cache.forget("record", [])
    assert cache.get_all("record") == {"b": b"2"}
    assert cache.get("stat", "a") == b"3"


@pytest.mark.parametrize("closed", [True, False])
def test_one_that_remembers_nothing(tmp_path: Path, *, closed: bool) -> None:
    cache = Cache.open(tmp_path if closed else None)
    cache.close()
    cache.close()
    cache.put_many("record", {"a": b"1"})
    cache.forget("record", ["a"])
    assert cache.get("record", "a") is None
    assert cache.get_all("record") == {}


@pytest.mark.parametrize("damage", ["garbage", "empty", "short", "other", "middle"])
def test_a_damaged_file_is_begun_anew_or_passed_over(tmp_path: Path, damage: str) -> None:
    cache = Cache.open(tmp_path)
    cache.put_many("record", {str(number): b"x" * 500 for number in range(100)})
    cache.close()
    file = tmp_path / FILE
    data = file.read_bytes()
    file.write_bytes(
        {
            "garbage": b"this is no database" * 100,
            "empty": b"",
            "short": data[: len(data) // 2],
            "other": data[:16] + b"\xff" * 84 + data[100:],
            "middle": data[:4096] + b"\xaa" * 8192 + data[12288:],
        }[damage]
    )
    again = Cache.open(tmp_path)
    again.get("record", "1")
    again.get_all("record")
    again.put_many("record", {"new": b"1"})
    again.forget("record", ["2"])
    again.close()
    if damage in ("garbage", "empty"):
        assert Cache.open(tmp_path).get("record", "new") == b"1"


def test_a_table_of_another_shape_is_passed_over(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute("CREATE TABLE entries (a TEXT)")
    cache = Cache.open(tmp_path)
    cache.put_many("record", {"a": b"1"})
    assert cache.get("record", "a") is None


def test_where_there_can_be_no_folder(tmp_path: Path) -> None:
    (tmp_path / ".cache").write_text("a file")
    cache = Cache.open(tmp_path / ".cache")
    cache.put_many("record", {"a": b"1"})
    assert cache.get("record", "a") is None
    assert (tmp_path / ".cache").read_text() == "a file"


def test_where_the_file_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    assert Cache.open(tmp_path).get("record", "a") is None
    assert (tmp_path / FILE).is_dir()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    cache = Cache.open(tmp_path)
    cache.put_many("record", {"a": b"1"})
    assert cache.get("record", "a") is None
    tmp_path.chmod(0o700)


WRITER = """
import sys
from pathlib import Path
from incidentbook.cache import Cache
cache = Cache.open(Path(sys.argv[1]))
for number in range(30):
    cache.put_many("record", {f"{sys.argv[2]}-{number}-{key}": sys.argv[2].encode() for key in range(10)})
    cache.get_all("record")
"""


def test_several_processes_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(folder), name], stderr=subprocess.PIPE)
        for name in ("one", "two", "three")
    ]
    for writer in writers:
        _, told = writer.communicate(timeout=60)
        assert (writer.returncode, told) == (0, b"")
    found = Cache.open(folder).get_all("record")
    # who came while another made the file may have gone without; nobody may have half of it
    for name in ("one", "two", "three"):
        own = [key for key in found if key.startswith(name)]
        assert len(own) in (0, 300)
    assert found


def test_a_file_in_use_is_not_taken_for_a_damaged_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = Cache.open(tmp_path)
    cache.put_many("record", {"a": b"1"})
    cache.close()
    monkeypatch.setattr("incidentbook.cache._PATIENCE_S", 0.05)
    other = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    meanwhile = Cache.open(tmp_path)
    meanwhile.put_many("record", {"b": b"2"})
    other.execute("COMMIT")
    other.close()
    assert Cache.open(tmp_path).get("record", "a") == b"1"


def test_a_failed_write_holds_no_lock(tmp_path: Path) -> None:
    cache = Cache.open(tmp_path)
    cache.put_many("record", {"a": b"1", "b": object()})  # type: ignore[dict-item]
    assert cache.get("record", "a") is None, "whole or not at all"
    other = sqlite3.connect(tmp_path / FILE, timeout=0.1, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    other.close()
    cache.put_many("record", {"c": b"3"})
    assert cache.get("record", "c") == b"3"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_forked_worker_leaves_the_connection_alone(tmp_path: Path) -> None:
    script = (
        "import os, sys; from pathlib import Path; from incidentbook.cache import Cache\n"
        "cache = Cache.open(Path(sys.argv[1])); cache.put_many('record', {'a': b'1'})\n"
        "child = os.fork()\n"
        "if not child:\n"
        "    cache.put_many('record', {'b': b'2'}); cache.forget('record', ['a'])\n"
        "    os._exit(0 if cache.get('record', 'a') is None and not cache.get_all('record') else 1)\n"
        "_, status = os.waitpid(child, 0)\n"
        "print(status, cache.get_all('record'))\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], check=False, capture_output=True, text=True
    )
    assert told.stdout == "0 {'a': b'1'}\n", told.stderr


def test_a_content_hash_is_gits_name_of_the_blob(tmp_path: Path) -> None:
    for data in (b"", b"text\n", b"\0\xff" * 1000):
        (tmp_path / "file").write_bytes(data)
        assert content_hash(data) == git(tmp_path, "hash-object", "file").strip()


def test_the_codes_fingerprint_is_the_same_in_every_process() -> None:
    script = "from incidentbook.cache import code_fingerprint; print(code_fingerprint())"
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert told.strip() == code_fingerprint()
