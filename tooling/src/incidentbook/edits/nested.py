"""Changes to single keys inside a value: of one entry of a list, or of a mapping below a key."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from incidentbook.edits.blocks import (
    Lines,
    end_line,
    indented,
    is_flow,
    lines_of,
    newline_of,
    offsets,
    span_offsets,
    tail_end,
)
from incidentbook.edits.flow import behind_last, in_flow, on_one_line, without
from incidentbook.edits.front_matter import (
    appended,
    as_read,
    is_so,
    key_lines,
    reread,
    rewritten,
    with_values,
)
from incidentbook.edits.patches import Edit, Place, patched, replaced_lines
from incidentbook.source import Document


def with_nested(document: Document, place: Place, changes: Mapping[str, Any]) -> str:
    """Return the text of a file with some keys of the mapping at `place` changed; None removes a key.

    The other keys, their order, quotation marks and comments stay as they are written. The result is read
    again: where the layout is too unusual to be patched, the whole value at the first key of `place` is
    written anew, as `with_values` does it. Raises KeyError or IndexError where no mapping is at `place`.
    """
    wanted = copy.deepcopy(document.values or {})
    mapping = _mapping_at(wanted, place)
    for key, value in changes.items():
        if value is None:
            mapping.pop(key, None)
        else:
            mapping[key] = as_read(value)
    text = _step_by_step(document, place, changes)
    if text is not None and is_so(document, text, wanted):
        return text
    top = str(place[0])
    return with_values(document, {top: wanted[top]})


def _mapping_at(values: Any, place: Place) -> dict[str, Any]:
    for key in place:
        values = values[key]
    if not isinstance(values, dict):
        raise KeyError(place)
    return values


def _step_by_step(document: Document, place: Place, changes: Mapping[str, Any]) -> str | None:
    """Change one key after the other, each in what the one before has left; None where one cannot be."""
    # removed last, so that what is new always stands behind something
    for key, value in sorted(changes.items(), key=lambda change: change[1] is None):
        mapping = _mapping_at(document.values, place)
        if not mapping:
            return None
        edits = _edits(document, place, mapping, key, value)
        if edits is None:
            return None
        document = reread(document, patched(document.text, edits))
        if document.diagnostics or document.values is None:
            return None
    return document.text


def _edits(
    document: Document, place: Place, present: Mapping[str, Any], key: str, value: Any
) -> list[Edit] | None:
    flow = is_flow(document, place)
    if key not in present:
        if value is None:
            return []
        if not flow:
            return _on_lines(document, place, present, key, value)
        return behind_last(document, place, list(present)[-1], [f"{key}: {in_flow(as_read(value))}"])
    if value is None:
        return without(document, place, key) if flow else _other_lines(document, (*place, key), present[key])
    return _replaced(document, (*place, key), present[key], as_read(value), flow=flow)


def _replaced(document: Document, keys: Place, present: Any, value: Any, *, flow: bool) -> list[Edit] | None:
    """A value in place of another; entries at the end of a list that had the others."""
    if isinstance(value, list) and isinstance(present, list) and value[: len(present)] == present:
        return appended(document, keys, present, value[len(present) :])
    span, text = document.span(*keys), (in_flow if flow else on_one_line)(value)
    is_one_line = document.key_span(*keys).line == span.line == span.end_line
    if text is not None and (flow or is_one_line) and document.written(*keys):
        return [(*offsets(document, *keys), text)]
    return None if flow else _other_lines(document, keys, present, value)


def _other_lines(document: Document, keys: Place, present: Any, value: Any = None) -> list[Edit] | None:
    """Other lines for those of a key, none for None; the comments in them stay."""
    span = document.key_span(*keys)
    start, end = span.line - 1, end_line(document, keys, present)
    head, indent = lines_of(document.text)[start][: span.column - 1], " " * (span.column - 1)
    written = [] if value is None else key_lines(str(keys[-1]), value, newline_of(document.text))
    new = rewritten(document, start, end, indented(written, indent), indent)
    if head.strip():
        # behind the dash of an entry
        if value is None:
            return _without_first(document, keys, new)
        new[0] = head + new[0].removeprefix(indent)
    return [replaced_lines(document, start, end, new)]


def _without_first(document: Document, keys: Place, comments: Lines) -> list[Edit] | None:
    """Take out the key behind a dash: what is below it moves there, its comments first."""
    names = list(_mapping_at(document.values, keys[:-1]))
    if len(names) == 1:
        return None
    start, end = (span_offsets(document, document.key_span(*keys[:-1], name))[0] for name in names[:2])
    below = end_line(document, keys, _mapping_at(document.values, keys[:-1])[names[0]])
    between = lines_of(document.text)[below : document.key_span(*keys[:-1], names[1]).line - 1]
    text = "".join([*comments, *between]).lstrip(" ")
    return [(start, end, text + " " * (document.key_span(*keys).column - 1) if text else "")]


def _on_lines(
    document: Document, place: Place, present: Mapping[str, Any], key: str, value: Any
) -> list[Edit] | None:
    """Put a new key below the last one of a mapping that has a line for each."""
    column = document.key_span(*place, next(iter(present))).column
    last = list(present)[-1]
    lines = lines_of(document.text)
    # of an entry of a list, comments are as far in as its keys; of a mapping, further than its own key
    inner = column - 1 if isinstance(place[-1], int) else document.key_span(*place).column
    tail = tail_end(lines, end_line(document, (*place, last), present[last]), inner)
    indent = " " * (column - 1)
    written = key_lines(key, value, newline_of(document.text))
    return [replaced_lines(document, tail, tail, indented(written, indent))]
