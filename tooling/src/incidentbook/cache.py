"""What was computed before, by content hash, in one SQLite file that is safe to delete."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path

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

    @classmethod
    def open(cls, directory: Path | None) -> Cache:
        """Open the cache in a directory, making it; None gives one that remembers nothing."""
        if directory is None:
            return cls(None)
        path = directory / "incidentbook.sqlite"
        for _ in range(2):
            try:
                directory.mkdir(parents=True, exist_ok=True)
                connection = sqlite3.connect(path, timeout=10, isolation_level=None)
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = OFF")  # a lost cache is only a slow start
                connection.execute(_SCHEMA)
            except sqlite3.DatabaseError:
                # not a database, or a damaged one: begin again
                for suffix in ("", "-wal", "-shm"):
                    with suppress(OSError):
                        path.with_name(path.name + suffix).unlink(missing_ok=True)
            except OSError:
                return cls(None)
            else:
                return cls(connection)
        return cls(None)

    def get(self, space: str, key: str) -> bytes | None:
        """Return what is stored under a key, or None."""
        if self._connection is None:
            return None
        with suppress(sqlite3.Error):
            row = self._connection.execute(
                "SELECT data FROM entries WHERE space = ? AND key = ?", (space, key)
            ).fetchone()
            return bytes(row[0]) if row else None
        return None

    def get_all(self, space: str) -> dict[str, bytes]:
        """Return everything in a space, in one read."""
        if self._connection is None:
            return {}
        with suppress(sqlite3.Error):
            return dict(self._connection.execute("SELECT key, data FROM entries WHERE space = ?", (space,)))
        return {}

    def put_many(self, space: str, values: Mapping[str, bytes]) -> None:
        """Store values under their keys, in one transaction."""
        if self._connection is None or not values:
            return
        rows = ((space, key, data) for key, data in values.items())
        with suppress(sqlite3.Error):
            self._connection.execute("BEGIN")
            self._connection.executemany("INSERT OR REPLACE INTO entries VALUES (?, ?, ?)", rows)
            self._connection.execute("COMMIT")

    def forget(self, space: str, keys: Iterable[str]) -> None:
        """Drop keys that nothing will ask for again."""
        if self._connection is None:
            return
        with suppress(sqlite3.Error):
            self._connection.execute("BEGIN")
            self._connection.executemany(
                "DELETE FROM entries WHERE space = ? AND key = ?", ((space, key) for key in keys)
            )
            self._connection.execute("COMMIT")

    def close(self) -> None:
        """Close the file; the object then remembers nothing."""
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None


@cache
def code_fingerprint() -> str:
    """A hash of this package's own source: what it computed with other code is not used again."""
    digest = hashlib.blake2b(digest_size=12)
    root = Path(__file__).parent
    for path in sorted(root.rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def content_hash(data: bytes) -> str:
    """The name that Git gives to these bytes as a blob, so that a revision's files need no hashing."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
