"""The list of articles: runbooks, how-tos, questions and answers, whether they may be relied on or not."""

from __future__ import annotations

from collections.abc import Iterable

from incidentbook.archive import RecordEntry
from incidentbook.pages.list_choices import Choices
from incidentbook.pages.list_pages import ListPage, Shelf, grouped, planned
from incidentbook.pages.lists import (
    SERVICES,
    SHOWN,
    Choice,
    Column,
    Facet,
    Figure,
    Kind,
    Listing,
    Place,
    PlannedList,
    Record,
    Row,
)
from incidentbook.pages.site import Site
from incidentbook.publication import urls
from incidentbook.records import Article, ArticleStatus, ArticleType, Readers

ArticleEntry = RecordEntry[Article]

_STATES = (ArticleStatus.PUBLISHED, ArticleStatus.DRAFT, ArticleStatus.RETIRED)
_SHELVES = {
    ArticleType.RUNBOOK: ("runbooks", "Runbooks"),
    ArticleType.HOW_TO: ("how-to", "How-to"),
    ArticleType.FAQ: ("faq", "Questions and answers"),
}


def index(site: Site) -> PlannedList:
    """Plan the list."""
    about = ListPage(
        path=urls.ARTICLES,
        kind="articles",
        title="Articles",
        description="Runbooks, how-tos, questions and answers: each one thing that somebody can do.",
        lead="Runbooks, how-tos, questions and answers: each one thing that somebody in trouble can do.",
        empty=(
            "No article yet",
            "Runbooks, how-tos and answers will stand here. "
            "The first is a Markdown file in `knowledge/articles/`."
            if site.internal
            else "Answers and how-tos will stand here.",
        ),
        crumb=(urls.KNOWLEDGE, "Knowledge"),
        section=urls.KNOWLEDGE,
    )
    articles = site.published.articles
    return planned(
        site, about, lambda: listing(site, articles), figures=_figures, shelves=_shelves(site, articles)
    )


def listing(site: Site, entries: Iterable[ArticleEntry]) -> Listing:
    """Gather the rows: published ones by title, then drafts, then retired ones."""

    def rank(entry: ArticleEntry) -> tuple[int, str, str]:
        return (_STATES.index(entry.record.status), entry.record.title.casefold(), entry.id)

    gathering = _Gathering(site)
    rows = map(gathering.row, sorted(entries, key=rank))
    return Listing.of(("article", "articles"), _COLUMNS, rows)


_COLUMNS = (
    Column("article", "Article", Kind.RECORD, folder=urls.ARTICLES, named=False),
    Column("mark", "Mark", Kind.CHOICES, Place.TAG),
    Column("summary", "Summary", Kind.TEXT, Place.NOTE),
    Column("type", "Type", Kind.CHOICE, facet=Facet.FIRST, order=tuple(_SHELVES)),
    Column("status", "State", Kind.CHOICE, order=_STATES),
    Column("state", "State", Kind.CHOICES, Place.UNSEEN, Facet.FIRST, order=("due", *_STATES)),
    Column("readers", "For", Kind.CHOICE, facet=Facet.FIRST, order=tuple(Readers)),
    SERVICES,
    Column("reviewed", "Last tried", Kind.DAY),
    Column("review_by", "Try again by", Kind.DAY),
    Column("team", "Team", Kind.CHOICES, Place.UNSEEN, Facet.FURTHER, missing="No team"),
    Column("owner", "Owner", Kind.CHOICE, Place.UNSEEN, Facet.FURTHER, missing="Nobody"),
)


class _Gathering:
    """What the list shows of articles: their values, each made once."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._choices = Choices(site)
        self._stale = Choice("due", "Due to be tried", "warn")

    def row(self, entry: ArticleEntry) -> Row:
        """The values of one article, in the order of `_COLUMNS`."""
        article, choices = entry.record, self._choices
        state = choices.state(article.status.value)
        marks = (self._stale,) if self._is_stale(article) else ()
        return (
            Record(entry.id, article.title),
            marks,
            article.summary,
            choices.plain(article.type.value),
            state,
            (*marks, state),
            choices.plain(article.readers.value),
            choices.services(article.services),
            article.reviewed,
            article.review_by,
            choices.teams_of(article.owner, article.team),
            choices.person(article.owner) if article.owner else None,
        )

    def _is_stale(self, article: Article) -> bool:
        if article.status is ArticleStatus.RETIRED or article.review_by is None:
            return False
        return article.review_by < self._site.today


def _figures(listing: Listing) -> tuple[Figure, ...]:
    counted = (
        *(("type", type_.value, words.lower()) for type_, (_, words) in _SHELVES.items()),
        ("state", "due", "due to be tried again"),
    )
    counts = ((column, key, listing.count(column, key), words) for column, key, words in counted)
    return tuple(Figure(f"{n:,}", words, f"?{column}={key}") for column, key, n, words in counts if n)


def _shelves(site: Site, articles: tuple[ArticleEntry, ...]) -> tuple[Shelf, ...]:
    # An article's slug may be any word, so that these lie beside the articles, not among them.
    if len(articles) <= SHOWN:
        return ()

    def shelf(type_: ArticleType, name: str, words: str) -> Shelf:
        entries = by_type.get(type_.value, [])
        return Shelf(
            f"{urls.KNOWLEDGE}{name}/",
            words,
            lambda: listing(site, entries),
            site.key(*entries, facts=(site.today,)),
        )

    by_type = grouped(articles, lambda entry: entry.record.type.value)
    return tuple(shelf(type_, *about) for type_, about in _SHELVES.items() if by_type.get(type_.value))
