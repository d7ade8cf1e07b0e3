"""A record as it stands, whose story goes on: its fields as values and as they are written."""

from __future__ import annotations

from collections.abc import Mapping
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
    text = f"Reopened: {reason}" + (f"\n\nThe resolution had been: {said}" if said else "")
    again = {"resolved": resolved, "reopened": not_before(at, resolved), "reason": reason}
    return {
        "status": "in_progress",
        "reopenings": known.listed("reopenings", again),
        "steps": known.step(now, text, by),
        **_no_longer_restored(known, now, reason, by),
        **dict.fromkeys(("restored", "resolved", "resolved_by", "resolution", "confirmation"), None),
    }


def _no_longer_restored(known: Known, now: datetime, reason: str, by: str | None) -> dict[str, Any]:
    """What takes `restored` back openly: of a resolved incident no time may vanish without a word."""
    restored = known.record.restored
    if restored is None:
        return {}
    was = {"field": "restored", "was": format_instant(restored), "reason": reason, "at": now}
    return {"corrections": known.listed("corrections", {**was, **({"by": by} if by else {})})}
