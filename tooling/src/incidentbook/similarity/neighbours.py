"""The incidents nearest to each incident, with the reason in words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from incidentbook.archive import Records
from incidentbook.processes import map_in_parallel
from incidentbook.similarity.ranking import Match, build_index, nearest, nearest_to
from incidentbook.similarity.terms import Document, document_of, facets_of, texts_of

MOST = 6
"""How many neighbours each has; its page may name one or two already for another reason."""

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


def neighbours(records: Records[Any]) -> dict[str, tuple[Neighbour, ...]]:
    """Return for each incident those most like it, the nearest first; who has none is left out."""
    documents = [document_of(entry) for entry in records.incidents]
    index = build_index(documents)

    def tell(number: int) -> tuple[Neighbour, ...]:
        return tuple([_told(match, documents[number]) for match in nearest_to(index, number, MOST)])

    found = zip(documents, map_in_parallel(range(len(documents)), tell), strict=True)
    return {document.id: told for document, told in found if told}


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
    """Name everything that `neighbours` depends on beside its own code."""
    digest = blake2b(digest_size=16)
    for entry in records.incidents:
        texts = (text for _, text in texts_of(entry.record))
        digest.update("\x1f".join((entry.id, *texts, *facets_of(entry.record), "\x1e")).encode())
    return digest.hexdigest()


def _told(match: Match, document: Document) -> Neighbour:
    return Neighbour(match.id, match.score, *spelled(match, document.words))


def spelled(match: Match, spelling: Mapping[str, str]) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """Say what two have in common: words, services by their keys, and whether the category is one."""
    facets = [term for term in match.shared if ":" in term]
    services = [facet[len("service:") :] for facet in facets if facet.startswith("service:")]
    same_category = any(facet.startswith("category:") for facet in facets)
    return _words(match.shared, spelling), tuple(sorted(services)), same_category


def _words(shared: Iterable[str], spelling: Mapping[str, str]) -> tuple[str, ...]:
    """Spell the shared words that count most, as the record itself writes them, phrases before words."""
    told: list[str] = []
    stems_told: set[str] = set()
    words = [term for term in shared if ":" not in term]
    words.sort(key=_is_word)
    for term in words:
        stems = term.split()
        if not stems_told.intersection(stems):
            stems_told.update(stems)
            told.append(spelling[term])
            if len(told) == _TOLD:
                break
    return tuple(told)


def _is_word(term: str) -> bool:
    return " " not in term
