"""Feeds as JSON Feed 1.1."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from incidentbook.feeds.briefing import Briefing
from incidentbook.feeds.items import Item, rfc3339
from incidentbook.feeds.texts import legal

VERSION = "https://jsonfeed.org/version/1.1"


def as_json_feed(title: str, about: str, place: str, items: Sequence[Item], briefing: Briefing) -> bytes:
    """Write the feed at `place`; `about` is the path of the page that shows the same to people."""
    addresses = briefing.addresses
    feed: dict[str, Any] = {
        "version": VERSION,
        "title": legal(title),
        "home_page_url": addresses.of_page(about, place) or "./",
        **({"feed_url": addresses.of_page(place, place)} if addresses.base else {}),
        "language": "en",
        "authors": [{"name": legal(briefing.name)}],
        "items": [
            {
                "id": item.id,
                "url": item.url,
                "title": item.title,
                "content_html": item.html,
                "summary": item.summary,
                "date_published": rfc3339(item.published),
                "date_modified": rfc3339(item.updated),
                "tags": item.tags,
            }
            for item in items
        ],
    }
    return msgspec.json.encode(feed)
