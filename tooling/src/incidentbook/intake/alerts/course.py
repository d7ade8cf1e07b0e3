"""What an alert does to the record that it has: nothing, a step, a restoration, a reopening, a new record."""

from __future__ import annotations

from datetime import datetime

from incidentbook.intake.alerts.alert import Alert, AlertState
from incidentbook.intake.alerts.clearing import cleared
from incidentbook.intake.alerts.news import news_of
from incidentbook.intake.alerts.opening import is_ignored, opening_for
from incidentbook.intake.alerts.standing import is_late, origin_after, state_since
from incidentbook.intake.alerts.systems import TITLES
from incidentbook.intake.known import OVER, Known, reopened
from incidentbook.intake.opening import Amendment, Response, Silence
from incidentbook.records import IncidentStatus
from incidentbook.taxonomy import Taxonomy


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
        return cleared(alert, known, taxonomy, now)
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
    if is_late(alert, known, record.restored or record.resolved or record.cancelled):
        return Silence(f"it began before {known.id} was over, which is {record.status}")
    return opening_for(alert, taxonomy, now, earlier=known.id)


def _after_resolution(alert: Alert, known: Known, taxonomy: Taxonomy, now: datetime) -> Response:
    if alert.state is not AlertState.FIRING:
        return Silence(f"{known.id} is resolved already")
    if is_late(alert, known, known.record.resolved):
        return Silence(f"it began before {known.id} was resolved")
    policy, bot = taxonomy.intake.alerts, taxonomy.intake.bot
    origin = origin_after(alert, known, now)
    if policy.reopens:
        changes = reopened(known, min(alert.at or now, now), now, f"{TITLES[alert.system]} fires again", bot)
        return Amendment(changes={**changes, **origin}, summary="fires again: reopened")
    if is_late(alert, known, state_since(known)):
        return Silence(f"{known.id} knows already that it fires again")
    text = f"{TITLES[alert.system]} fires again, though this is resolved."
    return Amendment(changes={"steps": known.step(now, text, bot), **origin}, summary="fires again")


def _still_there(alert: Alert, known: Known, taxonomy: Taxonomy, now: datetime) -> Response:
    if is_late(alert, known, known.record.restored):
        return Silence(f"told late: {known.id} knows what came of it since")
    news = tuple(news_of(alert, known, now))
    if not news:
        return Silence(f"{known.id} knows it already")
    text = f"{TITLES[alert.system]}: {'; '.join(one.said for one in news)}"
    changes = {key: value for one in news for key, value in one.changes.items()}
    changes["steps"] = known.step(now, text, taxonomy.intake.bot)
    return Amendment(changes={**changes, **origin_after(alert, known, now)}, summary=news[0].summary)
