"""Words looked for in every record, and what it is filed under."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import msgspec

from incidentbook.archive import Entry, RecordEntry, Records
from incidentbook.desk.filed import Filed, filed, title_of
from incidentbook.edits.record_text import field_order
from incidentbook.records import KINDS

FACETS = ("kind", "service", "state", "priority", "year", "team", "category", "owner")
"""What may be said as `facet:value`; the first five are those of the site's search."""

_WEIGHTS = (10.0, 4.0, 2.0, 1.0)
_MOST_COUNTED = 4
_BEFORE, _AROUND = 60, 160
_WORD = re.compile(r"[^\W_]+(?:[.'/-][^\W_]+)*")
_FACET = re.compile(rf"(?i:({'|'.join(FACETS)})):(\S+)")
_SPLIT = re.compile(r'"([^"]*)"|(\S+)')
_ESCAPE = re.compile(r'"[^"\n]*\\[xuU]')
_LEAST_PLURAL = 5
_WEIGHED = 200
"""So many are weighed field by field: more than anybody reads."""


@dataclass(frozen=True)
class Query:
    """What somebody typed: words and phrases that must all be there, and facets."""

    words: tuple[str, ...]
    facets: tuple[tuple[str, str], ...]

    @classmethod
    def parsed(cls, text: str) -> Query:
        """Take a line apart; what stands in quotation marks is one phrase."""
        words: list[str] = []
        facets: list[tuple[str, str]] = []
        for phrase, word in _SPLIT.findall(text):
            facet = _FACET.fullmatch(word)
            if facet is not None:
                facets.append((facet[1].lower(), facet_key(facet[2])))
            elif phrase:
                words.append(" ".join(fold(phrase).split()))
            else:
                words += _WORD.findall(fold(word))
        return cls(tuple(dict.fromkeys(word for word in words if word)), tuple(facets))

    @cached_property
    def patterns(self) -> tuple[re.Pattern[str], ...]:
        """Each word where one begins with it; a plural also finds its singular."""
        return tuple(_pattern(word) for word in self.words)

    @cached_property
    def stems(self) -> tuple[str, ...]:
        """What any text that has a word must hold somewhere."""
        return tuple(_stem(max(word.split(), key=len)) for word in self.words)


@dataclass(frozen=True, slots=True)
class Hit:
    """One record that was found, how well it fits, and how many of the words it has."""

    entry: RecordEntry[Any]
    title: str
    score: float
    matched: int


def search(records: Records[Any], query: Query) -> tuple[tuple[Hit, ...], bool]:
    """Find records with all words, the best first; and whether they have them all.

    Where no record has, those with most of them are found. Without a word a record fits if its facets do.
    Of very many only the first are weighed by field; the others follow by how often they have the words.
    """
    rough = [hit for hit in _roughly(records, query) if _is_filed(hit.entry, query, records)]
    most = max((hit.matched for hit in rough), default=0)
    while most or not query.words:
        level = sorted((hit for hit in rough if hit.matched == most), key=_best_first)
        weighed = [hit for one in level[:_WEIGHED] if (hit := _hit(one.entry, query, records))]
        fitting = sorted((hit for hit in weighed if hit.matched == most), key=_best_first)
        if fitting or not most:
            return (*fitting, *level[_WEIGHED:]), most == len(query.words)
        most -= 1
    return (), False


def _best_first(hit: Hit) -> tuple[float, float, str]:
    return (-hit.score, *_newest(hit.entry))


def found_in(entry: RecordEntry[Any], query: Query, records: Records[Any]) -> Hit | None:
    """The record as a hit, where it has all words and fits all facets."""
    if not _is_filed(entry, query, records):
        return None
    hit = _hit(entry, query, records)
    return hit if hit is not None and hit.matched == len(query.words) else None


def fold(text: str) -> str:
    """Text as it is compared: without case and accents."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in parts if not unicodedata.combining(char))


def _roughly(records: Records[Any], query: Query) -> Iterator[Hit]:
    """Every record that may have one of the words, weighed by the text of its file, which costs least.

    Where a word is a part of a key of front matter, which every file has, the fields are asked instead.
    """
    like_a_key = any(stem in key for stem in query.stems for key in _KEYS)
    for entry in records.entries:
        raw = entry.raw if isinstance(entry, Entry) and query.words and not like_a_key else b""
        text = fold(raw.decode("utf-8", "replace")) if raw else ""
        if not text or _ESCAPE.search(text):
            hit = _hit(entry, query, records) if entry.readable else None
        elif any(stem in text or stem in entry.id.lower() for stem in query.stems) and entry.readable:
            hit = _weighed(entry, query, title_of(entry, records), (), (text,))
        else:
            hit = None
        if hit is not None:
            yield hit


_KEYS = frozenset(name.rstrip("_") for kind in KINDS for name in field_order(kind)) | {
    "from",
    "yaml",
    "schema",
}


def _hit(entry: RecordEntry[Any], query: Query, records: Records[Any]) -> Hit | None:
    title = title_of(entry, records)
    _, *others = _parts(entry, title)
    return _weighed(entry, query, title, *((fold(" ".join(part)),) for part in others))


def _weighed(entry: RecordEntry[Any], query: Query, title: str, *parts: Sequence[str]) -> Hit | None:
    """Weigh folded texts, the first of which say most, beside title and ID; None where no word is there."""
    if not query.words:
        return Hit(entry, title, 0.0, 0)
    texts = [(weight, text) for weight, part in zip(_WEIGHTS[1:], parts, strict=False) for text in part]
    texts.append((_WEIGHTS[0], fold(f"{entry.id} {title}")))
    score, matched = 0.0, 0
    for stem, pattern in zip(query.stems, query.patterns, strict=True):
        worth = sum(
            weight * min(len(pattern.findall(text)), _MOST_COUNTED) for weight, text in texts if stem in text
        )
        matched += worth > 0
        score += worth
    return Hit(entry, title, score, matched) if matched else None


def _parts(entry: RecordEntry[Any], title: str) -> Sequence[Iterable[str]]:
    """The texts of a record by how much they say: title and ID, summary and symptoms, the rest, the body."""
    record = entry.record
    values = msgspec.to_builtins(record)
    first = [record.summary or "" if hasattr(record, "summary") else "", *getattr(record, "symptoms", ())]
    rest = (
        text
        for key, value in values.items()
        if key not in ("title", "summary", "symptoms")
        for text in _texts(value)
    )
    return ((entry.id, title), first, rest, (entry.body,))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def snippet(hit: Hit, query: Query) -> str:
    """The words around the first one that was found, of the part that says most; else how it begins."""
    parts = [" ".join(" ".join(part).split()) for part in _parts(hit.entry, hit.title)][1:]
    for part in parts:
        for pattern in query.patterns:
            # folding may change how long a text is: where it does, the place would be a wrong one
            folded = fold(part)
            found = pattern.search(folded if len(folded) == len(part) else part.lower())
            if found is not None:
                return _around(part, found.start())
    return _around(next((part for part in parts if part), ""), 0)


def _around(text: str, place: int) -> str:
    start = text.rfind(" ", 0, max(place - _BEFORE, 0)) + 1 if place > _BEFORE else 0
    end = start + _AROUND
    cut = text[start:end].rsplit(" ", 1)[0] if end < len(text) else text[start:]
    return f"{'… ' if start else ''}{cut}{' …' if end < len(text) else ''}"


def _is_filed(entry: RecordEntry[Any], query: Query, records: Records[Any]) -> bool:
    if not query.facets:
        return True
    row = filed(entry, records)
    for facet in {facet for facet, _ in query.facets}:
        wanted = [value for name, value in query.facets if name == facet]
        have = [facet_key(one) for one in filed_under(facet, row, records)]
        if not any(one.startswith(value) for value in wanted for one in have):
            return False
    return True


def filed_under(facet: str, row: Filed, records: Records[Any]) -> Iterable[str]:
    """What a record is filed under of one sort."""
    taxonomy = records.taxonomy
    match facet:
        case "kind":
            return (row.entry.kind,)
        case "service":
            names = (taxonomy.service(key) for key in row.services)
            return (*row.services, *(service.name for service in names if service is not None))
        case "state":
            return (row.state, *(("open",) if row.is_open else ()))
        case "year":
            return (str(row.at.astimezone(taxonomy.zone).year),) if row.at else ()
    value = {"priority": row.priority, "team": row.team, "category": row.category, "owner": row.owner}[facet]
    return (value,) if value else ()


def _newest(entry: RecordEntry[Any]) -> tuple[float, str]:
    at: datetime | None = getattr(entry.record, "opened", None) or getattr(entry.record, "started", None)
    return (-at.timestamp() if at else 0.0, entry.id)


def facet_key(value: str) -> str:
    """A value as facets are compared: on-hold and On hold are one."""
    return re.sub(r"[-_\s]+", "_", fold(value))


def _stem(word: str) -> str:
    return word[:-1] if word.endswith("s") and len(word) >= _LEAST_PLURAL else word


def _pattern(word: str) -> re.Pattern[str]:
    """A word where one begins. The text comes first, for what begins with a condition is tried everywhere."""
    *before, last = word.split()
    first, *rest = map(re.escape, (*before, _stem(last)))
    return re.compile(r"\s+".join((rf"{first}(?<![^\W_]{first})", *rest)))
