"""Reading many records at once: from the cache, or by several processes."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

if TYPE_CHECKING:
    from incidentbook.archive.archive import Archive
    from incidentbook.archive.entry import Entry

T = TypeVar("T")

PARALLEL_FROM = 400
"""Fewer files than this are read faster by one process than several are started."""

_CHUNK = 200
_RACY_NS = 2_000_000_000


class _StatRow(msgspec.Struct, frozen=True, array_like=True):
    """What the index knows of a file: its stat, its content hash, and when that was computed."""

    size: int
    mtime_ns: int
    inode: int
    hash: str
    seen_ns: int


_INDEX = msgspec.json.Decoder(dict[str, _StatRow])


def load_entries(archive: Archive, also: Callable[[Entry[Any]], T] | None = None) -> dict[str, T]:
    """Load every record of an archive, and compute `also` of those that no cache had.

    Several processes share the work where that is faster. Returns what `also` gave, by path;
    entries that were in the cache are absent from it.
    """
    now_ns = time.time_ns()
    rows = _recall_hashes(archive)
    stored = archive.cache.get_all("record")
    missing = []
    for entry in archive.entries:
        if not entry.is_loaded:
            encoded = stored.get(entry.cache_key)
            if encoded is None:
                missing.append(entry)
            else:
                entry.prime(encoded)
    used = {entry.cache_key for entry in archive.entries}
    if len(stored) > 2 * len(used) + 1000:
        archive.cache.forget("record", stored.keys() - used)
    results: dict[str, T] = {}
    for entry, encoded, result in map_entries(missing, also):
        entry.prime(encoded)
        if result is not None:
            results[entry.path] = result
    archive.cache.put_many("record", {entry.cache_key: entry.encoded for entry in missing})
    _remember_hashes(archive, rows, now_ns)
    return results


def map_entries(
    entries: Sequence[Entry[Any]], work: Callable[[Entry[Any]], T] | None
) -> Iterable[tuple[Entry[Any], bytes, T | None]]:
    """Load entries and compute `work` of each, in several processes where that pays."""
    if len(entries) < PARALLEL_FROM or not _can_fork():
        for entry in entries:
            yield entry, entry.encoded, work(entry) if work else None
        return
    chunks = [range(start, min(start + _CHUNK, len(entries))) for start in range(0, len(entries), _CHUNK)]
    context = multiprocessing.get_context("fork")
    with context.Pool(os.cpu_count() or 1, _adopt, (entries, work)) as pool:
        for chunk, results in zip(chunks, pool.imap(_work_on, chunks), strict=True):
            for index, (encoded, result) in zip(chunk, results, strict=True):
                yield entries[index], encoded, result


_adopted: tuple[Sequence[Entry[Any]], Callable[[Entry[Any]], Any] | None] = ((), None)
# Set once in each worker and nowhere else: a forked worker already holds the entries, and passing
# them as a task would copy them through a pipe.


def _adopt(entries: Sequence[Entry[Any]], work: Callable[[Entry[Any]], Any] | None) -> None:
    global _adopted  # noqa: PLW0603
    _adopted = (entries, work)


def _work_on(chunk: range) -> list[tuple[bytes, Any]]:
    entries, work = _adopted
    return [(entries[index].encoded, work(entries[index]) if work else None) for index in chunk]


def _can_fork() -> bool:
    """Forking is safe only while there is one thread, and only where the platform means it well."""
    return (
        sys.platform not in ("win32", "darwin")
        and threading.active_count() == 1
        and (os.cpu_count() or 1) > 1
        and not multiprocessing.current_process().daemon
    )


def _recall_hashes(archive: Archive) -> dict[str, _StatRow]:
    """Take content hashes from the stat index where a file is surely unchanged, as Git's index does.

    Returns the rows that still hold, by path.
    """
    data = archive.cache.get("stat", "index")
    if data is None:
        return {}
    try:
        index = _INDEX.decode(data)
    except msgspec.DecodeError:
        return {}
    valid = {}
    for entry in archive.entries:
        row = index.get(entry.path)
        found = archive.tree.stat(entry.path) if row else None
        if (
            row
            and found
            and (row.size, row.mtime_ns, row.inode) == found
            # a file written just before it was hashed may have been written again within one tick
            and row.mtime_ns + _RACY_NS < row.seen_ns
        ):
            entry.content_hash = row.hash
            valid[entry.path] = row
    return valid


def _remember_hashes(archive: Archive, rows: dict[str, _StatRow], now_ns: int) -> None:
    """Write the stat index anew, where a file was hashed that it did not know.

    `now_ns` is the time before any file was read: a later write then shows in the file's own time.
    """
    unknown = [entry for entry in archive.entries if entry.path not in rows]
    if not unknown:
        return
    for entry in unknown:
        found = archive.tree.stat(entry.path)
        if found and entry.content_hash:
            rows[entry.path] = _StatRow(found.size, found.mtime_ns, found.inode, entry.content_hash, now_ns)
    archive.cache.put_many("stat", {"index": msgspec.json.encode(rows)})
