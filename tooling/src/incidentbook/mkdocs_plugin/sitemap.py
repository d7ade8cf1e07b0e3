"""Planned pages in the shape in which the theme's sitemap template lists pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from incidentbook.pages import Page


@dataclass(frozen=True)
class ListedPage:
    """What sitemap.xml asks of a page."""

    canonical_url: str | None
    abs_url: str | None
    update_date: str | None
    is_link: bool = False


@dataclass(frozen=True)
class Listed:
    """What sitemap.xml asks of a file."""

    page: Any
    url: str


def listed(pages: Iterable[Page], site_url: str | None) -> Iterator[Listed]:
    """List planned pages; without a site_url none has an absolute address, as with MkDocs' own."""
    base = urlsplit(site_url).path if site_url else ""
    for page in pages:
        path = quote(page.path)
        updated = page.updated.isoformat() if page.updated else None
        if site_url:
            yield Listed(ListedPage(site_url + path, base + path, updated), page.path)
        else:
            yield Listed(ListedPage(None, None, updated), page.path)
