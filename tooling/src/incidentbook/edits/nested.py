"""Changes to single keys inside a value: of one entry of a list, or of a mapping below a key."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from incidentbook.edits.blocks import Lines, end_line, is_flow, lines_of, newline_of, offsets
from incidentbook.edits.front_matter import as_read, item_lines, key_lines, read_again, with_values
from incidentbook.source import Document, to_yaml

Place = tuple[str | int, ...]
"""The way to a mapping: `("holds", 0)` is the first hold, `("links",)` the links."""

Edit = tuple[int, int, str]
"""From where to where a text is replaced, and by what."""

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
    edits: list[Edit | None] = [
        _replaced(document, (*place, key), present[key], value, flow=flow)
        for key, value in changes.items()
        if key in present
    ]
    added = {key: value for key, value in changes.items() if key not in present}
    if added:
        # behind what is appended to the last list, which ends where they begin
        edits.append((_in_braces if flow else _on_lines)(document, place, present, added))
    text = document.text
    if None in edits:
        return None
    for start, end, new in sorted((edit for edit in edits if edit), key=lambda edit: edit[:2])[::-1]:
        text = text[:start] + new + text[end:]
    return text


def _replaced(document: Document, keys: Place, present: Any, value: Any, *, flow: bool) -> Edit | None:
    """A single value in place of another of one line; entries at the end of a list that had the others."""
    if isinstance(value, list | tuple):
        return _appended(document, keys, present, as_read(list(value)))
    span, text = document.span(*keys), _on_one_line(str(keys[-1]), value, flow=flow)
    return None if text is None or span.line != span.end_line else (*offsets(document, *keys), text)


def _appended(document: Document, keys: Place, present: Any, value: list[Any]) -> Edit | None:
    if not isinstance(present, list) or value[: len(present)] != present:
        return None
    items = value[len(present) :]
    if not present or is_flow(document, keys):
        written = [_on_one_line(str(keys[-1]), item, flow=True) for item in items]
        if None in written or document.text[(end := offsets(document, *keys)[1]) - 1] != "]":
            return None
        start = len(document.text[: end - 1].rstrip())
        inner = "".join(f", {text}" for text in written)
        return start, start, inner.removeprefix(", ") if document.text[start - 1] in "[," else inner
    lines, newline = lines_of(document.text), newline_of(document.text)
    dash = lines[document.span(*keys, 0).line - 1]
    end = end_line(document, (*keys, len(present) - 1), present[-1])
    indent = dash[: len(dash) - len(dash.lstrip())]
    return _insertion(lines, end, item_lines(str(keys[-1]), items, indent, newline), newline)


def _in_braces(
    document: Document, place: Place, present: Mapping[str, Any], added: Mapping[str, Any]
) -> Edit | None:
    """Put new keys before the closing brace."""
    written = {key: _on_one_line(key, value, flow=True) for key, value in added.items()}
    if not present or None in written.values():
        return None
    start = len(document.text[: offsets(document, *place)[1] - 1].rstrip())
    inner = "".join(f", {key}: {text}" for key, text in written.items())
    return start, start, inner.removeprefix(", ") if document.text[start - 1] in "{," else inner


def _on_lines(
    document: Document, place: Place, present: Mapping[str, Any], added: Mapping[str, Any]
) -> Edit | None:
    """Put new keys below the last one of a mapping that has a line for each."""
    newline = newline_of(document.text)
    indent = " " * (document.key_span(*place, next(iter(present))).column - 1)
    last = list(present)[-1]
    end = end_line(document, (*place, last), present[last])
    new = [indent + line for key, value in added.items() for line in key_lines(key, value, newline)]
    return _insertion(lines_of(document.text), end, new, newline)


def _insertion(lines: Lines, end: int, new: Lines, newline: str) -> Edit:
    """Put lines behind the `end`-th one."""
    before = "".join(lines[:end])
    return len(before), len(before), ("" if before.endswith("\n") else newline) + "".join(new)


def _on_one_line(key: str, value: Any, *, flow: bool) -> str | None:
    """A value as YAML on one line; None where it is longer."""
    if isinstance(value, list | tuple):
        items = [_on_one_line(key, item, flow=True) for item in value]
        return None if None in items else f"[{', '.join(item for item in items if item is not None)}]"
    if isinstance(value, dict):
        pairs = {name: _on_one_line(name, part, flow=True) for name, part in value.items()}
        return None if None in pairs.values() else f"{{{', '.join(f'{k}: {v}' for k, v in pairs.items())}}}"
    text = to_yaml({key: value}).removeprefix(f"{key}:").strip()
    if "\n" in text:
        return None
    if flow and text[:1] not in "\"'" and _IN_BRACES.intersection(text):
        return "'" + text.replace("'", "''") + "'"
    return text
