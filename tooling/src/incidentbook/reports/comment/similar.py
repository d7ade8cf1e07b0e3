"""What may help with the incidents of a change: similar ones, known errors and articles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from incidentbook.archive import RecordEntry, Records, references
from incidentbook.records import ArticleStatus, Incident, ProblemStatus
from incidentbook.similarity import Index, Neighbour, build_index, document_of, nearest, neighbours_of

MOST_SIMILAR = 3
MOST_KNOWN = 3


@dataclass(frozen=True)
class Similar:
    """An incident like the one of the change, and why."""

    entry: RecordEntry[Incident]
    because: Neighbour


@dataclass(frozen=True)
class Help:
    """What may help with one incident; `linked` tells of `known` what the record names already."""

    similar: tuple[Similar, ...]
    known: tuple[RecordEntry[Any], ...]
    linked: frozenset[str]


def help_for(incidents: Iterable[RecordEntry[Incident]], records: Records[Any]) -> Mapping[str, Help]:
    """Find, by ID of the incident, what may help; only among what the audience may read."""
    asked = {entry.id: entry for entry in incidents}
    if not asked:
        return {}
    near = neighbours_of(records, asked.keys())
    solutions = _solutions(records)
    index = build_index([document_of(entry) for entry in solutions.values()])
    return {id_: _help(entry, near.get(id_, ()), solutions, index, records) for id_, entry in asked.items()}


def _solutions(records: Records[Any]) -> dict[str, RecordEntry[Any]]:
    """Known errors and articles that may be relied on."""
    found: list[RecordEntry[Any]] = []
    found += (entry for entry in records.problems if entry.record.status is ProblemStatus.KNOWN_ERROR)
    found += (entry for entry in records.articles if entry.record.status is ArticleStatus.PUBLISHED)
    return {entry.id: entry for entry in found}


def _help(
    entry: RecordEntry[Incident],
    near: Iterable[Neighbour],
    solutions: Mapping[str, RecordEntry[Any]],
    index: Index,
    records: Records[Any],
) -> Help:
    linked = frozenset(reference.target for reference in references(entry.record))
    similar = [
        Similar(other, neighbour)
        for neighbour in near
        if neighbour.id not in linked and (other := records.get(neighbour.id)) is not None
    ]
    named = [solutions[id_] for id_ in sorted(linked & solutions.keys())]
    matches = nearest(index, document_of(entry), MOST_KNOWN)
    found = [solutions[match.id] for match in matches if match.id not in linked]
    return Help(tuple(similar[:MOST_SIMILAR]), tuple([*named, *found][:MOST_KNOWN]), linked)
