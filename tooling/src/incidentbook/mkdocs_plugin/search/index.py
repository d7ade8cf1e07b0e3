"""The index of a site: kept in the cache block by block, written into the site file by file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from itertools import groupby
from typing import Any, Protocol

import msgspec

from incidentbook.cache import Cache, code_fingerprint
from incidentbook.mkdocs_plugin.search.blocks import DOCUMENTS, TEXTS, Block, entries_of, packed, turned
from incidentbook.mkdocs_plugin.search.columns import columns_of, facets_of
from incidentbook.mkdocs_plugin.search.documents import Document
from incidentbook.mkdocs_plugin.search.shards import file_of, shards
from incidentbook.pages import SearchEntry
from incidentbook.processes import Started

FOLDER = "search/"
MANIFEST = FOLDER + "index.json"

_KNOWN, _BLOCKS = "search", "search-block"
"""Spaces of the cache: which documents each site had, in which blocks; and the blocks."""

_NUMBERED = re.compile(r"(.*[A-Z]-[0-9]{4}-)([0-9]+)/\Z")
_SEVERAL = 4
"""Fewer blocks than this are turned sooner by one process than others are started."""


class _Known(msgspec.Struct, array_like=True):
    """The documents of the last build by path, each with its digest, and the keys of its blocks."""

    documents: dict[str, str] = {}
    blocks: list[str] = []


_KNOWN_SITE = msgspec.msgpack.Decoder(_Known)
_BLOCK = msgspec.msgpack.Decoder(Block)


class Folder(Protocol):
    """The built site, as far as the index fills it."""

    def keep(self, path: str, stamp: str) -> bool:
        """Claim a file that is there under this stamp; tell whether it was."""

    def write(self, path: str, data: bytes, stamp: str) -> None:
        """Write a file and claim it."""


class Index:
    """Everything that a search of one site may find: documents are added, then it is written.

    `place` names the site in the cache: two audiences are two sites.
    """

    def __init__(self, cache: Cache, place: str) -> None:
        self._cache = cache
        self._place = place
        self._documents: dict[str, Document] = {}
        self._entries: dict[str, tuple[SearchEntry, ...]] = {}
        self._known = self._recall()

    def _recall(self) -> _Known:
        try:
            return _KNOWN_SITE.decode(self._cache.get(_KNOWN, self._place) or b"\x90")
        except msgspec.MsgspecError:
            return _Known()

    def add(self, document: Document) -> None:
        """Add a document; its entries are taken at once where they are new, for now they are at hand."""
        self._documents[document.path] = document
        if self._known.documents.get(document.path) != document.digest:
            self._entries[document.path] = document.entries()

    def write(self, folder: Folder) -> None:
        """Write what has changed into the site, and claim the rest."""
        members = list(_blocks(self._documents.values()))
        keys = [_key(documents) for documents in members]
        blocks = self._made(keys, members)
        manifest = {
            "version": 1,
            "texts": TEXTS,
            "blocks": [[_write_texts(folder, block), len(block.filed)] for block in blocks],
            "words": dict(_write_words(folder, blocks)),
            **_write_columns(folder, blocks),
        }
        data = json.dumps(manifest, ensure_ascii=False, separators=(",", ":")).encode()
        _write_named(folder, MANIFEST, data, _digest(data))
        known = _Known({path: one.digest for path, one in self._documents.items()}, keys)
        self._cache.put_many(_KNOWN, {self._place: msgspec.msgpack.encode(known)})
        self._cache.forget(_BLOCKS, set(self._known.blocks).difference(keys))

    def _made(self, keys: Sequence[str], members: Sequence[Sequence[Document]]) -> list[Block]:
        """The blocks, from the cache or made by as many processes as there are cores."""
        stored = self._cache.get_many(_BLOCKS, keys)
        found = {key: block for key, data in stored.items() if (block := _decoded(data)) is not None}
        missing = [(key, documents) for key, documents in zip(keys, members, strict=True) if key not in found]
        entries = [self._entries_of(documents) for _, documents in missing]
        started = Started(entries, _encoded, at_once=len(missing) >= _SEVERAL)
        made = {key: data for (key, _), data in zip(missing, started, strict=True)}
        self._cache.put_many(_BLOCKS, made)
        found.update((key, _BLOCK.decode(data)) for key, data in made.items())
        return [found[key] for key in keys]

    def _entries_of(self, documents: Iterable[Document]) -> list[tuple[str, SearchEntry]]:
        found: list[tuple[str, SearchEntry]] = []
        for document in documents:
            taken = self._entries.pop(document.path, None)
            found.extend(entries_of(document.path, document.entries() if taken is None else taken))
        return found


def _encoded(entries: Sequence[tuple[str, SearchEntry]]) -> bytes:
    return msgspec.msgpack.encode(turned(entries))


def _decoded(data: bytes) -> Block | None:
    try:
        return _BLOCK.decode(data)
    except msgspec.MsgspecError:
        return None


def _blocks(documents: Iterable[Document]) -> Iterator[list[Document]]:
    """Divide documents so that a new or changed one touches few blocks: by kind and year, in their order."""
    ordered = sorted(documents, key=lambda document: _order(document.path))
    for _, group in groupby(ordered, key=lambda document: _order(document.path)[0]):
        alike = list(group)
        for start in range(0, len(alike), DOCUMENTS):
            yield alike[start : start + DOCUMENTS]


def _order(path: str) -> tuple[str, int, str]:
    numbered = _NUMBERED.match(path)
    if numbered:
        return numbered[1], int(numbered[2]), path
    return path.partition("/")[0], 0, path


def _key(documents: Iterable[Document]) -> str:
    digest = blake2b(code_fingerprint().encode(), digest_size=12)
    for document in documents:
        digest.update(f"{document.path}\0{document.digest}\0".encode())
    return digest.hexdigest()


def _write_texts(folder: Folder, block: Block) -> str:
    """Write the texts of a block; return what their files are called."""
    name = _digest(b"\0".join(block.texts))
    for number, data in enumerate(block.texts):
        _write_named(folder, f"{FOLDER}texts/{name}-{number}.idx", data, name)
    return name


def _write_words(folder: Folder, blocks: Sequence[Block]) -> Iterator[tuple[str, str]]:
    """Write the words of all blocks; give the beginning of words, and its file, for each."""
    for shard in shards(blocks):
        path = f"{FOLDER}words/{shard.stamp}.idx"
        if not folder.keep(path, shard.stamp):
            folder.write(path, file_of(shard, blocks), shard.stamp)
        yield shard.prefix, shard.stamp


def _write_columns(folder: Folder, blocks: Sequence[Block]) -> dict[str, Any]:
    """Write how everything is filed; return what a reader may choose from, and the name of the file."""
    filed = [one for block in blocks for one in block.filed]
    facets = facets_of(filed)
    data = packed(columns_of(filed, facets))
    name = _digest(data)
    _write_named(folder, f"{FOLDER}{name}.idx", data, name)
    return {"facets": [facet.shown() for facet in facets], "columns": name}


def _write_named(folder: Folder, path: str, data: bytes, stamp: str) -> None:
    if not folder.keep(path, stamp):
        folder.write(path, data, stamp)


def _digest(data: bytes) -> str:
    return blake2b(data, digest_size=6).hexdigest()
