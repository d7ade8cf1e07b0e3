"""An alert as a new incident: how wide, how pressing, of which service and category."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fnmatch import fnmatchcase

from incidentbook.intake.alerts.alert import Alert, AlertState
from incidentbook.intake.alerts.standing import origin_of
from incidentbook.intake.alerts.systems import TITLES
from incidentbook.intake.opening import (
    Opening,
    assumed_category,
    new_incident,
    reporter,
    routed_team,
    services_named,
    suffering,
)
from incidentbook.intake.texts import verbatim
from incidentbook.records import Level, ServiceState
from incidentbook.taxonomy import Taxonomy
from incidentbook.taxonomy.routing import Told
from incidentbook.taxonomy.settings.intake import DEFAULT_SEVERITIES, AlertRule, SeverityMeaning

_NO_RULE = AlertRule()
_NO_SERVICE = "no service: no rule of schema/intake.yml names one, nor does the alert"
_LEVELS = (Level.LOW, Level.MEDIUM, Level.HIGH)


@dataclass(frozen=True)
class Verdict:
    """What an alert means here, and a line for each thing that had to be assumed."""

    services: tuple[str, ...]
    state: ServiceState
    category: str | None
    impact: Level
    urgency: Level
    notes: tuple[str, ...]


def is_ignored(alert: Alert, taxonomy: Taxonomy) -> bool:
    """Whether schema/intake.yml says that an alert opens no incident."""
    return all(_rule_for(one, taxonomy).ignore for one in alert.members or (alert,))


def verdict_on(alert: Alert, taxonomy: Taxonomy, at: datetime) -> Verdict:
    """Judge an alert, or a group by the worst of its alerts and the services of all."""
    verdicts = [_verdict_on(one, taxonomy, at) for one in alert.members or (alert,)]
    worst = max(verdicts, key=lambda one: (_LEVELS.index(one.impact), _LEVELS.index(one.urgency)))
    if len(verdicts) == 1:
        return worst
    services = tuple(dict.fromkeys(key for one in verdicts for key in one.services))
    notes = (note for note in worst.notes if note != _NO_SERVICE or not services)
    together = f"one incident of {len(verdicts)} alerts, which were sent as one group"
    return replace(worst, services=services, notes=(*notes, together))


def _verdict_on(alert: Alert, taxonomy: Taxonomy, at: datetime) -> Verdict:
    """Judge an alert by the first rule that matches it, its severity, and the words it has for services."""
    policy = taxonomy.intake.alerts
    rule = _rule_for(alert, taxonomy)
    meaning = _meaning(alert.severity, (*policy.severities, *DEFAULT_SEVERITIES))
    notes = []
    impact = rule.impact or (meaning.impact if meaning else policy.impact)
    urgency = rule.urgency or (meaning.urgency if meaning else policy.urgency)
    if meaning is None and not (rule.impact and rule.urgency):
        said = f"severity `{alert.severity}` has no meaning in" if alert.severity else "no severity; by"
        notes.append(f"{said} schema/intake.yml: impact {impact}, urgency {urgency}")
    named = [taxonomy.service(key, at) for key in rule.services]
    services = [service.id for service in named if service] or services_named(taxonomy, at, alert.services)
    if not services:
        notes.append(_NO_SERVICE)
    told = _told(alert, services, taxonomy, at)
    wanted = rule.category or policy.category
    category, guessed = assumed_category(taxonomy, wanted, "alerts.category", told)
    state = rule.state or (meaning.state if meaning and meaning.state else policy.state)
    return Verdict(tuple(services), state, category, impact, urgency, (*notes, *guessed))


def _told(alert: Alert, services: Sequence[str], taxonomy: Taxonomy, at: datetime) -> Told:
    labels = (alert.labels[key] for key in sorted(alert.labels))
    channel = taxonomy.intake.alerts.channel
    return Told(texts=(alert.title, alert.text, *labels), services=services, channel=channel, at=at)


def opening_for(alert: Alert, taxonomy: Taxonomy, now: datetime, earlier: str | None = None) -> Opening:
    """The record of an alert that nothing is known of yet; `earlier` is one of before that is closed."""
    verdict = verdict_on(alert, taxonomy, now)
    given, routed = routed_team(taxonomy, _told(alert, verdict.services, taxonomy, now))
    began = min(alert.at, now) if alert.at else None
    title = TITLES.get(alert.system, alert.system)
    outside = [{"type": "alert", "url": alert.url, "title": title}] if alert.url else []
    links = {**({"earlier": [earlier]} if earlier else {}), **({"outside": outside} if outside else {})}
    values = new_incident(
        title=alert.title,
        services=suffering(verdict.services, verdict.state, began),
        category=verdict.category,
        impact=verdict.impact,
        urgency=verdict.urgency,
        detected=began,
        opened=now,
        acknowledged=(began or now) if alert.state is AlertState.ACKNOWLEDGED else None,
        reporter=reporter(taxonomy, taxonomy.intake.alerts.channel, name=title),
        links=links,
        origin=origin_of(alert, now),
        **given,
    )
    return Opening(values=values, body=_body(alert, title), notes=(*verdict.notes, *routed))


def _body(alert: Alert, title: str) -> str:
    labels = "\n".join(f"{key}: {text}" for key, text in sorted(alert.labels.items()))
    severity = f"severity: {alert.severity}" if alert.severity else ""
    said = "\n\n".join(text for text in (alert.text, severity, labels) if text)
    return f"{title} says:\n\n{verbatim(said)}\n" if said else ""


def _rule_for(alert: Alert, taxonomy: Taxonomy) -> AlertRule:
    return next((rule for rule in taxonomy.intake.alerts.rules if _matches(rule, alert)), _NO_RULE)


def _matches(rule: AlertRule, alert: Alert) -> bool:
    if rule.system and rule.system != alert.system:
        return False
    names = (alert.title, alert.labels.get("alertname", alert.title))
    if rule.name and not any(_like(name, rule.name) for name in names):
        return False
    return all(key in alert.labels and _like(alert.labels[key], text) for key, text in rule.labels.items())


def _like(text: str, pattern: str) -> bool:
    # brackets mean nothing: titles hold them, and `*` is all that is documented
    return fnmatchcase(text.casefold(), pattern.casefold().replace("[", "[[]"))


def _meaning(severity: str, known: tuple[SeverityMeaning, ...]) -> SeverityMeaning | None:
    wanted = severity.casefold()
    words = ((meaning, {word.casefold() for word in meaning.severity}) for meaning in known)
    return next((meaning for meaning, spoken in words if wanted in spoken), None)
