"""schema/routing.yml: what is proposed of a new incident, and who gets it."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from incidentbook.records.fields import CategoryPath, Flag, Slug, Text, model
from incidentbook.records.incident import Level


class Assignee(StrEnum):
    """Whom a team's new incident is proposed to."""

    ON_CALL = "on_call"
    LEAST_LOADED = "least_loaded"


@model
class RoutingRule:
    """What is known of some reports; what is left empty matches everything.

    Words are whole, in any case, and `*` stands for any ending; any of them matches. Of services, words
    and channels each that is not empty has to match.
    """

    services: Annotated[tuple[Slug, ...], Field(description="Any of these services.")] = ()
    words: Annotated[
        tuple[Text, ...],
        Field(description="Any of these words or phrases in title, summary, symptoms or body: `sign-in*`."),
    ] = ()
    channels: Annotated[tuple[Slug, ...], Field(description="Came in by any of these channels.")] = ()
    category: Annotated[CategoryPath | None, Field(description="The category to propose.")] = None
    impact: Annotated[Level | None, Field(description="The impact to propose.")] = None
    urgency: Annotated[Level | None, Field(description="The urgency to propose.")] = None
    team: Annotated[Slug | None, Field(description="The team to propose.")] = None
    reason: Annotated[Text | None, Field(description="Why, shown beside the proposal.")] = None


@model
class PastIncidents:
    """How far similar past incidents are asked."""

    use: Annotated[Flag, Field(description="False where the past proposes nothing.")] = True
    least: Annotated[
        float,
        Field(
            ge=0,
            le=1,
            description="How alike one must be to be asked, from 0 to 1; below 0.12 none is.",
        ),
    ] = 0.12
    most: Annotated[int, Field(strict=True, ge=1, le=50, description="How many are asked at most.")] = 10


@model
class Routing:
    """schema/routing.yml: what is proposed of a new incident, and who gets it."""

    rules: Annotated[
        tuple[RoutingRule, ...],
        Field(description="For each field the first rule that matches and says something of it counts."),
    ] = ()
    past: Annotated[PastIncidents, Field(description="How far similar past incidents are asked.")] = field(
        default_factory=PastIncidents
    )
    assignee: Annotated[Assignee, Field(description="Whom of its team a new incident is proposed to.")] = (
        Assignee.ON_CALL
    )
