"""Texts of records for machines: plain, or as HTML that is safe outside the site."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from incidentbook.archive import RecordEntry
from incidentbook.feeds.addresses import Addresses
from incidentbook.markdown import Rewriting, render
from incidentbook.publication import Urls

ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, not even escaped; half of a character is among it."""

_BREAK = re.compile(r"<br\s*/?>|</(?:p|div|li|tr|h[1-6]|pre|blockquote|dt|dd|summary|section)>|<hr\s*/?>")
_ITEM = re.compile(r"<li\b[^>]*>")
_CELL = re.compile(r"</t[dh]>")
_LINK = re.compile(r'<a\b[^>]*?\bhref="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_TAG_LIKE = re.compile(r"<(?=[A-Za-z/!?])")
_BLANKS = re.compile(r"[ \t\r\f\v]+")


def legal(text: str) -> str:
    """Leave out what no XML document, calendar or feed may hold."""
    return ILLEGAL.sub("", text)


class Texts:
    """The texts of records as the file at `place` holds them; links lead where they lead from there."""

    def __init__(self, urls: Urls, addresses: Addresses, place: str) -> None:
        self._urls = urls
        self._addresses = addresses
        self._place = place

    def html(self, text: str, entry: RecordEntry[Any], prefix: str = "", top_level: int = 3) -> str:
        """Render Markdown; a link to what the reader may not see loses its address."""

        def link(address: str) -> str | None:
            found = self._urls.resolve(address, entry.path)
            return None if found is None else self._address(found)

        def mention(id_: str) -> str | None:
            found = self._urls.by_id.get(id_)
            return None if found is None else self._addresses.of_page(found, self._place)

        rewriting = Rewriting(link=link, mention=mention, prefix=prefix, top_level=top_level)
        return legal(render(legal(text), rewriting).html).strip()

    def _address(self, resolved: str) -> str:
        # `resolve` has quoted it already
        return self._addresses.of_page("", self._place) + resolved

    def plain(self, text: str, entry: RecordEntry[Any]) -> str:
        """The words of Markdown, one block a line; where a link leads stands behind its words."""
        return plain(self.html(text, entry))


def plain(html: str) -> str:
    """The words of HTML that `render` made.

    Clients of Statuspage take such texts for HTML now and then. So what was written as the words
    "<script>" is no tag here either.
    """
    html = html.replace("\n", " ") if "<pre" not in html else html
    html = _LINK.sub(_spelled_out, html)
    html = _CELL.sub("\t", _ITEM.sub("- ", _BREAK.sub("\n", html)))
    words = _TAG_LIKE.sub("\u2039", unescape(_TAG.sub("", html)))
    lines = (_BLANKS.sub(" ", line).strip() for line in words.split("\n"))
    return legal("\n".join(line for line in lines if line))


def _spelled_out(match: re.Match[str]) -> str:
    address, words = match[1], match[2]
    if not address.startswith(("http://", "https://")) or unescape(_TAG.sub("", words)) == unescape(address):
        return words
    return f"{words} ({address})"
