"""Statuspage: the webhook by which a page tells its subscribers, such as the page of a provider."""

from __future__ import annotations

from typing import Any

from incidentbook.intake.addresses import web_address
from incidentbook.intake.alerts.alert import Alert, AlertState, Reading, System, Unmoved, identity, paragraphs
from incidentbook.intake.payload import Fields, items, mapping
from incidentbook.intake.texts import one_line
from incidentbook.intake.times import foreign_time

_OVER = frozenset({"resolved", "postmortem", "completed"})
_OPEN = frozenset({"investigating", "identified", "monitoring"})
_COMPONENT = {
    "operational": AlertState.RESOLVED,
    "degraded_performance": AlertState.FIRING,
    "partial_outage": AlertState.FIRING,
    "major_outage": AlertState.FIRING,
}
_SEVERITY = {"degraded_performance": "minor", "partial_outage": "major", "major_outage": "critical"}


def _knows(payload: Any) -> bool:
    fields = mapping(payload)
    incident = mapping(fields.get("incident"))
    return "component_update" in fields or ("page" in fields and "id" in incident and "status" in incident)


def _read(payload: Any) -> Reading:
    if "component_update" in payload:
        yield _component(payload)
    else:
        yield _incident(payload)


def _incident(payload: Fields) -> Alert | Unmoved:
    incident = mapping(payload["incident"])
    status = one_line(incident["status"], 40).lower()
    name = identity(incident["id"])
    if status not in _OVER | _OPEN or one_line(incident.get("impact")) == "maintenance" or not name:
        return Unmoved(f"it is planned work (`{status}`); `incidentbook import statuspage` takes it in")
    updates = [mapping(one) for one in items(incident.get("incident_updates"))]
    newest = max(updates, key=lambda one: one_line(one.get("created_at")), default={})
    components = [one_line(mapping(one).get("name")) for one in items(incident.get("components"))[:40]]
    is_over = status in _OVER
    return Alert(
        system="statuspage",
        id=name,
        state=AlertState.RESOLVED if is_over else AlertState.FIRING,
        title=one_line(incident.get("name")) or "An incident without a name",
        text=paragraphs(newest.get("body")),
        at=foreign_time(incident.get("resolved_at" if is_over else "created_at")),
        told=foreign_time(incident.get("updated_at")),
        severity=one_line(incident.get("impact"), 40),
        services=tuple(name for name in components if name),
        url=web_address(incident.get("shortlink")),
        labels={"page": one_line(mapping(payload.get("page")).get("id"), 80)},
    )


def _component(payload: Fields) -> Alert | Unmoved:
    update, component = mapping(payload["component_update"]), mapping(payload.get("component"))
    said = one_line(update.get("new_status") or component.get("status"), 40)
    key = identity(component.get("id") or update.get("component_id"))
    state = _COMPONENT.get(said)
    if state is None or not key:
        return Unmoved(f"the component is `{said}`, which is no outage")
    name = one_line(component.get("name")) or f"Component {one_line(key, 40)}"
    return Alert(
        system="statuspage",
        id=f"component:{key}",
        state=state,
        title=f"{name}: {said.replace('_', ' ')}" if state is AlertState.FIRING else name,
        at=foreign_time(update.get("created_at")),
        severity=_SEVERITY.get(said, ""),
        services=(name,),
        labels={"page": one_line(mapping(payload.get("page")).get("id"), 80)},
    )


SYSTEM = System(
    name="statuspage",
    title="Statuspage",
    looks_for="`page` with an `incident` or a `component_update`",
    knows=_knows,
    read=_read,
)
