"""The pages of knowledge: what helps somebody in trouble, workaround first."""

from __future__ import annotations

from markupsafe import Markup

from incidentbook.archive import RecordEntry
from incidentbook.markdown import plain_text
from incidentbook.pages.links import related
from incidentbook.pages.page import Content, Page, SearchEntry, TocItem
from incidentbook.pages.site import Site
from incidentbook.pages.words import label
from incidentbook.publication import urls
from incidentbook.records import Article, ArticleType, Problem, ProblemStatus

ProblemEntry = RecordEntry[Problem]
ArticleEntry = RecordEntry[Article]

_TYPES = (
    (ArticleType.RUNBOOK, "Runbooks", "Step by step out of a known trouble."),
    (ArticleType.HOW_TO, "How-to", "How one thing is done."),
    (ArticleType.FAQ, "Questions and answers", "What people ask most."),
)


def problem_page(entry: ProblemEntry, site: Site) -> Page:
    """Plan the page of a problem."""
    problem = entry.record
    path = urls.path_of(entry.name)
    return Page(
        path=path,
        kind="problem",
        title=f"{entry.id} {problem.title}",
        description=problem.summary or problem.workaround or problem.title,
        make=lambda: _problem_content(entry, site, path),
        section=urls.KNOWLEDGE,
        source=entry.path,
        shows_toc=True,
    )


def _problem_content(entry: ProblemEntry, site: Site, path: str) -> Content:
    problem = entry.record
    taken = ("symptoms", "workaround", "cause", "details", "incidents", "actions", "related")
    body = site.markdown(entry.body, entry, path, top_level=3, taken=taken)
    incidents = sorted(
        site.published.incidents_of_problem(entry.id), key=lambda e: e.name.sort_key(), reverse=True
    )
    links = tuple(group for group in related(entry, site, path) if "this" not in group[0])
    sections = (
        ("symptoms", "Symptoms", bool(problem.symptoms)),
        ("workaround", "Workaround", True),
        ("cause", "Cause and fix", bool(problem.root_cause or problem.permanent_fix)),
        ("details", "Details", bool(body.html.strip())),
        ("incidents", "Incidents", True),
        ("actions", "Actions", bool(problem.actions)),
        ("related", "Related", bool(links)),
    )
    texts = (
        problem.summary,
        *problem.symptoms,
        problem.workaround,
        problem.root_cause,
        problem.permanent_fix,
        plain_text(body.html),
    )
    search = SearchEntry(
        f"{entry.id} {problem.title}",
        " ".join(text for text in texts if text),
        tags=("Problem", label(problem.status)),
    )
    return site.fill(
        "problem.html",
        path,
        (TocItem(id_, title) for id_, title, is_shown in sections if is_shown),
        (search,),
        entry=entry,
        problem=problem,
        shown={id_ for id_, _, is_shown in sections if is_shown},
        body=Markup(body.html),  # noqa: S704 -- sanitised by `render`
        incidents=incidents,
        links=links,
    )


def article_page(entry: ArticleEntry, site: Site) -> Page:
    """Plan the page of an article."""
    article = entry.record
    path = urls.path_of(entry.name)
    return Page(
        path=path,
        kind="article",
        title=article.title,
        description=article.summary or article.title,
        make=lambda: _article_content(entry, site, path),
        section=urls.KNOWLEDGE,
        source=entry.path,
        updated=article.reviewed,
        shows_toc=True,
    )


def _article_content(entry: ArticleEntry, site: Site, path: str) -> Content:
    article = entry.record
    body = site.markdown(entry.body, entry, path, taken=("about",))
    toc = [TocItem(heading.id, heading.text) for heading in body.headings if heading.level == 2]
    used = related(entry, site, path)
    texts = (article.summary or "", *article.symptoms, plain_text(body.html))
    return site.fill(
        "article.html",
        path,
        [*toc, TocItem("about", "About this article")],
        (SearchEntry(article.title, " ".join(texts), tags=(label(article.type),)),),
        entry=entry,
        article=article,
        body=Markup(body.html),  # noqa: S704 -- sanitised by `render`
        links=used,
        replacement=site.readable(article.replaced_by),
        is_stale=article.review_by is not None and article.review_by < site.today,
    )


def index(site: Site) -> Page:
    """Plan the front page of the knowledge."""
    return Page(
        path=urls.KNOWLEDGE,
        kind="knowledge",
        title="Knowledge",
        description="Known errors with their workarounds, runbooks and answers.",
        make=lambda: _index_content(site),
        single=True,
    )


def _index_content(site: Site) -> Content:
    problems = sorted(site.published.problems, key=lambda entry: entry.name.sort_key(), reverse=True)
    known = [entry for entry in problems if entry.record.status is ProblemStatus.KNOWN_ERROR]
    open_ = [entry for entry in problems if entry.record.status is ProblemStatus.OPEN]
    done = [entry for entry in problems if entry not in known and entry not in open_]
    articles = [entry for entry in site.published.articles if entry.record.status != "retired"]
    groups = [
        (title, words, [entry for entry in articles if entry.record.type is type_])
        for type_, title, words in _TYPES
    ]
    return site.fill(
        "knowledge.html",
        urls.KNOWLEDGE,
        [
            TocItem("known-errors", "Known errors"),
            TocItem("articles", "Articles"),
            TocItem("problems", "Problems"),
        ],
        known=known,
        open_problems=open_,
        done=done,
        groups=[group for group in groups if group[2]],
        count=lambda entry: len(site.published.incidents_of_problem(entry.id)),
    )
