"""What a page of the site is, before any engine dresses it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property


@dataclass(frozen=True, slots=True)
class TocItem:
    """An entry of a page's table of contents; the title is plain text."""

    id: str
    title: str
    children: tuple[TocItem, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchEntry:
    """What a search may find: a page, or a part of it by its anchor. All plain text.

    `page` is the title of the page that a part is of. `filters` are what it is filed under: the facet,
    the value by which people name it, and the value in words. `day` puts the newer first.
    """

    title: str
    text: str
    anchor: str = ""
    tags: tuple[str, ...] = ()
    page: str = ""
    filters: tuple[tuple[str, str, str], ...] = ()
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A link in a text of a record, and where it led: to a path of the site, or nowhere.

    `source` is the file in which a relative address stands; it is empty where `address` is an ID.
    """

    source: str
    address: str
    answer: str | None


@dataclass(frozen=True, slots=True)
class Content:
    """The inside of a page: safe HTML that begins with its h1, its table of contents, its search entries.

    `asked` are the links that were followed while it was made: where one leads elsewhere now, the
    page does not hold any longer.
    """

    html: str
    toc: tuple[TocItem, ...]
    search: tuple[SearchEntry, ...] = ()
    asked: tuple[Asked, ...] = ()


@dataclass(frozen=True)
class Page:
    """One page: known by its address, made when asked.

    `path` is a folder relative to the site, with a final slash, or empty for the front page.
    `kind` names the template; pages of one kind and folder share a shell unless they are `single`.
    `section` is the path of the page in the navigation under which it lies. `source` is the
    record's file in the repository. Title and description are plain text. `key` names everything
    that the inside is made of beside the tool, the taxonomy and the audience (see `Site.key`): two
    builds with one key have the same inside. Empty means that it is made in each build.
    """

    path: str
    kind: str
    title: str
    description: str
    make: Callable[[], Content]
    section: str = ""
    source: str | None = None
    updated: date | None = None
    single: bool = False
    shows_toc: bool = False
    key: str = ""

    @cached_property
    def content(self) -> Content:
        """The inside of the page; kept for as long as the page is."""
        return self.make()
