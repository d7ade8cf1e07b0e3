"""What a handover is: the note of one shift to the next about the incidents that stay open."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field

from incidentbook.records.fields import PUBLIC, Audience, Handle, IncidentId, Instant, Slug, Text, model
from incidentbook.records.parts import Correction, Waiver


class HandoverStatus(StrEnum):
    """Whether the incoming person has taken over."""

    WRITTEN = "written"
    ACKNOWLEDGED = "acknowledged"


@model
class HandoverItem:
    """One open incident, as the outgoing person leaves it; how it stands is read from the incident."""

    incident: Annotated[IncidentId, Field(description="The incident that is handed over.")]
    owner: Annotated[
        Handle | None, Field(description="Who takes it; the incoming person of the handover if absent.")
    ] = None
    next_step: Annotated[Text | None, Field(description="What has to be done next.")] = None
    next_update_due: Annotated[
        Instant | None, Field(description="By when readers were promised to hear more.")
    ] = None
    note: Annotated[Text | None, Field(description="What else one must know of it.")] = None


@model
class Handover:
    """One shift note. Priority, clocks and state are not stored: they are the incidents' own."""

    title: Annotated[Text | None, PUBLIC, Field(description="Instead of the team and the time.")] = None
    status: Annotated[HandoverStatus, PUBLIC, Field(description="Whether somebody has taken over.")]
    visibility: Annotated[
        Audience,
        PUBLIC,
        Field(description="Who may read it: internal or restricted; a handover is never public."),
    ] = Audience.INTERNAL
    team: Annotated[
        Slug | None, Field(description="Key of the team in schema/teams.yml; of all teams if absent.")
    ] = None
    at: Annotated[Instant | None, Field(description="When it was written.")] = None
    outgoing: Annotated[Handle | None, Field(description="Whose shift ends.")] = None
    incoming: Annotated[Handle | None, Field(description="Who takes over.")] = None
    items: Annotated[
        tuple[HandoverItem, ...], Field(description="The open incidents, the most pressing first.")
    ] = ()
    acknowledged: Annotated[Instant | None, Field(description="When it was taken over.")] = None
    acknowledged_by: Annotated[
        Handle | None, Field(description="Who took over; mostly the incoming person.")
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

    def owner_of(self, item: HandoverItem) -> str | None:
        """Who takes one of its incidents."""
        return item.owner or self.incoming
