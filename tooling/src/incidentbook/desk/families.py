"""What a larger incident's resolution makes of those that follow it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from incidentbook.archive import RecordEntry, Records
from incidentbook.desk.change import Change
from incidentbook.records import KINDS, Audience, Incident, IncidentStatus
from incidentbook.records.incident import Assignment

_READERS = (Audience.PUBLIC, Audience.INTERNAL, Audience.RESTRICTED)


def children_following(records: Records[Any], id_: str) -> tuple[RecordEntry[Incident], ...]:
    """Return the open incidents that follow a larger one, and those that follow them in turn.

    One that goes on apart (`links.apart`) is not among them, nor are those that follow it.
    """
    open_states = KINDS["incident"].open_states
    return tuple(entry for entry in records.followers_of(id_) if entry.record.status in open_states)


def with_parent(child: Incident, parent_id: str, parent: Incident, at: datetime, by: str | None) -> Change:
    """Resolve a child with its parent, which is given as it is once resolved.

    The child gets what it needs to be resolved and does not say itself: a summary, when it was
    acknowledged, who had it, when service was back, how. A hold ends. Of a parent that fewer people may
    read it gets no words, neither its ID nor that there is one.
    """
    resolved = parent.resolved or at
    values: dict[str, Any] = {"status": IncidentStatus.RESOLVED.value, "resolved": resolved}
    if child.opened is not None and child.opened > resolved:
        values["resolved"] = resolved = at
    if child.acknowledged is None and (child.opened is None or child.opened < resolved):
        values["acknowledged"] = resolved
    if child.restored is None and _is_restored_in_time(child, parent):
        values["restored"] = parent.restored
    if by is not None:
        values["resolved_by"] = by
    if child.summary is None:
        values["summary"] = _summary(child, parent)
    values["resolution"] = _resolution(child, parent_id, parent)
    return Change(
        said=f"resolved with {parent_id}",
        values=values,
        added=_assignment(child, parent, resolved),
        nested={
            ("holds", index): {"to": max(resolved, hold.from_)}
            for index, hold in enumerate(child.holds)
            if hold.to is None
        },
    )


def _is_restored_in_time(child: Incident, parent: Incident) -> bool:
    began = child.started or child.detected or child.opened
    return parent.restored is not None and (began is None or began <= parent.restored)


def _resolution(child: Incident, parent_id: str, parent: Incident) -> dict[str, Any]:
    theirs, own = parent.resolution, child.resolution
    told = f": {theirs.summary}" if theirs is not None and theirs.summary else "."
    # a resolution is internal, of a public child as well
    known = _may_know(parent, child, Audience.INTERNAL)
    summary = f"Resolved with {parent_id}{told}" if known else "Resolved."
    found = {
        "code": theirs.code if theirs else None,
        "summary": summary,
        "workaround": own.workaround if own else None,
        "permanence": theirs.permanence.value if theirs and theirs.permanence else None,
    }
    return {key: value for key, value in found.items() if value is not None}


def _summary(child: Incident, parent: Incident) -> str:
    """What every reader of the child is told: the parent's summary, where they may read that."""
    title = child.title.rstrip(" .:!?")
    if not _may_know(parent, child, child.visibility):
        return f"{title}: resolved."
    return parent.summary or f"{title}: part of a larger incident, and over with it."


def _may_know(parent: Incident, child: Incident, field: Audience) -> bool:
    """Whether all who may read a field of the child may know of the parent."""
    readers = max(_READERS.index(child.visibility), _READERS.index(field))
    return _READERS.index(parent.visibility) <= readers


def _assignment(child: Incident, parent: Incident, at: datetime) -> dict[str, list[dict[str, Any]]]:
    """Who had the parent has had the child, where nobody else had."""
    if any(one.owner for one in child.assignments):
        return {}
    last: Assignment | None = next((one for one in reversed(parent.assignments) if one.owner), None)
    if last is None or last.owner is None:
        return {}
    team = next((one.team for one in reversed(child.assignments) if one.team), None) or last.team
    return {"assignments": [{"at": at, **({"team": team} if team else {}), "owner": last.owner}]}
