"""Opsgenie: the webhook of an action on one of its alerts."""

from __future__ import annotations

from typing import Any

from incidentbook.intake.alerts.alert import (
    Alert,
    AlertState,
    Reading,
    System,
    Unmoved,
    identity,
    known_words,
    labels_of,
    paragraphs,
)
from incidentbook.intake.payload import items, mapping, part
from incidentbook.intake.texts import one_line
from incidentbook.intake.times import foreign_time

_OVER = frozenset({"close", "delete"})
_OPENING = frozenset({"create", "unacknowledge"})
_CHANGING = frozenset({"updatepriority", "updatemessage", "updatedescription"})


def _knows(payload: Any) -> bool:
    fields = mapping(payload)
    return isinstance(fields.get("action"), str) and "alertId" in mapping(fields.get("alert"))


def _read(payload: Any) -> Reading:
    alert = mapping(payload["alert"])
    action = payload["action"].strip().lower()
    name = identity(alert.get("alias")) or identity(alert.get("alertId"))
    if action not in _OVER | _OPENING | _CHANGING | {"acknowledge"} or not name:
        yield Unmoved(
            f"the action is `{one_line(payload['action'], 40)}`, which changes the state of no alert"
        )
        return
    state = AlertState.ACKNOWLEDGED if action == "acknowledge" else AlertState.FIRING
    labels = labels_of(alert.get("details"))
    entity = one_line(alert.get("entity"))
    names = (*known_words(labels), entity, *(one_line(tag) for tag in items(alert.get("tags"))[:20]))
    yield Alert(
        system="opsgenie",
        id=name,
        state=AlertState.RESOLVED if action in _OVER else state,
        title=one_line(alert.get("message")) or "An alert without a message",
        text=paragraphs(alert.get("description")),
        at=None if action in _CHANGING else _time(alert, action),
        told=_time(alert, action),
        severity=_priority(alert.get("priority")),
        services=tuple(name for name in names if name),
        labels={**labels, **({"entity": entity} if entity else {})},
        by=one_line(alert.get("username"), 80) or one_line(part(payload, "source", "name"), 80),
    )


def _time(alert: Any, action: str) -> Any:
    # whole seconds of `createdAt` are in milliseconds, those of `updatedAt` in nanoseconds
    return foreign_time(alert.get("createdAt" if action == "create" else "updatedAt"))


def _priority(value: Any) -> str:
    """`P3`, which some versions of the webhook send as 3."""
    return (
        f"P{value}"
        if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 5
        else one_line(value, 40)
    )


SYSTEM = System(
    name="opsgenie",
    title="Opsgenie",
    looks_for="`action` and an `alert` with an `alertId`",
    knows=_knows,
    read=_read,
)
