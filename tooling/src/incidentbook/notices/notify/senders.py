"""How a channel is spoken to: what every sender is, and which one a channel has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol
from urllib.parse import SplitResult, urlsplit

from incidentbook.notices.notify.messages import Message
from incidentbook.taxonomy.settings.notifications import Channel, ChannelKind


class NotSentError(Exception):
    """It certainly did not arrive; where `hopeless`, what comes after it would not either.

    Where `is_readers` it is one reader's, and says nothing of the others whom the same server serves.
    The text is ours alone: an answer of the other side may hold the secret that it was sent.
    """

    def __init__(self, reason: str, *, hopeless: bool = False, is_readers: bool = False) -> None:
        super().__init__(reason)
        self.hopeless = hopeless
        self.is_readers = is_readers


class UncertainError(Exception):
    """It was handed over, and nobody said that it arrived."""


class Sender(Protocol):
    """One channel, ready to send."""

    @property
    def pause(self) -> float:
        """Seconds that it may wait between two messages."""
        ...

    @property
    def keeps_alerts(self) -> bool:
        """Whether the other side keeps an alert open until it is told that it is over."""
        ...

    def send(self, message: Message) -> str:
        """Send one message; return what is worth saying of it. Raises NotSentError or UncertainError."""
        ...


def open_channel(channel: Channel, environment: Mapping[str, str], timeout: float) -> Sender:
    """Take the address of a channel from the environment. Raises NotSentError where there is none.

    `timeout` is in seconds, and for each wait of a send.
    """
    address = (environment.get(channel.url_from) or _together(environment).get(channel.url_from, "")).strip()
    if not address:
        raise NotSentError(f"the environment variable {_shown(channel.url_from)} is not set", hopeless=True)
    if channel.kind is ChannelKind.MAIL:
        from incidentbook.notices.notify.mail import MailSender  # noqa: PLC0415

        return MailSender(channel, address, timeout)
    if channel.kind is ChannelKind.WEBHOOK:
        from incidentbook.notices.notify.webhook import WebhookSender  # noqa: PLC0415

        return WebhookSender(channel, address, timeout)
    from incidentbook.notices.notify.by_apprise import AppriseSender  # noqa: PLC0415

    return AppriseSender(channel, address, timeout)


TOGETHER = "INCIDENTBOOK_CHANNELS"
"""The variable that may hold many addresses, one `NAME=address` a line: one secret for a workflow."""


def _together(environment: Mapping[str, str]) -> Mapping[str, str]:
    lines = (line.partition("=") for line in environment.get(TOGETHER, "").splitlines())
    return {name.strip(): address for name, _, address in lines}


def _shown(name: str) -> str:
    """A name that may be an address somebody wrote into the file by mistake."""
    return name if name.isidentifier() else "that `url_from` names (which is no name of a variable)"


def parse_address(channel: Channel, address: str, schemes: tuple[str, ...]) -> SplitResult:
    """Take an address apart. Raises NotSentError, which does not show it."""
    expected = " or ".join(f"{scheme}://" for scheme in schemes)
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        raise NotSentError(f"{channel.url_from} holds no address", hopeless=True) from None
    if parts.scheme not in schemes or not parts.hostname:
        raise NotSentError(f"{channel.url_from} holds no address that begins with {expected}", hopeless=True)
    return parts
