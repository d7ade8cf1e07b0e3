"""The questions of the form "Report an incident", with the answers that `schema/` offers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from incidentbook.taxonomy.settings import LevelDefinition
from incidentbook.taxonomy.taxonomy import Taxonomy

_LONGEST = 160


class Kind(StrEnum):
    """How a question is answered, in the words of GitHub's issue forms."""

    DROPDOWN = "dropdown"
    INPUT = "input"
    TEXT = "textarea"


@dataclass(frozen=True, kw_only=True)
class Option:
    """One answer that may be chosen: a key of the taxonomy, and the words that are shown."""

    key: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question; those with free text come last, so that no answer can pretend to be another question."""

    id: str
    kind: Kind
    label: str
    description: str
    options: tuple[Option, ...] = ()
    several: bool = False
    required: bool = False


def questions(taxonomy: Taxonomy, at: datetime) -> tuple[Question, ...]:
    """The questions to be asked at a time; one that offers a choice of nothing is left out."""
    asked = (
        Question(
            id="services",
            kind=Kind.DROPDOWN,
            label="What does not work?",
            description="Choose one or several services.",
            options=_services(taxonomy, at),
            several=True,
        ),
        Question(
            id="impact",
            kind=Kind.DROPDOWN,
            label="How wide is it?",
            description="How many people, as far as you know.",
            options=_levels(taxonomy.impacts),
            required=True,
        ),
        Question(
            id="urgency",
            kind=Kind.DROPDOWN,
            label="How pressing is it?",
            description="What happens if it waits.",
            options=_levels(taxonomy.urgencies),
            required=True,
        ),
        Question(
            id="category",
            kind=Kind.DROPDOWN,
            label="What sort of thing is it?",
            description="Leave it out if you are not sure.",
            options=_categories(taxonomy, at),
        ),
        Question(
            id="started",
            kind=Kind.INPUT,
            label="Since when?",
            description="With its offset from UTC if you know it: 2026-11-21 13:50 +01:00",
        ),
        Question(id="location", kind=Kind.INPUT, label="Where?", description="Site, region or office."),
        Question(
            id="symptoms",
            kind=Kind.TEXT,
            label="What do you see?",
            description="What you did, what you expected, what came instead. No passwords, please.",
            required=True,
        ),
    )
    return tuple(one for one in asked if one.options or one.kind is not Kind.DROPDOWN)


def _services(taxonomy: Taxonomy, at: datetime) -> tuple[Option, ...]:
    there = [service for service in taxonomy.services if taxonomy.service(service.id, at) == service]
    return tuple(_option(one.id, one.name, one.definition) for one in there)


def _levels(defined: Iterable[LevelDefinition]) -> tuple[Option, ...]:
    known = {one.level.value: one.definition for one in defined}
    return tuple(_option(level, known.get(level)) for level in ("high", "medium", "low"))


def _categories(taxonomy: Taxonomy, at: datetime) -> tuple[Option, ...]:
    found = []
    for category in taxonomy.categories:
        if not category.subcategories:
            found.append(_option(category.id, category.definition or category.name))
        found += [
            _option(f"{category.id}/{below.id}", below.definition or below.name)
            for below in category.subcategories
        ]
    return tuple(option for option in found if taxonomy.category(option.key, at))


def _option(key: str, *words: str | None) -> Option:
    text = " ".join(": ".join([key, ". ".join(word.rstrip(".") for word in words if word)]).split())
    text = text.removesuffix(":")
    return Option(key=key, text=text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}\u2026")
