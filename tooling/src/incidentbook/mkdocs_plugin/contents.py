"""Tables of contents in MkDocs' terms, and as the theme draws them."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from types import SimpleNamespace

from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.toc import AnchorLink, TableOfContents

from incidentbook.pages import Page, TocItem

_DRAWING = '{% import "partials/language.html" as lang with context %}{% include "partials/toc.html" %}'


def table_of_contents(items: tuple[TocItem, ...], level: int = 2) -> TableOfContents:
    """The items as MkDocs has them: the h1 is level 1 and not among them; titles are HTML."""
    return TableOfContents([_link(item, level) for item in items])


def _link(item: TocItem, level: int) -> AnchorLink:
    link = AnchorLink(escape(item.title), escape(item.id), level)
    link.children = [_link(child, level + 1) for child in item.children]
    return link


_EVERY_SHAPE = (TocItem("a", "A", (TocItem("b", "B"),)), TocItem("c", "C"))


class Contents:
    """Draws tables of contents with the theme's own template, each different one once."""

    def __init__(self, environment: Environment, config: MkDocsConfig) -> None:
        self._template = environment.from_string(_DRAWING)
        self._config = config
        self._drawn: dict[tuple[TocItem, ...], str] = {}
        self.stamp = self.draw(_EVERY_SHAPE)
        """What tells the theme's way of drawing from another."""

    def draw(self, items: tuple[TocItem, ...]) -> str:
        """Draw one; pages of records share most of theirs."""
        drawn = self._drawn.get(items)
        if drawn is None:
            page = SimpleNamespace(toc=table_of_contents(items))
            drawn = self._template.render(page=page, config=self._config).strip()
            self._drawn[items] = drawn
        return drawn


class Anchors(set[str]):
    """The anchors of a page, which MkDocs asks for only where a hand-written page links to one."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self._page = page

    def __contains__(self, anchor: object) -> bool:
        return any(anchor == id_ for id_ in _ids(self._page.content.toc))


def _ids(items: tuple[TocItem, ...]) -> Iterator[str]:
    for item in items:
        yield item.id
        yield from _ids(item.children)
