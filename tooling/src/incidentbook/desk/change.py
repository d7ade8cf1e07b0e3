"""What somebody wants done to one record, and the text of the record after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from incidentbook.diagnostics import IncidentbookError
from incidentbook.edits import with_nested, with_values
from incidentbook.edits.inserting import add_in_time
from incidentbook.edits.nested import Place
from incidentbook.edits.record_text import field_order
from incidentbook.records import KINDS
from incidentbook.source import Document, read_document, read_shape

Values = Mapping[str, Any]


class RefusedError(IncidentbookError):
    """A move that the record's state, or the policy, does not allow.

    `instead` are verbs with their arguments that would be allowed: `reopen INC-2026-0042 -m WHY`.
    """

    def __init__(self, reason: str, instead: Sequence[str] = ()) -> None:
        lines = [f"{reason}; nothing was written", *(f"  incidentbook {verb}" for verb in instead)]
        if instead:
            lines.insert(1, "instead:" if len(instead) == 1 else "instead one of:")
        super().__init__("\n".join(lines))


@dataclass(frozen=True, kw_only=True)
class Change:
    """What changes of one record, and nothing else.

    `values` sets keys at the top, None removes one; `added` puts entries into lists, where their time
    is, else at the end; `nested` changes keys of a mapping further in, such as the last hold's `to`, or
    adds to `links`; `body` replaces the text below the front matter. `said` tells it in a few words:
    "acknowledged".
    """

    said: str
    values: Values = field(default_factory=dict)
    added: Mapping[str, Sequence[Values]] = field(default_factory=dict)
    nested: Mapping[Place, Values] = field(default_factory=dict)
    body: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether it changes nothing."""
        return not (self.values or self.added or self.nested or self.body is not None)


def changed_text(document: Document, kind: str, change: Change) -> str:
    """Return the text of a record with a change made; all else stays as its writer left it."""
    order = field_order(kind)
    for place, values in change.nested.items():
        document = _again(document, _nested(document, kind, place, values))
    for key, items in change.added.items():
        present = (document.values or {}).get(key)
        text = (
            add_in_time(document, key, items)
            if present
            else with_values(document, {key: list(items)}, order)
        )
        document = _again(document, text)
    if change.values:
        document = _again(document, with_values(document, change.values, order))
    if change.body is None:
        return document.text
    return document.text[: document.body_start] + change.body


def changed_record(document: Document, kind: str, change: Change) -> Any:
    """Return the record as it would be with a change made; None where it could not be read any more."""
    after = _again(document, changed_text(document, kind, change))
    record, _ = read_shape(after, KINDS[kind].model, after.values or {})
    return record


def _nested(document: Document, kind: str, place: Place, values: Values) -> str:
    """Change a mapping; one right below the top is made where it is not there, and goes where it is empty."""
    top = str(place[0])
    present = (document.values or {}).get(top)
    if len(place) == 1 and (not present or not isinstance(present, Mapping)):
        given = {key: value for key, value in values.items() if value is not None}
        return with_values(document, {top: given or None}, field_order(kind))
    if len(place) == 1 and isinstance(present, Mapping):
        left = {**present, **values}
        if all(value is None for value in left.values()):
            return with_values(document, {top: None})
    return with_nested(document, place, values)


def _again(document: Document, text: str) -> Document:
    return read_document(document.path, text.encode())
