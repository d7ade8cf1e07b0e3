"""The page of a long list, and what belongs to it: the file with the whole list, a page a year."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import TypeVar

from incidentbook.pages.list_data import encode
from incidentbook.pages.lists import DATA, SHOWN, Figure, Listing, PlannedList
from incidentbook.pages.page import Content, Page, TocItem
from incidentbook.pages.site import Site
from incidentbook.publication import Output, urls

T = TypeVar("T")

Link = tuple[str, str]
"""A path of the site, and the words that lead there."""

Rest = tuple[tuple[str, tuple[Link, ...]], ...]
"""Links to the pages on which all rows stand, in groups that have a name."""


@dataclass(frozen=True)
class ListPage:
    """What the page of a list says beside the list.

    `empty` is what stands there while nothing is on record: a title, and a sentence for who may add
    the first. `links` stand below the lead. `crumb` is the page above this one.
    """

    path: str
    kind: str
    title: str
    description: str
    lead: str
    empty: tuple[str, str]
    links: tuple[Link, ...] = ()
    crumb: Link | None = None
    section: str = ""


@dataclass(frozen=True)
class Shelf:
    """A part of a list as a page of its own, such as a year: it stands still while the list grows."""

    path: str
    title: str
    make: Callable[[], Listing]
    key: str


def planned(
    site: Site,
    about: ListPage,
    listing: Callable[[], Listing],
    *,
    figures: Callable[[Listing], Sequence[Figure]] = lambda _: (),
    rest: Callable[[Listing], Rest] | None = None,
    shelves: Sequence[Shelf] = (),
) -> PlannedList:
    """Plan the page of a list with the file that holds all of it; the rows are gathered once for both."""
    once = cache(listing)
    index = Page(
        path=about.path,
        kind=about.kind,
        title=about.title,
        description=about.description,
        make=lambda: _content(site, about, once(), figures, rest or (lambda _: _rest_of(shelves))),
        section=about.section,
        single=True,
    )
    pages = [_shelf_page(site, about, shelf, _beside(shelves, shelf)) for shelf in shelves]
    data = Output(about.path + DATA, lambda: encode(once()))
    return PlannedList((index, *pages), (data,))


def _content(
    site: Site,
    about: ListPage,
    listing: Listing,
    figures: Callable[[Listing], Sequence[Figure]],
    rest: Callable[[Listing], Rest],
) -> Content:
    others = rest(listing) if listing.rows else ()
    toc = [TocItem("list", about.title)]
    return site.fill(
        "list.html",
        about.path,
        [*toc, TocItem("all", "All on pages")] if others else toc,
        about=about,
        listing=listing,
        figures=tuple(figures(listing)) if listing.rows else (),
        rest=others,
    )


def by_year(
    years: Iterable[tuple[str, list[T]]], shelf: Callable[[str, list[T]], Shelf]
) -> tuple[Shelf, ...]:
    """A shelf a year, the newest first; none where the list's own page holds everything."""
    found = sorted(years, key=lambda pair: pair[0], reverse=True)
    if sum(len(entries) for _, entries in found) <= SHOWN:
        return ()
    return tuple(shelf(year, entries) for year, entries in found)


def grouped(entries: Iterable[T], of: Callable[[T], str]) -> dict[str, list[T]]:
    """Entries by what `of` says of each."""
    found: dict[str, list[T]] = {}
    for entry in entries:
        found.setdefault(of(entry), []).append(entry)
    return found


def _rest_of(shelves: Sequence[Shelf]) -> Rest:
    links = tuple((shelf.path, shelf.title) for shelf in shelves)
    return (("", links),) if links else ()


def _beside(shelves: Sequence[Shelf], shelf: Shelf) -> tuple[Shelf | None, Shelf | None]:
    """The shelves before and after; the newest stands first."""
    at = shelves.index(shelf)
    return (shelves[at + 1] if at + 1 < len(shelves) else None, shelves[at - 1] if at else None)


def _shelf_page(site: Site, about: ListPage, shelf: Shelf, beside: tuple[Shelf | None, Shelf | None]) -> Page:
    path = shelf.path
    return Page(
        path=path,
        kind="shelf",
        title=f"{about.title}: {shelf.title}",
        description=f"{about.title} of {site.name}, {shelf.title}.",
        make=partial(_shelf_content, site, about, shelf, beside),
        section=about.section or about.path,
        key=shelf.key,
    )


def _shelf_content(
    site: Site, about: ListPage, shelf: Shelf, beside: tuple[Shelf | None, Shelf | None]
) -> Content:
    earlier, later = beside
    return site.fill(
        "shelf.html",
        shelf.path,
        [TocItem("list", shelf.title)],
        about=about,
        shelf=shelf,
        listing=shelf.make().whole(),
        earlier=earlier,
        later=later,
        up_to=urls.up(shelf.path) + about.path,
    )
