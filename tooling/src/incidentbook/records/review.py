"""What a post-incident review is: what was learned, and what will be done about it."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field

from incidentbook.records.fields import PUBLIC, Audience, Handle, IncidentId, Instant, Text, model
from incidentbook.records.parts import Action, Correction, Waiver


class ReviewStatus(StrEnum):
    """How far a review is."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"


@model
class Review:
    """A blameless account of one incident, or several that belong together, beside its lead incident."""

    status: Annotated[ReviewStatus, PUBLIC, Field(description="How far the review is.")]
    title: Annotated[Text | None, PUBLIC, Field(description="Instead of the lead incident's title.")] = None
    incidents: Annotated[
        tuple[IncidentId, ...],
        PUBLIC,
        Field(description="All incidents it covers; the lead incident if absent."),
    ] = ()
    visibility: Annotated[Audience, PUBLIC, Field(description="Who may read the review.")] = Audience.INTERNAL
    facilitator: Annotated[Handle | None, Field(description="Who leads it; not who led the response.")] = None
    authors: Annotated[tuple[Handle, ...], Field(description="Who wrote it.")] = ()
    approvers: Annotated[tuple[Handle, ...], Field(description="Who approved it; none of its authors.")] = ()
    started: Annotated[Instant | None, PUBLIC, Field(description="When writing began.")] = None
    published: Annotated[Instant | None, PUBLIC, Field(description="When it was published.")] = None
    contributing_factors: Annotated[
        tuple[Text, ...], PUBLIC, Field(description="What made it possible or worse.")
    ] = ()
    actions: Annotated[
        tuple[Action, ...], PUBLIC, Field(description="What will be done, by whom, by when.")
    ] = ()
    corrections: Annotated[
        tuple[Correction, ...], Field(description="Values changed afterwards, each with its reason.")
    ] = ()
    waivers: Annotated[
        tuple[Waiver, ...], Field(description="Rules set aside on this record, with reasons.")
    ] = ()
    extra: Annotated[dict[str, Any], Field(description="Keys beginning with x-: yours, never read.")] = field(
        default_factory=dict
    )
