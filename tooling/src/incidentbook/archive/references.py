"""Which records a record names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from incidentbook.records import Article, Handover, Incident, Maintenance, Problem, Record, Review
from incidentbook.records.parts import Links


@dataclass(frozen=True, slots=True)
class Reference:
    """One mention of another record: where it stands, whom it names, what it says of them."""

    keys: tuple[str | int, ...]
    target: str
    relation: str


def references(record: Record) -> Iterator[Reference]:
    """Yield every reference that a record makes, in the order of its fields."""
    match record:
        case Incident() | Problem() | Maintenance():
            if record.links is not None:
                yield from _links(record.links)
        case Review():
            for index, target in enumerate(record.incidents):
                yield Reference(("incidents", index), target, "review")
        case Article():
            if record.replaced_by:
                yield Reference(("replaced_by",), record.replaced_by, "replaces")
        case Handover():
            for index, item in enumerate(record.items):
                yield Reference(("items", index, "incident"), item.incident, "handover")


def _links(links: Links) -> Iterator[Reference]:
    single = (
        ("problem", links.problem),
        ("known_error", links.known_error),
        ("duplicate_of", links.duplicate_of),
        ("parent", links.parent),
    )
    for relation, target in single:
        if target is not None:
            yield Reference(("links", relation), target, relation)
    for index, target in enumerate(links.articles):
        yield Reference(("links", "articles", index), target, "article")
    for index, target in enumerate(links.earlier):
        yield Reference(("links", "earlier", index), target, "earlier")
