"""Planned pages in the shape in which the theme's sitemap template lists pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

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


def listed(page: Page, site_url: str | None) -> Listed:
    """List a planned page; without a site_url it has no absolute address, as with MkDocs' own."""
    canonical = urljoin(site_url, quote(page.path)) if site_url else None
    updated = page.updated.isoformat() if page.updated else None
    return Listed(ListedPage(canonical, urlsplit(canonical).path if canonical else None, updated), page.path)
