"""Articles: begun from a template, published, retired."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from incidentbook.desk.change import Change, RefusedError
from incidentbook.desk.words import plain_text
from incidentbook.diagnostics import IncidentbookError
from incidentbook.markdown.outline import is_placeholder, outline
from incidentbook.records import KINDS, Article, ArticleStatus, ArticleType, Audience, Incident

_HEADINGS: Mapping[ArticleType, tuple[tuple[str, str], ...]] = {
    ArticleType.RUNBOOK: (
        ("Meaning", "What does it mean when somebody sees this?"),
        ("Impact", "Who feels it, and what happens if nobody acts?"),
        ("Diagnosis", "How does one tell this cause from others? One command or graph a step."),
        ("Mitigation", "What brings service back, step by step, and how does one see that it worked?"),
        ("Afterwards", "Who must be told, and what must be kept as evidence?"),
    ),
    ArticleType.HOW_TO: (
        ("Before you begin", "What does one need: access, tools, a quiet hour?"),
        ("Steps", "What does one do, one thing a step?"),
        ("How to see that it worked", "What does one look at, and what should it show?"),
        ("How to undo it", "What brings everything back as it was?"),
    ),
    ArticleType.FAQ: (
        ("Question", "How would somebody ask it?"),
        ("Answer", "What helps in most cases, in plain words?"),
        ("When that does not help", "Whom does one ask, and what do they need to know?"),
    ),
}


class NotASlugError(IncidentbookError):
    """An article was to be named by something that cannot be a file's name everywhere."""

    def __init__(self, slug: str) -> None:
        close = re.sub(r"[^a-z0-9]+", "-", slug.lower()).strip("-")[:80]
        advice = f", such as `{close}`" if close and KINDS["article"].name_pattern.fullmatch(close) else ""
        super().__init__(
            f"`{slug}` cannot name an article; take lower-case letters and digits, "
            f"joined by `-`, `_` or `.`{advice}"
        )


@dataclass(frozen=True, kw_only=True)
class NewArticle:
    """What somebody says of an article that is to be written."""

    title: str
    type: ArticleType
    summary: str | None = None
    symptoms: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    owner: str | None = None
    team: str | None = None
    readers: str | None = None


def require_slug(slug: str) -> str:
    """A name that an article can have. Raises NotASlugError."""
    if not KINDS["article"].name_pattern.fullmatch(slug) or len(slug) > 100:
        raise NotASlugError(slug)
    return slug


def begun(said: NewArticle, source: Incident | None) -> dict[str, Any]:
    """The fields of a new article; what is not said is taken from the incident that it comes from.

    What is written from a restricted incident is restricted.
    """
    services, symptoms, secret = said.services, said.symptoms, False
    if source is not None:
        services = services or tuple(dict.fromkeys(impact.service for impact in source.services))
        symptoms = symptoms or source.symptoms
        secret = source.visibility is Audience.RESTRICTED
    return {
        "title": said.title,
        "status": ArticleStatus.DRAFT.value,
        "type": said.type.value,
        "summary": said.summary,
        "symptoms": list(symptoms),
        "visibility": Audience.RESTRICTED.value if secret else None,
        "readers": said.readers,
        "services": list(services),
        "owner": said.owner,
        "team": said.team,
    }


def blank_body(type_: ArticleType, source_id: str | None = None, source: Incident | None = None) -> str:
    """The headings of such an article, each with its question; what an incident told stands below its own."""
    told = _told(source_id, source) if source_id and source else {}
    parts = []
    for heading, question in _HEADINGS[type_]:
        text = told.get(heading)
        parts.append(f"## {heading}\n\n<!-- {question} -->\n" + (f"\n{text}\n" if text else ""))
    return "\n".join(parts)


def _told(id_: str, source: Incident) -> dict[str, str]:
    resolution = source.resolution
    how = " ".join((resolution.workaround or resolution.summary or "").split()) if resolution else ""
    text = f"In {id_}: {how}" if how else f"See {id_}."
    return {"Mitigation": text, "Steps": text, "Answer": text}


def published(id_: str, article: Article, body: str, tried: date, review_by: date | None) -> Change:
    """Let others rely on an article. Raises RefusedError where they do, or where it says nothing."""
    if article.status is ArticleStatus.PUBLISHED:
        raise RefusedError(f"{id_} is published already", (f"edit {id_}", f"article retire {id_}"))
    blank = [section.title for section in outline(body) if section.is_blank]
    if blank or is_placeholder(body):
        below = f" below {', '.join(f'`{title}`' for title in blank)}" if blank else ""
        raise RefusedError(f"{id_} says nothing yet{below}; answer it, or take it out", (f"edit {id_}",))
    values: dict[str, Any] = {"status": ArticleStatus.PUBLISHED.value, "reviewed": tried}
    if review_by is not None:
        values["review_by"] = review_by
    return Change(said="published", values=values)


def retired(
    id_: str,
    article: Article,
    body: str,
    day: date,
    *,
    replaced_by: str | None = None,
    reason: str | None = None,
) -> Change:
    """Take an article out of use; why stands above its text, for whoever finds it still.

    Raises RefusedError where it is out of use, or NoTextError.
    """
    if article.status is ArticleStatus.RETIRED:
        raise RefusedError(f"{id_} is retired already", (f"edit {id_}",))
    if replaced_by == id_:
        raise RefusedError(f"{id_} cannot stand in for itself")
    after = {"replaced_by": replaced_by} if replaced_by else {}
    said = f"retired; read {replaced_by} instead" if replaced_by else "retired"
    why = plain_text(reason, "-m") if reason is not None else None
    return Change(
        said=said,
        values={"status": ArticleStatus.RETIRED.value, **after},
        body=f"Retired on {day}: {why}\n\n{body.lstrip()}" if why else None,
    )
