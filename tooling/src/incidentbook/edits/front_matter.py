"""Changes to single keys of a file's YAML that leave everything else as its writer left it."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from incidentbook.source import Document, read_document, read_yaml, render_document, to_yaml

Lines = list[str]


def with_values(
    document: Document, changes: Mapping[str, Any], order: Mapping[str, int] | None = None
) -> str:
    """Return the text of a file with some of its top-level keys changed; None removes a key.

    A new key goes behind the one before it in `order`, else to the end. Comments stay, but for those
    inside a value that is replaced. The result is read again: where the layout is too unusual
    to be patched, the YAML is written anew and only its comments are lost, never a value.
    """
    wanted = {key: value for key, value in (document.values or {}).items() if key not in changes}
    wanted |= {key: _as_read(value) for key, value in changes.items() if value is not None}
    patched = _patched(document, changes, order or {})
    if patched is not None and _read_again(document, patched) == (wanted, document.body):
        return patched
    if document.yaml_start:
        return render_document(wanted, document.body)
    return to_yaml(wanted)


def append_items(document: Document, key: str, items: Sequence[Mapping[str, Any]]) -> str:
    """Return the text of a YAML file with items added to the end of one of its lists."""
    present = (document.values or {}).get(key) or []
    whole = [*present, *items]
    last = len(present) - 1
    first_line = document.span(key, 0).line if present else 0
    if present and document.key_span(key).line < first_line:
        lines = _lines(document.text)
        dash = lines[first_line - 1]
        indent = dash[: len(dash) - len(dash.lstrip())]
        end = _end_line(document, (key, last), present[last])
        added = _item_lines(key, items, indent, _newline(document.text))
        _close_line(lines, end, _newline(document.text))
        text = "".join([*lines[:end], *added, *lines[end:]])
        wanted = {**(document.values or {}), key: _as_read(whole)}
        if _read_again(document, text) == (wanted, document.body):
            return text
    return with_values(document, {key: whole})


def _as_read(value: Any) -> Any:
    """A value as our reader gives it back: plain, times as text."""
    return (read_yaml("", to_yaml({"value": value}).encode()).values or {})["value"]


def _read_again(document: Document, text: str) -> tuple[dict[str, Any] | None, str]:
    again = (read_document if document.yaml_start else read_yaml)(document.path, text.encode())
    return (None if again.diagnostics else again.values), again.body


def _patched(document: Document, changes: Mapping[str, Any], order: Mapping[str, int]) -> str | None:
    values = document.values or {}
    starts = {key: document.key_span(key) for key in values}
    if any(start.column != 1 for start in starts.values()):
        return None  # a mapping in braces, or indented as a whole
    newline = _newline(document.text)
    lines = _lines(document.text)
    blocks = {key: (starts[key].line - 1, _end_line(document, (key,), values[key])) for key in values}
    top = document.span_of(document.yaml_start, document.yaml_start).line - 1
    closing = document.span_of(document.yaml_end, document.yaml_end).line - 1
    bottom = closing if document.yaml_start else len(lines)
    edits: list[tuple[int, int, Lines]] = []
    for key, value in sorted(changes.items(), key=lambda change: order.get(change[0], len(order))):
        added = [] if value is None else _key_lines(key, value, newline)
        if key in blocks:
            edits.append((*blocks[key], _beside_comment(document, key, added)))
        elif added:
            place = _place(key, blocks, order, top, bottom)
            edits.append((place, place, added))
    # From the end, so that the line numbers before stay true; keys for one place in their order.
    edits.sort(key=lambda edit: edit[:2])
    for start, end, added in reversed(edits):
        _close_line(lines, start, newline)
        lines[start:end] = added
    return "".join(lines)


def _place(
    key: str, blocks: Mapping[str, tuple[int, int]], order: Mapping[str, int], top: int, bottom: int
) -> int:
    if key not in order:
        return max((end for _, end in blocks.values()), default=bottom)
    before = [other for other in blocks if order.get(other, -1) < order[key] and other in order]
    if before:
        return blocks[max(before, key=lambda other: order[other])][1]
    return min((start for start, _ in blocks.values()), default=top)


def _beside_comment(document: Document, key: str, added: Lines) -> Lines:
    """Keep the comment behind a value of one line, where the new value has one line too."""
    span = document.span(key)
    line = _lines(document.text)[span.line - 1]
    if len(added) != 1 or span.end_line != span.line or document.key_span(key).line != span.line:
        return added
    rest = line[span.end_column - 1 :]
    return [added[0].rstrip("\r\n") + rest] if rest.lstrip().startswith("#") else added


def _end_line(document: Document, keys: tuple[str | int, ...], value: Any) -> int:
    """The last line of a value, comments behind it left out.

    The parser ends a block list where the next key begins; its last item's last scalar ends truly.
    """
    span = document.span(*keys)
    opening = _lines(document.text)[span.line - 1][span.column - 1 : span.column]
    if value and isinstance(value, dict | list) and opening not in ("{", "["):
        last = list(value)[-1] if isinstance(value, dict) else len(value) - 1
        return _end_line(document, (*keys, last), value[last])
    return max(span.end_line, document.key_span(*keys).line)


def _key_lines(key: str, value: Any, newline: str) -> Lines:
    return [line.rstrip("\n") + newline for line in _lines(to_yaml({key: value}))]


def _item_lines(key: str, items: Sequence[Mapping[str, Any]], indent: str, newline: str) -> Lines:
    written = _lines(to_yaml({key: list(items)}))[1:]
    depth = len(written[0]) - len(written[0].lstrip())
    return [(indent + line[depth:].rstrip("\n") if line.strip() else "") + newline for line in written]


def _lines(text: str) -> Lines:
    # str.splitlines would also break at characters that end no line of YAML
    return io.StringIO(text, newline="\n").readlines()


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _close_line(lines: Lines, end: int, newline: str) -> None:
    """End the line before an insertion, where the file ended without a newline."""
    if 0 < end <= len(lines) and not lines[end - 1].endswith("\n"):
        lines[end - 1] += newline
