"""Reading many records at once: from the cache, or by several processes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from incidentbook.archive.entry import SPACE, Entry
from incidentbook.processes import is_worker, map_in_parallel
from incidentbook.source import Stat

if TYPE_CHECKING:
    from incidentbook.archive.archive import Archive

T = TypeVar("T")

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
    """Load entries that no cache has, and compute `work` of each, in several processes where that pays.

    What was read is known by the hash that it then had.
    """

    def load(entry: Entry[Any]) -> tuple[bytes, T | None, str]:
        with entry.opened():
            loaded = entry.read(), work(entry) if work else None, entry.content_hash
        if is_worker():
            entry.forget()
        return loaded

    for entry, (encoded, result, read_hash) in zip(entries, map_in_parallel(entries, load), strict=True):
        entry.recall_hash(read_hash)
        yield entry, encoded, result


def recall_hashes(archive: Archive) -> None:
    """Take content hashes from the stat index for files that are surely unchanged; read no other."""
    _recall_hashes(archive, _read_index(archive))


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
