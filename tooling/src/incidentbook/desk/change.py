"""What somebody wants done to one record, and the text of the record after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from incidentbook.diagnostics import IncidentbookError
from incidentbook.edits import append_items, with_nested, with_values
from incidentbook.edits.comments import lost_lines
from incidentbook.edits.front_matter import as_read
from incidentbook.edits.inserting import add_in_time
from incidentbook.edits.patches import Place
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
    """Return the text of a record with a change made; all else stays as its writer left it.

    Raises RefusedError where the layout is so unusual that a comment would be lost.
    """
    after = _changed(document, kind, change)
    for line in lost_lines(document, after):
        id_ = PurePosixPath(document.path).stem
        reason = f"{id_} cannot be changed here without losing the comment in line {line}"
        raise RefusedError(reason, (f"edit {id_}",))
    if change.body is None:
        return after.text
    return after.text[: after.body_start] + change.body


def _changed(document: Document, kind: str, change: Change) -> Document:
    """A record with all of a change but its body."""
    order = field_order(kind)
    for place, values in change.nested.items():
        document = _again(document, _nested(document, kind, place, values))
    for key, items in change.added.items():
        present = (document.values or {}).get(key)
        text = (
            add_in_time(document, key, items) if present else with_values(document, {key: list(items)}, order)
        )
        document = _again(document, text)
    whole: dict[str, Any] = {}
    for key, value in change.values.items():
        partly = _partly(document, key, value)
        if partly is None:
            whole[key] = value
        else:
            document = _again(document, partly)
    return _again(document, with_values(document, whole, order)) if whole else document


def _partly(document: Document, key: str, value: Any) -> str | None:
    """The text where a list has become longer, or a mapping has other keys; None where all of it is new."""
    present, new = (document.values or {}).get(key), as_read(value)
    if not present or not new:
        return None
    if isinstance(present, list) and isinstance(new, list) and new[: len(present)] == present:
        return append_items(document, key, new[len(present) :]) if new != present else document.text
    if isinstance(present, Mapping) and isinstance(new, Mapping) and None not in new.values():
        names = [name for name in {**present, **new} if present.get(name) != new.get(name)]
        return with_nested(document, (key,), {name: new.get(name) for name in names})
    return None


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
