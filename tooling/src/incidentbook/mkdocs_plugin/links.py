"""Links from hand-written pages to record files, led to the records' pages."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_ASIDE = "data-incidentbook-href"


class RecordLinks(Extension):
    """Rewrites links such as `../incidents/2026/INC-2026-0042.md`, which also work on the forge.

    MkDocs knows only files below docs_dir and would warn of these. So the first processor runs
    before MkDocs' own and lays the finished address aside; the second puts it back after.
    """

    def __init__(self, by_source: Mapping[str, str], docs_dir: str) -> None:
        super().__init__()
        self.by_source = by_source
        self.docs_dir = docs_dir
        self.page_source = ""
        self.page_url = ""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 -- the name is Python-Markdown's
        """Register both processors around MkDocs' `relpath`, whose priority is 0."""
        md.treeprocessors.register(_LayAside(md, self), "incidentbook_links", 1)
        md.treeprocessors.register(_PutBack(md), "incidentbook_links_back", -1)

    def address_of(self, href: str) -> str | None:
        """The address of a record's page from the present page; None where the link names no record."""
        parts = urlsplit(href)
        if parts.scheme or parts.netloc or not parts.path or not self.by_source:
            return None
        here = posixpath.join(self.docs_dir, posixpath.dirname(self.page_source))
        path = self.by_source.get(posixpath.normpath(posixpath.join(here, unquote(parts.path))))
        if path is None:
            return None
        fragment = f"#{parts.fragment}" if parts.fragment else ""
        return posixpath.relpath(quote(path) or ".", self.page_url or ".") + "/" + fragment


class _LayAside(Treeprocessor):
    def __init__(self, md: Markdown, links: RecordLinks) -> None:
        super().__init__(md)
        self.links = links

    def run(self, root: Element) -> None:
        for element in root.iter("a"):
            address = self.links.address_of(element.get("href", ""))
            if address is not None:
                element.set(_ASIDE, address)
                element.set("href", "")


class _PutBack(Treeprocessor):
    def run(self, root: Element) -> None:
        for element in root.iter("a"):
            address = element.attrib.pop(_ASIDE, None)
            if address is not None:
                element.set("href", address)
