"""Changes to single keys inside a value: of one entry of a list, or of a mapping below a key."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from incidentbook.edits.blocks import close_line, end_line, is_flow, lines_of, newline_of, offsets
from incidentbook.edits.front_matter import as_read, read_again, with_values
from incidentbook.source import Document, to_yaml

Place = tuple[str | int, ...]
"""The way to a mapping: `("holds", 0)` is the first hold, `("links",)` the links."""

_IN_BRACES = frozenset(",[]{}")


def with_nested(document: Document, place: Place, changes: Mapping[str, Any]) -> str:
    """Return the text of a file with some keys of the mapping at `place` changed; None removes a key.

    The other keys, their order, quotation marks and comments stay as they are written. The result is read
    again: where the layout is too unusual to be patched, the whole value at the first key of `place` is
    written anew. Raises KeyError or IndexError where there is no mapping at `place`.
    """
    wanted = copy.deepcopy(document.values or {})
    mapping = _mapping_at(wanted, place)
    for key, value in changes.items():
        if value is None:
            mapping.pop(key, None)
        else:
            mapping[key] = as_read(value)
    patched = _patched(document, place, changes)
    if patched is not None and read_again(document, patched) == (wanted, document.body):
        return patched
    top = str(place[0])
    return with_values(document, {top: wanted[top]})


def _mapping_at(values: Any, place: Place) -> dict[str, Any]:
    for key in place:
        values = values[key]
    if not isinstance(values, dict):
        raise KeyError(place)
    return values


def _patched(document: Document, place: Place, changes: Mapping[str, Any]) -> str | None:
    present = _mapping_at(document.values, place)
    if not present or any(value is None for value in changes.values()):
        return None
    flow = is_flow(document, place)
    replaced = {key: value for key, value in changes.items() if key in present}
    written = {key: _scalar(key, value, flow=flow) for key, value in changes.items()}
    if any(text is None for text in written.values()):
        return None
    added = {key: text for key, text in written.items() if key not in present}
    edits = [(*offsets(document, *place, key), written[key] or "") for key in replaced]
    if any(not _is_one_line(document, (*place, key)) for key in replaced):
        return None
    if flow and added:
        end = offsets(document, *place)[1] - 1
        start = len(document.text[:end].rstrip())
        inner = "".join(f", {key}: {text}" for key, text in added.items())
        edits.append((start, start, inner.removeprefix(", ") if document.text[start - 1] in "{," else inner))
    text = document.text
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text if flow or not added else _with_lines(document, text, place, present, added)


def _with_lines(
    document: Document, text: str, place: Place, present: dict[str, Any], added: Mapping[str, str | None]
) -> str:
    """Put new keys below the last one of a mapping that has a line for each.

    What was replaced before took no lines away and added none, so that the document's places still hold.
    """
    newline = newline_of(text)
    indent = " " * (document.key_span(*place, next(iter(present))).column - 1)
    last = list(present)[-1]
    end = end_line(document, (*place, last), present[last])
    lines = lines_of(text)
    close_line(lines, end, newline)
    return "".join(
        [*lines[:end], *(f"{indent}{key}: {value}{newline}" for key, value in added.items()), *lines[end:]]
    )


def _is_one_line(document: Document, keys: Place) -> bool:
    span = document.span(*keys)
    return span.line == span.end_line


def _scalar(key: str, value: Any, *, flow: bool) -> str | None:
    """A value as YAML on one line; None where it is longer, or no single value."""
    if isinstance(value, (dict, list, tuple)):
        return None
    text = to_yaml({key: value}).removeprefix(f"{key}:").strip()
    if "\n" in text:
        return None
    if flow and text[:1] not in "\"'" and _IN_BRACES.intersection(text):
        return "'" + text.replace("'", "''") + "'"
    return text
