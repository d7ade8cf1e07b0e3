"""Alertmanager: version 4 of the webhook payload, one alert for each set of labels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from incidentbook.intake.addresses import web_address, without_secrets
from incidentbook.intake.alerts.alert import (
    Alert,
    AlertState,
    Reading,
    System,
    Unmoved,
    hashed,
    identity,
    known_words,
    labels_of,
    paragraphs,
)
from incidentbook.intake.payload import items, mapping, part
from incidentbook.intake.texts import one_line
from incidentbook.intake.times import foreign_time

_FNV_OFFSET, _FNV_PRIME = 14695981039346656037, 1099511628211
_SEPARATOR = b"\xff"
_STATES = {"firing": AlertState.FIRING, "resolved": AlertState.RESOLVED}


def _knows(payload: Any) -> bool:
    fields = mapping(payload)
    return isinstance(fields.get("alerts"), list) and (
        "groupKey" in fields or "commonLabels" in fields or one_line(fields.get("version")) == "4"
    )


def _read(payload: Any) -> Reading:
    return read_group("alertmanager", payload)


def read_group(system: str, group: Any) -> Reading:
    """Every alert of a group."""
    alerts = items(group["alerts"])
    for number, one in enumerate(alerts, 1):
        yield _member(system, group, one) or Unmoved(f"entry {number} of `alerts` is no alert")
    if not alerts:
        yield Unmoved("the group holds no alert")


def _member(system: str, group: Any, entry: Any) -> Alert | None:
    """One alert of a group; what it lacks stands with the group. None where it is of another shape."""
    alert = mapping(entry)
    status = (one_line(alert.get("status")) or one_line(part(group, "status"))).lower()
    if status not in _STATES or not labels_of(alert.get("labels")):
        return None
    labels = {**labels_of(part(group, "commonLabels")), **labels_of(alert.get("labels"))}
    left_out = part(group, "truncatedAlerts")
    notes = {**mapping(part(group, "commonAnnotations")), **mapping(alert.get("annotations"))}
    is_over = _STATES[status] is AlertState.RESOLVED
    title = one_line(notes.get("summary")) or one_line(notes.get("title")) or labels.get("alertname", "")
    return Alert(
        system=system,
        id=identity(alert.get("fingerprint")) or _fingerprint_of(alert) or fingerprint(labels),
        state=_STATES[status],
        title=without_secrets(title) or "An alert without a name",
        text=paragraphs(notes.get("description"), notes.get("message"), alert.get("valueString")),
        at=foreign_time(alert.get("endsAt" if is_over else "startsAt")),
        severity=labels.get("severity") or labels.get("priority") or one_line(notes.get("severity"), 40),
        services=known_words(labels),
        url=web_address(alert.get("generatorURL")) or web_address(part(group, "externalURL")),
        labels=labels,
        group=_group_name(group),
        is_all=left_out in (None, 0),
    )


def _group_name(group: Any) -> str:
    """The same each time; two Alertmanagers may well have groups of one key."""
    key, where = part(group, "groupKey"), part(group, "externalURL")
    return hashed(key, where if isinstance(where, str) else "") if key and isinstance(key, str) else ""


def _fingerprint_of(alert: Mapping[str, Any]) -> str:
    # as they were sent: two that differ past what a record keeps of them are two
    own = {key: text for key, text in mapping(alert.get("labels")).items() if isinstance(text, str)}
    return fingerprint(own) if own else ""


def fingerprint(labels: Mapping[str, str]) -> str:
    """Prometheus' own hash of labels (64-bit FNV-1a): older Alertmanagers do not send it."""
    value = _FNV_OFFSET
    for name in sorted(labels):
        for byte in _bytes(name) + _SEPARATOR + _bytes(labels[name]) + _SEPARATOR:
            value = ((value ^ byte) * _FNV_PRIME) % (1 << 64)
    return f"{value:016x}"


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")


SYSTEM = System(
    name="alertmanager",
    title="Alertmanager",
    looks_for="`alerts` with `groupKey` or `commonLabels`",
    knows=_knows,
    read=_read,
)
