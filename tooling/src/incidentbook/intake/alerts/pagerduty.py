"""PagerDuty: version 3 of the webhook, one event of one of its incidents."""

from __future__ import annotations

from typing import Any

from incidentbook.intake.addresses import web_address
from incidentbook.intake.alerts.alert import Alert, AlertState, Reading, System, Unmoved, identity, paragraphs
from incidentbook.intake.payload import items, mapping, part
from incidentbook.intake.texts import one_line
from incidentbook.intake.times import foreign_time

_STATES = {
    "triggered": AlertState.FIRING,
    "acknowledged": AlertState.ACKNOWLEDGED,
    "resolved": AlertState.RESOLVED,
}


def _knows(payload: Any) -> bool:
    return isinstance(part(payload, "event", "event_type"), str)


def _read(payload: Any) -> Reading:
    event = mapping(payload["event"])
    data = mapping(event.get("data"))
    kind = one_line(event["event_type"], 60)
    state = _STATES.get(one_line(data.get("status"), 40).lower())
    name = identity(data.get("id"))
    if data.get("type") != "incident" or state is None or not name:
        yield Unmoved(f"the event is `{kind}`, which changes the state of no incident")
        return
    names = (
        part(data, "service", "summary"),
        *(part(team, "summary") for team in items(data.get("teams"))[:5]),
    )
    # a reminder or a note of an incident that is open is no news of when its state began
    began = kind.rpartition(".")[2] in ("triggered", "acknowledged", "resolved", "reopened", "unacknowledged")
    told = foreign_time(event.get("occurred_at"))
    yield Alert(
        system="pagerduty",
        id=name,
        state=state,
        title=one_line(data.get("title")) or "An incident without a title",
        text=paragraphs(part(data, "body", "details"), part(data, "first_trigger_log_entry", "summary")),
        at=told if began else None,
        told=told,
        severity=one_line(part(data, "priority", "summary"), 40) or one_line(data.get("urgency"), 40),
        services=tuple(name for name in map(one_line, names) if name),
        url=web_address(data.get("html_url")),
        labels={"service": one_line(part(data, "service", "summary"))},
        by=one_line(part(event, "agent", "summary"), 80),
    )


SYSTEM = System(
    name="pagerduty",
    title="PagerDuty",
    looks_for="`event` with an `event_type`",
    knows=_knows,
    read=_read,
)
