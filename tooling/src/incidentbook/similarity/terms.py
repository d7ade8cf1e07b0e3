"""What a record says of itself, as weighted terms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from incidentbook.archive import RecordEntry
from incidentbook.records import Article, Incident, Problem
from incidentbook.similarity.plain import plain

_WORD = re.compile(r"\w+")
_JOINT = re.compile(r"_+|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
"""Where names of alerts and metrics are joined: KubePodCrashLooping, checkout_pool_high."""

_CODE_LENGTH = 3
"""Numbers of three digits are mostly codes (502, 429) and tell much; others are counts and dates."""

_SUFFIXES = (("ies", "y"), ("sses", "ss"), ("ing", ""), ("ed", ""), ("es", "e"), ("s", ""))
_STEM_LENGTH = 4
"""A stem is at least so long: `bus` and `red` are left alone."""

_STOP_WORDS = frozenset(
    # words, for a hundred quoted ones would hide what is missing
    "a about after again all also an and another any are as at be because been before being between "  # noqa: SIM905
    "both but by can cannot could did do does down during each every for from get got had has have having "
    "he her his how i if in into is it its just may me more most my no not now of off on once one only or "
    "other our out over own please re she should since so some still such than that the their them then "
    "there these they this those three through to too two under until up very was we were what when where "
    "which while who why will with would you your".split()
)

TITLE, PHRASE, SYMPTOM, TEXT, LATER, BODY, FACET = 2.0, 1.5, 1.4, 1.0, 0.5, 0.5, 1.2
"""How much a term counts where it stands: what was seen counts for more than how it ended."""

_BEGINNING = 600
"""How much of its body is read of an incident that says nothing in its front matter but a title."""


@dataclass(frozen=True, slots=True)
class Document:
    """A record as weighted terms: words by their stem, phrases as two stems, facets (`service:shop`)."""

    id: str
    terms: dict[str, float]
    words: dict[str, str]
    """How it writes each word and phrase."""


def document_of(entry: RecordEntry[Incident] | RecordEntry[Problem] | RecordEntry[Article]) -> Document:
    """Take the terms of a record; what its reader may not see is not in it, nor then among them."""
    document = Document(entry.id, {}, {})
    for weight, text in texts_of(entry.record):
        add_text(document, text, weight)
    for facet in facets_of(entry.record):
        document.terms[facet] = FACET
    return document


def document_with_body(
    entry: RecordEntry[Incident] | RecordEntry[Problem] | RecordEntry[Article],
) -> Document:
    """Take the terms of a record that says most of what it is about below its front matter.

    Of an article that is its body; of an incident whose front matter has a title alone, the beginning.
    """
    document, record = document_of(entry), entry.record
    if isinstance(record, Article):
        add_text(document, entry.body, BODY)
    elif isinstance(record, Incident) and not (record.summary or record.symptoms):
        add_text(document, entry.body[:_BEGINNING], TEXT)
    return document


def document_of_text(text: str, facets: Iterable[str] = ()) -> Document:
    """Take the terms of words that somebody typed, and what they are filed under."""
    document = Document("", {}, {})
    add_text(document, text, TITLE)
    document.terms.update(dict.fromkeys(facets, FACET))
    return document


def texts_of(record: Incident | Problem | Article) -> Iterator[tuple[float, str]]:
    """Yield the texts that describe a record, each with its weight; its body is left unread."""
    yield TITLE, record.title
    if record.summary:
        yield TEXT, record.summary
    if isinstance(record, Article):
        return
    for symptom in record.symptoms:
        yield SYMPTOM, symptom
    if isinstance(record, Problem):
        yield from ((TEXT, text) for text in (record.root_cause, record.workaround) if text)
    elif record.resolution is not None:
        yield from (
            (LATER, text) for text in (record.resolution.summary, record.resolution.workaround) if text
        )


def facets_of(record: Incident | Problem | Article) -> Iterator[str]:
    """Yield what a record is filed under: services and category."""
    for service in record.services:
        yield f"service:{service if isinstance(service, str) else service.service}"
    if isinstance(record, Incident | Problem) and record.category:
        yield f"category:{record.category}"


def facets_for(services: Iterable[str], category: str | None) -> Iterator[str]:
    """Yield these services, and a category if there is one, as those of a record."""
    for service in services:
        yield f"service:{service}"
    if category:
        yield f"category:{category}"


def add_text(document: Document, text: str, weight: float) -> None:
    """Add the terms of a text that counts so much; phrases only where it counts for more than plain text."""
    terms, words = document.terms, document.words
    before, word_before = "", ""
    for written in _WORD.findall(plain(text)):
        for stem, word in _parts(written):
            if stem:
                words.setdefault(stem, word)
                terms[stem] = terms.get(stem, 0.0) + weight
                if before and weight > TEXT:
                    phrase = f"{before} {stem}"
                    terms.setdefault(phrase, PHRASE)
                    words.setdefault(phrase, f"{word_before} {word}")
            # a phrase is of neighbours: no word that tells nothing stands between
            before, word_before = stem, word


@lru_cache(maxsize=50_000)
def _parts(written: str) -> tuple[tuple[str, str], ...]:
    """The stem and the spelling of a word; of one that was joined, those of each part, and of the whole."""
    parts = [part for part in _JOINT.split(written) if part]
    whole = written.lower()
    if len(parts) > 1 and "_" not in written:
        parts.append(whole)  # GitHub is also found as github
    return tuple((_stem(part.lower()), part.lower()) for part in parts or [whole])


def _stem(word: str) -> str:
    """Cut the commonest English endings; empty for what tells nothing."""
    if word in _STOP_WORDS or len(word) == 1 or (word.isdigit() and len(word) != _CODE_LENGTH):
        return ""
    for suffix, instead in _SUFFIXES:
        if (
            word.endswith(suffix)
            and not word.endswith("ss")
            and len(word) - len(suffix) + len(instead) >= _STEM_LENGTH
        ):
            return word[: -len(suffix)] + instead
    return word
