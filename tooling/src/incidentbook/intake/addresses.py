"""Web addresses from outside, without what lets others in: a repository keeps for ever what it once had."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

from incidentbook.intake.texts import clean

_ADDRESS = re.compile(r"https?://[^\s<>\"'`\\]+")
_IN_TEXT = re.compile(r"\b([a-z][a-z0-9+.-]*://)([^\s<>\"'`\\]+)", re.IGNORECASE)
_USER = re.compile(r"^[^/?#]*@")
_SECRET = re.compile(
    r"(?:^|[-_.\[])(?:tok|token|key|apikey|secret|pass|passwd|password|passphrase|pwd|pw|auth|authorization"
    r"|sig|signature|session|sessionid|sid|jwt|credential|credentials|otp|ticket|sas)(?:$|[-_.\]])",
    re.IGNORECASE,
)
_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def web_address(value: Any) -> str | None:
    """Return an http address without blanks, users, passwords and tokens; None for anything else."""
    text = clean(value, 2_000)
    if not _ADDRESS.fullmatch(text) or text.endswith("\u2026"):
        return None
    return without_secrets(text)


def bare_address(value: Any) -> str | None:
    """Return where an address leads to, without query and fragment: for what is watched, not shown."""
    address = web_address(value)
    return re.split(r"[?#]", address, maxsplit=1)[0] if address else None


def without_secrets(text: str) -> str:
    """Take users, passwords and what is called a token or a key out of every address in a text."""
    return _IN_TEXT.sub(lambda found: found[1] + _without_user(found[2]), text)


def _without_user(rest: str) -> str:
    place, *marked = re.split(r"([?#])", _USER.sub("", rest))
    pairs = zip(marked[::2], marked[1::2], strict=True)
    return place + "".join(mark + kept for mark, part in pairs if (kept := _kept(part)))


def _kept(part: str) -> str:
    """The parameters of a query or a fragment that are not called like a credential."""
    separator = ";" if ";" in part and "&" not in part else "&"
    return separator.join(one for one in part.split(separator) if not _is_secret(one))


def _is_secret(parameter: str) -> bool:
    name, sign, _ = parameter.partition("=")
    return bool(sign) and bool(_SECRET.search(_WORDS.sub("_", unquote(name))))
