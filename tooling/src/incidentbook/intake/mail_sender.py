"""Who wrote a mail, and where the answer goes: of what the header's own grammar takes for an address."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage

from incidentbook.intake.texts import one_line

_ADDRESS = re.compile(r"[^@\s<>\"',;:()\[\]\\]{1,64}@[^@\s<>\"',;:()\[\]\\]{1,250}")
_ENCODED = "=?"
_TEXT_LEFT_OVER = "invalid address in address-list"
"""What the parser says of `jo@corp.example <other@evil.example>`, of which it keeps the first alone."""


@dataclass(frozen=True)
class Mailbox:
    """A name and an address, both clean; either may be empty."""

    name: str
    address: str


def mailbox_of(message: EmailMessage, key: str) -> Mailbox:
    """The one mailbox that a header names.

    Names may hold addresses, in words or encoded, and are never searched for one. A header that is there
    twice, names several or breaks the grammar has no address: which of them it is would be a guess.
    """
    if len(message.get_all(key, [])) != 1:
        return Mailbox("", "")
    found = [one for one in _addresses(message, key) if _is_address(one.addr_spec)]
    if len(found) != 1:
        return Mailbox("", "")
    return Mailbox(one_line(found[0].display_name, 80), found[0].addr_spec)


def _addresses(message: EmailMessage, key: str) -> tuple[Address, ...]:
    header = message[key]
    if any(str(defect) == _TEXT_LEFT_OVER for defect in header.defects):
        return ()
    return tuple(getattr(header, "addresses", ()))


def _is_address(text: str) -> bool:
    return text.isascii() and text.isprintable() and _ENCODED not in text and bool(_ADDRESS.fullmatch(text))
