"""Every system whose alerts are understood; a new one is a file beside this and a row here."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import Any

from incidentbook.intake.alerts import (
    alertmanager,
    cloudwatch,
    grafana,
    opsgenie,
    pagerduty,
    pingdom,
    statuspage,
)
from incidentbook.intake.alerts.alert import Alert, Reading, System, Unmoved
from incidentbook.intake.errors import IntakeError
from incidentbook.intake.payload import read_json, wrapped

SYSTEMS: tuple[System, ...] = (
    pagerduty.SYSTEM,
    opsgenie.SYSTEM,
    pingdom.SYSTEM,
    cloudwatch.SYSTEM,
    statuspage.SYSTEM,
    # before Alertmanager, whose payload it resembles and adds to
    grafana.SYSTEM,
    alertmanager.SYSTEM,
)
"""In the order in which they are asked whether they know a payload."""

MOST = 1_000
"""Alerts of one message that are looked at."""

_DEPTH = 4
"""So often a message may be wrapped."""

TITLES = {system.name: system.title for system in SYSTEMS}


def read_alerts(data: bytes, name: str) -> tuple[Alert | Unmoved, ...]:
    """Understand a payload, bare or wrapped in a `repository_dispatch` event. Raises IntakeError."""
    found = tuple(islice(_understood(read_json(data, name), _DEPTH), MOST + 1))
    if not found:
        sought = "; ".join(f"{system.title}: {system.looks_for}" for system in SYSTEMS)
        raise IntakeError(f"{name} is no alert that is understood here; looked for {sought}")
    return found if len(found) <= MOST else _cut(found[:MOST])


def _cut(found: tuple[Alert | Unmoved, ...]) -> tuple[Alert | Unmoved, ...]:
    """So many of a message, none of which speaks for its group: others may stand in the rest."""
    kept = (replace(one, is_all=False) if isinstance(one, Alert) else one for one in found)
    return (*kept, Unmoved(f"the message holds more than {MOST} alerts; the rest is left out"))


def _understood(value: Any, depth: int) -> Reading:
    """What the first system says that knows a value; where none does, what is known of what it wraps."""
    system = next((system for system in SYSTEMS if system.knows(value)), None)
    if system is not None:
        yield from system.read(value)
    elif depth:
        yield from _inside(value, depth - 1)


def _inside(value: Any, depth: int) -> Reading:
    unknown = 0
    is_known = False
    for one in wrapped(value):
        found = _understood(one, depth)
        first = next(found, None)
        if first is None:
            unknown += 1
        else:
            is_known = True
            yield first
            yield from found
    if is_known and unknown and isinstance(value, list):
        yield Unmoved(f"{unknown} of the {len(value)} events of the message are no alerts")
