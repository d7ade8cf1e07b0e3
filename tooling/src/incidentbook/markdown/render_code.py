"""Colours for fenced code whose language is named."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from html import unescape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pygments.formatters import HtmlFormatter
    from pygments.lexer import Lexer

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
    if len(match[2]) > _LONGEST or not _LANGUAGE.fullmatch(language):
        return plain
    lexer = _lexer(language)
    if lexer is None:
        return plain
    from pygments import highlight as colour  # noqa: PLC0415 -- heavy: only where there is code to colour

    body = colour(unescape(match[2]), lexer, _formatter())
    return f'<div class="highlight"><pre><code>{body}</code></pre></div>'


@lru_cache(maxsize=64)
def _lexer(language: str) -> Lexer | None:
    from pygments.lexers import get_lexer_by_name  # noqa: PLC0415
    from pygments.util import ClassNotFound  # noqa: PLC0415

    try:
        return get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return None


@cache
def _formatter() -> HtmlFormatter[str]:
    # One for all: making it lays out a whole stylesheet, which takes longer than most blocks do.
    from pygments.formatters import HtmlFormatter  # noqa: PLC0415

    return HtmlFormatter(nowrap=True)
