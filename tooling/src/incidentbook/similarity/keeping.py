"""What was found, and indexed, before, while nothing that it depends on has changed."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

import msgspec

from incidentbook.archive import Archive, RecordEntry, Records, load_entries
from incidentbook.archive.loading import recall_hashes
from incidentbook.cache import Cache, code_fingerprint
from incidentbook.clocks import left_out_of_measures
from incidentbook.publication import Published
from incidentbook.publication.standing import is_open
from incidentbook.similarity.neighbours import (
    Surroundings,
    surroundings,
    terms_digest,
    useful,
)
from incidentbook.similarity.packed import Packed, pack
from incidentbook.similarity.terms import document_with_body

_SPACE = "similar"
_SHELVES = "known"
_INDEXED = frozenset({"incident", "problem", "article"})


class _Kept(msgspec.Struct, frozen=True, array_like=True):
    """What was found, and a digest of all that it depends on."""

    digest: str
    found: Surroundings


_KEPT = msgspec.msgpack.Decoder(_Kept)


def kept_surroundings(records: Records[Any], store: Cache, place: str) -> Surroundings:
    """Return what `surroundings` does; `place` names these records among others in the cache."""
    digest = f"{code_fingerprint()}:{terms_digest(records)}"
    encoded = store.get(_SPACE, place)
    if encoded is not None:
        try:
            kept = _KEPT.decode(encoded)
        except msgspec.MsgspecError:
            pass  # of another version
        else:
            if kept.digest == digest:
                return kept.found
    found = surroundings(records)
    store.put_many(_SPACE, {place: msgspec.msgpack.encode(_Kept(digest, found))})
    return found


class _KeptIndex(msgspec.Struct, frozen=True, array_like=True):
    """An index, and a digest of all that it was made of."""

    digest: str
    shelves: Packed


_KEPT_INDEX = msgspec.msgpack.Decoder(_KeptIndex)


def kept_shelves(records: Records[Any], store: Cache) -> Packed:
    """Index what a responder may ask for: past incidents, open ones, problems that stand, articles.

    Where the files are those of last time no record is read: the index comes from the cache.
    """
    place = records.audience.value if isinstance(records, Published) else "all"
    digest = _digest_of_files(records, place)
    encoded = store.get(_SHELVES, place)
    if encoded is not None:
        try:
            kept = _KEPT_INDEX.decode(encoded)
        except msgspec.MsgspecError:
            pass  # of another version
        else:
            if kept.digest == digest:
                return kept.shelves
    shelves = build_shelves(records)
    # loading may have read files again, that somebody saved in between
    kept = _KeptIndex(_digest_of_files(records, place), shelves)
    store.put_many(_SHELVES, {place: msgspec.msgpack.encode(kept)})
    return shelves


def build_shelves(records: Records[Any]) -> Packed:
    """Index past incidents, open ones, problems that stand and published articles, in this order.

    Cancelled, duplicate and drill incidents teach nothing of their own.
    """
    if isinstance(records, Archive) and not all(entry.is_loaded for entry in records.entries):
        load_entries(records)
    counted = [entry for entry in records.incidents if left_out_of_measures(entry.record) is None]
    solved = list(useful(records))
    shelves: tuple[list[RecordEntry[Any]], ...] = (
        [entry for entry in counted if not is_open(entry.record)],
        [entry for entry in counted if is_open(entry.record)],
        [entry for entry in solved if entry.kind == "problem"],
        [entry for entry in solved if entry.kind == "article"],
    )
    return pack([document_with_body(entry) for entry in shelf] for shelf in shelves)


def _digest_of_files(records: Records[Any], place: str) -> str:
    """Name the files, what an audience may know of services, and the code."""
    if isinstance(records, Archive) and not all(entry.is_hashed for entry in records.entries):
        recall_hashes(records)
    digest = blake2b(f"{code_fingerprint()} {place}".encode(), digest_size=16)
    files = [f"{entry.id} {entry.content_hash}" for entry in records.entries if entry.kind in _INDEXED]
    digest.update("\n".join(files).encode())
    for service in records.taxonomy.services:
        digest.update(f"\n{service.id} {' '.join(service.aliases)}".encode())
    return digest.hexdigest()
