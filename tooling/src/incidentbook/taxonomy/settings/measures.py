"""schema/measures.yml: how availability is weighed, and what is aimed for."""

from __future__ import annotations

from dataclasses import field
from typing import Annotated

from pydantic import Field

from incidentbook.records.fields import PUBLIC, Flag, Slug, model
from incidentbook.records.parts import ServiceState
from incidentbook.taxonomy.settings.values import Duration

Percent = Annotated[float, Field(gt=0, le=100)]
Score = Annotated[float, Field(ge=1, le=5)]


@model
class ServiceGoals:
    """What is aimed for with one service; the goal of its availability stands in services.yml."""

    service: Annotated[Slug, PUBLIC, Field(description="Key of the service.")]
    time_to_restore: Annotated[Duration | None, PUBLIC, Field(description="At most, as the mean (MTTR).")] = (
        None
    )
    response_attainment: Annotated[
        Percent | None, Field(description="Percent of response clocks that are met.")
    ] = None
    resolution_attainment: Annotated[
        Percent | None, Field(description="Percent of resolution clocks that are met.")
    ] = None
    satisfaction: Annotated[Score | None, Field(description="Mean score, from 1 to 5.")] = None


@model
class Goals:
    """What is aimed for overall; each goal is shown beside its figure."""

    availability: Annotated[
        Percent | None, PUBLIC, Field(description="Percent of the time, of the page as a whole.")
    ] = None
    time_to_restore: Annotated[Duration | None, PUBLIC, Field(description="At most, as the mean (MTTR).")] = (
        None
    )
    response_attainment: Annotated[
        Percent | None, Field(description="Percent of response clocks that are met.")
    ] = None
    resolution_attainment: Annotated[
        Percent | None, Field(description="Percent of resolution clocks that are met.")
    ] = None
    satisfaction: Annotated[Score | None, Field(description="Mean score, from 1 to 5.")] = None
    services: Annotated[tuple[ServiceGoals, ...], PUBLIC, Field(description="Goals of single services.")] = ()


@model
class Measures:
    """schema/measures.yml: how availability is weighed, and what is aimed for."""

    weights: Annotated[
        dict[ServiceState, Annotated[float, Field(ge=0, le=1)]],
        PUBLIC,
        Field(
            description="How much of a service is missing in each state, from 0 to 1; "
            "unless said 1 in a major outage, 0.3 in a partial one, else 0."
        ),
    ] = field(default_factory=dict)
    maintenance: Annotated[
        Flag, PUBLIC, Field(description="True where planned maintenance counts as downtime, too.")
    ] = False
    goals: Annotated[Goals, PUBLIC, Field(description="What is aimed for.")] = field(default_factory=Goals)
