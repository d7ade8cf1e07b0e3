"""The incidents nearest to each incident, with the reason in words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import msgspec

from incidentbook.archive import RecordEntry, Records
from incidentbook.processes import map_in_parallel
from incidentbook.records import Article, ArticleStatus, Problem, ProblemStatus
from incidentbook.similarity.ranking import Effort, Match, build_index, nearest, nearest_to, parted
from incidentbook.similarity.terms import Document, document_of, document_with_body, facets_of, texts_of

MOST = 6
"""How many neighbours each has; its page may name one or two already for another reason."""

LEAST_SOLUTION = 0.13
"""An article says much, so that little of it is like a title."""

MOST_SOLUTIONS = 4
_FEW = Effort(postings=40, candidates=4)
_TOLD = 3
"""How many words a reason names."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An incident like another: how much (0 to 1), the words and phrases both use, what counts most first,
    the services both touch, and whether both are filed under one category."""

    id: str
    score: float
    words: tuple[str, ...]
    services: tuple[str, ...]
    same_category: bool


_TOLD_BY_ANOTHER = msgspec.msgpack.Decoder(tuple[tuple[Neighbour, ...], tuple[Neighbour, ...]])


@dataclass(frozen=True, slots=True)
class Surroundings:
    """By incident, the nearest first: other incidents, and the problems and articles that may help.

    An incident for which there is none is left out.
    """

    incidents: dict[str, tuple[Neighbour, ...]]
    solutions: dict[str, tuple[Neighbour, ...]]


def neighbours(records: Records[Any]) -> dict[str, tuple[Neighbour, ...]]:
    """Return for each incident those most like it, the nearest first; who has none is left out."""
    return surroundings(records).incidents


def surroundings(records: Records[Any]) -> Surroundings:
    """Find for each incident what is most like it."""
    documents = [document_of(entry) for entry in records.incidents]
    index = build_index([*documents, *(document_with_body(entry) for entry in useful(records))])
    among, beside = parted(index, len(documents))

    def tell(number: int) -> bytes:
        words = documents[number]
        near = [_told(match, words) for match in nearest_to(among, number, MOST)]
        helpful = nearest_to(beside, number, MOST_SOLUTIONS, least=LEAST_SOLUTION, effort=_FEW)
        # other processes tell it several times faster so than as objects
        return msgspec.msgpack.encode((near, [_told(match, words) for match in helpful]))

    incidents, solutions = {}, {}
    for document, told in zip(documents, map_in_parallel(range(len(documents)), tell), strict=True):
        near, helpful = _TOLD_BY_ANOTHER.decode(told)
        if near:
            incidents[document.id] = near
        if helpful:
            solutions[document.id] = helpful
    return Surroundings(incidents, solutions)


def useful(records: Records[Any]) -> Iterator[RecordEntry[Any]]:
    """Yield the problems that still stand and the articles that may be relied on."""
    for kind in ("problem", "article"):
        yield from (entry for entry in records.of_kind(kind) if is_useful(entry.record))


def is_useful(record: object) -> bool:
    """Whether a problem still stands, or an article may be relied on."""
    if isinstance(record, Problem):
        return record.status in (ProblemStatus.OPEN, ProblemStatus.KNOWN_ERROR)
    return isinstance(record, Article) and record.status is ArticleStatus.PUBLISHED


def neighbours_of(records: Records[Any], ids: Collection[str]) -> dict[str, tuple[Neighbour, ...]]:
    """Return what `neighbours` does for a few incidents, looked for more thoroughly."""
    documents = [document_of(entry) for entry in records.incidents]
    index = build_index(documents)
    asked = (document for document in documents if document.id in ids)
    return {
        document.id: tuple([_told(match, document) for match in nearest(index, document, MOST)])
        for document in asked
    }


def terms_digest(records: Records[Any]) -> str:
    """Name everything that `surroundings` depends on beside its own code."""
    digest = blake2b(digest_size=16)
    for entry in (*records.incidents, *useful(records)):
        texts = [text for _, text in texts_of(entry.record)]
        if entry.kind == "article":
            texts.append(entry.body)
        digest.update("\x1f".join((entry.id, *texts, *facets_of(entry.record), "\x1e")).encode())
    return digest.hexdigest()


def _told(match: Match, document: Document) -> Neighbour:
    return Neighbour(match.id, match.score, *spelled(match, document.words))


def spelled(match: Match, spelling: Mapping[str, str]) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """Say what two have in common: words, services by their keys, and whether the category is one."""
    phrases: list[str] = []
    words: list[str] = []
    services: list[str] = []
    same_category = False
    for term in match.shared:
        if ":" not in term:
            (phrases if " " in term else words).append(term)
        elif term.startswith("service:"):
            services.append(term[len("service:") :])
        else:
            same_category = True
    services.sort()
    return _words([*phrases, *words], spelling), tuple(services), same_category


def _words(terms: Iterable[str], spelling: Mapping[str, str]) -> tuple[str, ...]:
    """Spell the first of these, as the record itself writes them, but for what is said already."""
    told: list[str] = []
    stems_told: set[str] = set()
    said = ""
    for term in terms:
        stems, joined = term.split(), spelling[term].replace(" ", "")
        # written apart or as one: `git hub` beside `github services`
        if stems_told.isdisjoint(stems) and joined not in said:
            stems_told.update(stems)
            said += f"{joined} "
            told.append(spelling[term])
            if len(told) == _TOLD:
                break
    return tuple(told)
