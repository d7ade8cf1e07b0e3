"""What an incident says of itself, mended while one learns more; and what was done, as a step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from incidentbook.desk.change import Change, RefusedError, Values
from incidentbook.desk.life import note
from incidentbook.desk.words import (
    NoTextError,
    known_audience,
    known_category,
    known_level,
    known_priority,
    plain_text,
)
from incidentbook.records import Audience, Incident, IncidentStatus
from incidentbook.records.parts import StoredText
from incidentbook.source import format_instant
from incidentbook.taxonomy import Taxonomy

_OVER = frozenset({IncidentStatus.CLOSED, IncidentStatus.CANCELLED})
_COUNTED = frozenset({"impact", "urgency", "category", "priority", "started", "detected"})
"""What figures are made of: once the record is over, none of it changes without a reason."""

_FOUND_OUT = frozenset({"started", "detected"})
"""Times that are found out bit by bit, until the incident is resolved."""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What an incident is to say of itself, word for word; what is not said is None or empty."""

    title: str | None = None
    summary: str | None = None
    symptoms: Sequence[str] = ()
    category: str | None = None
    impact: str | None = None
    urgency: str | None = None
    priority: str | None = None
    visibility: str | None = None
    started: datetime | None = None
    detected: datetime | None = None


def noted_down(who: str | None, at: datetime, text: str, *, decision: bool) -> Change:
    """Put down what was done, or what was decided. Raises NoTextError where nothing is said."""
    key, said = ("decisions", "decision") if decision else ("steps", "step")
    return Change(said=f"{said} noted", added={key: [note(who, at, text)]})


def mended(
    id_: str,
    incident: Incident,
    facts: Facts,
    who: str | None,
    at: datetime,
    reason: str | None,
    taxonomy: Taxonomy,
) -> Change:
    """Change what an incident says of itself; with a reason, each change stands in `corrections`, too.

    Raises UnknownWordError, NoTextError, or RefusedError where the change wants a reason.
    """
    why = plain_text(reason, "-m") if reason is not None else None
    after = _after(incident, facts, why, taxonomy)
    changed = {field: value for field, value in after.items() if value != getattr(incident, field)}
    wants = next(_wanting(incident, changed, taxonomy), None)
    if wants is not None and why is None:
        raise RefusedError(f"{wants} of {id_}, and nothing says why", (f"set {id_} ... -m WHY",))
    return Change(
        said=f"{', '.join(_told(field, value) for field, value in changed.items())}",
        values={field: _written(field, value) for field, value in changed.items()},
        added=_reasons(incident, changed, who, at, why),
    )


def _after(incident: Incident, facts: Facts, why: str | None, taxonomy: Taxonomy) -> Mapping[str, Any]:
    """The fields that are said, as the record would have them."""
    said: dict[str, Any] = {
        "title": " ".join(plain_text(facts.title, "--title").split()) if facts.title is not None else None,
        "summary": plain_text(facts.summary, "--summary") if facts.summary is not None else None,
        "symptoms": tuple(plain_text(one, "--symptom") for one in facts.symptoms) or None,
        "category": known_category(taxonomy, facts.category, incident.opened) if facts.category else None,
        "impact": known_level("impact", facts.impact) if facts.impact else None,
        "urgency": known_level("urgency", facts.urgency) if facts.urgency else None,
        "visibility": known_audience(facts.visibility) if facts.visibility else None,
        "started": facts.started,
        "detected": facts.detected,
    }
    after = {field: value for field, value in said.items() if value is not None}
    if facts.priority:
        key = known_priority(taxonomy, facts.priority)
        derived = taxonomy.derived_priority(replace(incident, **after))
        after["priority"] = None if key == derived else StoredText(value=key, reason=why)
    if not after:
        raise NoTextError("the change", "says nothing; say --impact, --category, --title or the like")
    return after


def _wanting(incident: Incident, changed: Mapping[str, Any], taxonomy: Taxonomy) -> Iterator[str]:
    """What is changed that wants a reason, by the rules about history."""
    if "priority" in changed and changed["priority"] is not None:
        yield f"the priority {changed['priority'].value} is not the one that impact and urgency give"
    was, is_ = taxonomy.priority_of(incident), taxonomy.priority_of(replace(incident, **changed))
    order = [priority.id for priority in taxonomy.priorities]
    if was in order and is_ in order and order.index(is_) > order.index(was):
        yield f"the priority is lowered from {was} to {is_}"
    for field in changed:
        before = getattr(incident, field)
        if incident.status in _OVER and field in _COUNTED:
            yield f"`{field}` of what is {incident.status} is changed"
        if incident.status is IncidentStatus.RESOLVED and field in _FOUND_OUT and before is not None:
            yield f"`{field}` is changed after the resolution"
    if "visibility" in changed and incident.visibility is not Audience.INTERNAL:
        yield f"the visibility is changed from {incident.visibility} to {changed['visibility']}"


def _reasons(
    incident: Incident, changed: Mapping[str, Any], who: str | None, at: datetime, why: str | None
) -> Mapping[str, list[Values]]:
    """The corrections that say why; and who decided that others may read what was restricted."""
    if why is None:
        return {}
    by = {"by": who} if who else {}
    corrections: list[Values] = [
        {"field": field, "was": _spelled(was), "reason": why, "at": at, **by}
        if (was := getattr(incident, field))
        else {"field": field, "reason": why, "at": at, **by}
        for field in changed
    ]
    added = {"corrections": corrections} if corrections else {}
    if "visibility" in changed and incident.visibility is Audience.RESTRICTED:
        added["waivers"] = [{"rule": "restricted-made-readable", "reason": why, **by}]
    return added


def _spelled(value: Any) -> str:
    if isinstance(value, datetime):
        return format_instant(value)
    if isinstance(value, StoredText):
        return value.value
    return "; ".join(value) if isinstance(value, tuple) else str(value)


def _written(field: str, value: Any) -> Any:
    """A value as it is written; what a record without it means is left out."""
    if value is None or (field == "visibility" and value is Audience.INTERNAL):
        return None
    if isinstance(value, StoredText):
        return {"value": value.value, "reason": value.reason}
    return list(value) if isinstance(value, tuple) else getattr(value, "value", value)


def _told(field: str, value: Any) -> str:
    """A change in a few words; texts are not said again."""
    if field in ("title", "summary", "symptoms"):
        return f"{field} changed"
    return f"{field} {'as impact and urgency give it' if value is None else _spelled(value)}"
