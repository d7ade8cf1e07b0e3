"""Which records a change may break that it leaves alone: those that name what it touches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from incidentbook.records import parse_name
from incidentbook.rules.examination import Examination
from incidentbook.rules.history.cases import Comparison
from incidentbook.rules.links import broken_link
from incidentbook.rules.references import dangling_mention, dangling_reference

_TARGETS = ((dangling_reference.code, 1), (dangling_mention.code, 2), (broken_link.code, 3))
"""Facts that name records and files, by the rules that asked for them, and where in each the name stands."""


def nearby(comparison: Comparison, examinations: Mapping[str, Examination]) -> frozenset[str]:
    """Paths of records whose findings a change may alter, besides those that it touches.

    Those that name a record or a file that differs, and the incidents that a review which differs
    covers. `examinations` are those of the head. Nothing else that a rule asks of another record goes
    further than a name; kin (`Relations.kin`) is for whoever asks for duties.
    """
    named = _names(comparison)
    found = {
        path
        for path, examination in examinations.items()
        if not named.isdisjoint(_targets(examination.facts))
    }
    found |= {entry.path for id_ in _covered(comparison) if (entry := comparison.head.get(id_)) is not None}
    return frozenset(found)


def _names(comparison: Comparison) -> set[str]:
    """By what another record can name what differs: its ID, its path, and the folders that it lies in."""
    names: set[str] = set()
    for change in comparison.paths:
        for path in {change.path, change.old_path}:
            names |= {path, *map(str, PurePosixPath(path).parents)}
            name = parse_name(path)
            names |= {name.id} if name is not None else set()
    return names


def _targets(facts: Mapping[str, Any]) -> Iterator[str]:
    for code, place in _TARGETS:
        for fact in facts.get(code) or ():
            yield fact[place]


def _covered(comparison: Comparison) -> Iterator[str]:
    """Incidents whose reviews differ, and the review beside an incident that does."""
    for change in comparison.changes:
        if change.name.kind == "incident":
            yield f"{change.name.id}.review"
        if change.name.kind == "review":
            yield from _incidents((change.before, change.after))
            if change.name.lead_incident is not None:
                yield change.name.lead_incident


def _incidents(entries: Iterable[Any]) -> Iterator[str]:
    for entry in entries:
        if entry is not None and entry.readable:
            yield from entry.record.incidents
