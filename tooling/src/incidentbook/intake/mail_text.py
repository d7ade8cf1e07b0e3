"""The words of a mail: its text part or its HTML without markup, less signature and quotation."""

from __future__ import annotations

import re
from email.message import EmailMessage, MIMEPart
from html import unescape

import nh3

from incidentbook.intake.texts import clean

_LONGEST = 200_000
_BLOCKS = {"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "hr", "blockquote"}
_TAG = re.compile(r"<(/?)([a-z0-9]+)[^>]*>")
_SIGNATURE_LINES = 15

_OPENS_QUOTE = re.compile(
    r"(?:On|Am|Le|El|Il|Op|Den)\b.{5,300}"
    r"(?:wrote|schrieb|a \u00e9crit|escribi\u00f3|ha scritto|schreef|skrev).{0,80}:\s*$"
    r"|-{2,}\s*(?:Original Message|Urspr\u00fcngliche Nachricht|Message d'origine)\s*-{2,}\s*$",
    re.IGNORECASE,
)
_OUTLOOK = re.compile(
    r"(?:From|Von|De):\s.+\n(?:(?:Sent|Gesendet|Envoy\u00e9|Date|Datum):\s.+)", re.IGNORECASE
)


def text_of(message: EmailMessage) -> str:
    """The text of a mail; of HTML alone what is left without its markup."""
    body = message.get_body(preferencelist=("plain", "html"))
    if body is None:
        return ""
    text = _content(body)
    return clean(_without_markup(text) if body.get_content_type() == "text/html" else text, 50_000)


def _content(part: MIMEPart) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    charset = part.get_content_charset() or "utf-8"
    try:
        return payload[:_LONGEST].decode(charset, "replace")
    except (LookupError, ValueError):  # an encoding that nobody knows
        return payload[:_LONGEST].decode("utf-8", "replace")


def _without_markup(html: str) -> str:
    """Words of HTML, a line for each block; scripts and styles are gone with what they hold."""
    tidy = nh3.clean(html, tags=_BLOCKS, attributes={}, clean_content_tags={"script", "style", "title"})
    marked = _TAG.sub(lambda tag: "\n> " if tag[2] == "blockquote" and not tag[1] else "\n", tidy)
    lines = [" ".join(line.split()) for line in unescape(marked).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def without_signature(text: str) -> str:
    """A text without what stands below `-- `, where that is short enough to be a signature (RFC 3676)."""
    lines = text.split("\n")
    for index in range(len(lines) - 1, max(-1, len(lines) - 2 - _SIGNATURE_LINES), -1):
        # many programs take the blank away at the end of a line
        if lines[index] in ("-- ", "--") and index:
            return "\n".join(lines[:index]).rstrip()
    return text


def without_quotes(text: str) -> str:
    """An answer without the mail that it answers; all of it where nothing else would be left."""
    lines = text.split("\n")
    end = len(lines)
    for index, line in enumerate(lines):
        pair = "\n".join(lines[index : index + 2])
        joined = " ".join(lines[index : index + 2])
        if _OPENS_QUOTE.match(line) or _OPENS_QUOTE.match(joined) or _OUTLOOK.match(pair):
            end = index
            break
    kept = [line for line in lines[:end] if not line.startswith(">")]
    return "\n".join(kept).strip() or text
