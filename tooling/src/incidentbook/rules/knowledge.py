"""Known errors and articles that do not help whoever needs them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from incidentbook.diagnostics import Severity
from incidentbook.records import Article, Incident, Problem
from incidentbook.rules.cases import ArchiveCase, RecordCase
from incidentbook.rules.registry import Finding, archive_rule, record_rule


@record_rule(Severity.ERROR, kinds=("problem",))
def known_error_without_workaround(case: RecordCase[Problem]) -> Iterator[Finding]:
    """A known error has no workaround.

    ## What it does

    Finds problems in the state `known_error` without a `workaround`.

    ## Why it matters

    A known error is a problem that is analysed but not fixed; what makes it useful is that
    whoever meets it knows what to do.

    ## Example

    ```yaml
    status: known_error  # <- here
    # no workaround
    ```

    ## Use instead

    ```yaml
    status: known_error
    workaround: Restart the workers; orders that were in flight are placed again by themselves.
    ```
    """
    problem = case.record
    if problem.status == "known_error" and not problem.workaround and case.lacks("workaround"):
        yield Finding(
            case.span("status"),
            "the problem is a known error, but has no `workaround`",
            "say what to do until it is fixed; that nothing helps is an answer, too",
        )


@record_rule(Severity.ERROR, kinds=("problem",))
def known_error_without_cause(case: RecordCase[Problem]) -> Iterator[Finding]:
    """A known error has no root cause.

    ## What it does

    Finds problems in the state `known_error`, or beyond it, without a `root_cause`.

    ## Why it matters

    Analysis is what separates a known error from an open problem.

    ## Example

    ```yaml
    status: known_error  # <- here
    # no root_cause
    ```

    ## Use instead

    ```yaml
    status: known_error
    root_cause: A worker that dies keeps its connection; the pool never gets it back.
    ```
    """
    problem = case.record
    if problem.status != "open" and not problem.root_cause and case.lacks("root_cause"):
        yield Finding(
            case.span("status"),
            f"the problem is `{problem.status}`, but has no `root_cause`",
            "add it, or set the status to `open`",
        )


def _known_error(case: RecordCase[Incident]) -> Any:
    links = case.record.links
    return links.known_error if links else None


@archive_rule(Severity.WARNING, facts=_known_error, having=("links",))
def link_to_open_problem(case: ArchiveCase[Incident]) -> Iterator[Finding]:
    """An incident used the workaround of a problem that is no known error.

    ## What it does

    Finds incidents whose `links.known_error` names a problem in the state `open`.

    ## Why it matters

    An open problem has no workaround that could have been used. Either it has become a known error
    in the meantime, or `links.problem` is meant.

    ## Example

    ```yaml
    links: {known_error: PRB-2026-0002}  # <- here
    ```

    ## Use instead

    ```yaml
    links: {problem: PRB-2026-0002}
    ```
    """
    target = case.fact
    entry = case.archive.get(target)
    if entry is not None and entry.readable and entry.record.status == "open":
        yield Finding(
            case.span("links", "known_error"),
            f"`{target}` is an open problem, not a known error",
            "name it as `problem`, or make it a known error with its workaround",
        )


def _review_by(case: RecordCase[Article]) -> Any:
    article = case.record
    published = article.status == "published"
    return article.review_by.toordinal() if published and article.review_by is not None else None


@archive_rule(Severity.WARNING, kinds=("article",), facts=_review_by, having=("review_by",))
def article_past_review(case: ArchiveCase[Article]) -> Iterator[Finding]:
    """An article should have been tried again by now.

    ## What it does

    Finds published articles whose `review_by` lies in the past.

    ## Why it matters

    A runbook that no longer works costs more than none: it is believed.

    ## Example

    ```yaml
    review_by: 2026-05-01  # <- here
    ```

    ## Use instead

    ```yaml
    reviewed: 2026-05-01
    review_by: 2027-05-01
    ```
    """
    review_by = date.fromordinal(case.fact)
    today = case.taxonomy.day_of(case.now)
    if review_by < today:
        yield Finding(
            case.span("review_by"),
            f"the article was to be reviewed by {review_by}; today is {today}",
            "try it, correct it, and set `reviewed` and a new `review_by`; or retire it",
        )


@record_rule(Severity.WARNING, kinds=("article",))
def article_without_review_date(case: RecordCase[Article]) -> Iterator[Finding]:
    """A published article says neither who keeps it true nor until when it is.

    ## What it does

    Finds published articles without `owner` or `team`, or without `review_by`.

    ## Why it matters

    Nobody is reminded to try it again.

    ## Example

    ```yaml
    status: published  # <- here
    # no review_by
    ```

    ## Use instead

    ```yaml
    status: published
    review_by: 2027-05-01
    ```
    """
    article = case.record
    if article.status != "published":
        return
    if article.review_by is None and case.lacks("review_by"):
        yield Finding(
            case.span("status"),
            "the article is published, but has no `review_by`",
            "add the day to try it again",
        )
    if not (article.owner or article.team) and case.lacks("owner"):
        yield Finding(
            case.span("status"),
            "the article is published, but nobody keeps it true",
            "add `owner:` or `team:`",
        )


@record_rule(Severity.ERROR, kinds=("article",), having=("reviewed", "review_by"))
def review_by_before_reviewed(case: RecordCase[Article]) -> Iterator[Finding]:
    """An article is to be reviewed again before it was reviewed.

    ## What it does

    Finds articles whose `review_by` lies before their `reviewed`.

    ## Why it matters

    One of the two was not changed when the other was.

    ## Example

    ```yaml
    reviewed: 2026-05-01
    review_by: 2026-04-01  # <- here
    ```

    ## Use instead

    ```yaml
    reviewed: 2026-05-01
    review_by: 2027-05-01
    ```
    """
    reviewed, review_by = case.record.reviewed, case.record.review_by
    if reviewed is not None and review_by is not None and review_by < reviewed:
        yield Finding(
            case.span("review_by"),
            f"`review_by` ({review_by}) is before `reviewed` ({reviewed})",
            "set the day to try it again",
        )


@record_rule(Severity.ERROR, kinds=("article",), draft=Severity.NOTE)
def empty_article(case: RecordCase[Article]) -> Iterator[Finding]:
    """An article has no text.

    ## What it does

    Finds articles without a body. In a draft it is a note.

    ## Why it matters

    The body is the article: whoever finds it by its title finds nothing to do.

    ## Example

    ```markdown

    ```

    ## Use instead

    ```markdown
    Drain the queue, then restart the workers one after the other.
    ```
    """
    if case.record.status == "retired":
        return
    document = case.document
    if not document.body.strip():
        yield Finding(case.span("title"), "the article has no text", "write down what to do")


def _cites_articles(case: RecordCase[Incident]) -> Any:
    links = case.record.links
    return list(links.articles) if links and links.articles else None


@archive_rule(Severity.NOTE, facts=_cites_articles, having=("links",))
def link_to_draft_article(case: ArchiveCase[Incident]) -> Iterator[Finding]:
    """An incident used an article that is still a draft.

    ## What it does

    Finds incidents that link an article in the state `draft`.

    ## Why it matters

    Something that has helped is worth publishing.

    ## Example

    ```yaml
    links: {articles: [drain-the-queue]}  # <- here
    ```

    ## Use instead

    ```yaml
    links: {articles: [restart-the-queue]}
    ```
    """
    for index, slug in enumerate(case.fact):
        entry = case.archive.get(slug)
        if entry is not None and entry.readable and entry.record.status == "draft":
            yield Finding(
                case.span("links", "articles", index),
                f"the article `{slug}` is still a draft",
                "publish it, now that it has been used",
            )
