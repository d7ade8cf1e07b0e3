"""Where the links of a Markdown text lead, and which anchors it has itself."""

from __future__ import annotations

import re
from html import unescape

from incidentbook.markdown.anchors import slug, unused, words_of
from incidentbook.markdown.dialect import to_html
from incidentbook.markdown.sanitising import clean

_ADDRESS = re.compile(r'<(?:a|img) [^>]*?\b(?:href|src)="([^"]*)"')
_HEADING = re.compile(r"<h([1-6])>(.*?)</h\1>", re.DOTALL)
_OWN = re.compile(r'<(?:a|li) [^>]*?\b(?:id|name)="([^"]*)"')
_FOREIGN = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)


def may_link(text: str) -> bool:
    """Whether it is worth looking for links: a text without these has none but to other hosts."""
    return "](" in text or "]:" in text or "<a" in text or "<img" in text


def relative_addresses(text: str) -> tuple[str, ...]:
    """Addresses of links and images that lead to no other host, in order, each once; code has none."""
    if not may_link(text):
        return ()
    found = dict.fromkeys(unescape(address) for address in _ADDRESS.findall(clean(to_html(text))))
    return tuple(address for address in found if address and not _FOREIGN.match(address))


def anchors(text: str) -> frozenset[str]:
    """The anchors of a text's headings as GitHub names them, and those that its author set."""
    html = clean(to_html(text))
    found = set(map(unescape, _OWN.findall(html)))
    headings: set[str] = set()
    for _, inside in _HEADING.findall(html):
        headings.add(unused(slug(words_of(inside)), headings))
    return frozenset(found | headings)
