"""The anchors that GitHub gives headings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from functools import lru_cache
from html import unescape

_TAG = re.compile(r"<[^>]*>")
_NO_WORD = re.compile(r"[^\w\- ]")


def words_of(html: str) -> str:
    """What a heading says; its spaces count in its anchor."""
    return unescape(_TAG.sub("", html)) if "<" in html or "&" in html else html


@lru_cache(maxsize=1_000)  # nearly all reviews have the same headings
def slug(words: str) -> str:
    """The anchor of a heading with these words, where no other heading has it."""
    return _NO_WORD.sub(_mark_or_nothing, words.lower()).replace(" ", "-")


def _mark_or_nothing(match: re.Match[str]) -> str:
    # GitHub keeps \p{L}, \p{M}, \p{N} and \p{Pc}; Python's \w has no marks, such as vowel signs of Hindi
    return match[0] if unicodedata.category(match[0])[0] == "M" else ""


def unused(wanted: str, taken: Collection[str]) -> str:
    """The name itself, or with the first number that is free."""
    number, candidate = 0, wanted
    while candidate in taken:
        number += 1
        candidate = f"{wanted}-{number}"
    return candidate
