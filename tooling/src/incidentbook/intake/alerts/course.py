"""What an alert does to the record that it has: nothing, a step, a restoration, a reopening, a new record."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from incidentbook.intake.alerts.alert import Alert, AlertState
from incidentbook.intake.alerts.opening import is_ignored, opening_for, origin_of
from incidentbook.intake.alerts.systems import TITLES
from incidentbook.intake.known import OVER, Known, not_before, reopened
from incidentbook.intake.opening import Amendment, Response, Silence
from incidentbook.intake.texts import verbatim
from incidentbook.records import IncidentStatus
from incidentbook.taxonomy import Taxonomy

_UNTAKEN = frozenset({IncidentStatus.NEW, IncidentStatus.ASSIGNED})


def respond(alert: Alert, known: Known | None, taxonomy: Taxonomy, now: datetime) -> Response:
    """Say what becomes of an alert; `known` is the newest record that it has.

    A delivery that is late or comes twice changes nothing: what it tells began before what the record
    knows already.
    """
    if known is None:
        return _first(alert, taxonomy, now)
    if known.is_broken:
        return Silence(f"{known.id} has errors in its YAML; left alone until they are mended")
    if known.record.status in OVER:
        return _after_closing(alert, known, taxonomy, now)
    if known.record.status is IncidentStatus.RESOLVED:
        return _after_resolution(alert, known, taxonomy, now)
    if alert.state is AlertState.RESOLVED:
        return _cleared(alert, known, taxonomy, now)
    return _still_there(alert, known, taxonomy, now)


def _first(alert: Alert, taxonomy: Taxonomy, now: datetime) -> Response:
    if is_ignored(alert, taxonomy):
        return Silence("schema/intake.yml says to ignore it")
    if alert.state is AlertState.RESOLVED:
        return Silence("it has cleared, and no record here is of it")
    return opening_for(alert, taxonomy, now)


def _after_closing(alert: Alert, known: Known, taxonomy: Taxonomy, now: datetime) -> Response:
    record = known.record
    if alert.state is AlertState.RESOLVED or is_ignored(alert, taxonomy):
        return Silence(f"{known.id} is {record.status} already")
    if _is_late(alert, record.restored or record.resolved or record.cancelled):
        return Silence(f"it began before {known.id} was over, which is {record.status}")
    return opening_for(alert, taxonomy, now, earlier=known.id)


def _after_resolution(alert: Alert, known: Known, taxonomy: Taxonomy, now: datetime) -> Response:
    record = known.record
    if alert.state is not AlertState.FIRING:
        return Silence(f"{known.id} is resolved already")
    if _is_late(alert, record.resolved):
        return Silence(f"it began before {known.id} was resolved")
    policy, bot = taxonomy.intake.alerts, taxonomy.intake.bot
    origin = _origin(alert, known)
    if not policy.reopens:
        text = f"{_name(alert)} fires again, though this is resolved."
        return Amendment(changes={"steps": known.step(now, text, bot), **origin}, summary="fires again")
    at = min(alert.at or now, now)
    changes = reopened(known, at, now, f"{_name(alert)} fires again", bot)
    return Amendment(changes={**changes, **origin}, summary="fires again: reopened")


def _still_there(alert: Alert, known: Known, taxonomy: Taxonomy, now: datetime) -> Response:
    record, bot = known.record, taxonomy.intake.bot
    if _is_late(alert, record.restored):
        return Silence(f"told late: {known.id} knows that it has cleared since")
    said, changes = [], _origin(alert, known)
    if alert.state is AlertState.ACKNOWLEDGED and record.acknowledged is None:
        taken = not_before(min(alert.at or now, now), record.started, record.detected)
        changes["acknowledged"] = taken
        said.append(f"acknowledged{f' by {alert.by}' if alert.by else ''}")
    if record.restored is not None and alert.state is AlertState.FIRING:
        changes["restored"] = None
        said.append("fires again")
    elif record.origin is not None and record.origin.digest != alert.digest:
        said.append(f"says now:\n\n{verbatim(_words(alert))}")
    if not said:
        return Silence(f"{known.id} knows it already")
    text = f"{_name(alert)}: {' and '.join(said)}"
    summary = (
        "acknowledged"
        if "acknowledged" in changes
        else "fires again"
        if "restored" in changes
        else "says more"
    )
    return Amendment(changes={**changes, "steps": known.step(now, text, bot)}, summary=summary)


def _cleared(alert: Alert, known: Known, taxonomy: Taxonomy, now: datetime) -> Response:
    record = known.record
    if record.restored is not None:
        return Silence(f"{known.id} knows already that it has cleared")
    times = (record.started, record.detected, record.acknowledged, record.mitigated)
    begun = (service.from_ for service in record.services)
    restored = not_before(min(alert.at or now, now), *times, *begun)
    text = f"{_name(alert)} has cleared{f': {alert.by}' if alert.by else ''}."
    changes: dict[str, Any] = {"restored": restored}
    resolution = _resolution(known, taxonomy, restored)
    if not resolution:
        changes["steps"] = known.step(
            now, f"{text} Service is back; what it was is for people to say.", taxonomy.intake.bot
        )
        return Amendment(changes=changes, summary="has cleared: service is restored")
    changes["steps"] = known.step(now, text, taxonomy.intake.bot)
    return Amendment(changes={**changes, **resolution}, summary="has cleared: resolved")


def _resolution(known: Known, taxonomy: Taxonomy, at: datetime) -> dict[str, Any]:
    """The fields of a resolution without people: only by policy, and only where nobody has taken it."""
    policy, bot, record = taxonomy.intake.alerts, taxonomy.intake.bot, known.record
    services = [taxonomy.service(one.service, record.opened) for one in record.services]
    team = next((service.team for service in services if service and service.team), policy.team)
    ready = policy.resolves and policy.resolution_code and bot and team
    if not ready or record.status not in _UNTAKEN or record.acknowledged is not None:
        return {}
    resolved = not_before(at, *(one.at for one in record.assignments))
    minutes = round((at - (record.detected or record.opened or at)).total_seconds() / 60)
    summary = f"The alert cleared by itself after {minutes} minutes; nobody had taken it."
    return {
        "status": IncidentStatus.RESOLVED,
        "acknowledged": resolved,
        "resolved": resolved,
        "resolved_by": bot,
        "summary": record.summary or summary,
        "assignments": known.listed("assignments", {"at": resolved, "team": team, "owner": bot}),
        "resolution": {"code": policy.resolution_code, "summary": summary, "permanence": policy.permanence},
    }


def _is_late(alert: Alert, over: datetime | None) -> bool:
    """Whether the state began before something was over that is known to be over."""
    return alert.at is not None and over is not None and alert.at <= over


def _origin(alert: Alert, known: Known) -> dict[str, Any]:
    """The origin with the digest of what was said last, where that is not what it has."""
    if known.record.origin is None or known.record.origin.digest == alert.digest:
        return {}
    written = known.values.get("origin")
    before = written if isinstance(written, dict) else origin_of(alert)
    return {"origin": {**before, "digest": alert.digest}}


def _name(alert: Alert) -> str:
    return TITLES.get(alert.system, alert.system)


def _words(alert: Alert) -> str:
    severity = f"severity: {alert.severity}" if alert.severity else ""
    return "\n\n".join(text for text in (alert.title, alert.text, severity) if text)
