"""An index as rows of numbers: taken up again from the cache in no time, and asked shelf by shelf."""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from heapq import nlargest
from itertools import pairwise

import msgspec

from incidentbook.similarity.ranking import Effort, Index, Match, build_index, vector_of
from incidentbook.similarity.terms import Document


class Packed(msgspec.Struct, frozen=True, array_like=True):
    """Documents on shelves, by their terms.

    `bounds` has where each shelf begins, and the end; `terms` are sorted. By the number of a term,
    `postings` has the documents that have it and `shares` its weight in each; by the number of a document,
    `numbers` has its terms and `weights` theirs.
    """

    ids: tuple[str, ...]
    bounds: tuple[int, ...]
    terms: tuple[str, ...]
    postings: tuple[bytes, ...]
    shares: tuple[bytes, ...]
    numbers: tuple[bytes, ...]
    weights: tuple[bytes, ...]

    def number_of(self, term: str) -> int | None:
        """The place of a term, if any document has it."""
        at = bisect_left(self.terms, term)
        return at if at < len(self.terms) and self.terms[at] == term else None


def pack(shelves: Iterable[Iterable[Document]]) -> Packed:
    """Index documents, shelf after shelf, as rare as their terms are among all of them."""
    documents: list[Document] = []
    bounds = [0]
    for shelf in shelves:
        documents += shelf
        bounds.append(len(documents))
    index = build_index(documents)
    terms = tuple(sorted(index.postings))
    number = {term: at for at, term in enumerate(terms)}
    return Packed(
        index.ids,
        tuple(bounds),
        terms,
        tuple([array("I", index.postings[term]).tobytes() for term in terms]),
        tuple([_shares(term, index).tobytes() for term in terms]),
        tuple([array("I", [number[term] for term in vector]).tobytes() for vector in index.vectors]),
        tuple([array("f", vector.values()).tobytes() for vector in index.vectors]),
    )


def _shares(term: str, index: Index) -> array[float]:
    vectors = index.vectors
    return array("f", [vectors[number][term] for number in index.postings[term]])


def nearest_by_shelf(
    packed: Packed, document: Document, n: int, *, least: Sequence[float], effort: Effort
) -> tuple[tuple[Match, ...], ...]:
    """Return for each shelf the documents nearest to one, the nearest first; never itself.

    None has a score below what `least` says for its shelf. Of two with the same score the later comes first.
    """
    total = len(packed.ids)
    numbers = {term: at for term in document.terms if (at := packed.number_of(term)) is not None}
    counts = {term: len(packed.postings[at]) // array("I").itemsize for term, at in numbers.items()}
    rarity = {term: math.log1p(total / count) for term, count in counts.items()}
    vector = vector_of(document.terms, rarity, total)
    looked_up = sorted(numbers, key=lambda term: (counts[term], term))
    scores = _promising(packed, [(numbers[term], vector[term]) for term in looked_up], effort)
    asked = {at: (term, vector[term]) for term, at in numbers.items()}
    shelves = []
    for (start, end), limit in zip(pairwise(packed.bounds), least, strict=True):
        within = [number for number in scores if start <= number < end]
        candidates = nlargest(effort.candidates, within, key=lambda number: (scores[number], number))
        compared = [_compared(packed, number, asked) for number in candidates]
        found = [one for one in compared if one[1].score >= limit and one[1].id != document.id]
        found.sort(key=lambda one: (one[1].score, one[0]), reverse=True)
        shelves.append(tuple([match for _, match in found[:n]]))
    return tuple(shelves)


def _promising(packed: Packed, asked: Sequence[tuple[int, float]], effort: Effort) -> dict[int, float]:
    """Who is near by the terms looked up, from the rarest on, until the effort is spent."""
    scores: dict[int, float] = {}
    left = effort.postings
    for at, weight in asked:
        documents, shares = array("I", packed.postings[at]), array("f", packed.shares[at])
        if len(documents) > left:
            documents, shares = documents[-left:], shares[-left:]
        for number, share in zip(documents, shares, strict=True):
            scores[number] = scores.get(number, 0.0) + weight * share
        left -= len(documents)
        if left <= 0:
            break
    return scores


def _compared(packed: Packed, number: int, asked: dict[int, tuple[str, float]]) -> tuple[int, Match]:
    terms, weights = array("I", packed.numbers[number]), array("f", packed.weights[number])
    parts = []
    for term, weight in zip(terms, weights, strict=True):
        own = asked.get(term)
        if own is not None:
            parts.append((weight * own[1], own[0]))
    parts.sort(key=lambda part: (-part[0], part[1]))
    score = math.fsum([part for part, _ in parts])
    return number, Match(packed.ids[number], score, tuple([term for _, term in parts]))
