"""Everything that Apprise knows: Slack, Teams, PagerDuty, Mattermost and a hundred more."""

from __future__ import annotations

import logging
from typing import Any

from incidentbook.notices.notify.messages import Message
from incidentbook.notices.notify.senders import NotSentError, UncertainError
from incidentbook.taxonomy.settings.notifications import Channel, MessageFormat

_NOT_CONNECTED = ("connect timeout", "failed to establish", "connection refused", "nameresolution", "resolve")
"""What requests says where nothing was sent; after any other break of a connection nobody knows."""

_PAUSE = 6.0
"""Seconds that Apprise waits at most between two messages to one place."""


class AppriseSender:
    """One address of Apprise's: `slack://...`, `msteams://...`, `pagerduty://...`."""

    def __init__(self, channel: Channel, address: str, timeout: float) -> None:
        import apprise  # noqa: PLC0415  a tenth of a second

        logging.getLogger("apprise").disabled = True  # it writes addresses, which are secrets
        self._log = _Breaks()
        asset = apprise.AppriseAsset(app_id="Incidentbook", app_desc="Incident records", async_mode=False)
        service = apprise.Apprise.instantiate(address, asset=asset)
        if service is None:
            raise NotSentError(f"{channel.url_from} holds no address that Apprise knows", hopeless=True)
        service.socket_connect_timeout = service.socket_read_timeout = timeout
        service.logger = logging.Logger("incidentbook.notify", logging.DEBUG)
        service.logger.addHandler(self._log)
        self.pause = min(float(service.request_rate_per_sec), _PAUSE)
        self._service: Any = service
        self._all = apprise.Apprise(asset=asset)
        self._all.add(service)
        self._types = apprise.NotifyType
        self._formats = {
            MessageFormat.TEXT: apprise.NotifyFormat.TEXT,
            MessageFormat.MARKDOWN: apprise.NotifyFormat.MARKDOWN,
        }

    def send(self, message: Message) -> str:
        """Send one message."""
        self._log.said.clear()
        self._join(message)
        arrived = self._all.notify(
            title=message.subject,
            body=message.body,
            notify_type=self._types(message.urgency),
            body_format=self._formats[message.format],
        )
        if arrived:
            return ""
        if self._log.said:
            if any(words in said for said in self._log.said for words in _NOT_CONNECTED):
                raise NotSentError("no connection", hopeless=True)
            raise UncertainError("no answer")
        raise NotSentError("the other side refuses it")

    def _join(self, message: Message) -> None:
        """Let a pager keep the messages of a record together, and close its alert with the record."""
        if type(self._service).__name__ == "NotifyPagerDuty":
            self._service.dedup = f"incidentbook-{message.thread}"
            self._service.action = "resolve" if message.is_over else "trigger"


class _Breaks(logging.Handler):
    """Keeps what Apprise says of connections that broke; nobody is shown any of it."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage().lower()
        if "exception" in text:
            self.said.append(text)
