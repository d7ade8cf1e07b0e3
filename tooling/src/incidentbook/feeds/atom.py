"""Feeds as Atom 1.0 (RFC 4287)."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from incidentbook.feeds.briefing import Briefing
from incidentbook.feeds.items import Item, rfc3339
from incidentbook.feeds.texts import legal


def as_atom(title: str, about: str, place: str, items: Sequence[Item], briefing: Briefing) -> bytes:
    """Write the feed at `place`; `about` is the path of the page that shows the same to people."""
    addresses = briefing.addresses
    updated = max((item.updated for item in items), default=briefing.now)
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">',
        f"<id>{addresses.feed_id(place)}</id>",
        f"<title>{_text(title)}</title>",
        f"<updated>{rfc3339(updated)}</updated>",
        f"<author><name>{_text(briefing.name)}</name></author>",
        f'<link rel="alternate" type="text/html" href="{_text(addresses.of_page(about, place) or "./")}"/>',
        *([f'<link rel="self" type="application/atom+xml" href="{_text(addresses.of_page(place, place))}"/>']
          if addresses.base else []),
        "<generator>Incidentbook</generator>",
        *(_entry(item) for item in items),
        "</feed>",
        "",
    ]  # fmt: skip
    return "\n".join(lines).encode()


def _entry(item: Item) -> str:
    return "\n".join(
        (
            "<entry>",
            f"<id>{item.id}</id>",
            f"<title>{_text(item.title)}</title>",
            f'<link rel="alternate" type="text/html" href="{_text(item.url)}"/>',
            f"<published>{rfc3339(item.published)}</published>",
            f"<updated>{rfc3339(item.updated)}</updated>",
            *(f'<category term="{_text(tag)}"/>' for tag in item.tags),
            f"<summary>{_text(item.summary)}</summary>",
            f'<content type="html">{_text(item.html)}</content>',
            "</entry>",
        )
    )


def _text(text: str) -> str:
    # a carriage return in a document is read as a line feed
    return escape(legal(text)).replace("\r", "&#13;")
