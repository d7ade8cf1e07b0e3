"""Which records are like each other: offline, the same each time, each with its reason."""

from incidentbook.similarity.keeping import kept_neighbours
from incidentbook.similarity.neighbours import Neighbour, neighbours, neighbours_of, terms_digest
from incidentbook.similarity.ranking import Index, Match, build_index, nearest
from incidentbook.similarity.terms import Document, document_of, document_of_text

__all__ = [
    "Document",
    "Index",
    "Match",
    "Neighbour",
    "build_index",
    "document_of",
    "document_of_text",
    "kept_neighbours",
    "nearest",
    "neighbours",
    "neighbours_of",
    "terms_digest",
]
