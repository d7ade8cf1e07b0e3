"""schema/incidentbook.yml: marks a records repository, and says what holds for all of it."""

from __future__ import annotations

from dataclasses import field
from datetime import timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from incidentbook.records.fields import PUBLIC, Audience, Handle, Instant, Slug, Text, model
from incidentbook.taxonomy.settings.values import Duration

FORMAT = 1
"""The record format that this version of the tool reads and writes."""


class RuleLevel(StrEnum):
    """What a repository may make of a rule."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"
    OFF = "off"


@model
class Defaults:
    """What `new` writes where nothing is said."""

    visibility: Annotated[Audience, Field(description="Of new records.")] = Audience.INTERNAL
    channel: Annotated[Slug | None, Field(description="Of new incidents.")] = None


@model
class Reporting:
    """How readers of the site say that something does not work; everybody who reads it sees this."""

    text: Annotated[
        Text | None, PUBLIC, Field(description="What to say first: opening hours, whom it is for.")
    ] = None
    url: Annotated[
        str | None, PUBLIC, Field(pattern=r"^https?://", description="A form or portal to report with.")
    ] = None
    mail: Annotated[
        str | None, PUBLIC, Field(pattern=r"^[^@\s]+@[^@\s]+$", description="An address to write to.")
    ] = None
    phone: Annotated[Text | None, PUBLIC, Field(description="A number to call.")] = None


@model
class Deletion:
    """A record that is gone for good, so that its missing number has an explanation."""

    id: Annotated[Text, Field(description="The ID that it had.")]
    reason: Annotated[Text, Field(description="Why it had to go.")]
    by: Annotated[Handle | None, Field(description="Who decided it.")] = None


@model
class History:
    """What the rules between two revisions go by."""

    lag: Annotated[
        Duration,
        Field(description="How long after the time that it claims a deed may be committed, such as 1d."),
    ] = timedelta(days=1)
    grace: Annotated[
        Duration,
        Field(
            description="How long after its first commit a time or an entry may still be mended without a "
            "correction, such as 15m."
        ),
    ] = timedelta(minutes=15)
    deleted: Annotated[
        tuple[Deletion, ...], Field(description="Records that were deleted on purpose, each with the reason.")
    ] = ()


@model
class Settings:
    """schema/incidentbook.yml: marks a records repository."""

    format: Annotated[int, PUBLIC, Field(strict=True, description="The record format; this tool reads 1.")]
    name: Annotated[Text, PUBLIC, Field(description="Whose records these are; the name of the site.")]
    url: Annotated[
        str | None, PUBLIC, Field(pattern=r"^https?://", description="Where the site is published.")
    ] = None
    zone: Annotated[str, PUBLIC, Field(description="IANA zone of dates and months.")] = "UTC"
    now: Annotated[Instant | None, Field(description="Pins the clock, for samples and rehearsals.")] = None
    report: Annotated[
        Reporting | None, PUBLIC, Field(description="How to report trouble; shown on the page `help/`.")
    ] = None
    tool: Annotated[
        str | None, Field(description="Versions of the tool that may be used, such as >=0.1.")
    ] = None
    defaults: Annotated[Defaults, Field(description="What `new` writes where nothing is said.")] = field(
        default_factory=Defaults
    )
    rules: Annotated[
        dict[str, RuleLevel], Field(description="Another severity for a rule: {code: warning}.")
    ] = field(default_factory=dict)
    history: Annotated[
        History, Field(description="Limits of the rules that compare two revisions, and records deleted.")
    ] = field(default_factory=History)
    imported: Annotated[
        RuleLevel, Field(description="At most this severity for what imported records lack.")
    ] = RuleLevel.WARNING
