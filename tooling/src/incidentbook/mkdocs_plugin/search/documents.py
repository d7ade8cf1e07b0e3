"""What a search may find, as the index takes it: a page of the site with its entries."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from html import unescape
from pathlib import Path
from typing import Any

from incidentbook.pages import SearchEntry

MATERIAL_INDEX = Path("search", "search_index.json")
"""Where Material's own search plugin keeps what it read on the hand-written pages."""

PAGE = ("kind", "page", "Page")
"""What a hand-written page is among kinds of records."""

_TAG = re.compile(r"<[^>]*>")
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Document:
    """A page that may be found: `digest` names what `entries` would give, which is asked for only if new."""

    path: str
    digest: str
    entries: Callable[[], tuple[SearchEntry, ...]]


def hand_written(built: Path) -> Iterator[Document]:
    """Take what Material's search plugin read on the pages that people wrote: one document a section.

    Its index is removed: it would be a second one, and a reader's browser never asks for it.
    """
    index = built / MATERIAL_INDEX
    if not index.is_file():
        return
    sections = json.loads(index.read_text("utf-8"))["docs"]
    index.unlink()
    names: dict[str, str] = {}
    for section in sections:
        path, _, anchor = section["location"].partition("#")
        name = _plain(section["title"])
        names.setdefault(path, name)
        entry = SearchEntry(
            title=name,
            text=_plain(section["text"]),
            anchor=anchor,
            page=names[path] if anchor else "",
            filters=(PAGE,),
        )
        yield Document(section["location"], _digest(section, names[path]), _given(entry))


def _given(entry: SearchEntry) -> Callable[[], tuple[SearchEntry, ...]]:
    return lambda: (entry,)


def _digest(section: Any, name: str) -> str:
    return blake2b(json.dumps([section, name], sort_keys=True).encode(), digest_size=16).hexdigest()


def _plain(html: str) -> str:
    """The words of what Material keeps as HTML."""
    return _BLANKS.sub(" ", unescape(_TAG.sub(" ", html))).strip()
