"""What schema/notifications.yml says of channels and subscriptions that cannot be meant."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from incidentbook.diagnostics import Severity
from incidentbook.history import EventType
from incidentbook.records import Audience
from incidentbook.rules.cases import RepositoryCase
from incidentbook.rules.registry import Finding, repository_rule
from incidentbook.rules.spelling import did_you_mean
from incidentbook.taxonomy.settings.notifications import CALLED, STAKEHOLDERS, Channel, ChannelKind

NOTIFICATIONS = "schema/notifications.yml"
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_EVENTS = frozenset(event.value for event in EventType)


@repository_rule(Severity.ERROR)
def channel_address_in_file(case: RepositoryCase) -> Iterator[Finding]:
    """A channel has its address in the file, instead of the name of the variable that holds it.

    ## What it does

    Finds a `url_from` that is no name of an environment variable. It points at the channel's `id`, so as not
    to show what stands there.

    ## Why it matters

    Whoever has the address of a channel can write there, and mostly it holds a token. A file in Git is
    read by many, and forgets nothing.

    ## Example

    ```yaml schema/notifications.yml
    channels:
      - id: chat  # <- here
        url_from: slack://TokenA/TokenB/TokenC
    subscriptions:
      - {channels: [chat]}
    ```

    ## Use instead

    ```yaml schema/notifications.yml
    channels:
      - id: chat
        url_from: INCIDENTBOOK_CHANNEL_CHAT
    subscriptions:
      - {channels: [chat]}
    ```
    """
    if not case.selected(NOTIFICATIONS):
        return
    for index, channel in enumerate(case.archive.taxonomy.notifications.channels):
        if not _VARIABLE.fullmatch(channel.url_from):
            yield Finding(
                # a report shows the line that it points at, and what stands there may be a secret
                case.span(NOTIFICATIONS, "channels", index, "id"),
                f"`url_from` of channel `{channel.id}` is no name of an environment variable",
                "write a name such as INCIDENTBOOK_CHANNEL_CHAT; if an address stands there, draw a new one: "
                "Git keeps this one",
                NOTIFICATIONS,
            )


@repository_rule(Severity.ERROR)
def unknown_event(case: RepositoryCase) -> Iterator[Finding]:
    """A subscription asks for an event that never happens.

    ## What it does

    Looks up the `events` of every subscription among the events that `incidentbook log` tells.

    ## Why it matters

    Nobody is told, and nobody notices that.

    ## Example

    ```yaml schema/notifications.yml
    channels:
      - {id: chat, url_from: INCIDENTBOOK_CHANNEL_CHAT}
    subscriptions:
      - channels: [chat]
        events: [opend]  # <- here
    ```

    ## Use instead

    ```yaml schema/notifications.yml
    channels:
      - {id: chat, url_from: INCIDENTBOOK_CHANNEL_CHAT}
    subscriptions:
      - channels: [chat]
        events: [opened]
    ```
    """
    if not case.selected(NOTIFICATIONS):
        return
    for index, one in enumerate(case.archive.taxonomy.notifications.subscriptions):
        for place, event in enumerate(one.events):
            if event not in _EVENTS:
                yield Finding(
                    case.span(NOTIFICATIONS, "subscriptions", index, "events", place),
                    f"there is no event `{event}`",
                    did_you_mean(event, _EVENTS) or "`incidentbook log` tells events by their names",
                    NOTIFICATIONS,
                )


@repository_rule(Severity.NOTE)
def unused_channel(case: RepositoryCase) -> Iterator[Finding]:
    """A channel is told nothing, because no subscription names it.

    ## What it does

    Finds channels that stand in no `channels` of a subscription.

    ## Why it matters

    Somebody waits there for news that never comes.

    ## Example

    ```yaml schema/notifications.yml
    channels:
      - id: chat  # <- here
        url_from: INCIDENTBOOK_CHANNEL_CHAT
    ```

    ## Use instead

    ```yaml schema/notifications.yml
    channels:
      - id: chat
        url_from: INCIDENTBOOK_CHANNEL_CHAT
    subscriptions:
      - {channels: [chat], events: [opened, resolved]}
    ```
    """
    settings = case.archive.taxonomy.notifications
    if not case.selected(NOTIFICATIONS):
        return
    named = {key for one in settings.subscriptions for key in one.channels}
    for index, channel in enumerate(settings.channels):
        if channel.id not in named:
            yield Finding(
                case.span(NOTIFICATIONS, "channels", index, "id"),
                f"no subscription names channel `{channel.id}`",
                "name it in `subscriptions`, or leave the channel out",
                NOTIFICATIONS,
            )


@repository_rule(Severity.ERROR)
def silent_channel(case: RepositoryCase) -> Iterator[Finding]:
    """A channel can be told nothing: two have its key, it lacks an address, or nobody may be told there.

    ## What it does

    Finds channels with the key of another one, mail channels without `to` or `sender`, or with something
    in `to` that is no address, `stakeholders` or `called`, `stakeholders` where none in schema/major.yml has
    an `email`, and channels whose `audience` is restricted.

    ## Why it matters

    Every message to it fails, and what it was for is missed. The ledger knows a channel by its key: what
    one of two was sent would count as sent to the other.

    ## Example

    ```yaml schema/notifications.yml
    channels:
      - id: heads  # <- here
        kind: mail
        url_from: INCIDENTBOOK_CHANNEL_MAIL
    subscriptions:
      - {channels: [heads]}
    ```

    ## Use instead

    ```yaml schema/notifications.yml
    channels:
      - id: heads
        kind: mail
        url_from: INCIDENTBOOK_CHANNEL_MAIL
        sender: incidents@harbourline.example
        to: [heads@harbourline.example]
    subscriptions:
      - {channels: [heads]}
    ```
    """
    channels = case.archive.taxonomy.notifications.channels
    if not case.selected(NOTIFICATIONS):
        return
    times = Counter[str]()
    for index, channel in enumerate(channels):
        times[channel.id] += 1
        span = case.span(NOTIFICATIONS, "channels", index, "id")
        if times[channel.id] > 1:
            message, advice = f"two channels are called `{channel.id}`", "give each a key of its own"
        elif channel.kind is ChannelKind.MAIL and (fault := _without_readers(channel, case)):
            message, advice = fault
        elif channel.audience is Audience.RESTRICTED:
            message = f"channel `{channel.id}` is for audience `restricted`; expected public or internal"
            advice = "what is restricted is told to nobody"
        else:
            continue
        yield Finding(span, message, advice, NOTIFICATIONS)


def _without_readers(channel: Channel, case: RepositoryCase) -> tuple[str, str] | None:
    """Why nobody gets the mails of a channel, and what to do; None where somebody does."""
    if not (channel.to and channel.sender):
        missing = "to" if not channel.to else "sender"
        return f"mail channel `{channel.id}` lacks `{missing}`", "write who gets it, and from whom"
    for one in channel.to:
        if "@" not in one and one not in (STAKEHOLDERS, CALLED):
            return (
                f"`{one}` in `to` of mail channel `{channel.id}` is no address; expected one, "
                f"`{STAKEHOLDERS}` or `{CALLED}`",
                did_you_mean(one, (STAKEHOLDERS, CALLED)) or "write an address, such as heads@example.org",
            )
    if STAKEHOLDERS in channel.to and not any(one.email for one in case.archive.taxonomy.major.stakeholders):
        return (
            f"mail channel `{channel.id}` is for `{STAKEHOLDERS}`; none in schema/major.yml has an `email`",
            "add one to each who wants mail",
        )
    return None


@repository_rule(Severity.WARNING)
def due_for_the_public(case: RepositoryCase) -> Iterator[Finding]:
    """A subscription tells a public channel what is due, which it never gets.

    ## What it does

    Finds subscriptions with `due` for a channel whose audience is public.

    ## Why it matters

    What is due names people and what they have not done. It is for colleagues, and is not sent.

    ## Example

    ```yaml schema/notifications.yml
    channels:
      - {id: display, kind: webhook, url_from: INCIDENTBOOK_CHANNEL_DISPLAY, audience: public}
    subscriptions:
      - channels: [display]
        due: [review]  # <- here
    ```

    ## Use instead

    ```yaml schema/notifications.yml
    channels:
      - {id: display, kind: webhook, url_from: INCIDENTBOOK_CHANNEL_DISPLAY, audience: internal}
    subscriptions:
      - channels: [display]
        due: [review]
    ```
    """
    settings = case.archive.taxonomy.notifications
    if not case.selected(NOTIFICATIONS):
        return
    public = {channel.id for channel in settings.channels if channel.audience is Audience.PUBLIC}
    for index, one in enumerate(settings.subscriptions):
        named = [key for key in one.channels if key in public]
        if one.due and named:
            yield Finding(
                case.span(NOTIFICATIONS, "subscriptions", index, "due"),
                f"channel `{named[0]}` is public, and is told nothing that is due",
                "name an internal channel, or leave `due` out",
                NOTIFICATIONS,
            )
