"""Reading many records at once: from the cache, or by several processes."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from incidentbook.archive.entry import SPACE, Entry
from incidentbook.source import Stat

if TYPE_CHECKING:
    from incidentbook.archive.archive import Archive

T = TypeVar("T")

PARALLEL_FROM = 400
"""Fewer files than this are read faster by one process than several are started."""

_CHUNK = 200
_STORED_AT_ONCE = 1_000
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
    index = _read_index(archive)
    unsure = _recall_hashes(archive, index)
    stored = archive.cache.get_all(SPACE)
    missing = []
    for entry in archive.entries:
        if not entry.is_loaded:
            # the key asks for the file's hash: where nothing is stored, whoever reads it makes that
            encoded = stored.get(entry.cache_key) if stored else None
            if encoded is None:
                missing.append(entry)
            else:
                entry.prime(encoded)
    results: dict[str, T] = {}
    unstored: dict[str, bytes] = {}
    for entry, encoded, result in map_entries(missing, also):
        entry.prime(encoded)
        if result is not None:
            results[entry.path] = result
        if entry.content_hash:  # what could not be read has no content to be known by
            unstored[entry.cache_key] = encoded
        if len(unstored) >= _STORED_AT_ONCE:  # while other processes are still reading
            archive.cache.put_many(SPACE, unstored)
            unstored = {}
    archive.cache.put_many(SPACE, unstored)
    if len(stored) > 2 * len(archive.entries) + 1000:
        archive.cache.forget(SPACE, stored.keys() - {entry.cache_key for entry in archive.entries})
    _remember_hashes(archive, index, unsure, now_ns)
    return results


def map_entries(
    entries: Sequence[Entry[Any]], work: Callable[[Entry[Any]], T] | None
) -> Iterable[tuple[Entry[Any], bytes, T | None]]:
    """Load entries and compute `work` of each, in several processes where that pays."""
    if len(entries) < PARALLEL_FROM or not can_fork():
        for entry in entries:
            yield entry, *_load(entry, work)[:2]
        return
    chunks = [range(start, min(start + _CHUNK, len(entries))) for start in range(0, len(entries), _CHUNK)]
    context = multiprocessing.get_context("fork")
    with context.Pool(cores(), _adopt, (entries, work)) as pool:
        for chunk, results in zip(chunks, pool.imap(_work_on, chunks), strict=True):
            for index, (encoded, result, read_hash) in zip(chunk, results, strict=True):
                entries[index].recall_hash(read_hash)
                yield entries[index], encoded, result


_adopted: tuple[Sequence[Entry[Any]], Callable[[Entry[Any]], Any] | None] = ((), None)
# Set once in each worker and nowhere else: a forked worker already holds the entries, and passing
# them as a task would copy them through a pipe.


def _adopt(entries: Sequence[Entry[Any]], work: Callable[[Entry[Any]], Any] | None) -> None:
    global _adopted  # noqa: PLW0603
    _adopted = (entries, work)


def _work_on(chunk: range) -> list[tuple[bytes, Any, str]]:
    entries, work = _adopted
    results = []
    for index in chunk:
        results.append(_load(entries[index], work))
        entries[index].forget()
    return results


def _load(entry: Entry[Any], work: Callable[[Entry[Any]], T] | None) -> tuple[bytes, T | None, str]:
    """Read one file that no cache has, work on it, and say by which hash what was read is known."""
    with entry.opened():
        return entry.read(), work(entry) if work else None, entry.content_hash


def cores() -> int:
    """How many processor cores this process may use: a container or `taskset` may allow fewer than exist."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def can_fork() -> bool:
    """Forking is safe only while there is one thread, and only where the platform means it well."""
    return (
        sys.platform not in ("win32", "darwin")
        and threading.active_count() == 1
        and cores() > 1
        and not multiprocessing.current_process().daemon
    )


def _read_index(archive: Archive) -> dict[str, _StatRow]:
    try:
        return _INDEX.decode(archive.cache.get("stat", "index") or b"{}")
    except msgspec.DecodeError:
        return {}


def _recall_hashes(archive: Archive, index: Mapping[str, _StatRow]) -> dict[str, Stat]:
    """Take content hashes from the stat index where a file is surely unchanged, as Git's index does.

    Returns the stat of the other files, taken before they are read: where one is saved meanwhile,
    its stat will not fit the next time.
    """
    unsure = {}
    for entry in archive.entries:
        found = None if entry.is_hashed else archive.tree.stat(entry.path)
        if found is None:
            continue
        row = index.get(entry.path)
        if (
            row is not None
            and (row.size, row.mtime_ns, row.inode) == found
            # a file written just before it was hashed may have been written again within one tick
            and row.mtime_ns + _RACY_NS < row.seen_ns
        ):
            entry.recall_hash(row.hash)
        else:
            unsure[entry.path] = found
    return unsure


def _remember_hashes(
    archive: Archive, index: Mapping[str, _StatRow], unsure: Mapping[str, Stat], now_ns: int
) -> None:
    """Write the stat index anew, where a file was hashed; `now_ns` is the time before any was read."""
    rows = {entry.path: index[entry.path] for entry in archive.entries if entry.path in index}
    hashed = {
        entry.path: _StatRow(*unsure[entry.path], entry.content_hash, now_ns)
        for entry in archive.entries
        if entry.path in unsure and entry.content_hash
    }
    if hashed:
        archive.cache.put_many("stat", {"index": msgspec.json.encode(rows | hashed)})
