"""Past incidents like one, and whether what was promised after them was done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from incidentbook.archive import RecordEntry, Records
from incidentbook.clocks import LeftOut, left_out_of_measures
from incidentbook.records import Action, ActionState, Incident
from incidentbook.similarity import neighbours_of

MOST = 5
_NO_PRECEDENT = (LeftOut.CANCELLED, LeftOut.DUPLICATE)
"""A drill is one: what was tried then was known."""


@dataclass(frozen=True, slots=True)
class Promise:
    """An action of a past review, and how far it is today."""

    title: str
    state: str


@dataclass(frozen=True, slots=True)
class Precedent:
    """A past incident like the one in question; `reviewed` says whether a review was begun."""

    id: str
    title: str
    opened: datetime | None
    because: str
    ended: str | None
    reviewed: bool
    actions: tuple[Promise, ...]


def precedents_of(entry: RecordEntry[Incident], records: Records[Any], today: date) -> tuple[Precedent, ...]:
    """Find what somebody linked as the same, then what reads alike; only what was opened earlier."""
    why = dict(_kin(entry, records))
    for neighbour in neighbours_of(records, [entry.id]).get(entry.id, ()):
        why.setdefault(neighbour.id, _likeness(neighbour.services, neighbour.words, neighbour.same_category))
    found = [
        _precedent(other, because, records, today)
        for id_, because in why.items()
        if (other := records.get(id_)) is not None
        and left_out_of_measures(other.record) not in _NO_PRECEDENT
        and _is_earlier(other.record, entry.record)
    ]
    return tuple(found[:MOST])


def _kin(entry: RecordEntry[Incident], records: Records[Any]) -> Iterator[tuple[str, str]]:
    for other in reversed(records.kin(entry.id)):
        if other.id != entry.id:
            yield other.id, "linked as the same kind"


def _likeness(services: tuple[str, ...], words: tuple[str, ...], same_category: bool) -> str:  # noqa: FBT001
    parts = []
    if services:
        parts.append(f"same service {', '.join(services)}")
    if same_category:
        parts.append("same category")
    if words:
        parts.append(f"both say {', '.join(f'“{one}”' for one in words)}")
    return "; ".join(parts) or "alike"


def _is_earlier(other: Incident, incident: Incident) -> bool:
    return other.opened is not None and (incident.opened is None or other.opened < incident.opened)


def _precedent(other: RecordEntry[Incident], because: str, records: Records[Any], today: date) -> Precedent:
    reviews = records.reviews_of(other.id)
    resolution = other.record.resolution
    return Precedent(
        id=other.id,
        title=other.record.title,
        opened=other.record.opened,
        because=because,
        ended=resolution.summary if resolution else None,
        reviewed=bool(reviews),
        actions=tuple(
            Promise(action.title, _state(action, today)) for one in reviews for action in one.record.actions
        ),
    )


def _state(action: Action, today: date) -> str:
    if action.state is ActionState.DONE:
        return f"done on {action.done}" if action.done else "done"
    if action.state is ActionState.DROPPED:
        return "dropped"
    if action.due is None:
        return "NOT done, without a date"
    return f"NOT done, was due on {action.due}" if action.due < today else f"open, due on {action.due}"
