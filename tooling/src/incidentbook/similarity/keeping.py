"""Neighbours as they were found before, while no text that they depend on has changed."""

from __future__ import annotations

from typing import Any

import msgspec

from incidentbook.archive import Records
from incidentbook.cache import Cache, code_fingerprint
from incidentbook.similarity.neighbours import Neighbour, neighbours, terms_digest

_SPACE = "similar"


class _Kept(msgspec.Struct, frozen=True, array_like=True):
    """What was found, and a digest of all that it depends on."""

    digest: str
    found: dict[str, tuple[Neighbour, ...]]


_KEPT = msgspec.msgpack.Decoder(_Kept)


def kept_neighbours(records: Records[Any], store: Cache, place: str) -> dict[str, tuple[Neighbour, ...]]:
    """Return what `neighbours` does; `place` names these records among others in the cache."""
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
    found = neighbours(records)
    store.put_many(_SPACE, {place: msgspec.msgpack.encode(_Kept(digest, found))})
    return found
