"""Mails, with a Message-ID that stays the same however often one is sent.

Apprise sends mail too, but draws a new Message-ID each time; then no mailbox knows a mail that was sent
again for the one that it has.
"""

from __future__ import annotations

import smtplib
import ssl
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import parse_qs, unquote

from incidentbook.notices.notify.messages import Message
from incidentbook.notices.notify.senders import NotSentError, UncertainError, parse_address
from incidentbook.taxonomy.settings.notifications import Channel

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class MailSender:
    """`smtp://user:password@host:587`, which asks for STARTTLS, or `smtps://...:465`.

    `?starttls=no` asks for none: to a server on the same machine nobody listens on the way.
    """

    pause = 0.0
    keeps_alerts = False

    def __init__(self, channel: Channel, address: str, timeout: float) -> None:
        parts = parse_address(channel, address, ("smtp", "smtps"))
        self._host = parts.hostname or ""
        self._is_tls = parts.scheme == "smtps"
        self._port = parts.port or (465 if self._is_tls else 587)
        self._user = unquote(parts.username or "")
        self._password = unquote(parts.password or "")
        asked = parse_qs(parts.query).get("starttls", ["no" if self._host in _LOOPBACK else "yes"])
        self._starttls = not self._is_tls and asked != ["no"]
        self._timeout = timeout
        if len(channel.to) != 1 or not channel.sender:
            raise NotSentError("a mail channel needs `to` and `sender`", hopeless=True)
        self._to = _mailbox(channel.to[0])
        self._sender = _mailbox(channel.sender)

    def send(self, message: Message) -> str:
        """Send one mail to its one reader: of two the server could refuse one and take the other."""
        mail = self._mail(message).as_bytes(policy=SMTP)
        client = self._open()
        try:
            self._envelope(client)
            self._data(client, mail)
        finally:
            _leave(client)
        return ""

    def _mail(self, message: Message) -> EmailMessage:
        mail = EmailMessage()
        try:
            mail["Subject"] = message.subject
            mail["From"] = self._sender
            mail["To"] = self._to
            mail["Date"] = message.moment
        except (ValueError, MessageError):
            raise NotSentError("the mail cannot be written: a header would not be one line") from None
        mail["Message-ID"] = f"<{message.id}@{self._sender.domain}>"
        # the mails of one record are one conversation
        mail["References"] = f"<{message.thread}@{self._sender.domain}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.body + "\n")
        return mail

    def _open(self) -> smtplib.SMTP:
        try:
            context = ssl.create_default_context()
            client = (
                smtplib.SMTP_SSL(self._host, self._port, timeout=self._timeout, context=context)
                if self._is_tls
                else smtplib.SMTP(self._host, self._port, timeout=self._timeout)
            )
        except (OSError, smtplib.SMTPException) as error:
            raise NotSentError(f"no connection to the mail server: {_why(error)}", hopeless=True) from None
        try:
            if self._starttls:
                client.starttls(context=context)
            client.ehlo_or_helo_if_needed()
            if self._user:
                client.login(self._user, self._password)
        except (OSError, smtplib.SMTPException) as error:
            _leave(client)
            raise NotSentError(f"the mail server does not let us in: {_why(error)}", hopeless=True) from None
        return client

    def _envelope(self, client: smtplib.SMTP) -> None:
        try:
            code, _ = client.mail(self._sender.addr_spec)
            if code != 250:
                raise NotSentError(f"the mail server refuses the sender: {code}")
            code, _ = client.rcpt(self._to.addr_spec)
        except (OSError, smtplib.SMTPException) as error:
            raise NotSentError(f"the mail server went away: {_why(error)}", hopeless=True) from None
        if code not in (250, 251):
            raise NotSentError(f"the mail server refuses the address: {code}", is_readers=True)

    def _data(self, client: smtplib.SMTP, mail: bytes) -> None:
        try:
            code, _ = client.data(mail)
        except smtplib.SMTPDataError as error:
            raise NotSentError(f"the mail server refuses the mail: {error.smtp_code}") from None
        except (OSError, smtplib.SMTPException) as error:
            raise UncertainError(f"the mail server did not say that it has it: {_why(error)}") from None
        if code != 250:
            raise NotSentError(f"the mail server refuses the mail: {code}")


def _mailbox(text: str) -> Address:
    try:
        found = Address(addr_spec=text.strip())
    except (ValueError, MessageError, IndexError):
        found = None
    if found is None or not found.username or not found.domain or not text.strip().isprintable():
        raise NotSentError("an address of `to` or `sender` is none", hopeless=True)
    return found


def _leave(client: smtplib.SMTP) -> None:
    """Close, without waiting for a last word that no longer matters."""
    client.close()


def _why(error: Exception) -> str:
    """The kind of a fault, and never the server's words."""
    if isinstance(error, smtplib.SMTPResponseException):
        return str(error.smtp_code)
    if isinstance(error, TimeoutError):
        return "it does not answer"
    return type(error).__name__
