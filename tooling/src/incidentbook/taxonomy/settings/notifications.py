"""schema/notifications.yml: who is told what, through which channel."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from incidentbook.records.fields import Audience, Flag, Slug, Text, model
from incidentbook.taxonomy.settings.values import Duration


class ChannelKind(StrEnum):
    """How a channel is spoken to."""

    APPRISE = "apprise"
    MAIL = "mail"
    WEBHOOK = "webhook"


class MessageFormat(StrEnum):
    """What the reader of a message makes of it."""

    TEXT = "text"
    MARKDOWN = "markdown"


class Digest(StrEnum):
    """How often what happened is gathered into one message."""

    HOURLY = "hourly"
    DAILY = "daily"
    EACH_RUN = "each_run"


class DueSort(StrEnum):
    """What time brings, by what is due."""

    RESPONSE = "response"
    RESOLUTION = "resolution"
    REVIEW = "review"
    ACTION = "action"
    ARTICLE = "article"
    MAINTENANCE = "maintenance"
    UPDATE = "update"
    ESCALATION = "escalation"
    HANDOVER = "handover"


STAKEHOLDERS, CALLED = "stakeholders", "called"
"""What may stand in `to` beside addresses: people whom an incident finds, each by themselves."""


@model
class Channel:
    """One place where people read: a chat, a mailbox, a pager, a program."""

    id: Annotated[Slug, Field(description="Key that subscriptions use, and that the ledger keeps.")]
    name: Annotated[Text | None, Field(description="What people call it.")] = None
    url_from: Annotated[
        Text,
        Field(
            description="Name of the environment variable that holds its address: INCIDENTBOOK_CHANNEL_OPS. "
            "The address itself is a secret, and never stands here."
        ),
    ]
    kind: Annotated[
        ChannelKind,
        Field(
            description="apprise: any address that Apprise knows: slack://, msteams://, pagerduty://; "
            "mail: smtp:// or smtps://; webhook: https://, which gets JSON."
        ),
    ] = ChannelKind.APPRISE
    audience: Annotated[
        Audience, Field(description="Who reads there: public or internal. It is sent nothing else.")
    ] = Audience.INTERNAL
    format: Annotated[
        MessageFormat, Field(description="markdown where the place shows Markdown; else text.")
    ] = MessageFormat.TEXT
    digest: Annotated[
        Digest | None,
        Field(
            description="hourly, daily or each_run: gathered into one message by `notify --digest`; "
            "at once if absent, and on a pager."
        ),
    ] = None
    pager: Annotated[
        Flag,
        Field(
            description="True where it keeps an alert open until it is told that it is over. It is told "
            "of open incidents, one message each, and of the end of each that it was told of."
        ),
    ] = False
    to: Annotated[
        tuple[Text, ...],
        Field(
            description="Of a mail channel: who gets the mail. Addresses; `stakeholders`: those of "
            "schema/major.yml whom a major incident concerns; `called`: whom an escalation calls."
        ),
    ] = ()
    sender: Annotated[Text | None, Field(description="Of a mail channel: the address it is sent from.")] = (
        None
    )


@model
class Subscription:
    """What some channels are told. What is left empty matches everything."""

    channels: Annotated[tuple[Slug, ...], Field(description="Keys of the channels that are told.")]
    services: Annotated[tuple[Slug, ...], Field(description="Any of these services.")] = ()
    groups: Annotated[tuple[Slug, ...], Field(description="Services of any of these groups.")] = ()
    priorities: Annotated[tuple[str, ...], Field(description="Any of these priorities.")] = ()
    team: Annotated[Slug | None, Field(description="What this team has, or what concerns its services.")] = (
        None
    )
    kinds: Annotated[
        tuple[Slug, ...],
        Field(description="Kinds of records: incident, review, problem, article, maintenance, handover."),
    ] = ()
    events: Annotated[
        tuple[Slug, ...],
        Field(
            description="Names of events: opened, update_posted, resolved, ...; "
            "every one if neither `events` nor `due` stands."
        ),
    ] = ()
    due: Annotated[
        tuple[DueSort, ...],
        Field(
            description="What `notify --due` tells: response, resolution, update, escalation, handover, "
            "review, action, article, maintenance; nothing if empty."
        ),
    ] = ()
    called: Annotated[
        tuple[Text, ...],
        Field(description="Keys of teams and handles: escalations that call one of them, and nothing else."),
    ] = ()
    major: Annotated[Flag, Field(description="True where only major incidents are told.")] = False
    drills: Annotated[Flag, Field(description="True where drills are told too.")] = False


@model
class Notifications:
    """schema/notifications.yml: who is told what, through which channel."""

    channels: Annotated[tuple[Channel, ...], Field(description="Where people read.")] = ()
    subscriptions: Annotated[tuple[Subscription, ...], Field(description="Which channel is told what.")] = ()
    timeout: Annotated[
        Duration, Field(description="How long one message may take before the channel is given up.")
    ] = timedelta(seconds=10)
