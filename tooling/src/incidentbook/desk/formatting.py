"""The house form of a record's front matter: how it is written, never what it says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from incidentbook.archive.entry import read_record
from incidentbook.desk.formatting_lines import in_house_order, one_line_items
from incidentbook.edits.blocks import offsets
from incidentbook.edits.comments import comments_of
from incidentbook.edits.record_text import field_order
from incidentbook.records.fields import parse_instant
from incidentbook.source import Document, format_instant, read_document

Place = tuple[str | int, ...]

_TIME = re.compile(
    r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}([.,]\d{1,6})?)?([Zz]|[+-]\d{2}:?\d{2})", re.ASCII
)
"""A time with an offset; with more than six decimals it could not be kept."""


@dataclass(frozen=True)
class Form:
    """A record's text in the house form; where that cannot be had, its own text, and `why` says why."""

    text: str
    why: str | None = None


def house_form(document: Document, kind: str) -> Form:
    """Write front matter in the order of the model, with one spelling of times and few blank lines.

    Keys of one's own (`x-`) come last, small mappings of a list stand on one line. Comments stay with the
    key below them, or on their line; body and values stay as they are. What was made is read again: where
    it would say anything else, or leave out a comment, the text is left alone.
    """
    if document.values is None or document.diagnostics:
        return Form(document.text, "its front matter cannot be read; `incidentbook check` says why")
    if not document.values:
        return Form(document.text)
    respelled, wanted = _with_times(document, kind)
    shorter = one_line_items(respelled)
    text = in_house_order(shorter, field_order(kind))
    if text is None:
        return Form(document.text, "its fields stand in braces, or are indented as a whole")
    if not _says_the_same(document, text, wanted):
        return Form(document.text, "not every value or comment could be kept where it belongs")
    return Form(text)


def _says_the_same(document: Document, text: str, wanted: Mapping[str, Any]) -> bool:
    again = read_document(document.path, text.encode())
    return (
        again.values == wanted
        and not again.diagnostics
        and again.body == document.body
        and comments_of(again) == comments_of(document)
    )


def _with_times(document: Document, kind: str) -> tuple[Document, dict[str, Any]]:
    """Spell each time as records do, where the record says the same afterwards; with the values then."""
    edits = dict(_respellings(document))
    while edits:
        again = _respelled(document, edits)
        if again.values is not None and _record(again, kind) == _record(document, kind) is not None:
            return again, again.values
        if len(edits) == 1:
            break
        # a text may look like a time: it is text all the same, and stays as it is
        alone = {place: new for place, new in edits.items() if _is_time(document, kind, place, new)}
        if alone == edits:
            break
        edits = alone
    return document, document.values or {}


def _is_time(document: Document, kind: str, place: Place, new: str) -> bool:
    said = _record(document, kind)
    return said is not None and bool(_record(_respelled(document, {place: new}), kind) == said)


def _record(document: Document, kind: str) -> Any:
    return read_record(document, kind)[0]


def _respelled(document: Document, edits: Mapping[Place, str]) -> Document:
    text = document.text
    places = sorted(((*offsets(document, *place), new) for place, new in edits.items()), reverse=True)
    for start, end, new in places:
        text = text[:start] + new + text[end:]
    return read_document(document.path, text.encode())


def _respellings(document: Document) -> Iterator[tuple[Place, str]]:
    for place, value in _texts(document.values or {}, ()):
        if str(place[0]).startswith("x-") or not _TIME.fullmatch(value):
            continue
        try:
            new = format_instant(parse_instant(value))
        except ValueError:
            continue
        if document.written(*place) != new:
            yield place, new


def _texts(value: Any, place: Place) -> Iterator[tuple[Place, str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _texts(inner, (*place, key))
    elif isinstance(value, Sequence):
        for index, inner in enumerate(value):
            yield from _texts(inner, (*place, index))
