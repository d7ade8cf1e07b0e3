"""schema/teams.yml and schema/people.yml: who works on incidents."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from incidentbook.records.fields import Day, Flag, Handle, Text, model
from incidentbook.taxonomy.settings.rotation import Rotation
from incidentbook.taxonomy.settings.values import Entry

ACCOUNT_PATTERN = "^@[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*$"
OWNED_PATTERN = r"^[^\s/!#\[\]\\][^\[\]\\\x00-\x1f\x7f]*$"
"""What CODEOWNERS has no way to say: it knows neither `!` nor `[ ]`, and starts at the top without `/`."""


@model
class Team(Entry):
    """People who work together."""

    line: Annotated[int | None, Field(strict=True, ge=1, le=3, description="Support line: 1, 2 or 3.")] = None
    email: Annotated[Text | None, Field(description="Where to write to.")] = None
    on_call: Annotated[
        Text | None, Field(description="Who is called, when and how, in one or two sentences.")
    ] = None
    members: Annotated[tuple[Handle, ...], Field(description="Handles from people.yml.")] = ()
    rotation: Annotated[Rotation | None, Field(description="Who of them is on call when.")] = None
    forge: Annotated[
        str | None,
        Field(pattern=ACCOUNT_PATTERN, description="Team on GitHub or group on GitLab, such as @org/shop."),
    ] = None
    owns: Annotated[
        tuple[Annotated[str, Field(pattern=OWNED_PATTERN)], ...],
        Field(description="Paths whose changes it must approve, for CODEOWNERS, such as schema/."),
    ] = ()


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
    forge: Annotated[
        str | None, Field(pattern=ACCOUNT_PATTERN, description="Account on GitHub or GitLab, such as @login.")
    ] = None
    role: Annotated[Text | None, Field(description="What they do.")] = None
    bot: Annotated[Flag, Field(description="True for automation.")] = False
    valid_from: Annotated[Day | None, Field(description="First day.")] = None
    valid_until: Annotated[Day | None, Field(description="First day on which they are gone.")] = None


@model
class People:
    """schema/people.yml: handles and the email addresses they commit with."""

    people: Annotated[tuple[Person, ...], Field(description="Everybody whom a record may name.")] = ()
