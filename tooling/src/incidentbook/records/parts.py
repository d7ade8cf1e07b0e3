"""The parts that more than one kind of record is made of."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator, Field

from incidentbook.records.fields import (
    PUBLIC,
    Audience,
    Day,
    Flag,
    Handle,
    IncidentId,
    Instant,
    ProblemId,
    Slug,
    Text,
    model,
)


class ServiceState(StrEnum):
    """How a service is doing, in Statuspage's words."""

    OPERATIONAL = "operational"
    DEGRADED_PERFORMANCE = "degraded_performance"
    PARTIAL_OUTAGE = "partial_outage"
    MAJOR_OUTAGE = "major_outage"


@model
class ServiceImpact:
    """One service in one state over a half-open interval; a service may appear in several."""

    service: Annotated[Slug, PUBLIC, Field(description="Key of the service in schema/services.yml.")]
    state: Annotated[ServiceState, PUBLIC, Field(description="The state the service was in.")]
    from_: Annotated[
        Instant | None,
        PUBLIC,
        Field(alias="from", description="When the state began; else the incident's start."),
    ] = None
    to: Annotated[
        Instant | None, PUBLIC, Field(description="When it ended; open, or the restoration, if absent.")
    ] = None


@model
class Interval:
    """A half-open interval of time."""

    from_: Annotated[Instant | None, PUBLIC, Field(alias="from", description="Start.")] = None
    to: Annotated[Instant | None, PUBLIC, Field(description="End, itself outside.")] = None


class UpdateStatus(StrEnum):
    """What an update says of the incident or maintenance, in Statuspage's words."""

    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"
    SCHEDULED = "scheduled"
    IN_PROGRESS = "in_progress"
    VERIFYING = "verifying"
    COMPLETED = "completed"
    POSTMORTEM = "postmortem"


@model
class Update:
    """A message to readers; once published it is corrected by another, never rewritten."""

    id: Annotated[
        Text | None, PUBLIC, Field(description="Names the update inside its record, for corrections.")
    ] = None
    at: Annotated[Instant, PUBLIC, Field(description="When it was said.")]
    by: Annotated[Handle | None, Field(description="Who said it.")] = None
    status: Annotated[UpdateStatus, PUBLIC, Field(description="How far the work was.")]
    text: Annotated[Text, PUBLIC, Field(description="What readers are told, in Markdown.")]
    visibility: Annotated[Audience, PUBLIC, Field(description="Who may read this update.")] = (
        Audience.INTERNAL
    )
    corrects: Annotated[
        Text | None, PUBLIC, Field(description="The `id` of the update that this one corrects.")
    ] = None


class ActionType(StrEnum):
    """What an improvement is meant to do about the next incident."""

    PREVENT = "prevent"
    DETECT = "detect"
    MITIGATE = "mitigate"
    PROCESS = "process"


class ActionState(StrEnum):
    """How far an improvement is."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


@model
class Action:
    """One improvement somebody has promised, with a date."""

    id: Annotated[Text | None, Field(description="Names the action inside its record.")] = None
    title: Annotated[Text, PUBLIC, Field(description="What will be done.")]
    type: Annotated[ActionType | None, PUBLIC, Field(description="What it is for.")] = None
    owner: Annotated[Handle | None, Field(description="Who answers for it.")] = None
    due: Annotated[Day | None, Field(description="By which day.")] = None
    state: Annotated[ActionState, PUBLIC, Field(description="How far it is.")] = ActionState.OPEN
    done: Annotated[Day | None, Field(description="The day it was done.")] = None
    evidence: Annotated[Text | None, Field(description="Where one can see that it is done.")] = None
    reason: Annotated[Text | None, Field(description="Why it was dropped.")] = None


@model
class OutsideLink:
    """A link to something that is not a record."""

    type: Annotated[Text, Field(description="What is behind it: ticket, chat, dashboard, vendor_case, ...")]
    url: Annotated[Text, Field(description="Its address; only http, https and mailto become links.")]
    title: Annotated[Text | None, Field(description="What to call it.")] = None


@model
class Links:
    """What else one should read."""

    problem: Annotated[ProblemId | None, PUBLIC, Field(description="The problem behind this incident.")] = (
        None
    )
    known_error: Annotated[
        ProblemId | None, PUBLIC, Field(description="The known error whose workaround was used.")
    ] = None
    articles: Annotated[
        tuple[Slug, ...], PUBLIC, Field(description="Knowledge articles that were used.")
    ] = ()
    caused_by_change: Annotated[Text | None, Field(description="The change that caused it.")] = None
    fixed_by_change: Annotated[Text | None, Field(description="The change that fixed it.")] = None
    duplicate_of: Annotated[
        IncidentId | None, PUBLIC, Field(description="The incident this one repeats.")
    ] = None
    parent: Annotated[
        IncidentId | None, PUBLIC, Field(description="The larger incident this one belongs to.")
    ] = None
    apart: Annotated[
        Text | None,
        Field(
            description="Why this incident goes on by itself; without it, what its parent tells readers, "
            "and its parent's resolution, are its own."
        ),
    ] = None
    earlier: Annotated[tuple[IncidentId, ...], PUBLIC, Field(description="Earlier occurrences.")] = ()
    outside: Annotated[
        tuple[OutsideLink, ...], Field(description="Tickets, chats, dashboards, vendor cases.")
    ] = ()


@model
class Origin:
    """Where an imported or alerted record came from, so that it is never taken in twice."""

    system: Annotated[Text, Field(description="The system it came from: statuspage, csv, alertmanager, ...")]
    id: Annotated[Text, Field(description="Its ID there.")]
    url: Annotated[Text | None, Field(description="Its address there.")] = None
    alerted: Annotated[
        Flag, Field(description="True where an alert opened the record, so that it is no import.")
    ] = False
    digest: Annotated[
        Text | None,
        Field(
            description="Hash of the imported fields; while it fits, the next import keeps them up to date."
        ),
    ] = None
    state_at: Annotated[
        Instant | None,
        Field(description="When its alert changed its state last; what tells of earlier comes late."),
    ] = None


@model
class Waiver:
    """One rule set aside on one record, by somebody, for a reason."""

    rule: Annotated[Slug, Field(description="The code of the rule.")]
    reason: Annotated[Text, Field(description="Why the rule does not fit here.")]
    by: Annotated[Handle | None, Field(description="Who decided it.")] = None
    until: Annotated[Day | None, Field(description="The last day on which it holds.")] = None


@model
class Correction:
    """What a record said before, and why it now says something else."""

    field: Annotated[
        Text, Field(description="The field corrected: acknowledged, holds, overrides.resolution_due.")
    ]
    was: Annotated[Text | None, Field(description="What it had said.")] = None
    reason: Annotated[Text, Field(description="How one knows better now.")]
    at: Annotated[Instant | None, Field(description="When it was corrected.")] = None
    by: Annotated[Handle | None, Field(description="Who corrected it.")] = None


def _spell_out(value: object) -> object:
    return {"value": value} if isinstance(value, str) else value


@model
class StoredText:
    """A stored value that stands in for a derived one, with the reason."""

    value: Annotated[Text, PUBLIC, Field(description="The value to use.")]
    reason: Annotated[Text | None, Field(description="Why the derived value does not fit.")] = None


@model
class StoredInstant:
    """A stored time that stands in for a derived one, with the reason."""

    value: Annotated[Instant, Field(description="The time to use.")]
    reason: Annotated[Text | None, Field(description="Why the derived time does not fit.")] = None


@model
class StoredFlag:
    """A stored yes or no that stands in for a derived one, with the reason."""

    value: Annotated[Flag, Field(description="The answer to use.")]
    reason: Annotated[Text | None, Field(description="Why the derived answer does not fit.")] = None


Override = Annotated[StoredText, BeforeValidator(_spell_out)]
"""A stored text: written whole as {value, reason}, or as the bare value."""
