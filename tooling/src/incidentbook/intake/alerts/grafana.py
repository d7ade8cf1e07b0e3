"""Grafana: unified alerting, whose payload resembles Alertmanager's, and the legacy alerts of dashboards."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from incidentbook.intake.addresses import web_address
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
from incidentbook.intake.alerts.alertmanager import read_group
from incidentbook.intake.payload import items, mapping
from incidentbook.intake.texts import one_line

_OWN = ("silenceURL", "dashboardURL", "panelURL", "valueString", "imageURL", "values")
_PREFIX = re.compile(r"^\[(?:alerting|ok|no data|no_data|pending|paused)\]\s*", re.IGNORECASE)
_STATES = {"alerting": AlertState.FIRING, "no_data": AlertState.FIRING, "ok": AlertState.RESOLVED}


def _knows(payload: Any) -> bool:
    fields = mapping(payload)
    if "evalMatches" in fields or ("ruleName" in fields and "state" in fields):
        return True
    alerts = fields.get("alerts")
    if not isinstance(alerts, list):
        return False
    signs = "orgId" in fields or one_line(fields.get("version")) == "1"
    return signs or any(key in mapping(one) for one in alerts for key in _OWN)


def _read(payload: Any) -> Reading:
    if isinstance(payload.get("alerts"), list):
        yield from read_group("grafana", payload)
    else:
        yield _legacy(payload)


def _legacy(payload: Mapping[str, Any]) -> Alert | Unmoved:
    said = one_line(payload.get("state"), 40).lower()
    state = _STATES.get(said)
    if state is None:
        return Unmoved(f"the rule is `{said}`, neither alerting nor ok")
    title = _PREFIX.sub("", one_line(payload.get("title"))) or one_line(payload.get("ruleName"))
    matches = [mapping(match) for match in items(payload.get("evalMatches"))]
    values = [f"{one_line(match.get('metric'))}: {one_line(match.get('value'))}" for match in matches[:40]]
    labels = labels_of(payload.get("tags"))
    for match in matches[:5]:
        labels = {**labels_of(match.get("tags")), **labels}
    address = web_address(payload.get("ruleUrl"))
    rule = identity(payload.get("ruleId")) or hashed(one_line(payload.get("ruleName"), 1_000), address or "")
    where = one_line(payload.get("orgId"), 40)
    return Alert(
        system="grafana",
        id=f"{where}:{rule}" if where else rule,
        state=state,
        title=title or "An alert without a name",
        text=paragraphs(payload.get("message"), "\n".join(values)),
        severity="" if state is AlertState.RESOLVED else labels.get("severity", ""),
        services=known_words(labels),
        url=address,
        labels=labels,
    )


SYSTEM = System(
    name="grafana",
    title="Grafana",
    looks_for="`evalMatches`, or `alerts` with `orgId` or `silenceURL`",
    knows=_knows,
    read=_read,
)
