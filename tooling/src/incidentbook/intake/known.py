"""A record as it stands, whose story goes on: its fields as values and as they are written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from incidentbook.archive import Entry
from incidentbook.edits import with_values
from incidentbook.edits.record_text import field_order
from incidentbook.records import Incident
from incidentbook.source import Document, format_instant

OVER = frozenset({"closed", "cancelled"})


@dataclass(frozen=True)
class Known:
    """An incident that is here already."""

    id: str
    path: str
    record: Incident
    document: Document

    @classmethod
    def of(cls, entry: Entry[Any]) -> Known:
        """The incident of an entry that can be read."""
        return cls(entry.id, entry.path, entry.record, entry.document)

    @property
    def values(self) -> Mapping[str, Any]:
        """The fields as they are written."""
        return self.document.values or {}

    @property
    def is_broken(self) -> bool:
        """Whether its YAML has errors: to write it again would lose what somebody meant."""
        return bool(self.document.diagnostics)

    def listed(self, key: str, item: Mapping[str, Any]) -> list[Any]:
        """One of its lists with an entry more at the end."""
        before = self.values.get(key)
        return [*(before if isinstance(before, list) else ()), dict(item)]

    def step(self, now: datetime, text: str, by: str | None) -> list[Any]:
        """Its steps with one more, which is not earlier than the last."""
        at = max([now, *(step.at for step in self.record.steps)])
        return self.listed("steps", {"at": at, **({"by": by} if by else {}), "text": text})

    def with_changes(self, changes: Mapping[str, Any]) -> str:
        """The text of its file with some fields changed; None removes one."""
        return with_values(self.document, changes, field_order("incident"))


def not_before(at: datetime, *others: datetime | None) -> datetime:
    """The latest of some times: clocks of two systems differ, and no record goes backwards."""
    return max([at, *(other for other in others if other is not None)])


def reopened(known: Known, at: datetime, now: datetime, reason: str, by: str | None) -> dict[str, Any]:
    """The fields by which a resolved incident is worked on again; what is taken back stays in a step."""
    record = known.record
    resolved = record.resolved or now
    said = record.resolution.summary if record.resolution else None
    text = "\n\n".join((f"Reopened: {reason}", *_taken_back(record, said)))
    again = {"resolved": resolved, "reopened": not_before(at, resolved), "reason": reason}
    return {
        "status": "in_progress",
        "reopenings": known.listed("reopenings", again),
        "steps": known.step(now, text, by),
        **_no_longer_so(known, now, reason, by),
        **dict.fromkeys(("mitigated", "restored"), None),
        **dict.fromkeys(("resolved", "resolved_by", "resolution", "confirmation"), None),
    }


def _taken_back(record: Incident, said: str | None) -> Iterator[str]:
    """What was said and holds no longer, in words."""
    if said:
        yield f"The resolution had been: {said}"
    if record.mitigated is not None:
        yield f"The harm had been contained at {format_instant(record.mitigated)}."


def _no_longer_so(known: Known, now: datetime, reason: str, by: str | None) -> dict[str, Any]:
    """What takes times of the outage back openly: of a resolved incident none may vanish without a word."""
    before = known.values.get("corrections")
    taken: list[Any] = []
    for field in ("mitigated", "restored"):
        time = getattr(known.record, field)
        if time is not None:
            was = {"field": field, "was": format_instant(time), "reason": reason, "at": now}
            taken.append({**was, **({"by": by} if by else {})})
    return {"corrections": [*(before if isinstance(before, list) else ()), *taken]} if taken else {}
