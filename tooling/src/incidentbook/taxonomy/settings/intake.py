"""schema/intake.yml: what becomes of alerts, forms, mails and the answers of reporters."""

from __future__ import annotations

from dataclasses import field
from typing import Annotated

from pydantic import Field

from incidentbook.records.fields import CategoryPath, Flag, Handle, Slug, Text, model
from incidentbook.records.incident import Level, Permanence
from incidentbook.records.parts import ServiceState


@model
class SeverityMeaning:
    """What some severities of monitoring mean here."""

    severity: Annotated[tuple[Text, ...], Field(description="Words of the alert, in any case: critical, P1.")]
    impact: Annotated[Level, Field(description="How wide such an incident is taken to be.")]
    urgency: Annotated[Level, Field(description="How pressing it is taken to be.")]
    state: Annotated[ServiceState | None, Field(description="The state its services are taken to be in.")] = (
        None
    )


@model
class AlertRule:
    """What is known of some alerts; what is left empty matches everything, `*` stands for any text."""

    system: Annotated[Slug | None, Field(description="The system that sent it, such as alertmanager.")] = None
    name: Annotated[Text | None, Field(description="Its title: `Checkout*`.")] = None
    labels: Annotated[
        dict[str, str], Field(description="Labels, tags or dimensions that it has: {job: checkout-*}.")
    ] = field(default_factory=dict)
    ignore: Annotated[Flag, Field(description="True where it opens no incident.")] = False
    services: Annotated[tuple[Slug, ...], Field(description="The services that suffer.")] = ()
    state: Annotated[ServiceState | None, Field(description="The state they are in.")] = None
    category: Annotated[CategoryPath | None, Field(description="The category of the incident.")] = None
    impact: Annotated[Level | None, Field(description="Instead of what the severity means.")] = None
    urgency: Annotated[Level | None, Field(description="Instead of what the severity means.")] = None


DEFAULT_SEVERITIES = (
    SeverityMeaning(
        severity=("critical", "page", "fatal", "disaster", "emergency", "alarm", "P1", "sev1"),
        impact=Level.HIGH,
        urgency=Level.HIGH,
        state=ServiceState.MAJOR_OUTAGE,
    ),
    SeverityMeaning(
        severity=("high", "error", "major", "P2", "sev2"),
        impact=Level.MEDIUM,
        urgency=Level.HIGH,
        state=ServiceState.PARTIAL_OUTAGE,
    ),
    SeverityMeaning(
        severity=("warning", "average", "medium", "moderate", "minor", "P3", "sev3"),
        impact=Level.MEDIUM,
        urgency=Level.MEDIUM,
    ),
    SeverityMeaning(
        severity=(
            "low",
            "info",
            "information",
            "informational",
            "notice",
            "none",
            "P4",
            "P5",
            "sev4",
            "sev5",
        ),
        impact=Level.LOW,
        urgency=Level.LOW,
    ),
)


@model
class Alerts:
    """What becomes of an alert."""

    severities: Annotated[
        tuple[SeverityMeaning, ...],
        Field(description="What severities mean; the first that has the word counts, then the usual ones."),
    ] = ()
    rules: Annotated[
        tuple[AlertRule, ...],
        Field(description="What is known of some alerts; the first that matches counts."),
    ] = ()
    channel: Annotated[Slug, Field(description="How its incident came in.")] = "alert"
    category: Annotated[
        CategoryPath | None,
        Field(description="Where no rule says one; else as routing.yml has it, else the first there is."),
    ] = None
    impact: Annotated[Level, Field(description="Where neither severity nor rule says one.")] = Level.MEDIUM
    urgency: Annotated[Level, Field(description="Where neither severity nor rule says one.")] = Level.MEDIUM
    state: Annotated[ServiceState, Field(description="Where neither severity nor rule says one.")] = (
        ServiceState.DEGRADED_PERFORMANCE
    )
    group: Annotated[
        Flag,
        Field(description="True where what Alertmanager or Grafana sends as one group is one incident."),
    ] = True
    most: Annotated[
        int, Field(strict=True, ge=1, le=100, description="New incidents that one message may open.")
    ] = 10
    reopens: Annotated[
        Flag, Field(description="True where an alert that fires again reopens a resolved incident.")
    ] = True
    resolves: Annotated[
        Flag,
        Field(
            description="True where an alert that clears resolves an incident that nobody has taken; "
            "it needs `resolution_code`, `team` and `bot`."
        ),
    ] = False
    resolution_code: Annotated[Slug | None, Field(description="Code of such a resolution.")] = None
    permanence: Annotated[Permanence, Field(description="Permanence of such a resolution.")] = (
        Permanence.PERMANENT
    )
    team: Annotated[
        Slug | None, Field(description="Who has such an incident, where its service has no team.")
    ] = None


@model
class Reports:
    """What is assumed of an incident that a person reports, where the report does not say."""

    channel: Annotated[Slug | None, Field(description="How it came in; if absent `portal` or `mail`.")] = None
    category: Annotated[
        CategoryPath | None,
        Field(description="Where none is said; else as routing.yml has it, else the first there is."),
    ] = None
    impact: Annotated[Level, Field(description="Where none is said.")] = Level.MEDIUM
    urgency: Annotated[Level, Field(description="Where none is said.")] = Level.MEDIUM
    label: Annotated[Text, Field(description="Label of the issues that the form opens.")] = "incident"


@model
class Confirmations:
    """How reporters are asked whether it works again."""

    days: Annotated[
        int, Field(strict=True, ge=1, le=365, description="Of silence until it closes as unconfirmed.")
    ] = 10
    reopens: Annotated[
        Flag, Field(description="True where `not solved` from the reporter reopens a resolved incident.")
    ] = True
    account: Annotated[
        Text | None,
        Field(description="The account that asks; if absent, any whose name ends in `[bot]`."),
    ] = None


@model
class Intake:
    """schema/intake.yml: what becomes of alerts, forms, mails and the answers of reporters."""

    bot: Annotated[
        Handle | None, Field(description="The handle under which automation writes into records.")
    ] = None
    alerts: Annotated[Alerts, Field(description="What becomes of an alert.")] = field(default_factory=Alerts)
    form: Annotated[Reports, Field(description="What is assumed of an incident from the form.")] = field(
        default_factory=Reports
    )
    mail: Annotated[Reports, Field(description="What is assumed of an incident from a mail.")] = field(
        default_factory=Reports
    )
    confirmations: Annotated[Confirmations, Field(description="How reporters are asked.")] = field(
        default_factory=Confirmations
    )
