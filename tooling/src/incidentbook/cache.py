"""What was computed before, by content hash, in one SQLite file that is safe to delete."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

_AT_ONCE = 500
"""How many keys one query names; SQLite allows some thousands."""

_PATIENCE_S = 10
"""How long one process waits for another's transaction."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS entries (
    space TEXT NOT NULL, key TEXT NOT NULL, data BLOB NOT NULL, PRIMARY KEY (space, key)
) WITHOUT ROWID
"""


class Cache:
    """A copy of what could be computed again; a damaged or unwritable one only costs time.

    Spaces separate what is stored; keys must hold everything that a value depends on. Nothing
    here ever raises: a cache that fails behaves as an empty one.
    """

    def __init__(self, connection: sqlite3.Connection | None) -> None:
        self._connection = connection
        self._process = os.getpid()

    @classmethod
    def open(cls, directory: Path | None) -> Cache:
        """Open the cache in a directory, making it; None gives one that remembers nothing."""
        if directory is None:
            return cls(None)
        path = directory / "incidentbook.sqlite"
        with suppress(OSError, sqlite3.OperationalError):  # read-only, or locked for very long
            directory.mkdir(parents=True, exist_ok=True)
            try:
                return cls(_connect(path))
            except sqlite3.OperationalError:
                raise  # not damaged: another process may be at work in it
            except sqlite3.DatabaseError:
                _remove(path)
                return cls(_connect(path))
        return cls(None)

    def get(self, space: str, key: str) -> bytes | None:
        """Return what is stored under a key, or None."""
        rows = self._select("SELECT data FROM entries WHERE space = ? AND key = ?", (space, key))
        return rows[0][0] if rows else None

    def get_all(self, space: str) -> dict[str, bytes]:
        """Return everything in a space, in one read."""
        return dict(self._select("SELECT key, data FROM entries WHERE space = ?", (space,)))

    def get_many(self, space: str, keys: Sequence[str]) -> dict[str, bytes]:
        """Return what is stored under each of these keys; those without anything are absent."""
        found: dict[str, bytes] = {}
        for start in range(0, len(keys), _AT_ONCE):
            part = tuple(keys[start : start + _AT_ONCE])
            places = ",".join("?" * len(part))
            query = f"SELECT key, data FROM entries WHERE space = ? AND key IN ({places})"  # noqa: S608 -- marks only
            found.update(self._select(query, (space, *part)))
        return found

    def put_many(self, space: str, values: Mapping[str, bytes]) -> None:
        """Store values under their keys, in one transaction."""
        rows = [(space, key, data) for key, data in values.items()]
        self._change("INSERT OR REPLACE INTO entries VALUES (?, ?, ?)", rows)

    def forget(self, space: str, keys: Iterable[str]) -> None:
        """Drop keys that nothing will ask for again."""
        self._change("DELETE FROM entries WHERE space = ? AND key = ?", [(space, key) for key in keys])

    def _usable(self) -> sqlite3.Connection | None:
        # SQLite's connections must not cross a fork: a worker's use would corrupt the file
        return self._connection if os.getpid() == self._process else None

    def _select(self, query: str, values: tuple[str, ...]) -> list[Any]:
        connection = self._usable()
        if connection is not None:
            with suppress(sqlite3.Error):
                return connection.execute(query, values).fetchall()
        return []

    def _change(self, statement: str, rows: Sequence[tuple[str | bytes, ...]]) -> None:
        connection = self._usable()
        if connection is None or not rows:
            return
        # the connection's own context ends the transaction also where it fails, on a full disk say
        with suppress(sqlite3.Error), connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(statement, rows)

    def close(self) -> None:
        """Close the file; the object then remembers nothing."""
        connection = self._usable()
        if connection is not None:
            with suppress(sqlite3.Error):
                connection.close()
        self._connection = None


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_PATIENCE_S, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = OFF")  # a lost cache is only a slow start
        connection.execute(_SCHEMA)
    except BaseException:
        connection.close()
        raise
    return connection


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


@cache
def code_fingerprint() -> str:
    """A hash of this package's own source: what it computed with other code is not used again."""
    digest = hashlib.blake2b(sys.version.encode(), digest_size=12)
    root = Path(__file__).parent
    for path in sorted(root.rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def content_hash(data: bytes) -> str:
    """The name that Git gives to these bytes as a blob, so that a revision's files need no hashing."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
