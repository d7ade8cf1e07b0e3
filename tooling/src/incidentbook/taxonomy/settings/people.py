"""schema/teams.yml and schema/people.yml: who works on incidents."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from incidentbook.records.fields import Day, Flag, Handle, Text, model
from incidentbook.taxonomy.settings.values import Entry


@model
class Team(Entry):
    """People who work together."""

    line: Annotated[int | None, Field(strict=True, ge=1, le=3, description="Support line: 1, 2 or 3.")] = None
    email: Annotated[Text | None, Field(description="Where to write to.")] = None
    on_call: Annotated[
        Text | None, Field(description="Who is called, when and how, in one or two sentences.")
    ] = None
    members: Annotated[tuple[Handle, ...], Field(description="Handles from people.yml.")] = ()


@model
class Teams:
    """schema/teams.yml: who works on incidents."""

    teams: Annotated[tuple[Team, ...], Field(description="The teams.")] = ()


@model
class Person:
    """Somebody, or a bot, whom records name."""

    handle: Annotated[Handle, Field(description="How records name them.")]
    name: Annotated[Text | None, Field(description="What to call them.")] = None
    emails: Annotated[tuple[str, ...], Field(description="By which Git authors are matched.")] = ()
    role: Annotated[Text | None, Field(description="What they do.")] = None
    bot: Annotated[Flag, Field(description="True for automation.")] = False
    valid_from: Annotated[Day | None, Field(description="First day.")] = None
    valid_until: Annotated[Day | None, Field(description="First day on which they are gone.")] = None


@model
class People:
    """schema/people.yml: handles and the email addresses they commit with."""

    people: Annotated[tuple[Person, ...], Field(description="Everybody whom a record may name.")] = ()
