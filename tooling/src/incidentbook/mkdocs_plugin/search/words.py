"""What counts as a word, for the index and, by the same rule in static/search/10-words.js, for a query."""

from __future__ import annotations

import re
import unicodedata

# A record's ID is one word: whoever types it means that record. In ASCII: digits of other scripts are words.
_WORD = re.compile(r"[a-z]+-[0-9]{4}-[0-9]+|[^\W_]+")
# Scripts without spaces between words are cut into pairs of signs (the sources are CJK and Thai blocks).
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
_LONGEST = 40
"""What is longer is a key or a hash; its beginning finds it."""


def words_of(text: str) -> list[str]:
    """Cut a text into words: small letters without accents, and IDs whole."""
    folded = text.lower()
    if folded.isascii():
        return _WORD.findall(folded)
    signs = unicodedata.normalize("NFKD", folded)
    folded = "".join(sign for sign in signs if not unicodedata.category(sign).startswith("M"))
    return [part for word in _WORD.findall(folded) for part in _parts(word)]


def _parts(word: str) -> list[str]:
    if word.isascii() or not _UNSPACED.search(word):
        return [word]
    parts = []
    end = 0
    for run in _UNSPACED.finditer(word):
        parts.append(word[end : run.start()])
        signs = run.group()
        parts.extend(signs[at : at + 2] for at in range(max(len(signs) - 1, 1)))
        end = run.end()
    return [part for part in (*parts, word[end:]) if part]


def shortened(word: str) -> str:
    """The word as the index keeps it."""
    return word[:_LONGEST]


def number_of(word: str) -> str | None:
    """The number at the end of an ID, by which people call a record too."""
    return word.rpartition("-")[2] if "-" in word else None
