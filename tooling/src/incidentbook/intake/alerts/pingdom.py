"""Pingdom: the webhook of an uptime or transaction check that changed its state."""

from __future__ import annotations

from typing import Any

from incidentbook.intake.addresses import bare_address
from incidentbook.intake.alerts.alert import Alert, AlertState, Reading, System, Unmoved, identity, paragraphs
from incidentbook.intake.payload import items, mapping, part
from incidentbook.intake.texts import one_line
from incidentbook.intake.times import foreign_time

_STATES = {
    "DOWN": AlertState.FIRING,
    "FAILING": AlertState.FIRING,
    "UP": AlertState.RESOLVED,
    "SUCCESS": AlertState.RESOLVED,
}


def _knows(payload: Any) -> bool:
    fields = mapping(payload)
    return "check_id" in fields and "current_state" in fields


def _read(payload: Any) -> Reading:
    said = one_line(payload["current_state"], 40)
    state = _STATES.get(said.upper())
    check = identity(payload["check_id"])
    if state is None or not check:
        yield Unmoved(f"the check is `{said}`, neither down nor up")
        return
    name = one_line(payload.get("check_name")) or f"Check {one_line(check, 40)}"
    tags = [
        one_line(tag if isinstance(tag, str) else part(tag, "name"))
        for tag in items(payload.get("tags"))[:20]
    ]
    address = bare_address(part(payload, "check_params", "full_url"))
    labels = {"check": name, "check_type": one_line(payload.get("check_type"), 40)}
    host = one_line(part(payload, "check_params", "hostname"))
    yield Alert(
        system="pingdom",
        id=check,
        state=state,
        title=f"{name} is down" if state is AlertState.FIRING else name,
        text=paragraphs(
            payload.get("description"), payload.get("long_description"), payload.get("custom_message")
        ),
        at=foreign_time(payload.get("state_changed_timestamp"))
        or foreign_time(payload.get("state_changed_utc_time"), assume_utc=True),
        severity="high" if one_line(payload.get("importance_level")).upper() == "HIGH" else "low",
        services=tuple(word for word in (name, *tags, host) if word),
        url=address,
        labels={**labels, "hostname": host} if host else labels,
    )


SYSTEM = System(
    name="pingdom",
    title="Pingdom",
    looks_for="`check_id` and `current_state`",
    knows=_knows,
    read=_read,
)
