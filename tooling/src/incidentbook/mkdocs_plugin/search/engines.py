"""Which search a site has, and what a build does for it."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from mkdocs.config.defaults import MkDocsConfig

from incidentbook.cache import Cache
from incidentbook.mkdocs_plugin.search.dialog import is_shown, led_by_us
from incidentbook.mkdocs_plugin.search.documents import Document, hand_written
from incidentbook.mkdocs_plugin.search.index import Folder, Index
from incidentbook.mkdocs_plugin.search.material import append, index_entries
from incidentbook.pages import Page, SearchEntry

Entries = Callable[[], tuple[SearchEntry, ...]]


class Engine(StrEnum):
    """Who answers what is asked in the search box."""

    INCIDENTBOOK = "incidentbook"
    MATERIAL = "material"


class Search(Protocol):
    """The search of one build."""

    def dialog(self, html: str) -> str:
        """The page with its search box ready for this search."""

    def add(self, page: Page, digest: str, entries: Entries) -> None:
        """Let a planned page be found; `digest` names what `entries` would give."""

    def write(self, built: Path, site: Folder) -> None:
        """Write the index: `built` is what MkDocs has built, `site` where the site is going to be."""


def search_of(config: MkDocsConfig, engine: Engine, cache: Cache, place: str) -> Search:
    """The search that the configuration asks for; none where the theme shows no search box."""
    if not is_shown(config):
        return NoSearch()
    return MaterialSearch() if engine is Engine.MATERIAL else OwnSearch(cache, place)


class OwnSearch:
    """Our own index, in pieces."""

    def __init__(self, cache: Cache, place: str) -> None:
        self._index = Index(cache, place)

    def dialog(self, html: str) -> str:
        """Hand the dialog to our script."""
        return led_by_us(html)

    def add(self, page: Page, digest: str, entries: Entries) -> None:
        """Add the page to the index."""
        self._index.add(Document(page.path, digest, entries))

    def write(self, built: Path, site: Folder) -> None:
        """Add what people wrote by hand, and write the index."""
        for document in hand_written(built):
            self._index.add(document)
        self._index.write(site)


class MaterialSearch:
    """Material's own index: one file with every word, which each page fetches."""

    def __init__(self) -> None:
        self._found: dict[str, list[dict[str, Any]]] = {}

    def dialog(self, html: str) -> str:
        """Leave the dialog to Material."""
        return html

    def add(self, page: Page, digest: str, entries: Entries) -> None:  # noqa: ARG002 -- the protocol's
        """Keep what the page adds."""
        self._found[page.path] = list(index_entries(page, entries()))

    def write(self, built: Path, site: Folder) -> None:  # noqa: ARG002 -- the protocol's
        """Add our entries to the index beside Material's."""
        # pages come as they are made, and what is new comes last: the index must not depend on it
        append(built, [entry for path in sorted(self._found) for entry in self._found[path]])


class NoSearch:
    """Nothing is asked, nothing is found."""

    def dialog(self, html: str) -> str:
        """Leave the page as it is."""
        return html

    def add(self, page: Page, digest: str, entries: Entries) -> None:
        """Do nothing."""

    def write(self, built: Path, site: Folder) -> None:
        """Do nothing."""
