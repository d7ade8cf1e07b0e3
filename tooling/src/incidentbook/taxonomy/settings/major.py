"""schema/major.yml: what makes an incident major, and how such an incident is led."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from incidentbook.records.fields import Count, Handle, Slug, Text, model
from incidentbook.records.parts import ServiceState
from incidentbook.taxonomy.settings.sla import PolicyMatch
from incidentbook.taxonomy.settings.values import Duration


@model
class MajorWhen(PolicyMatch):
    """Which incidents are major; every line of one entry must fit, and one entry is enough."""

    state: Annotated[
        tuple[ServiceState, ...],
        Field(
            description="One of its services was in any of these states; with `service`, one of those named."
        ),
    ] = ()
    affected: Annotated[
        Count | None, Field(description="So many users or more, as `affected.count` says.")
    ] = None
    reason: Annotated[
        Text | None, Field(description="Why, in words that people are shown: All card payments stand still.")
    ] = None


@model
class Stakeholder:
    """Somebody who wants to know of major incidents, beside the readers of the site."""

    name: Annotated[Text, Field(description="A role or a group.")]
    email: Annotated[Text | None, Field(description="Where to write to.")] = None
    services: Annotated[tuple[Slug, ...], Field(description="Only of these services; all if empty.")] = ()
    wants: Annotated[Text | None, Field(description="What they want to know, in one line.")] = None


@model
class MajorIncidents:
    """schema/major.yml: what makes an incident major, and how such an incident is led."""

    when: Annotated[
        tuple[MajorWhen, ...], Field(description="What makes an incident major; one that fits is enough.")
    ] = ()
    declare: Annotated[
        tuple[Handle, ...], Field(description="Who may declare one and stand it down; anybody if empty.")
    ] = ()
    declare_teams: Annotated[tuple[Slug, ...], Field(description="Teams whose members may, too.")] = ()
    managers: Annotated[
        Slug | None, Field(description="Team whose person on call leads as incident manager.")
    ] = None
    communications: Annotated[
        Handle | None, Field(description="Who writes to readers, where nobody is named.")
    ] = None
    team: Annotated[
        tuple[Handle, ...], Field(description="The major incident team, beside the services' own.")
    ] = ()
    update_every: Annotated[
        Duration | None,
        Field(description="Longest time without an update while a major incident is open: 45m."),
    ] = None
    stakeholders: Annotated[tuple[Stakeholder, ...], Field(description="Who else wants to know.")] = ()
