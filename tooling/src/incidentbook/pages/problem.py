"""The page of a problem: how one recognises it and what to do, before why it is so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from incidentbook.archive import RecordEntry
from incidentbook.markdown import plain_text
from incidentbook.pages.links import related
from incidentbook.pages.page import Content, Page, SearchEntry, TocItem
from incidentbook.pages.site import Site
from incidentbook.pages.uses import Uses, neighbours, time_lost, uses_of
from incidentbook.pages.words import label
from incidentbook.publication import urls
from incidentbook.records import Problem, ProblemStatus

ProblemEntry = RecordEntry[Problem]

LISTED = 10
"""How many of its incidents are named; how many there were is said."""

_TAKEN = ("symptoms", "workaround", "cause", "fix", "actions", "incidents", "progress", "details", "related")
_FIXED = frozenset({ProblemStatus.RESOLVED, ProblemStatus.CLOSED})
_REACHED = (ProblemStatus.OPEN, ProblemStatus.KNOWN_ERROR, ProblemStatus.RESOLVED, ProblemStatus.CLOSED)


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of a problem; `at` is None where it is not reached, or nobody wrote down when."""

    name: str
    words: str
    at: datetime | None
    is_reached: bool
    is_current: bool


def page_of(entry: ProblemEntry, site: Site) -> Page:
    """Plan the page of a problem."""
    problem = entry.record
    path = urls.path_of(entry.name)
    uses = uses_of(entry, site)
    lost = time_lost(uses.incidents, site)
    overdue = tuple(site.overdue(action) for action in problem.actions)
    return Page(
        path=path,
        kind="problem",
        title=f"{entry.id} {problem.title}",
        description=problem.summary or problem.workaround or problem.title,
        make=lambda: _content(entry, uses, site, path),
        section=urls.KNOWLEDGE,
        source=entry.path,
        shows_toc=True,
        key=site.key(
            entry,
            *neighbours(entry, site, but="incident"),
            *uses.incidents[:LISTED],
            facts=(uses.facts(), lost, overdue),
            by_time=uses.has_open,
        ),
    )


def stages_of(problem: Problem) -> tuple[Stage, ...]:
    """How far a problem has come: logged, understood, fixed, closed."""
    at = _REACHED.index(problem.status)
    known = (
        ("Logged", "Somebody looks for the cause.", problem.opened),
        ("Known error", "The cause is known, a workaround stands.", problem.known_error),
        ("Fixed", "The permanent fix is in.", problem.resolved),
        ("Closed", "It has not come back.", problem.closed),
    )
    return tuple(
        Stage(name, words, moment, number <= at, number == at)
        for number, (name, words, moment) in enumerate(known)
    )


def _content(entry: ProblemEntry, uses: Uses, site: Site, path: str) -> Content:
    problem = entry.record
    body = site.markdown(entry.body, entry, path, top_level=3, taken=_TAKEN)
    articles = _articles(entry, site, path)
    links = tuple(
        group
        for group in related(entry, site, path)
        if group[0] not in {"Articles used", "Incident of this problem", "Used this known error's workaround"}
    )
    sections = (
        ("symptoms", "Symptoms", bool(problem.symptoms)),
        ("workaround", "Workaround", True),
        ("cause", "Root cause", bool(problem.root_cause)),
        ("fix", "Permanent fix", bool(problem.permanent_fix)),
        ("actions", "Actions", bool(problem.actions)),
        ("incidents", "Incidents", True),
        ("progress", "Progress", True),
        ("details", "Details", bool(body.html.strip())),
        ("related", "Related", bool(links)),
    )
    return site.fill(
        "problem.html",
        path,
        (TocItem(id_, title) for id_, title, is_shown in sections if is_shown),
        (_search(entry, body.html),),
        entry=entry,
        problem=problem,
        shown={id_ for id_, _, is_shown in sections if is_shown},
        body=Markup(body.html),  # noqa: S704 -- sanitised by `render`
        is_fixed=problem.status in _FIXED,
        articles=articles,
        stages=stages_of(problem),
        uses=uses,
        listed=LISTED,
        lost=time_lost(uses.incidents, site),
        links=links,
    )


def _articles(entry: ProblemEntry, site: Site, path: str) -> tuple[Markup, ...]:
    links = entry.record.links
    found: Iterable[str] = links.articles if links else ()
    drawn = (site.record_link(id_, urls.up(path)) for id_ in found)
    return tuple(link for link in drawn if link)


def _search(entry: ProblemEntry, body: str) -> SearchEntry:
    problem = entry.record
    texts = (
        problem.summary,
        *problem.symptoms,
        problem.workaround,
        problem.root_cause,
        problem.permanent_fix,
        plain_text(body),
    )
    return SearchEntry(
        f"{entry.id} {problem.title}",
        " ".join(text for text in texts if text),
        tags=("Problem", label(problem.status)),
    )
