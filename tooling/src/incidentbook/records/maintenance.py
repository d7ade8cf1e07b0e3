"""What a maintenance is: planned work that readers are told of beforehand."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field

from incidentbook.records.fields import PUBLIC, Audience, Handle, Instant, Slug, Text, model
from incidentbook.records.parts import Correction, Interval, Links, Origin, ServiceImpact, Update, Waiver


class MaintenanceStatus(StrEnum):
    """How far a maintenance is."""

    SCHEDULED = "scheduled"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


@model
class Maintenance:
    """One window of planned work; it changes the state of a service only while it runs."""

    title: Annotated[Text, PUBLIC, Field(description="What will be done, as a user would say it.")]
    status: Annotated[MaintenanceStatus, PUBLIC, Field(description="How far it is.")]
    summary: Annotated[Text | None, PUBLIC, Field(description="What users will notice.")] = None
    visibility: Annotated[Audience, PUBLIC, Field(description="Who may read the record.")] = Audience.INTERNAL
    announced: Annotated[Instant | None, PUBLIC, Field(description="When readers were first told.")] = None
    planned: Annotated[Interval | None, PUBLIC, Field(description="The window as announced: {from, to}.")] = (
        None
    )
    actual: Annotated[Interval | None, PUBLIC, Field(description="The window as it was: {from, to}.")] = None
    services: Annotated[
        tuple[ServiceImpact, ...], PUBLIC, Field(description="Services and the state they are in meanwhile.")
    ] = ()
    owner: Annotated[Handle | None, Field(description="Who answers for it.")] = None
    team: Annotated[Slug | None, Field(description="Key of the team in schema/teams.yml.")] = None
    change: Annotated[Text | None, Field(description="The change request behind it.")] = None
    cancelled: Annotated[Instant | None, PUBLIC, Field(description="When it was called off.")] = None
    cancel_reason: Annotated[Text | None, Field(description="Why it was called off.")] = None
    updates: Annotated[tuple[Update, ...], PUBLIC, Field(description="What readers were told.")] = ()
    links: Annotated[Links | None, PUBLIC, Field(description="Incidents, articles, changes, outside.")] = None
    origin: Annotated[Origin | None, Field(description="Where an imported record came from.")] = None
    corrections: Annotated[
        tuple[Correction, ...], Field(description="Values changed afterwards, each with its reason.")
    ] = ()
    waivers: Annotated[
        tuple[Waiver, ...], Field(description="Rules set aside on this record, with reasons.")
    ] = ()
    extra: Annotated[dict[str, Any], Field(description="Keys beginning with x-: yours, never read.")] = field(
        default_factory=dict
    )
