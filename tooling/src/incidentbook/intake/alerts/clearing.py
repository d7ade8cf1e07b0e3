"""An alert that cleared: service is back, and by policy what nobody had taken is resolved."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from incidentbook.intake.alerts.alert import Alert
from incidentbook.intake.alerts.standing import is_late, origin_after
from incidentbook.intake.alerts.systems import TITLES
from incidentbook.intake.known import Known, not_before
from incidentbook.intake.opening import Amendment, Response, Silence
from incidentbook.markdown.literal import literal
from incidentbook.records import IncidentStatus
from incidentbook.taxonomy import Taxonomy

_UNTAKEN = frozenset({IncidentStatus.NEW, IncidentStatus.ASSIGNED})


def cleared(alert: Alert, known: Known, taxonomy: Taxonomy, now: datetime) -> Response:
    """Say what becomes of an open record whose alert is over."""
    record, bot = known.record, taxonomy.intake.bot
    if record.restored is not None:
        return Silence(f"{known.id} knows already that it has cleared")
    if is_late(alert, known):
        return Silence(f"told late: {known.id} knows that it has fired since")
    restored = _restored(alert, known, now)
    who = f", says {literal(alert.by)}" if alert.by else ""
    what = "all alerts of the group have" if alert.members else "the alert has"
    said = f"{TITLES[alert.system]}: {what} cleared{who}."
    resolution = _resolution(known, taxonomy, restored)
    if not resolution:
        said += " Service is back; what it was is for people to say."
    changes = {"restored": restored, "steps": known.step(now, said, bot), **_told(alert, known, now)}
    summary = "has cleared: resolved" if resolution else "has cleared: service is restored"
    return Amendment(changes={**changes, **resolution}, summary=summary)


def _restored(alert: Alert, known: Known, now: datetime) -> datetime:
    record = known.record
    times = (record.started, record.detected, record.acknowledged, record.mitigated)
    return not_before(min(alert.at or now, now), *times, *(service.from_ for service in record.services))


def _told(alert: Alert, known: Known, now: datetime) -> dict[str, Any]:
    """The origin with the time of this state; its words stay those of when it fired."""
    change = origin_after(alert, known, now)
    digest = known.record.origin.digest if known.record.origin else None
    return {"origin": {**change["origin"], "digest": digest}} if digest else change


def _may_resolve(known: Known, taxonomy: Taxonomy, team: str | None) -> bool:
    """Whether policy lets an alert resolve this: it says so in full, and nobody has taken it."""
    policy, record = taxonomy.intake.alerts, known.record
    is_untaken = record.status in _UNTAKEN and record.acknowledged is None
    return is_untaken and policy.resolves and all((policy.resolution_code, taxonomy.intake.bot, team))


def _team(known: Known, taxonomy: Taxonomy) -> str | None:
    record = known.record
    services = (taxonomy.service(one.service, record.opened) for one in record.services)
    return next((one.team for one in services if one and one.team), taxonomy.intake.alerts.team)


def _resolution(known: Known, taxonomy: Taxonomy, at: datetime) -> dict[str, Any]:
    """The fields of a resolution without people; none where policy does not let it."""
    policy, bot, record = taxonomy.intake.alerts, taxonomy.intake.bot, known.record
    team = _team(known, taxonomy)
    if not _may_resolve(known, taxonomy, team):
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
