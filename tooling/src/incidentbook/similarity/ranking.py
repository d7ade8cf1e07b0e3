"""Finding the nearest of many documents by the terms they share, the rare ones above all."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from heapq import nlargest
from operator import itemgetter

from incidentbook.similarity.terms import Document


@dataclass(frozen=True, slots=True)
class Effort:
    """How far a search goes, so that its cost does not grow with the number of documents.

    It looks up as many places of terms as `postings`, those of the rarest terms first, and compares in
    full the `candidates` that share most of them.
    """

    postings: int
    candidates: int


THOROUGH = Effort(postings=6000, candidates=60)
"""For one question that somebody waits for: about a millisecond."""

THRIFTY = Effort(postings=200, candidates=9)
"""For each of ten thousand records: about a tenth of that."""

_FEW = 1000

LEAST_SCORE = 0.15
"""Below this two documents share words as any two do."""


@dataclass(frozen=True, slots=True)
class Match:
    """A document near another. `score` is the cosine of their terms, 0 to 1; `shared` what they have in
    common, what counts most first."""

    id: str
    score: float
    shared: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Index:
    """Documents by their terms. Vectors have length 1; `postings` lists for each term who has it."""

    ids: tuple[str, ...]
    vectors: tuple[dict[str, float], ...]
    postings: dict[str, list[int]]
    rarity: dict[str, float]


def build_index(documents: Iterable[Document]) -> Index:
    """Index documents, in their order."""
    ids: list[str] = []
    all_terms: list[dict[str, float]] = []
    postings: dict[str, list[int]] = {}
    for number, document in enumerate(documents):
        ids.append(document.id)
        all_terms.append(document.terms)
        for term in document.terms:
            having = postings.get(term)
            if having is None:
                postings[term] = [number]
            else:
                having.append(number)
    total = len(ids)
    rarity = {term: math.log1p(total / len(having)) for term, having in postings.items()}
    vectors = tuple(vector_of(terms, rarity, total) for terms in all_terms)
    return Index(tuple(ids), vectors, postings, rarity)


def parted(index: Index, place: int) -> tuple[Index, Index]:
    """The same index twice: one finds only what stands before a place, the other only what comes after."""
    before: dict[str, list[int]] = {}
    after: dict[str, list[int]] = {}
    for term, having in index.postings.items():
        at = bisect_left(having, place)
        if at:
            before[term] = having[:at] if at < len(having) else having
        if at < len(having):
            after[term] = having[at:]
    return replace(index, postings=before), replace(index, postings=after)


def vector_of(terms: Mapping[str, float], rarity: Mapping[str, float], total: int) -> dict[str, float]:
    """Weigh terms by how rare each is among so many documents; the vector has length 1."""
    # a word that no document has makes a question longer, and so every answer to it less sure
    unheard = math.log1p(total)
    log1p, sqrt = math.log1p, math.sqrt
    # the logarithm and the root keep one frequent word, or one rare one, from deciding alone
    weighted = {term: log1p(weight) * sqrt(rarity.get(term, unheard)) for term, weight in terms.items()}
    length = sqrt(sum([weight * weight for weight in weighted.values()])) or 1.0
    return {term: weight / length for term, weight in weighted.items()}


def nearest(
    index: Index, document: Document, n: int, *, least: float = LEAST_SCORE, effort: Effort = THOROUGH
) -> tuple[Match, ...]:
    """Return the documents nearest to one, the nearest first; never itself.

    None has a score below `least`. Of two with the same score the later in the index comes first.
    """
    vector = vector_of(document.terms, index.rarity, len(index.ids))
    return _nearest(index, vector, n, document.id, least, effort)


def nearest_to(
    index: Index, number: int, n: int, *, least: float = LEAST_SCORE, effort: Effort = THRIFTY
) -> tuple[Match, ...]:
    """Return the documents nearest to one of the index, by its place in it; never itself."""
    return _nearest(index, index.vectors[number], n, index.ids[number], least, effort)


def _nearest(
    index: Index, vector: dict[str, float], n: int, own: str, least: float, effort: Effort
) -> tuple[Match, ...]:
    vectors, ids = index.vectors, index.ids
    found = []
    for number in _candidates(index, vector, effort):
        other = vectors[number]
        parts = [(weight * other[term], term) for term, weight in vector.items() if term in other]
        score = sum([part for part, _ in parts])
        if score >= least and ids[number] != own:
            found.append((score, number, parts))
    found.sort(key=itemgetter(0, 1), reverse=True)
    return tuple([Match(ids[number], score, _in_order(parts)) for score, number, parts in found[:n]])


def _candidates(index: Index, vector: dict[str, float], effort: Effort) -> list[int]:
    """Those who share most of the rare terms."""
    postings, rarity = index.postings, index.rarity
    terms = [term for term in vector if term in postings]
    terms.sort(key=rarity.__getitem__, reverse=True)
    scores: dict[int, float] = {}
    left = effort.postings
    for term in terms:
        having = postings[term]
        weight = vector[term] * rarity[term]
        # a common term is looked up only as far as there is room, in the newest documents
        for number in having if len(having) <= left else having[-left:]:
            scores[number] = scores.get(number, 0.0) + weight
        left -= len(having)
        if left <= 0:
            break
    if len(scores) > _FEW:
        return nlargest(effort.candidates, scores, key=scores.__getitem__)
    # of a few hundred the same, sooner
    return sorted(scores, key=scores.__getitem__, reverse=True)[: effort.candidates]


def _in_order(parts: list[tuple[float, str]]) -> tuple[str, ...]:
    parts.sort(key=itemgetter(0), reverse=True)
    return tuple([term for _, term in parts])
