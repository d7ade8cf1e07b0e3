"""Every system whose alerts are understood; a new one is a file beside this and a row here."""

from __future__ import annotations

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
from incidentbook.intake.alerts.alert import Alert, System, Unmoved
from incidentbook.intake.errors import IntakeError
from incidentbook.intake.payload import read_json, unwrapped

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

MOST = 100
"""Alerts of one message that are taken in: more of them are one storm, and no hundred incidents."""

TITLES = {system.name: system.title for system in SYSTEMS}


def read_alerts(data: bytes, name: str) -> tuple[Alert | Unmoved, ...]:
    """Understand a payload, bare or wrapped in a `repository_dispatch` event. Raises IntakeError."""
    for value in unwrapped(read_json(data, name)):
        for system in SYSTEMS:
            if system.knows(value):
                found = tuple(islice(system.read(value), MOST + 1))
                more = (Unmoved(f"the message holds more than {MOST} alerts; the rest is left out"),)
                return found if len(found) <= MOST else found[:MOST] + more
    sought = "; ".join(f"{system.title}: {system.looks_for}" for system in SYSTEMS)
    raise IntakeError(f"{name} is no alert that is understood here; looked for {sought}")


def is_alert(value: Any) -> bool:
    """Whether any system knows a payload."""
    return any(system.knows(value) for system in SYSTEMS)
