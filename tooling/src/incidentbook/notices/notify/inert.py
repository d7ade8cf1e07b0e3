"""Words of a person as text of a message: they call nobody, link to nothing and format nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from incidentbook.markdown.literal import literal, literal_with_code, plain_title
from incidentbook.taxonomy.settings.notifications import MessageFormat

_BREAK = "\u200b"
_ACTIVE = re.compile(
    r"<(?=[!@#:/a-zA-Z])|\](?=\()|@(?=[^\u200b])|:(?=//)|(?i:\b(?:mailto|tel|javascript|data):)(?=\S)"
)
"""What chats act upon in text that is no Markdown either: `<!channel>`, `[x](y)`, `@here`, `mailto:x`."""

MOST = 1500
"""Characters of one text of a record: a message is to be read on a telephone."""


class Inert(str):
    """Text that is ours and goes out as it is."""

    __slots__ = ()


def plain(text: str, most: int = MOST) -> str:
    """Let text be nothing but text, on one line, where a program may look for mentions and links."""
    return _ACTIVE.sub(lambda found: found[0] + _BREAK, plain_title(text, most))


def _markdown(text: str) -> str:
    return literal(text, MOST)


MAKE_INERT: Mapping[MessageFormat, Callable[[str], str]] = MappingProxyType(
    {MessageFormat.TEXT: plain, MessageFormat.MARKDOWN: _markdown}
)
"""What becomes of a text in a message of each format."""


def said(text: str, format_: MessageFormat) -> Inert:
    """Our own words, in which code stands between backticks."""
    return Inert(literal_with_code(text) if format_ is MessageFormat.MARKDOWN else text.replace("`", ""))
