"""What a problem is: a cause, or potential cause, of one or more incidents (ITIL 4)."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field

from incidentbook.records.fields import PUBLIC, Audience, CategoryPath, Handle, Instant, Slug, Text, model
from incidentbook.records.parts import Action, Correction, Links, Waiver


class ProblemStatus(StrEnum):
    """How far a problem is; a known error is analysed and has a workaround, but no fix yet."""

    OPEN = "open"
    KNOWN_ERROR = "known_error"
    RESOLVED = "resolved"
    CLOSED = "closed"


@model
class Problem:
    """One cause behind incidents. Its incidents are back-links, not a list kept twice."""

    title: Annotated[Text, PUBLIC, Field(description="What is wrong underneath.")]
    status: Annotated[ProblemStatus, PUBLIC, Field(description="How far the problem is.")]
    summary: Annotated[Text | None, PUBLIC, Field(description="What is known, in two sentences.")] = None
    symptoms: Annotated[tuple[Text, ...], PUBLIC, Field(description="How one recognises it.")] = ()
    visibility: Annotated[Audience, PUBLIC, Field(description="Who may read the record.")] = Audience.INTERNAL
    services: Annotated[tuple[Slug, ...], PUBLIC, Field(description="Services that suffer from it.")] = ()
    category: Annotated[CategoryPath | None, Field(description="Category and subcategory.")] = None
    owner: Annotated[Handle | None, Field(description="Who answers for it.")] = None
    team: Annotated[Slug | None, Field(description="Key of the team in schema/teams.yml.")] = None
    opened: Annotated[Instant | None, PUBLIC, Field(description="When it was logged.")] = None
    known_error: Annotated[
        Instant | None, PUBLIC, Field(description="When the cause was known and a workaround stood.")
    ] = None
    resolved: Annotated[Instant | None, PUBLIC, Field(description="When the permanent fix was in.")] = None
    closed: Annotated[Instant | None, PUBLIC, Field(description="When the record was closed.")] = None
    root_cause: Annotated[Text | None, Field(description="The cause, as far as it is known.")] = None
    workaround: Annotated[Text | None, PUBLIC, Field(description="What to do until it is fixed.")] = None
    permanent_fix: Annotated[Text | None, Field(description="What removes the cause.")] = None
    actions: Annotated[
        tuple[Action, ...], PUBLIC, Field(description="What will be done, by whom, by when.")
    ] = ()
    links: Annotated[Links | None, PUBLIC, Field(description="Articles, changes, outside.")] = None
    corrections: Annotated[
        tuple[Correction, ...], Field(description="Values changed afterwards, each with its reason.")
    ] = ()
    waivers: Annotated[
        tuple[Waiver, ...], Field(description="Rules set aside on this record, with reasons.")
    ] = ()
    extra: Annotated[dict[str, Any], Field(description="Keys beginning with x-: yours, never read.")] = field(
        default_factory=dict
    )
