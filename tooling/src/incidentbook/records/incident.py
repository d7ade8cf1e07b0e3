"""What an incident is: an unplanned interruption or loss of quality of a service (ITIL 4)."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field

from incidentbook.records.fields import (
    PUBLIC,
    Audience,
    CategoryPath,
    Count,
    Flag,
    Handle,
    Instant,
    Slug,
    Text,
    model,
)
from incidentbook.records.parts import (
    Correction,
    Links,
    Origin,
    Override,
    ServiceImpact,
    StoredFlag,
    StoredInstant,
    Update,
    Waiver,
)


class IncidentStatus(StrEnum):
    """The states of an incident's life."""

    NEW = "new"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    ON_HOLD = "on_hold"
    RESOLVED = "resolved"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Level(StrEnum):
    """How wide (impact) or how pressing (urgency) an incident is."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@model
class Reporter:
    """Who or what reported the incident."""

    channel: Annotated[
        Slug | None, Field(description="How it came in: alert, phone, mail, portal, chat, ...")
    ] = None
    handle: Annotated[Handle | None, Field(description="The person, as people.yml names them.")] = None
    name: Annotated[Text | None, Field(description="The person or role, where there is no handle.")] = None


@model
class Affected:
    """Who felt it."""

    count: Annotated[Count | None, Field(description="How many users.")] = None
    estimate: Annotated[Flag, Field(description="True where the count is an estimate.")] = False
    who: Annotated[Text | None, Field(description="Which users, in words.")] = None


@model
class Assignment:
    """Who had the incident from this time on."""

    at: Annotated[Instant, Field(description="From when.")]
    team: Annotated[Slug | None, Field(description="Key of the team in schema/teams.yml.")] = None
    owner: Annotated[Handle | None, Field(description="The person.")] = None


@model
class Roles:
    """Who does what in a major incident."""

    incident_manager: Annotated[Handle | None, Field(description="Leads the response.")] = None
    communications_lead: Annotated[
        Handle | None, Field(description="Writes to readers and stakeholders.")
    ] = None
    scribe: Annotated[Handle | None, Field(description="Keeps the timeline.")] = None
    team: Annotated[tuple[Handle, ...], Field(description="The major incident team.")] = ()


@model
class Hold:
    """A time in which nothing could be done; the policy says which reasons pause the clock."""

    from_: Annotated[Instant, Field(alias="from", description="Start.")]
    to: Annotated[Instant | None, Field(description="End; absent while it lasts.")] = None
    reason: Annotated[Slug, Field(description="Key of the reason in schema/sla.yml.")]
    note: Annotated[Text | None, Field(description="What is being waited for.")] = None


class EscalationKind(StrEnum):
    """To more skill (functional) or to more authority (hierarchical)."""

    FUNCTIONAL = "functional"
    HIERARCHICAL = "hierarchical"


@model
class Escalation:
    """A call for more skill or more authority."""

    at: Annotated[Instant, Field(description="When.")]
    kind: Annotated[EscalationKind, Field(description="Functional or hierarchical.")]
    to: Annotated[Text, Field(description="The team, person, line or vendor.")]
    by: Annotated[Handle | None, Field(description="Who escalated.")] = None
    reason: Annotated[Text | None, Field(description="Why.")] = None
    step: Annotated[
        Text | None,
        Field(description="The step of schema/escalation.yml that called, as path/step: `critical/manager`."),
    ] = None


@model
class Reopening:
    """A resolution that did not hold; the time between counts for no resolution clock."""

    resolved: Annotated[Instant, PUBLIC, Field(description="When it had been called resolved.")]
    reopened: Annotated[Instant, PUBLIC, Field(description="When work began again.")]
    reason: Annotated[Text | None, Field(description="What came back.")] = None


@model
class Note:
    """Something done or decided, at a time."""

    at: Annotated[Instant, Field(description="When.")]
    by: Annotated[Handle | None, Field(description="Who.")] = None
    text: Annotated[Text, Field(description="What, in Markdown.")]


class Permanence(StrEnum):
    """Whether the cause is gone or only the effect."""

    TEMPORARY = "temporary"
    PERMANENT = "permanent"


@model
class Resolution:
    """How service came back."""

    code: Annotated[
        Slug | None, Field(description="Key of the resolution code in schema/categories.yml.")
    ] = None
    summary: Annotated[Text | None, Field(description="What was done.")] = None
    workaround: Annotated[Text | None, Field(description="What users or responders can do meanwhile.")] = None
    permanence: Annotated[Permanence | None, Field(description="Temporary or permanent.")] = None


@model
class Confirmation:
    """Whether the user agrees that it is resolved."""

    confirmed: Annotated[Flag, Field(description="True where the user said so; false where nobody answered.")]
    at: Annotated[Instant | None, Field(description="When.")] = None
    by: Annotated[Text | None, Field(description="Who.")] = None


@model
class Satisfaction:
    """What the user thought of the help."""

    score: Annotated[int, Field(strict=True, ge=1, le=5, description="From 1 (poor) to 5 (excellent).")]
    comment: Annotated[Text | None, Field(description="In their words.")] = None


@model
class Overrides:
    """Derived values that do not fit this record, each with its reason."""

    response_due: Annotated[
        StoredInstant | None, Field(description="Instead of the policy's response due time.")
    ] = None
    resolution_due: Annotated[
        StoredInstant | None, Field(description="Instead of the policy's resolution due time.")
    ] = None
    review_due: Annotated[
        StoredInstant | None, Field(description="Instead of the review policy's due time.")
    ] = None
    review_required: Annotated[
        StoredFlag | None, Field(description="Instead of the review policy's answer.")
    ] = None


@model
class Incident:
    """One unplanned interruption of a service, or loss of its quality, from first sign to closing.

    Only the shape stands here; what a state requires and the order of times are rules.
    """

    title: Annotated[Text, PUBLIC, Field(description="What is wrong, as a user would say it.")]
    status: Annotated[IncidentStatus, PUBLIC, Field(description="Where in its life the incident is.")]
    summary: Annotated[
        Text | None, PUBLIC, Field(description="What happened, in two sentences, for every reader.")
    ] = None
    symptoms: Annotated[
        tuple[Text, ...], Field(description="What one sees, in the words one would search for.")
    ] = ()
    visibility: Annotated[
        Audience, PUBLIC, Field(description="Who may read the record: public, internal or restricted.")
    ] = Audience.INTERNAL
    major: Annotated[Flag, PUBLIC, Field(description="True where the major incident process runs.")] = False
    drill: Annotated[Flag, Field(description="True for an exercise; left out of every figure.")] = False
    services: Annotated[
        tuple[ServiceImpact, ...], PUBLIC, Field(description="Which services were in which state, and when.")
    ] = ()
    category: Annotated[
        CategoryPath | None, Field(description="Category and subcategory: application/deployment.")
    ] = None
    impact: Annotated[Level | None, PUBLIC, Field(description="How wide: high, medium or low.")] = None
    urgency: Annotated[Level | None, PUBLIC, Field(description="How pressing: high, medium or low.")] = None
    priority: Annotated[
        Override | None,
        PUBLIC,
        Field(description="Instead of the priority that impact and urgency give, with the reason."),
    ] = None
    started: Annotated[Instant | None, PUBLIC, Field(description="When service began to suffer.")] = None
    detected: Annotated[Instant | None, PUBLIC, Field(description="When somebody or something noticed.")] = (
        None
    )
    opened: Annotated[Instant | None, PUBLIC, Field(description="When it was logged.")] = None
    acknowledged: Annotated[Instant | None, PUBLIC, Field(description="When somebody took it.")] = None
    declared: Annotated[
        Instant | None,
        Field(description="When it was last declared major; it stays where that was stood down."),
    ] = None
    mitigated: Annotated[Instant | None, PUBLIC, Field(description="When the harm was contained.")] = None
    restored: Annotated[
        Instant | None, PUBLIC, Field(description="When service was back; the resolution if absent.")
    ] = None
    resolved: Annotated[Instant | None, PUBLIC, Field(description="When the work was done.")] = None
    closed: Annotated[Instant | None, PUBLIC, Field(description="When the record was closed.")] = None
    cancelled: Annotated[
        Instant | None, PUBLIC, Field(description="When it was found to be no incident.")
    ] = None
    cancel_reason: Annotated[Text | None, Field(description="Why it is no incident.")] = None
    reporter: Annotated[Reporter | None, Field(description="Who or what reported it.")] = None
    affected: Annotated[Affected | None, Field(description="How many users, and which.")] = None
    location: Annotated[Text | None, Field(description="Site, region or office.")] = None
    assets: Annotated[
        tuple[Text, ...], Field(description="Configuration items: hosts, devices, clusters.")
    ] = ()
    assignments: Annotated[tuple[Assignment, ...], Field(description="Who had it, from when.")] = ()
    roles: Annotated[Roles | None, Field(description="Who did what in a major incident.")] = None
    resolved_by: Annotated[
        Handle | None, Field(description="Who resolved it; a bot where automation did.")
    ] = None
    closed_by: Annotated[Handle | None, Field(description="Who closed it.")] = None
    holds: Annotated[tuple[Hold, ...], Field(description="When nothing could be done, and why.")] = ()
    escalations: Annotated[
        tuple[Escalation, ...], Field(description="Calls for more skill or authority.")
    ] = ()
    reopenings: Annotated[
        tuple[Reopening, ...], PUBLIC, Field(description="Resolutions that did not hold.")
    ] = ()
    steps: Annotated[tuple[Note, ...], Field(description="What was done.")] = ()
    decisions: Annotated[tuple[Note, ...], Field(description="What was decided, and on what ground.")] = ()
    updates: Annotated[tuple[Update, ...], PUBLIC, Field(description="What readers were told.")] = ()
    resolution: Annotated[Resolution | None, Field(description="How service came back.")] = None
    confirmation: Annotated[Confirmation | None, Field(description="Whether the user agrees.")] = None
    satisfaction: Annotated[Satisfaction | None, Field(description="What the user thought.")] = None
    links: Annotated[
        Links | None, PUBLIC, Field(description="Problem, articles, changes, other incidents, outside.")
    ] = None
    origin: Annotated[Origin | None, Field(description="Where an imported or alerted record came from.")] = (
        None
    )
    overrides: Annotated[
        Overrides | None, Field(description="Derived values that do not fit, with reasons.")
    ] = None
    corrections: Annotated[
        tuple[Correction, ...], Field(description="Values changed afterwards, each with its reason.")
    ] = ()
    waivers: Annotated[
        tuple[Waiver, ...], Field(description="Rules set aside on this record, with reasons.")
    ] = ()
    extra: Annotated[dict[str, Any], Field(description="Keys beginning with x-: yours, never read.")] = field(
        default_factory=dict
    )
