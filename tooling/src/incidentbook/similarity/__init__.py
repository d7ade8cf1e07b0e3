"""Which records are like each other: offline, the same each time, each with its reason."""

from incidentbook.similarity.keeping import (
    build_shelves,
    kept_shelves,
    kept_surroundings,
)
from incidentbook.similarity.known import Hit, Known, known_for
from incidentbook.similarity.neighbours import (
    Neighbour,
    Surroundings,
    neighbours,
    neighbours_of,
    surroundings,
    terms_digest,
)
from incidentbook.similarity.ranking import Index, Match, build_index, nearest
from incidentbook.similarity.terms import Document, document_of, document_of_text

__all__ = [
    "Document",
    "Hit",
    "Index",
    "Known",
    "Match",
    "Neighbour",
    "Surroundings",
    "build_index",
    "build_shelves",
    "document_of",
    "document_of_text",
    "kept_shelves",
    "kept_surroundings",
    "known_for",
    "nearest",
    "neighbours",
    "neighbours_of",
    "surroundings",
    "terms_digest",
]
