"""Some hundred documents, turned round: for each word, in which of them it stands, and how much it says."""

from __future__ import annotations

import json
import zlib
from array import array
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from hashlib import blake2b

import msgspec

from incidentbook.mkdocs_plugin.search.words import number_of, shortened, words_of
from incidentbook.pages import SearchEntry

DOCUMENTS = 256
"""Documents in a block: what is turned round again when one of them changes."""

ENTRIES = 16
"""Entries of one document that are found apart; what comes after is found as part of the last of them.

DOCUMENTS x ENTRIES is the number of places in a block, and fills twelve bits of a posting.
"""

TEXTS = 8
"""Texts in one file. Ten results ask for ten files at most: large ones cost the reader, small the builder."""

LEVELS = 16
"""How many steps a word's weight has: four bits of a posting."""

_FIRST_DAY = date(2000, 1, 1)

# BM25 as it is usually set (Robertson and Zaragoza, 2009), but against a fixed length: with the mean of
# all documents each new record would change the weight of every word of every other.
_SATURATION, _BY_LENGTH, _USUAL_LENGTH = 1.2, 0.75, 300
_IN_TITLE = 6
"""A word of a title weighs as much as so many in the text."""


class Unit(msgspec.Struct, array_like=True):
    """The words that begin alike: each with the number of its postings, and all postings one after another.

    A posting is 16 bits, little-endian: the upper twelve are the place in the block, the others the weight.
    """

    words: list[str]
    counts: list[int]
    postings: bytes


class Filed(msgspec.Struct, array_like=True):
    """What an entry is filed under: the day (from 2000-01-01 on, 0 if none), and (facet, value, label)s."""

    day: int
    filters: tuple[tuple[str, str, str], ...]


class Block(msgspec.Struct, array_like=True):
    """Entries turned round: how each is filed, their texts file by file, their words unit by unit.

    `sizes` and `digests` tell of each unit what need not be decoded for it.
    """

    filed: list[Filed]
    texts: list[bytes]
    units: dict[str, msgspec.Raw]
    sizes: dict[str, int]
    digests: dict[str, bytes]


def unit_of(word: str) -> str:
    """The first letters, by which words are kept together; of an ID all but the last two digits."""
    return word[:-2] if "-" in word else word[:3]


def entries_of(path: str, entries: Sequence[SearchEntry]) -> list[tuple[str, SearchEntry]]:
    """The entries of a document with the address of each, no more than a block has places for."""
    found = [(f"{path}#{one.anchor}" if one.anchor and "#" not in path else path, one) for one in entries]
    if len(found) > ENTRIES:
        address, last = found[ENTRIES - 1]
        text = " ".join((last.text, *(f"{one.title} {one.text}" for _, one in found[ENTRIES:])))
        found[ENTRIES - 1 :] = [(address, replace(last, text=text))]
    return found


def turned(entries: Sequence[tuple[str, SearchEntry]]) -> Block:
    """Make a block of entries with their addresses."""
    postings: dict[str, list[int]] = defaultdict(list)
    for place, (_, entry) in enumerate(entries):
        for word, posting in _weighed(entry, place):
            postings[word].append(posting)
    units: dict[str, Unit] = {}
    for word in sorted(postings):
        name = unit_of(word)
        unit = units.get(name)
        if unit is None:
            unit = units[name] = Unit([], [], b"")
        found = postings[word]
        unit.words.append(word)
        unit.counts.append(len(found))
        unit.postings += little_endian(array("H", found))
    encoded = {name: msgspec.msgpack.encode(unit) for name, unit in units.items()}
    return Block(
        filed=[_filed(entry) for _, entry in entries],
        texts=_texts(entries),
        units={name: msgspec.Raw(data) for name, data in encoded.items()},
        sizes={name: len(data) for name, data in encoded.items()},
        digests={name: blake2b(data, digest_size=8).digest() for name, data in encoded.items()},
    )


def _weighed(entry: SearchEntry, place: int) -> list[tuple[str, int]]:
    words = words_of(entry.text)
    counts = Counter(words)
    for word in words_of(f"{entry.page} {entry.title}"):
        counts[word] += _IN_TITLE
        number = number_of(word)
        if number:
            counts[number] += _IN_TITLE
    against = _SATURATION * (1 - _BY_LENGTH + _BY_LENGTH * len(words) / _USUAL_LENGTH)
    first = place << 4
    # few words stand there often: the weights of the first numbers are worked out once
    weights = [first | int(LEVELS * count / (count + against)) for count in range(64)]
    most = weights[-1]
    found = [(word, weights[count] if count < 64 else most) for word, count in counts.items()]
    return [(word, posting) if len(word) < 40 else (shortened(word), posting) for word, posting in found]


def _filed(entry: SearchEntry) -> Filed:
    # what is no record, such as a team's page, says what it is by its first tag
    filters = entry.filters or tuple(("kind", tag.lower(), tag) for tag in entry.tags[:1])
    return Filed((entry.day - _FIRST_DAY).days if entry.day else 0, filters)


def _texts(entries: Sequence[tuple[str, SearchEntry]]) -> list[bytes]:
    """The files of texts, in order: address, title, name of the page it is part of, text."""
    rows = [(address, entry.title, entry.page, entry.text) for address, entry in entries]
    return [packed(rows[start : start + TEXTS]) for start in range(0, len(rows), TEXTS)]


def packed(value: object) -> bytes:
    """JSON as the browser gets it: compressed here, for many hosts send unknown files as they are."""
    return zlib.compress(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), 6)


def little_endian(numbers: array[int]) -> bytes:
    """The bytes of numbers, in the order that a browser on any machine is told to expect."""
    if array("H", [1]).tobytes() == b"\0\1":
        numbers.byteswap()
    return numbers.tobytes()
