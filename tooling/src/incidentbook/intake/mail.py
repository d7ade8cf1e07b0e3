"""A mail as a report: who wrote what, what it answers, and whether a person wrote it at all."""

from __future__ import annotations

import email
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import default as default_policy

from incidentbook.intake.alerts.alert import hashed
from incidentbook.intake.errors import IntakeError
from incidentbook.intake.mail_sender import Mailbox, mailbox_of
from incidentbook.intake.mail_text import text_of, without_quotes, without_signature
from incidentbook.intake.opening import (
    Opening,
    assumed_category,
    new_incident,
    reporter,
    routed_team,
    services_mentioned,
    suffering,
)
from incidentbook.intake.texts import clean, one_line, verbatim
from incidentbook.records import ServiceState
from incidentbook.taxonomy import Taxonomy
from incidentbook.taxonomy.routing import Told

MAIL = "mail"
LARGEST = 25_000_000
"""Bytes: what most mail servers let through."""

_ID = re.compile(r"<[^<>\s]{1,250}>")
_TAG = re.compile(r"\[(INC-[0-9]{4}-[0-9]{4,9})\]")
_ANSWERING = re.compile(r"^(?:(?:re|aw|antw|sv|vs|fwd?|wg)\s*(?:\[\d+\])?:\s*)+", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Mail:
    """One mail, all its texts clean.

    `answers` are the messages that it names as those before it. `answer_to` is where an answer goes, which
    tells nothing of who wrote.
    """

    id: str
    subject: str
    name: str
    address: str
    answer_to: str
    text: str
    answers: tuple[str, ...]
    attachments: tuple[str, ...]
    automatic: str | None

    @property
    def title(self) -> str:
        """The subject without what answering and forwarding put before it."""
        return (
            _ANSWERING.sub("", self.subject)
            or next(iter(self.text.splitlines()), "")
            or "A mail without a subject"
        )

    @property
    def tag(self) -> str | None:
        """The incident that the subject names in brackets, as our own answers do."""
        match = _TAG.search(self.subject)
        return match[1] if match else None


def read_mail(data: bytes, name: str) -> Mail:
    """Read a message as a mail server keeps it (.eml). Raises IntakeError."""
    if len(data) > LARGEST:
        raise IntakeError(f"{name} has {len(data):,} bytes; at most {LARGEST:,} are read")
    try:
        message = email.message_from_bytes(data, policy=default_policy)
        # parts of broken mails raise whatever the parser of their header trips over
        return _mail(message, data, name)
    except IntakeError:
        raise
    except (
        ValueError,
        LookupError,
        AttributeError,
        TypeError,
        IndexError,
        RecursionError,
        AssertionError,
    ) as error:
        raise IntakeError(f"{name} is too broken to be read as a mail ({type(error).__name__})") from None


def _mail(message: EmailMessage, data: bytes, name: str) -> Mail:
    sender = _header(message, "From")
    text = text_of(message)
    if not sender and not _header(message, "Subject"):
        raise IntakeError(f"{name} is no mail; looked for the headers From and Subject")
    who, wanted = _mailbox(message, "From"), _mailbox(message, "Reply-To")
    identity = _ID.search(_header(message, "Message-ID"))
    before = _ID.findall(f"{_header(message, 'References')} {_header(message, 'In-Reply-To')}")
    return Mail(
        id=one_line(
            identity.group() if identity else f"<{hashed(data.decode('latin-1'))}@no-message-id>", 260
        ),
        subject=one_line(_header(message, "Subject")),
        # as it stands, of which the parser may have kept the wrong half
        name=who.name or ("" if who.address else one_line(_raw(message, "From"), 120)),
        address=who.address,
        answer_to=wanted.address or who.address,
        text=text,
        answers=tuple(dict.fromkeys(one_line(one, 260) for one in before[-20:])),
        attachments=_attachments(message),
        automatic=_automatic(message),
    )


def _header(message: EmailMessage, key: str) -> str:
    """A header as text; a broken one as it stands."""
    try:
        return clean(str(message.get(key, "")), 20_000)
    except (ValueError, LookupError, AttributeError, TypeError, IndexError, AssertionError):
        return _raw(message, key)


def _raw(message: EmailMessage, key: str) -> str:
    return clean(str(next((text for name, text in message.raw_items() if name.lower() == key.lower()), "")))


def _mailbox(message: EmailMessage, key: str) -> Mailbox:
    """Who a header names; nobody where its parser stumbles."""
    try:
        return mailbox_of(message, key)
    except (ValueError, LookupError, AttributeError, TypeError, AssertionError):
        return Mailbox("", "")


def _automatic(message: EmailMessage) -> str | None:
    """Why a mail is taken for one that no person wrote; None where a person seems to have."""
    submitted = _header(message, "Auto-Submitted").lower().split(";")[0].strip()
    if submitted not in ("", "no"):
        return f"Auto-Submitted: {one_line(submitted, 40)}"
    precedence = _header(message, "Precedence").lower().strip()
    if precedence in ("bulk", "junk", "list", "auto_reply"):
        return f"Precedence: {precedence}"
    if message.get_content_type() == "multipart/report" or _header(message, "Return-Path").strip() == "<>":
        return "it reports what became of another mail"
    marks = ("X-Autoreply", "X-Autorespond", "X-Auto-Reply", "List-Unsubscribe")
    return next((f"it has {mark}" for mark in marks if mark in message), None)


def _attachments(message: EmailMessage) -> tuple[str, ...]:
    found = []
    for part in message.walk():
        if part.is_multipart() or not (part.get_filename() or part.get_content_disposition() == "attachment"):
            continue
        payload = part.get_payload(decode=True)
        size = len(payload) if isinstance(payload, bytes) else 0
        found.append(f"{one_line(part.get_filename() or 'without a name', 120)} ({size:,} bytes)")
    return tuple(found[:50])


def opening_of_mail(mail: Mail, taxonomy: Taxonomy, now: datetime) -> Opening:
    """The record of a mail."""
    policy = taxonomy.intake.mail
    services = services_mentioned(taxonomy, now, mail.subject)
    text, channel = without_signature(mail.text), policy.channel or MAIL
    told = Told(texts=(mail.title, text), services=services, channel=channel, at=now)
    category, guessed = assumed_category(taxonomy, policy.category, "mail.category", told)
    given, routed = routed_team(taxonomy, told)
    first = next((line for line in text.splitlines() if line.strip()), "")
    notes = [f"impact: {policy.impact}, urgency: {policy.urgency}, as schema/intake.yml has it for mails"]
    if not services:
        notes.append("no service: the subject names none")
    values = new_incident(
        title=mail.title,
        symptoms=[one_line(first, 300)] if first.strip() else [],
        services=suffering(services, ServiceState.DEGRADED_PERFORMANCE),
        category=category,
        impact=policy.impact,
        urgency=policy.urgency,
        opened=now,
        reporter=reporter(taxonomy, channel, **_who(mail, taxonomy)),
        origin={"system": MAIL, "id": mail.id},
        **given,
    )
    return Opening(values=values, body=_body(mail, text), notes=(*notes, *guessed, *routed))


def step_of_mail(mail: Mail) -> str:
    """What an answer adds to the record that it belongs to; its identity tells when it comes twice."""
    text = without_signature(without_quotes(mail.text)) or mail.text
    return f"Mail `{mail.id.strip('<>').replace('`', '')}`:\n\n{_body(mail, text)}"


def _body(mail: Mail, text: str) -> str:
    files = (
        f"\n\nAttached, and not kept:\n\n{verbatim(chr(10).join(mail.attachments))}"
        if mail.attachments
        else ""
    )
    return (verbatim(text) if text else "The mail has no text.") + files


def _who(mail: Mail, taxonomy: Taxonomy) -> dict[str, str]:
    """The handle of whoever has this address, else the name and address that the mail gives."""
    wanted = mail.address.casefold()
    for person in taxonomy.people:
        if wanted and wanted in {address.casefold() for address in person.emails}:
            return {"handle": person.handle}
    said = f"{mail.name} <{mail.address}>" if mail.name and mail.address else mail.name or mail.address
    return {"name": said} if said else {}


def reply_to(
    mail: Mail, id_: str, sender: str | None, priority: str | None, *, is_new: bool
) -> EmailMessage | None:
    """The answer to whoever wrote, ready to be sent; None where there is nobody to write to."""
    to = mail.answer_to
    if not to or (sender and sender.casefold() == to.casefold()):
        return None
    message = EmailMessage()
    message["To"] = Address(addr_spec=to)
    if sender:
        message["From"] = sender
    message["Subject"] = f"[{id_}] {one_line(_TAG.sub('', mail.title))}"
    if _ID.fullmatch(mail.id) and mail.id.isascii():
        message["In-Reply-To"] = mail.id
        message["References"] = mail.id
    # RFC 3834: so that no automatic answer answers this one
    message["Auto-Submitted"] = "auto-replied"
    logged = f"this is logged as {id_}{f', priority {priority}' if priority else ''}"
    happened = f"Thank you, {logged}." if is_new else f"Thank you, what you write is added to {id_}."
    message.set_content(
        f"{happened}\n\nWhat happens next: somebody takes it and works on it. "
        "If you have more to say,\nanswer this mail and leave the number in the subject as it is.\n"
    )
    return message


def mails_known(mail: Mail, steps: Sequence[str]) -> bool:
    """Whether the steps of a record tell of a mail already."""
    mark = f"Mail `{mail.id.strip('<>').replace('`', '')}`:"
    return any(step.startswith(mark) for step in steps)
