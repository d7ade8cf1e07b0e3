"""What is known already of a trouble: the same one open, how past ones ended, known errors, what to try."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from incidentbook.archive import RecordEntry, Records, references
from incidentbook.cache import Cache
from incidentbook.records import Article, Incident, Problem
from incidentbook.similarity.keeping import kept_shelves
from incidentbook.similarity.naming import services_named
from incidentbook.similarity.neighbours import is_useful, spelled
from incidentbook.similarity.packed import nearest_by_shelf
from incidentbook.similarity.ranking import Effort, Match
from incidentbook.similarity.terms import Document, document_of_text, document_with_body, facets_for
from incidentbook.taxonomy import Taxonomy

MOST = 5
"""How many of each sort are told, unless said otherwise."""

EFFORT = Effort(postings=20_000, candidates=40)
"""Finds what a search through everything finds, in a few milliseconds."""

_LEAST = (0.15, 0.15, 0.15, 0.1)
"""Past and open incidents, problems, articles: an article says much, so that little of it is like a title."""

_LIKE_ENOUGH = 0.25
"""What helped with an incident is told where that incident is so like this one."""

_PASSED_ON = 0.8
_RELATIONS = frozenset({"problem", "known_error", "article"})


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that may help, and why.

    `score` goes from 0 to 1. `words` are those that both use, the most telling first; `services` the keys
    of those that both touch. `named` is true where the record that was asked for names it itself; `helped`
    has the incidents like it that name it. `earlier` is true of an incident that was opened before the one
    that was asked for, or before now where words were.
    """

    entry: RecordEntry[Any]
    score: float
    words: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    same_category: bool = False
    named: bool = False
    helped: tuple[str, ...] = ()
    earlier: bool = False

    def reason(self, taxonomy: Taxonomy) -> str:
        """Say in words why it may help."""
        parts = ["this record names it"] if self.named else []
        if self.helped:
            parts.append(f"named by {' and '.join(self.helped)}, which {_are(self.helped)} like this")
        if self.services:
            names = ", ".join(_name(key, taxonomy) for key in self.services)
            parts.append(f"same service: {names}")
        if self.same_category:
            parts.append("same category")
        if self.words:
            told = ", ".join(f'"{words}"' for words in self.words)
            parts.append(f"both say {told}")
        return "; ".join(parts)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a trouble, of each sort the likeliest first.

    `open` are incidents that may be the same, `past` those that are over; `known_errors` are problems, those
    without a known cause among them; `articles` are published ones.
    """

    open: tuple[Hit, ...] = ()
    past: tuple[Hit, ...] = ()
    known_errors: tuple[Hit, ...] = ()
    articles: tuple[Hit, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known."""
        return not (self.open or self.past or self.known_errors or self.articles)


def known_for(
    records: Records[Any],
    *,
    text: str | None = None,
    id: str | None = None,  # noqa: A002 -- the name of the thing
    services: Iterable[str] = (),
    category: str | None = None,
    cache: Cache | None = None,
    now: datetime,
    most: int = MOST,
) -> Known:
    """Look up what is known of a text, or of a record by its ID; only among `records`, whoever may read them.

    `services` and `category` are what a text is to be filed under; services that it names count as well.
    Incidents that were logged after `now` are not known yet. Raises KeyError for an ID that has no record.
    """
    entry = None if id is None else records.get(id)
    if id is not None and (entry is None or not entry.readable):
        raise KeyError(id)
    asked = _document(entry, text or "", services, category, records.taxonomy)
    shelves = kept_shelves(records, cache or Cache.open(None))
    matches = nearest_by_shelf(shelves, asked, most + 1, least=_LEAST, effort=EFFORT)
    past, open_, problems, articles = (list(_hits(found, asked, records, now)) for found in matches)
    named = frozenset(one.target for one in references(entry.record)) if entry is not None else frozenset()
    helpful = [*_named(named, records), *_helped(past, records), *problems, *articles]
    merged = _merged(one for one in helpful if one.entry.id != asked.id)
    solved = [one for one in merged if isinstance(one.entry.record, Problem)]
    to_try = [one for one in merged if isinstance(one.entry.record, Article)]
    since = now if entry is None else getattr(entry.record, "opened", None)
    return Known(
        tuple(_marked(open_, named, since)[:most]),
        tuple(_marked(past, named, since)[:most]),
        tuple(solved[:most]),
        tuple(to_try[:most]),
    )


def _document(
    entry: RecordEntry[Any] | None,
    text: str,
    services: Iterable[str],
    category: str | None,
    taxonomy: Taxonomy,
) -> Document:
    if entry is not None:
        return document_with_body(entry)
    named = dict.fromkeys([*services, *services_named(text, taxonomy)])
    return document_of_text(text, facets_for(named, category))


def _hits(matches: Iterable[Match], asked: Document, records: Records[Any], now: datetime) -> Iterator[Hit]:
    for match in matches:
        entry = records.get(match.id)
        if entry is not None and entry.readable and not _is_to_come(entry.record, now):
            words, services, same_category = spelled(match, asked.words)
            yield Hit(entry, min(match.score, 1.0), words, services, same_category)


def _is_to_come(record: object, now: datetime) -> bool:
    return isinstance(record, Incident) and record.opened is not None and record.opened > now


def _named(ids: Iterable[str], records: Records[Any]) -> Iterator[Hit]:
    """What the record itself names, if it is of use."""
    for id_ in sorted(ids):
        entry = records.get(id_)
        if entry is not None and entry.readable and is_useful(entry.record):
            yield Hit(entry, 1.0, named=True)


def _helped(past: Iterable[Hit], records: Records[Any]) -> Iterator[Hit]:
    """What past incidents like it name, if it is of use: what helped then may help now."""
    for one in past:
        if one.score < _LIKE_ENOUGH:
            continue
        targets = [ref.target for ref in references(one.entry.record) if ref.relation in _RELATIONS]
        for target in dict.fromkeys(targets):
            entry = records.get(target)
            if entry is not None and entry.readable and is_useful(entry.record):
                yield Hit(entry, one.score * _PASSED_ON, helped=(one.entry.id,))


def _merged(hits: Iterable[Hit]) -> list[Hit]:
    """Each record once, with all that speaks for it, the likeliest first."""
    found: dict[str, Hit] = {}
    for hit in hits:
        before = found.get(hit.entry.id)
        found[hit.entry.id] = hit if before is None else _both(before, hit)
    return sorted(found.values(), key=lambda one: (-one.score, one.entry.name.sort_key()))


def _both(one: Hit, other: Hit) -> Hit:
    return replace(
        one,
        score=max(one.score, other.score),
        words=one.words or other.words,
        services=one.services or other.services,
        same_category=one.same_category or other.same_category,
        named=one.named or other.named,
        helped=(*one.helped, *other.helped),
    )


def _marked(hits: Iterable[Hit], named: frozenset[str], since: datetime | None) -> list[Hit]:
    return [
        replace(one, named=one.entry.id in named, earlier=_is_before(one.entry.record, since)) for one in hits
    ]


def _is_before(incident: Incident, since: datetime | None) -> bool:
    return incident.opened is not None and since is not None and incident.opened < since


def _are(ids: tuple[str, ...]) -> str:
    return "is" if len(ids) == 1 else "are"


def _name(key: str, taxonomy: Taxonomy) -> str:
    service = taxonomy.service(key)
    return service.name if service else key
