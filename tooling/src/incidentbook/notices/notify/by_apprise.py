"""Everything that Apprise knows: Slack, Teams, PagerDuty, Mattermost and a hundred more."""

from __future__ import annotations

import logging
import re
from typing import Any

from incidentbook.notices.notify.messages import Message
from incidentbook.notices.notify.senders import NotSentError, UncertainError
from incidentbook.taxonomy.settings.notifications import Channel, MessageFormat

_NOT_CONNECTED = re.compile(
    r"\(Caused by (?:NewConnectionError|NameResolutionError|ConnectTimeoutError)\("
    r"|\(Caused by ProxyError\('Unable to connect to proxy"
    r"|\(Caused by SSLError\(SSLCertVerificationError\("
    r"|\[Errno -?\d+\] (?:Connection refused|Name or service not known)"
)
"""What requests says where nothing was sent; after any other break of a connection nobody knows.

Whole phrases, for the text has the host and the path too, and a host may be called resolver.example.
"""

_EXCEPTION = re.compile(r"[\w/. -]{1,40}exception\b", re.IGNORECASE)
"""How a line begins that tells why a connection broke; what a message says stands in lines of payload."""

_CODE = re.compile(r"\berror=(\d{3})\b")

_MAYBE_TAKEN = frozenset({502, 504, 520, 524})
"""Answers of a machine between us and the other side, which may have passed the message on."""

_PAUSE = 6.0
"""Seconds that Apprise waits at most between two messages to one place."""


class AppriseSender:
    """One address of Apprise's: `slack://...`, `msteams://...`, `pagerduty://...`."""

    def __init__(self, channel: Channel, address: str, timeout: float) -> None:
        import apprise  # noqa: PLC0415  a tenth of a second

        logging.getLogger("apprise").disabled = True  # it writes addresses, which are secrets
        self._log = _Log()
        asset = apprise.AppriseAsset(app_id="Incidentbook", app_desc="Incident records", async_mode=False)
        service: Any = apprise.Apprise.instantiate(address, asset=asset)
        if service is None:
            raise NotSentError(f"{channel.url_from} holds no address that Apprise knows", hopeless=True)
        service.socket_connect_timeout = service.socket_read_timeout = timeout
        service.retry = 0  # the next run tries again what did not arrive, and nothing else
        service.logger = logging.Logger("incidentbook.notify", logging.DEBUG)
        service.logger.addHandler(self._log)
        self.pause = min(float(service.request_rate_per_sec), _PAUSE)
        self.keeps_alerts = type(service).__name__ == "NotifyPagerDuty"
        self._service = service
        self._parts = _counting(service)
        self._all = apprise.Apprise(asset=asset)
        self._all.add(service)
        self._types = apprise.NotifyType
        self._formats = {
            MessageFormat.TEXT: apprise.NotifyFormat.TEXT,
            MessageFormat.MARKDOWN: apprise.NotifyFormat.MARKDOWN,
        }

    def send(self, message: Message) -> str:
        """Send one message."""
        self._log.clear()
        self._parts.clear()
        if self.keeps_alerts:
            # the messages of a record are one alert, which is closed with the record
            self._service.dedup = f"incidentbook-{message.thread}"
            self._service.action = "resolve" if message.is_over else "trigger"
        arrived = self._all.notify(
            title=message.subject,
            body=message.body,
            notify_type=self._types(message.urgency),
            body_format=self._formats[message.format],
        )
        if not arrived:
            raise self._fault()
        return ""

    def _fault(self) -> NotSentError | UncertainError:
        """What a failure means: Apprise says that something failed, and not what did arrive."""
        # to how many places it went, times in how many parts
        sends = len(self._service) * max(1, len(self._parts))
        breaks, codes = self._log.breaks, self._log.codes
        if breaks and not codes and len(breaks) >= sends and all(map(_NOT_CONNECTED.search, breaks)):
            return NotSentError("no connection", hopeless=True)
        if sends > 1:
            return UncertainError("it did not arrive everywhere, or not all of it")
        if self._log.is_broken:
            return UncertainError("no answer")
        for code in codes:
            # who knows no message again would show it twice
            if code in _MAYBE_TAKEN or (code == 500 and not self.keeps_alerts):
                return UncertainError(f"the other side answers {code}, and may have it")
        return NotSentError("the other side refuses it")


def _counting(service: Any) -> list[None]:
    """Let a service count the parts that it sends: a long body goes out in several."""
    parts: list[None] = []
    send = service.send

    def counted(*arguments: Any, **named: Any) -> Any:
        parts.append(None)
        return send(*arguments, **named)

    service.send = counted
    return parts


class _Log(logging.Handler):
    """Keeps what Apprise says of connections that broke and of answers; nobody is shown any of it."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.breaks: list[str] = []
        self.codes: list[int] = []
        self.is_broken = False

    def clear(self) -> None:
        """Forget what was said of the message before."""
        self.breaks.clear()
        self.codes.clear()
        self.is_broken = False

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        if _EXCEPTION.match(text):
            self.breaks.append(text)
            self.is_broken = True
        elif record.levelno >= logging.WARNING:
            self.codes += [int(code) for code in _CODE.findall(text)]
            self.is_broken = self.is_broken or "connection error occurred" in text.lower()
