"""schema/reviews.yml: which incidents need a review, by when, and what becomes of an overdue one."""

from __future__ import annotations

from dataclasses import field
from datetime import timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from incidentbook.records.fields import Day, Handle, IncidentId, Slug, Text, model
from incidentbook.taxonomy.settings.values import Duration


class ReviewTrigger(StrEnum):
    """What makes a review required."""

    MAJOR = "major"
    PRIORITY_1 = "p1"
    SECURITY = "security"
    DATA_LOSS = "data_loss"
    RESOLUTION_BREACHED = "resolution_breached"
    RECURRENCE = "recurrence"


DEFAULT_HEADINGS = (
    "Summary",
    "Impact",
    "Timeline",
    "Detection",
    "Response",
    "Decisions",
    "Communication",
    "Contributing factors",
    "What went well",
    "Actions",
)


@model
class ReviewPolicy:
    """Which incidents need a review, by when, and what must stand in it."""

    valid_from: Annotated[Day | None, Field(description="Incidents opened from this day on.")] = None
    valid_until: Annotated[Day | None, Field(description="Incidents opened before this day.")] = None
    required_when: Annotated[
        tuple[ReviewTrigger, ...], Field(description="Any of these makes a review required.")
    ] = tuple(ReviewTrigger)
    due_working_days: Annotated[
        int, Field(strict=True, ge=1, le=365, description="After the resolution.")
    ] = 5
    calendar: Annotated[Slug, Field(description="Whose working days; `always` counts every day.")] = "always"
    before_closing: Annotated[
        tuple[ReviewTrigger, ...], Field(description="Must be published before the incident closes.")
    ] = (ReviewTrigger.MAJOR,)
    recurrence_count: Annotated[
        int, Field(strict=True, ge=2, description="How many of a kind make a recurrence.")
    ] = 3
    recurrence_window: Annotated[Duration, Field(description="Within how long.")] = timedelta(days=90)
    headings: Annotated[tuple[str, ...], Field(description="Headings that every review has.")] = (
        DEFAULT_HEADINGS
    )


class GateLevel(StrEnum):
    """What the gate does about a change to a service that owes a review."""

    WARN = "warn"
    FAIL = "fail"


@model
class GateWaiver:
    """An overdue review that holds up no change, by whose decision, why, and until when.

    With a service it is every review of that service, with an incident the review of that incident,
    with both the review of that incident as far as the service goes.
    """

    service: Annotated[Slug | None, Field(description="Key of the service that may be changed.")] = None
    incident: Annotated[IncidentId | None, Field(description="The incident whose review is overdue.")] = None
    by: Annotated[Handle, Field(description="Who decided it.")]
    reason: Annotated[Text, Field(description="Why the change cannot wait for the review.")]
    until: Annotated[Day, Field(description="The last day on which it holds.")]


@model
class ReviewGate:
    """Whether a change may touch a service with an overdue review; logging an outage always may."""

    level: Annotated[
        GateLevel, Field(description="Whether `reviews --base` only warns, or fails and exits with 1.")
    ] = GateLevel.WARN
    waivers: Annotated[tuple[GateWaiver, ...], Field(description="What holds up no change.")] = ()


@model
class Reviews:
    """schema/reviews.yml: the review policy, or one after the other, and the gate that heeds it."""

    policies: Annotated[tuple[ReviewPolicy, ...], Field(description="The first in force counts.")] = ()
    gate: Annotated[ReviewGate, Field(description="What an overdue review does to a change.")] = field(
        default_factory=ReviewGate
    )
