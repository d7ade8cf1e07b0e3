"""The pages of categories: what each means, how often it happens, how it usually ends, what helps."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from markupsafe import Markup

from incidentbook.archive import RecordEntry
from incidentbook.pages.caseload import Caseload, Caseloads, caseloads, most_used_articles, used_articles
from incidentbook.pages.page import Content, Page, SearchEntry, TocItem
from incidentbook.pages.problem import ProblemEntry
from incidentbook.pages.site import Site
from incidentbook.publication import urls
from incidentbook.records import ProblemStatus
from incidentbook.taxonomy.settings import Category, Entry

LATELY, PROBLEMS, ARTICLES, ENDINGS = 20, 8, 8, 3
"""How many are listed: incidents of late, problems, articles, and ways in which incidents ended."""

_SHOWN = (ProblemStatus.KNOWN_ERROR, ProblemStatus.OPEN)


@dataclass(frozen=True)
class Heading:
    """One category or subcategory with its incidents; `below` are its subcategories."""

    category: Category
    own: Entry
    load: Caseload
    problems: tuple[ProblemEntry, ...]
    below: tuple[Heading, ...]
    site: Site

    @property
    def key(self) -> str:
        """How records and addresses name it: `application/deployment`."""
        return self.own.id if self.is_top else f"{self.category.id}/{self.own.id}"

    @property
    def is_top(self) -> bool:
        """Whether it is of the first level."""
        return self.own is self.category

    @property
    def path(self) -> str:
        """Where its page lies."""
        return urls.category_path(self.key)

    @cached_property
    def articles(self) -> tuple[tuple[RecordEntry[Any], int], ...]:
        """What its incidents of the year used most."""
        return most_used_articles(self.load.of_the_year, self.site, ARTICLES)

    @property
    def endings(self) -> tuple[tuple[str, int], ...]:
        """How its incidents of the year ended most: (resolution code, how many)."""
        codes = (entry.record.resolution for entry in self.load.of_the_year)
        counts = Counter(resolution.code for resolution in codes if resolution and resolution.code)
        return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:ENDINGS])

    def cache_key(self) -> str:
        """Name what its page is made of."""
        return self.site.key(
            *self.problems,
            *used_articles(self.load.gathered, self.site),
            facts=self.load.key(),
            by_time=self.load.has_open,
        )


def headings(site: Site) -> tuple[Heading, ...]:
    """Every category of the catalogue with its subcategories, each once, retired ones among them."""
    loads = caseloads(site)
    problems: dict[str, list[ProblemEntry]] = {}
    for entry in reversed(site.published.problems):
        found = site.taxonomy.category(entry.record.category) if entry.record.category else None
        if found is None or entry.record.status not in _SHOWN:
            continue
        top, below = found
        for key in (top.id, *((f"{top.id}/{below.id}",) if below else ())):
            problems.setdefault(key, []).append(entry)
    keys = dict.fromkeys(category.id for category in site.taxonomy.categories)
    found_tops = (site.taxonomy.category(key) for key in keys)
    return tuple(_top(found[0], loads, problems, site) for found in found_tops if found is not None)


def _top(
    category: Category, loads: Caseloads, problems: dict[str, list[ProblemEntry]], site: Site
) -> Heading:
    entries = {entry.id: entry for entry in category.subcategories}
    below = tuple(
        Heading(
            category,
            entry,
            loads.of_category(f"{category.id}/{entry.id}"),
            tuple(problems.get(f"{category.id}/{entry.id}", ())),
            (),
            site,
        )
        for entry in entries.values()
    )
    own = tuple(problems.get(category.id, ()))
    return Heading(category, category, loads.of_category(category.id), own, below, site)


def pages(site: Site) -> list[Page]:
    """Plan the list of categories and one page each; to the public, categories are not shown."""
    if not site.internal:
        return []
    every = headings(site)
    index = Page(
        path=urls.CATEGORIES,
        kind="categories",
        title="Categories",
        description="What sorts of things go wrong, how often, and how they usually end.",
        make=lambda: _index_content(every, site),
        section=urls.INCIDENTS,
        single=True,
    )
    return [index, *(_page(one, site) for top in every for one in (top, *top.below))]


def _index_content(every: tuple[Heading, ...], site: Site) -> Content:
    none = sum(1 for entry in site.ledger.counted if entry.record.category is None)
    return site.fill(
        "categories.html",
        urls.CATEGORIES,
        [TocItem("categories", "Categories")],
        headings=every,
        without=none,
    )


def _page(heading: Heading, site: Site) -> Page:
    name = site.category(heading.key)
    return Page(
        path=heading.path,
        kind="category",
        title=name,
        description=heading.own.definition or f"Incidents of the category {name}.",
        make=partial(_content, heading, name, site),
        section=urls.INCIDENTS,
        shows_toc=True,
        key=heading.cache_key(),
    )


def _content(heading: Heading, name: str, site: Site) -> Content:
    load, chart = heading.load, heading.load.chart()
    sections = (
        ("help", "What helps", bool(load.entries or heading.problems)),
        ("trend", "Trend", chart is not None),
        ("subcategories", "Subcategories", bool(heading.below)),
        ("lately", "Incidents lately", True),
    )
    search = SearchEntry(name, heading.own.definition or "", tags=("Category",))
    return site.fill(
        "category.html",
        heading.path,
        (TocItem(id_, title) for id_, title, is_shown in sections if is_shown),
        (search,),
        shown={id_ for id_, _, is_shown in sections if is_shown},
        heading=heading,
        load=load,
        newest=load.entries[:LATELY],
        chart=Markup(chart.figure()) if chart else None,  # noqa: S704 -- charts escapes its words
    )
