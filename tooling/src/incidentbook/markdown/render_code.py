"""Colours for fenced code whose language is named."""

from __future__ import annotations

import re
from html import unescape

_BLOCK = re.compile(r'<pre lang="([^"]*)"><code>(.*?)</code></pre>', re.DOTALL)
_LANGUAGE = re.compile(r"[A-Za-z0-9_+#.-]{1,40}")
_LONGEST = 100_000
"""Characters beyond which a block is shown plain: colouring is not linear for every language."""


def highlight(html: str) -> str:
    """Replace code blocks in sanitised HTML by coloured ones; an unknown language stays plain."""
    return _BLOCK.sub(_coloured, html)


def _coloured(match: re.Match[str]) -> str:
    # heavy: only where there is code to colour
    from pygments import highlight as colour  # noqa: PLC0415
    from pygments.formatters import HtmlFormatter  # noqa: PLC0415
    from pygments.lexers import get_lexer_by_name  # noqa: PLC0415
    from pygments.util import ClassNotFound  # noqa: PLC0415

    plain = f"<pre><code>{match[2]}</code></pre>"
    language = unescape(match[1]).split(" ", 1)[0]
    if len(match[2]) > _LONGEST or not _LANGUAGE.fullmatch(language):
        return plain
    try:
        lexer = get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return plain
    body = colour(unescape(match[2]), lexer, HtmlFormatter(nowrap=True))
    return f'<div class="highlight"><pre><code>{body}</code></pre></div>'
