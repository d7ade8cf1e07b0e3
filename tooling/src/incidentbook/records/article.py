"""What a knowledge article is: how to do, or recover, one thing."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field

from incidentbook.records.fields import PUBLIC, Audience, Day, Handle, Slug, Text, model
from incidentbook.records.parts import Waiver


class ArticleStatus(StrEnum):
    """Whether an article may be relied on."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


class ArticleType(StrEnum):
    """What an article is for."""

    HOW_TO = "how-to"
    RUNBOOK = "runbook"
    FAQ = "faq"


class Readers(StrEnum):
    """For whom an article is written."""

    EVERYONE = "everyone"
    FIRST_LINE = "first_line"
    ENGINEERS = "engineers"


@model
class Article:
    """One thing that somebody in trouble can do; its body is the article."""

    title: Annotated[Text, PUBLIC, Field(description="What it helps with, as one would search for it.")]
    status: Annotated[ArticleStatus, PUBLIC, Field(description="Draft, published or retired.")]
    type: Annotated[ArticleType, PUBLIC, Field(description="how-to, runbook or faq.")]
    summary: Annotated[Text | None, PUBLIC, Field(description="What it does, in one sentence.")] = None
    symptoms: Annotated[tuple[Text, ...], PUBLIC, Field(description="What one sees when one needs it.")] = ()
    do_first: Annotated[
        Text | None, PUBLIC, Field(description="What must happen before anything else, in one sentence.")
    ] = None
    visibility: Annotated[Audience, PUBLIC, Field(description="Who may read the article.")] = (
        Audience.INTERNAL
    )
    readers: Annotated[Readers, PUBLIC, Field(description="For whom it is written.")] = Readers.ENGINEERS
    services: Annotated[tuple[Slug, ...], PUBLIC, Field(description="Services it is about.")] = ()
    owner: Annotated[Handle | None, Field(description="Who keeps it true.")] = None
    team: Annotated[Slug | None, Field(description="Key of the team in schema/teams.yml.")] = None
    reviewed: Annotated[Day | None, PUBLIC, Field(description="When somebody last tried it.")] = None
    review_by: Annotated[Day | None, Field(description="When somebody must try it again.")] = None
    replaced_by: Annotated[
        Slug | None, PUBLIC, Field(description="The article to read instead of a retired one.")
    ] = None
    waivers: Annotated[
        tuple[Waiver, ...], Field(description="Rules set aside on this record, with reasons.")
    ] = ()
    extra: Annotated[dict[str, Any], Field(description="Keys beginning with x-: yours, never read.")] = field(
        default_factory=dict
    )
