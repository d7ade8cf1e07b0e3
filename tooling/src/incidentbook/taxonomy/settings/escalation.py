"""schema/escalation.yml: who is called next, and when."""

from __future__ import annotations

from dataclasses import field
from typing import Annotated

from pydantic import Field

from incidentbook.records.fields import Slug, Text, model
from incidentbook.records.incident import EscalationKind
from incidentbook.taxonomy.settings.sla import PolicyMatch
from incidentbook.taxonomy.settings.values import Duration, Entry

VENDOR = "vendor:"
"""Begins the name of somebody outside, whom no file of schema/ lists."""


@model
class EscalationStep:
    """One step of a path: due by a share of a clock, or by silence; where both stand, by the earlier."""

    id: Annotated[Slug, Field(description="Names the step inside its path; records name it as path/step.")]
    kind: Annotated[
        EscalationKind, Field(description="functional (more skill) or hierarchical (more authority).")
    ]
    to: Annotated[
        Text,
        Field(
            description="Key of a team, handle of a person, or in words a vendor: `vendor: card provider`."
        ),
    ]
    response_share: Annotated[
        float | None, Field(gt=0, le=5, description="Due once so much of the response target is used: 0.75.")
    ] = None
    resolution_share: Annotated[
        float | None,
        Field(gt=0, le=5, description="Due once so much of the resolution target is used: 0.75."),
    ] = None
    silence: Annotated[
        Duration | None,
        Field(
            description="Due so long after the last sign of work: update, step, assignment, hold, escalation."
        ),
    ] = None


@model
class EscalationPath(Entry):
    """Steps for some incidents, in their order."""

    match: Annotated[
        PolicyMatch, Field(description="Which incidents it is for; the first that matches counts.")
    ] = field(default_factory=PolicyMatch)
    steps: Annotated[tuple[EscalationStep, ...], Field(description="In order.")] = ()


@model
class Escalations:
    """schema/escalation.yml: who is called next, and when."""

    paths: Annotated[
        tuple[EscalationPath, ...], Field(description="In order: the first that matches counts.")
    ] = ()
