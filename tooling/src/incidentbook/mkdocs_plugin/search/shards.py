"""The words of all blocks in files that a browser fetches by the first letters of what is asked."""

from __future__ import annotations

import json
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import msgspec

from incidentbook.mkdocs_plugin.search.blocks import Block, Unit

LIMIT = 48 * 1024
"""Bytes of a shard before it is compressed, roughly; what begins with more letters alike is split further."""

_WHOLE = "$"
"""Ends the name of a shard that holds only the words equal to its name."""

_UNIT = msgspec.msgpack.Decoder(Unit)


@dataclass(frozen=True, slots=True)
class Shard:
    """Words that begin alike. `stamp` names all that the file is made of, so that it names the file too."""

    prefix: str
    units: tuple[str, ...]
    stamp: str


def shards(blocks: Sequence[Block]) -> list[Shard]:
    """Divide the words of the blocks, by their beginnings alone: a new word moves few others."""
    sizes: Counter[str] = Counter()
    for block in blocks:
        sizes.update(block.sizes)
    divided = _divided("", sorted(sizes), sizes)
    return [Shard(prefix, tuple(units), _stamp(units, blocks)) for prefix, units in divided]


def _divided(prefix: str, units: list[str], sizes: Mapping[str, int]) -> Iterator[tuple[str, list[str]]]:
    if prefix and (len(units) == 1 or sum(sizes[unit] for unit in units) <= LIMIT):
        yield prefix, units
        return
    below: dict[str, list[str]] = defaultdict(list)
    for unit in units:
        below[unit[: len(prefix) + 1]].append(unit)
    for longer, part in below.items():
        if longer == prefix:
            yield prefix + _WHOLE, part
        else:
            yield from _divided(longer, part, sizes)


def _stamp(units: Iterable[str], blocks: Sequence[Block]) -> str:
    digest = blake2b(digest_size=6)
    for number, block in enumerate(blocks):
        for unit in units:
            found = block.digests.get(unit)
            if found:
                digest.update(number.to_bytes(4, "little") + found)
    return digest.hexdigest()


def file_of(shard: Shard, blocks: Sequence[Block]) -> bytes:
    """Make a shard's file.

    Uncompressed it is: the length of the JSON that follows, as four bytes, little-endian; the JSON, blanks
    added to make it even: for each word [word, block, postings, block, postings ...]; and all postings.
    """
    found: dict[str, list[tuple[int, int, bytes]]] = defaultdict(list)
    for number, block in enumerate(blocks):
        for name in shard.units:
            if name in block.units:
                unit = _UNIT.decode(block.units[name])
                start = 0
                for word, count in zip(unit.words, unit.counts, strict=True):
                    end = start + 2 * count
                    found[word].append((number, count, unit.postings[start:end]))
                    start = end
    rows = []
    for word, runs in sorted(found.items()):
        rows.append([word, *(part for number, count, _ in runs for part in (number, count))])
    head = json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()
    head += b" " * (len(head) % 2)
    postings = b"".join(data for word in sorted(found) for _, _, data in found[word])
    return zlib.compress(len(head).to_bytes(4, "little") + head + postings, 6)
