"""Colours for fenced code whose language is named, and diagrams marked as such."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from html import escape, unescape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pygments.lexer import Lexer
    from pygments.token import _TokenType

DIAGRAM = '<pre class="ib-mermaid" tabindex="0"><code>{}</code></pre>'
"""A diagram's source, to be drawn by a script; not `class="mermaid"`, which Material loads a script for
from another host. Its source may be wider than a phone, and is then scrolled, with the keyboard too."""

_BLOCK = re.compile(r'<pre lang="([^"]*)"><code>(.*?)</code></pre>', re.DOTALL)
_LANGUAGE = re.compile(r"[A-Za-z0-9_+#.-]{1,40}")
_LONGEST = 100_000
"""Characters beyond which a block is shown plain: colouring is not linear for every language."""


def highlight(html: str) -> str:
    """Replace code blocks in sanitised HTML by coloured ones; an unknown language stays plain."""
    return _BLOCK.sub(_coloured, html)


def _coloured(match: re.Match[str]) -> str:
    plain = f"<pre><code>{match[2]}</code></pre>"
    language = unescape(match[1]).split(" ", 1)[0]
    if language.lower() == "mermaid":
        return DIAGRAM.format(match[2])
    if len(match[2]) > _LONGEST or not _LANGUAGE.fullmatch(language):
        return plain
    lexer = _lexer(language)
    if lexer is None:
        return plain
    body = _spans(unescape(match[2]), lexer)
    return f'<div class="highlight"><pre><code>{body}</code></pre></div>'


def _spans(code: str, lexer: Lexer) -> str:
    """Half the time of Pygments' own formatter, and no spans around blanks."""
    pieces: list[str] = []
    last, run = "", ""
    for _, token, value in lexer.get_tokens_unprocessed(code):
        name = last if value.isspace() else _class(token)
        if name != last:
            pieces.append(_span(last, run))
            last, run = name, value
        else:
            run += value
    pieces.append(_span(last, run))
    return "".join(pieces)


def _span(name: str, text: str) -> str:
    words = escape(text, quote=False)
    return f'<span class="{name}">{words}</span>' if name and words else words


@cache
def _class(token: _TokenType) -> str:
    """The class that Pygments' stylesheets, and so the theme's, have for a kind of token."""
    from pygments.token import STANDARD_TYPES  # noqa: PLC0415

    while token not in STANDARD_TYPES and token.parent is not None:
        token = token.parent
    return STANDARD_TYPES.get(token, "")


@lru_cache(maxsize=64)
def _lexer(language: str) -> Lexer | None:
    # heavy: only where there is code to colour
    from pygments.lexers import get_lexer_by_name  # noqa: PLC0415
    from pygments.util import ClassNotFound  # noqa: PLC0415

    try:
        return get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return None
