"""Incidents and maintenance of Atlassian Statuspage: its v2 API, its webhooks, archives of its pages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from incidentbook.importers.foreign import Fields, Foreign, Log, quote
from incidentbook.importers.json_rows import Row
from incidentbook.importers.statuspage_components import affected_services
from incidentbook.importers.statuspage_updates import (
    MAINTENANCE_WORDS,
    Said,
    as_status,
    read_updates,
    updates_of,
    values_of_updates,
)
from incidentbook.records import Audience, IncidentStatus, Level, MaintenanceStatus, UpdateStatus

SYSTEM = "statuspage"

_LEVELS = {
    "critical": (Level.HIGH, Level.HIGH),
    "major": (Level.HIGH, Level.MEDIUM),
    "minor": (Level.MEDIUM, Level.MEDIUM),
    "none": (Level.LOW, Level.LOW),
}

_INCIDENT_STATES = {
    UpdateStatus.INVESTIGATING: IncidentStatus.IN_PROGRESS,
    UpdateStatus.IDENTIFIED: IncidentStatus.IN_PROGRESS,
    UpdateStatus.MONITORING: IncidentStatus.IN_PROGRESS,
    UpdateStatus.RESOLVED: IncidentStatus.RESOLVED,
    UpdateStatus.POSTMORTEM: IncidentStatus.RESOLVED,
}

_MAINTENANCE_STATES = {
    UpdateStatus.SCHEDULED: MaintenanceStatus.SCHEDULED,
    UpdateStatus.IN_PROGRESS: MaintenanceStatus.IN_PROGRESS,
    UpdateStatus.VERIFYING: MaintenanceStatus.IN_PROGRESS,
    UpdateStatus.COMPLETED: MaintenanceStatus.COMPLETED,
    UpdateStatus.RESOLVED: MaintenanceStatus.COMPLETED,
    UpdateStatus.POSTMORTEM: MaintenanceStatus.COMPLETED,
}

_READ = frozenset(
    {
        "id", "name", "title", "status", "impact", "url", "shortlink",
        "components", "updates", "incident_updates",
        "created_at", "started_at", "resolved_at", "downtime_start", "downtime_end",
        "scheduled_for", "scheduled_until", "postmortem_body", "postmortem_published_at",
    }
)  # fmt: skip
_SAID_ELSEWHERE = frozenset(
    {
        # follows from what is read
        "duration_minutes", "status_sequence", "monitoring_at", "impact_window", "impact_override",
        "entry_id",
        # the page's own bookkeeping
        "page_id", "updated_at", "published_at", "postmortem_body_last_updated_at", "components_confidence",
        "postmortem_ignored", "postmortem_notified_subscribers", "postmortem_notified_twitter",
        "scheduled_remind_prior", "scheduled_reminded_at", "scheduled_auto_in_progress",
        "scheduled_auto_completed", "scheduled_auto_transition", "auto_transition_to_maintenance_state",
        "auto_transition_to_operational_state", "auto_transition_deliver_notifications_at_start",
        "auto_transition_deliver_notifications_at_end", "reminder_intervals",
    }
)  # fmt: skip


def map_rows(rows: Iterable[Row], log: Log) -> tuple[Foreign, ...]:
    """Map each row that can be mapped; the log says what could not.

    Where an ID stands twice, the row that was revised last counts, or the later of the two.
    """
    found: dict[str, Foreign] = {}
    for row in rows:
        foreign = map_row(row, log)
        if foreign is None:
            continue
        earlier = found.get(foreign.origin["id"])
        if earlier is None or _same(earlier, foreign):
            found.setdefault(foreign.origin["id"], foreign)
            continue
        winner, loser = (earlier, foreign) if _revised_later(earlier, foreign) else (foreign, earlier)
        found[foreign.origin["id"]] = winner
        log.leave_out(
            loser.line, f"line {winner.line} has the ID {quote(loser.origin['id'])} too; that row counts"
        )
    return tuple(sorted(found.values(), key=lambda foreign: (foreign.filed, foreign.origin["id"])))


def _same(one: Foreign, other: Foreign) -> bool:
    return (one.kind, one.values, one.services) == (other.kind, other.values, other.services)


def _revised_later(one: Foreign, other: Foreign) -> bool:
    return one.revised is not None and other.revised is not None and one.revised > other.revised


def map_row(row: Row, log: Log) -> Foreign | None:
    """Map one row, or say why it does not come in."""
    if row.problem or not isinstance(row.value, dict):
        log.refuse(row.line, row.problem or f"the row is {quote(row.value)}; expected an object")
        return None
    fields = Fields(row.value, row.line, log)
    id_, title = fields.text("id"), fields.text("title", "name")
    if id_ is None:
        log.refuse(row.line, "the row has no `id`, so it could not be told from its next import")
        return None
    if title is None:
        log.refuse(row.line, f"the incident {quote(id_)} has no `title` or `name`")
        return None
    maintenance = _is_maintenance(fields)
    first = UpdateStatus.SCHEDULED if maintenance else UpdateStatus.INVESTIGATING
    said = read_updates(fields, first)
    filed = fields.instant("created_at", "started_at") or (said[0].at if said else None)
    if filed is None:
        log.refuse(row.line, f"the incident {quote(id_)} has no time at which it began")
        return None
    for key in fields.present():
        if key not in _READ | _SAID_ELSEWHERE:
            log.count(f"`{key}` has no place in a record" if key != "components_source" else _GUESSED)
    origin = {"system": SYSTEM, "id": id_}
    url = fields.text("url", "shortlink")
    if url and url.startswith(("https://", "http://")):
        origin["url"] = url
    compose = _maintenance if maintenance else _incident
    values = {"title": title, "visibility": Audience.PUBLIC, **compose(fields, said, filed)}
    return Foreign(
        kind="maintenance" if maintenance else "incident",
        line=row.line,
        origin=origin,
        filed=filed,
        values=values | values_of_updates(said),
        services=affected_services(fields, said, maintenance=maintenance, end=_end(values)),
        revised=fields.instant("updated_at"),
    )


_GUESSED = "components were guessed by the archive, not given by the page (`components_source`)"


def _is_maintenance(fields: Fields) -> bool:
    if fields.word("impact") == "maintenance" or fields.has("scheduled_for"):
        return True
    if fields.has("status"):
        return fields.word("status") in MAINTENANCE_WORDS
    return any(item.word("status") in MAINTENANCE_WORDS for item in updates_of(fields))


def _incident(fields: Fields, said: tuple[Said, ...], filed: datetime) -> dict[str, Any]:
    status = _state(fields, said, _INCIDENT_STATES)
    resolved, restored = fields.instant("resolved_at"), fields.instant("downtime_end")
    if status is None:
        status = IncidentStatus.RESOLVED if resolved else IncidentStatus.IN_PROGRESS
    if status is IncidentStatus.IN_PROGRESS:
        # An archive gives the last update of an incident that still runs as its end.
        for key in ("resolved_at", "downtime_end"):
            if fields.has(key):
                fields.leave_out(key, "is given while the incident is still open")
        resolved = restored = None
    elif resolved is None:
        resolved = _resolution(said)
    values: dict[str, Any] = {"status": status}
    impact = fields.word("impact")
    if impact in _LEVELS:
        values["impact"], values["urgency"] = _LEVELS[impact]
    elif impact:
        fields.leave_out("impact", f"is {quote(impact)}: expected one of {', '.join(_LEVELS)}, maintenance")
    return values | _given(
        started=fields.instant("downtime_start", "started_at"),
        opened=filed,
        restored=restored,
        resolved=resolved,
        reopenings=_reopenings(said),
    )


def _maintenance(fields: Fields, said: tuple[Said, ...], filed: datetime) -> dict[str, Any]:
    status = _state(fields, said, _MAINTENANCE_STATES) or MaintenanceStatus.SCHEDULED
    began = next((one.at for one in said if one.status is UpdateStatus.IN_PROGRESS), None)
    ended = next((one.at for one in reversed(said) if one.status is UpdateStatus.COMPLETED), None)
    if status is MaintenanceStatus.COMPLETED and began and ended is None:
        ended = fields.instant("resolved_at")
    return {"status": status} | _given(
        announced=filed,
        planned=_given(**{"from": fields.instant("scheduled_for"), "to": fields.instant("scheduled_until")}),
        # never the announcement, which archives give as `started_at`
        actual=_given(**{"from": began, "to": ended}),
    )


def _state(fields: Fields, said: tuple[Said, ...], states: dict[UpdateStatus, Any]) -> Any:
    """Where it stands: the page's own word, else its last update's."""
    word = fields.word("status")
    if word:
        known = as_status(word)
        if known in states:
            return states[known]
        fields.leave_out("status", f"is {quote(word)}: expected one of {', '.join(states)}")
    return next((states[one.status] for one in reversed(said) if one.status in states), None)


def _resolution(said: tuple[Said, ...]) -> datetime | None:
    """When the resolution that held was told: the first of the last unbroken row of resolved updates."""
    found = None
    for one in said:
        if one.status is UpdateStatus.RESOLVED:
            found = found or one.at
        elif one.status is not UpdateStatus.POSTMORTEM:
            found = None
    return found


def _reopenings(said: tuple[Said, ...]) -> list[dict[str, datetime]]:
    """Resolutions that did not hold: resolved, and later some state of work."""
    found, resolved = [], None
    for one in said:
        if one.status is UpdateStatus.RESOLVED:
            resolved = resolved or one.at
        elif one.status is not UpdateStatus.POSTMORTEM and resolved:
            found.append({"resolved": resolved, "reopened": one.at})
            resolved = None
    return found


def _end(values: dict[str, Any]) -> datetime | None:
    return values.get("restored") or values.get("resolved")


def _given(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value}
