"""schema/services.yml: what users use."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from incidentbook.records.fields import PUBLIC, Audience, Handle, Slug, model
from incidentbook.taxonomy.settings.values import Entry


@model
class Money:
    """An amount of money."""

    amount: Annotated[float, Field(ge=0, allow_inf_nan=False, description="How much.")]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$", description="ISO 4217 code, such as EUR.")]


@model
class Service(Entry):
    """Something that users use."""

    group: Annotated[Slug | None, PUBLIC, Field(description="Key of its group.")] = None
    tier: Annotated[
        int | None, Field(strict=True, ge=1, le=9, description="1 is what the company lives by.")
    ] = None
    visibility: Annotated[Audience, PUBLIC, Field(description="Who may know of it.")] = Audience.PUBLIC
    team: Annotated[Slug | None, Field(description="Key of the team that runs it.")] = None
    technical_owner: Annotated[Handle | None, Field(description="Who decides how it works.")] = None
    business_owner: Annotated[Handle | None, Field(description="Who decides what it must do.")] = None
    support_hours: Annotated[Slug | None, PUBLIC, Field(description="Key of a calendar.")] = None
    depends_on: Annotated[
        tuple[Slug, ...], Field(description="Services without which it does not work.")
    ] = ()
    runbooks: Annotated[tuple[Slug, ...], Field(description="IDs of articles.")] = ()
    availability_goal: Annotated[
        float | None, PUBLIC, Field(gt=0, le=100, description="Percent of the time.")
    ] = None
    cost_per_hour: Annotated[Money | None, Field(description="What an hour of outage costs.")] = None


@model
class Services:
    """schema/services.yml: what users use."""

    groups: Annotated[
        tuple[Entry, ...], PUBLIC, Field(description="How services are grouped on the site.")
    ] = ()
    services: Annotated[tuple[Service, ...], PUBLIC, Field(description="The catalogue.")] = ()
