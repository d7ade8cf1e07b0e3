"""Webhooks: JSON for a program, with a key by which it knows what it has already."""

from __future__ import annotations

import http.client
import json
import re
import urllib.error
import urllib.request
from base64 import b64encode
from typing import Any
from urllib.parse import unquote, urlunsplit

from incidentbook import __version__
from incidentbook.notices.notify.messages import Message
from incidentbook.notices.notify.senders import NotSentError, UncertainError, parse_address
from incidentbook.taxonomy.settings.notifications import Channel

_MAYBE_TAKEN = frozenset({502, 504, 520, 524})
"""What a machine between us and the other side answers where it lost sight of a request that it passed on.

A program that answers 500 itself gets the message again: it can tell by `Idempotency-Key` that it has it.
"""

_SENDABLE = re.compile(r"[!-~]+")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Where a secret address leads is not for the other side to say."""

    def redirect_request(self, *_: Any) -> None:
        return None


class WebhookSender:
    """`https://host/path`; a user and password in it become basic authentication."""

    pause = 0.0
    keeps_alerts = False

    def __init__(self, channel: Channel, address: str, timeout: float) -> None:
        parts = parse_address(channel, address, ("https", "http"))
        host = parts.netloc.rpartition("@")[2]
        path = urlunsplit(("", "", parts.path or "/", parts.query, ""))
        if not _SENDABLE.fullmatch(path) or any(char.isspace() or not char.isprintable() for char in host):
            raise NotSentError(
                f"{channel.url_from} holds an address with a character in it that none may "
                "have: write it as %20, or what it is",
                hopeless=True,
            )
        self._url = f"{parts.scheme}://{host}{path}"
        self._headers = {
            "Content-Type": "application/json",
            "User-Agent": f"incidentbook/{__version__}",
        }
        if parts.username:
            pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            self._headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
        self._timeout = timeout
        self._opener = urllib.request.build_opener(_NoRedirect)

    def send(self, message: Message) -> str:
        """Post one message."""
        request = urllib.request.Request(  # noqa: S310  the scheme is one of two
            self._url,
            data=_document(message),
            headers={**self._headers, "Idempotency-Key": message.id},
            method="POST",
        )
        try:
            with self._opener.open(request, timeout=self._timeout) as answer:
                code = answer.status
        except urllib.error.HTTPError as error:
            code = error.code
            error.close()
        except urllib.error.URLError as error:
            # raised before there was an answer to wait for
            raise NotSentError(f"no connection: {_why(error.reason)}", hopeless=True) from None
        except http.client.InvalidURL:
            raise NotSentError("the address is none", hopeless=True) from None
        except (OSError, http.client.HTTPException) as error:
            raise UncertainError(f"no answer: {_why(error)}") from None
        except ValueError:
            raise NotSentError("the address is none", hopeless=True) from None
        if code in _MAYBE_TAKEN:
            raise UncertainError(f"the other side answers {code}, and may have it")
        if not 200 <= code < 300:
            raise NotSentError(f"the other side answers {code}")
        return ""


def _document(message: Message) -> bytes:
    document = {
        "id": message.id,
        "channel": message.channel,
        "thread": message.thread,
        "over": message.is_over,
        "urgency": message.urgency,
        "subject": message.subject,
        "text": message.body,
        "news": list(message.news),
    }
    return json.dumps(document, ensure_ascii=False, allow_nan=False).encode()


def _why(reason: object) -> str:
    if isinstance(reason, TimeoutError):
        return "timed out"
    if isinstance(reason, ConnectionRefusedError):
        return "refused"
    return type(reason).__name__
