"""The front page of the knowledge: what helps somebody in trouble, by what they see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from incidentbook.archive import RecordEntry
from incidentbook.pages.article import ArticleEntry
from incidentbook.pages.page import Content, Page, TocItem
from incidentbook.pages.problem import ProblemEntry
from incidentbook.pages.site import Site
from incidentbook.pages.uses import Uses, uses_of
from incidentbook.publication import urls
from incidentbook.publication.standing import services_in_force
from incidentbook.records import ArticleStatus, ArticleType, ProblemStatus

KNOWN, RUNBOOKS, LISTED, PROBLEMS, HELPED = 12, 6, 8, 6, 6
"""How many are shown: known errors, runbooks of a service, articles of a type, problems, what helped."""

ANY_SERVICE = "Any service"


@dataclass(frozen=True)
class Used:
    """An article or a problem with the incidents in which it was of use."""

    entry: RecordEntry[Any]
    uses: Uses


@dataclass(frozen=True)
class Shelf:
    """The runbooks of one service; `key` is None for those that name none."""

    key: str | None
    name: str
    entries: tuple[ArticleEntry, ...]
    more: int


@dataclass(frozen=True)
class Library:
    """All that the front page shows, each part as far as it has room."""

    known: tuple[Used, ...]
    known_count: int
    shelves: tuple[Shelf, ...]
    how_to: tuple[Used, ...]
    how_to_count: int
    questions: tuple[Used, ...]
    question_count: int
    helped: tuple[Used, ...]
    open_problems: tuple[ProblemEntry, ...]
    fixed_problems: tuple[ProblemEntry, ...]
    problem_count: int
    article_count: int

    @property
    def is_empty(self) -> bool:
        """Whether nobody has written anything yet."""
        return not self.problem_count and not self.article_count


def library_of(site: Site) -> Library:
    """Put everything that is known where somebody in trouble looks for it; what is retired is left out."""
    problems = sorted(site.published.problems, key=lambda entry: entry.name.sort_key(), reverse=True)
    kept = [entry for entry in site.published.articles if entry.record.status is not ArticleStatus.RETIRED]
    articles = _useful_first([Used(entry, uses_of(entry, site)) for entry in kept])
    known = _useful_first(
        [Used(entry, uses_of(entry, site)) for entry in problems if _is(entry, ProblemStatus.KNOWN_ERROR)]
    )
    how_to, questions = (
        [one for one in articles if one.entry.record.type is type_]
        for type_ in (ArticleType.HOW_TO, ArticleType.FAQ)
    )
    open_ = [entry for entry in problems if _is(entry, ProblemStatus.OPEN)]
    fixed = [entry for entry in problems if not _is(entry, ProblemStatus.OPEN, ProblemStatus.KNOWN_ERROR)]
    helped = _useful_first([one for one in (*known, *articles) if one.uses.lately])
    return Library(
        known=tuple(known[:KNOWN]),
        known_count=len(known),
        shelves=_shelves([one.entry for one in articles], site),
        how_to=tuple(how_to[:LISTED]),
        how_to_count=len(how_to),
        questions=tuple(questions[:LISTED]),
        question_count=len(questions),
        helped=tuple(helped[:HELPED]),
        open_problems=tuple(open_[:PROBLEMS]),
        fixed_problems=tuple(fixed[:PROBLEMS]),
        problem_count=len(problems),
        article_count=len(kept),
    )


def _is(entry: ProblemEntry, *statuses: ProblemStatus) -> bool:
    return entry.record.status in statuses


def _useful_first(found: Iterable[Used]) -> list[Used]:
    """What helped lately first, then what helped ever, in the order given; drafts last."""
    return sorted(
        found,
        key=lambda one: (
            one.entry.record.status == ArticleStatus.DRAFT,
            -one.uses.lately,
            -len(one.uses.incidents),
        ),
    )


def _shelves(articles: Sequence[ArticleEntry], site: Site) -> tuple[Shelf, ...]:
    """Runbooks by service, in the order of the catalogue; a service without one is left out."""
    runbooks = [entry for entry in articles if entry.record.type is ArticleType.RUNBOOK]
    by_service: dict[str, list[ArticleEntry]] = {}
    for entry in runbooks:
        for key in dict.fromkeys(map(site.service_id, entry.record.services)):
            by_service.setdefault(key, []).append(entry)
    named = {entry.id: entry for entry in articles}
    shelves = []
    for service in services_in_force(site.taxonomy, site.now):
        own = [named[id_] for id_ in service.runbooks if id_ in named]
        entries = list({entry.id: entry for entry in (*own, *by_service.get(service.id, ()))}.values())
        if entries:
            shelves.append(_shelf(service.id, service.name, entries))
    loose = [entry for entry in runbooks if not entry.record.services]
    if loose:
        shelves.append(_shelf(None, ANY_SERVICE, loose))
    return tuple(shelves)


def _shelf(key: str | None, name: str, entries: Sequence[ArticleEntry]) -> Shelf:
    return Shelf(key, name, tuple(entries[:RUNBOOKS]), max(len(entries) - RUNBOOKS, 0))


def index(site: Site) -> Page:
    """Plan the front page of the knowledge."""
    return Page(
        path=urls.KNOWLEDGE,
        kind="knowledge",
        title="Knowledge",
        description="Known errors with their workarounds, runbooks by service, and answers.",
        make=lambda: _content(site),
        single=True,
    )


def _content(site: Site) -> Content:
    library = library_of(site)
    sections = (
        ("start", "How to begin", library.is_empty),
        ("known-errors", "Known errors", not library.is_empty),
        ("runbooks", "Runbooks", bool(library.shelves)),
        ("how-to", "How to", bool(library.how_to)),
        ("questions", "Questions and answers", bool(library.questions)),
        ("problems", "Problems", bool(library.open_problems or library.fixed_problems)),
    )
    return site.fill(
        "knowledge.html",
        urls.KNOWLEDGE,
        [TocItem(id_, title) for id_, title, is_shown in sections if is_shown],
        library=library,
    )
