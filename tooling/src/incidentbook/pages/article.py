"""The page of an article: when to use it, what to do first, the steps, and whether it is still true."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from incidentbook.archive import RecordEntry
from incidentbook.markdown import Rendered, plain_text
from incidentbook.pages.page import Content, Page, SearchEntry, TocItem
from incidentbook.pages.site import Site
from incidentbook.pages.uses import Uses, neighbours, uses_of
from incidentbook.pages.words import label
from incidentbook.publication import urls
from incidentbook.records import Article, ArticleType

ArticleEntry = RecordEntry[Article]

LISTED = 10
"""How many of the incidents that used it are named; how many there were is said."""

_BODY = {
    ArticleType.RUNBOOK: ("steps", "Steps"),
    ArticleType.HOW_TO: ("steps", "Steps"),
    ArticleType.FAQ: ("answer", "Answer"),
}
_TAKEN = ("when", "first", "steps", "answer", "about", "used")


def page_of(entry: ArticleEntry, site: Site) -> Page:
    """Plan the page of an article."""
    article = entry.record
    path = urls.path_of(entry.name)
    uses = uses_of(entry, site)
    return Page(
        path=path,
        kind="article",
        title=article.title,
        description=article.summary or article.do_first or article.title,
        make=lambda: _content(entry, uses, site, path),
        section=urls.KNOWLEDGE,
        source=entry.path,
        updated=article.reviewed,
        shows_toc=True,
        key=site.key(
            entry,
            *neighbours(entry, site, but="incident"),
            *uses.incidents[:LISTED],
            facts=(uses.facts(), site.past_review(article)),
        ),
    )


def _content(entry: ArticleEntry, uses: Uses, site: Site, path: str) -> Content:
    article = entry.record
    # a body that begins with a heading brings its own order; any other stands under one of ours
    heading = None if entry.body.lstrip().startswith("#") else _BODY[article.type]
    body = site.markdown(entry.body, entry, path, top_level=3 if heading else 2, taken=_TAKEN)
    toc = tuple(_toc(article, body, heading, uses))
    texts = (article.summary, *article.symptoms, article.do_first, plain_text(body.html))
    replacement = site.readable(article.replaced_by)
    prefix = urls.up(path)
    return site.fill(
        "article.html",
        path,
        toc,
        (SearchEntry(article.title, " ".join(filter(None, texts)), tags=(label(article.type),)),),
        entry=entry,
        article=article,
        body=Markup(body.html),  # noqa: S704 -- sanitised by `render`
        heading=heading,
        do_first=site.message(article.do_first, entry, path, "first-") if article.do_first else None,
        replacement=site.record_link(replacement.id, prefix) if replacement else None,
        replaced=_naming(entry, "replaces", site, prefix),
        explained=_naming(entry, "article", site, prefix),
        runbook_of=[service.id for service in site.taxonomy.services if entry.id in service.runbooks],
        is_past_review=site.past_review(article),
        uses=uses,
        listed=LISTED,
    )


def _toc(article: Article, body: Rendered, heading: tuple[str, str] | None, uses: Uses) -> Iterator[TocItem]:
    if article.symptoms:
        yield TocItem("when", "When to use this")
    if article.do_first:
        yield TocItem("first", "Do this first")
    if heading:
        inner = tuple(TocItem(one.id, one.text) for one in body.headings if one.level == 3)
        yield TocItem(*heading, inner)
    else:
        yield from (TocItem(one.id, one.text) for one in body.headings if one.level == 2)
    if uses.incidents:
        yield TocItem("used", "Used in incidents")
    yield TocItem("about", "About this article")


def _naming(entry: ArticleEntry, relation: str, site: Site, prefix: str) -> tuple[Markup, ...]:
    """Links to the articles and problems that name an article; incidents have a list of their own."""
    sources = (
        source
        for found, source in site.published.backlinks(entry.id)
        if found == relation and source.kind in {"article", "problem"}
    )
    links = (site.record_link(source.id, prefix) for source in sources)
    return tuple(link for link in dict.fromkeys(links) if link)
