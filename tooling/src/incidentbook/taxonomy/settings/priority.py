"""schema/priority.yml: how impact and urgency give priority."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from incidentbook.records.fields import PUBLIC, Day, Text, model
from incidentbook.records.incident import Level


@model
class LevelDefinition:
    """What one level of impact or urgency means."""

    level: Annotated[Level, PUBLIC, Field(description="high, medium or low.")]
    definition: Annotated[Text, PUBLIC, Field(description="One line, shown wherever somebody chooses.")]


@model
class Priority:
    """One priority."""

    id: Annotated[str, PUBLIC, Field(pattern=r"^P[1-9]$", description="P1 is the highest.")]
    name: Annotated[Text, PUBLIC, Field(description="What people call it.")]
    definition: Annotated[Text, PUBLIC, Field(description="One line, shown wherever somebody chooses.")]


@model
class Matrix:
    """Impact by urgency gives priority, while this matrix is in force."""

    valid_from: Annotated[Day | None, PUBLIC, Field(description="First day on which it is in force.")] = None
    valid_until: Annotated[Day | None, PUBLIC, Field(description="First day on which it no longer is.")] = (
        None
    )
    cells: Annotated[
        dict[Level, dict[Level, str]],
        PUBLIC,
        Field(description="Priority by impact, then by urgency; a cell may be missing."),
    ]


@model
class Priorities:
    """schema/priority.yml: how impact and urgency give priority."""

    impact: Annotated[tuple[LevelDefinition, ...], PUBLIC, Field(description="What each impact means.")] = ()
    urgency: Annotated[
        tuple[LevelDefinition, ...], PUBLIC, Field(description="What each urgency means.")
    ] = ()
    priorities: Annotated[
        tuple[Priority, ...], PUBLIC, Field(description="The priorities, highest first.")
    ] = ()
    matrices: Annotated[tuple[Matrix, ...], PUBLIC, Field(description="One, or one after the other.")] = ()
