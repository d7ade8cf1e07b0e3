"""The lines of a file's YAML that a key or an entry of a list stands on."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from incidentbook.diagnostics import Span
from incidentbook.source import Document

Lines = list[str]


@dataclass(frozen=True)
class ItemBlocks:
    """A list with one entry below the other: its own line, and the lines of each entry.

    Comments above an entry are of its lines. `indent` is what stands before each dash.
    """

    head: Lines
    items: tuple[Lines, ...]
    indent: str


def with_blocks(
    document: Document,
    changes: Mapping[str, Sequence[str] | None],
    order: Mapping[str, int],
    *,
    tails: bool = False,
) -> str | None:
    """Replace the lines of some top-level keys; None as lines removes a key.

    A new key goes behind the one before it in `order`, else to the end. With `tails` the indented comments
    below a key are replaced with it. None where the layout is too unusual: a mapping in braces, or indented
    as a whole.
    """
    blocks = key_blocks(document)
    if blocks is None:
        return None
    newline = newline_of(document.text)
    lines = lines_of(document.text)
    whole = {key: (start, tail_end(lines, end)) for key, (start, end) in blocks.items()}
    top = document.span_of(document.yaml_start, document.yaml_start).line - 1
    closing = document.span_of(document.yaml_end, document.yaml_end).line - 1
    bottom = closing if document.yaml_start else len(lines)
    edits: list[tuple[int, int, Sequence[str]]] = []
    for key, added in sorted(changes.items(), key=lambda change: order.get(change[0], len(order))):
        if key in blocks:
            edits.append((*(whole if tails else blocks)[key], added or []))
        elif added:
            place = _place(key, whole, order, top, bottom)
            edits.append((place, place, added))
    # From the end, so that the line numbers before stay true; keys for one place in their order.
    edits.sort(key=lambda edit: edit[:2])
    for start, end, added in reversed(edits):
        close_line(lines, start, newline)
        lines[start:end] = added
    return "".join(lines)


def key_blocks(document: Document) -> dict[str, tuple[int, int]] | None:
    """First line, and line after the last, of each top-level key; None for an unusual layout."""
    values = document.values or {}
    starts = {key: document.key_span(key) for key in values}
    if any(start.column != 1 for start in starts.values()):
        return None  # a mapping in braces, or indented as a whole
    return {key: (starts[key].line - 1, end_line(document, (key,), values[key])) for key in values}


def item_blocks(document: Document, key: str) -> ItemBlocks | None:
    """The lines of a top-level list; None where it is empty, in brackets or no list."""
    items = (document.values or {}).get(key)
    start = document.key_span(key)
    if not isinstance(items, list) or not items or start.column != 1:
        return None
    lines = lines_of(document.text)
    if is_flow(document, (key,)):
        return None
    at = start.line
    chunks: list[Lines] = []
    for index, item in enumerate(items):
        end = end_line(document, (key, index), item)
        chunks.append(lines[at:end])
        at = max(at, end)
    dashes = [next((line for line in chunk if line.lstrip().startswith("-")), None) for chunk in chunks]
    indents = {dash[: len(dash) - len(dash.lstrip())] for dash in dashes if dash is not None}
    if None in dashes or len(indents) != 1:
        return None  # two entries on one line
    return ItemBlocks(lines[start.line - 1 : start.line], tuple(chunks), indents.pop())


def end_line(document: Document, keys: tuple[str | int, ...], value: Any) -> int:
    """The last line of a value, comments behind it left out.

    The parser ends a block list where the next key begins; its last item's last scalar ends truly.
    """
    span = document.span(*keys)
    if value and isinstance(value, dict | list) and not is_flow(document, keys):
        last = list(value)[-1] if isinstance(value, dict) else len(value) - 1
        return end_line(document, (*keys, last), value[last])
    if document.written(*keys) == "":
        return document.key_span(*keys).line  # the parser finds nothing only where the next thing begins
    return max(span.end_line, document.key_span(*keys).line)


def tail_end(lines: Sequence[str], end: int, indent: int = 1) -> int:
    """The last line of the comments below line `end` that belong to what ends there.

    Those are indented by at least `indent` characters.
    """
    for at in range(end, len(lines)):
        line = lines[at].strip()
        if line and not (line.startswith("#") and indent_of(lines[at]) >= indent):
            break
        if line:
            end = at + 1
    return end


def indent_of(line: str) -> int:
    """How many characters stand before the first one that is no blank."""
    return len(line) - len(line.lstrip())


def is_flow(document: Document, keys: tuple[str | int, ...]) -> bool:
    """Tell whether a mapping or list is written in braces or brackets."""
    span = document.span(*keys)
    return lines_of(document.text)[span.line - 1][span.column - 1 : span.column] in ("{", "[")


def offsets(document: Document, *keys: str | int) -> tuple[int, int]:
    """Where a value stands in the text of its file."""
    return span_offsets(document, document.span(*keys))


def span_offsets(document: Document, span: Span) -> tuple[int, int]:
    """The same for a place that is given by lines and columns."""
    before = [0]
    for line in lines_of(document.text)[: span.end_line]:
        before.append(before[-1] + len(line))
    return before[span.line - 1] + span.column - 1, before[span.end_line - 1] + span.end_column - 1


def lines_of(text: str) -> Lines:
    """The lines of a text with their ends."""
    # str.splitlines would also break at characters that end no line of YAML
    return io.StringIO(text, newline="\n").readlines()


def indented(lines: Sequence[str], indent: str) -> Lines:
    """Lines moved to the right, but for blank ones."""
    return [indent + line if line.strip() else line for line in lines]


def newline_of(text: str) -> str:
    """How the lines of a text end."""
    return "\r\n" if "\r\n" in text else "\n"


def close_line(lines: Lines, end: int, newline: str) -> None:
    """End the line before an insertion, where the file ended without a newline."""
    if 0 < end <= len(lines) and not lines[end - 1].endswith("\n"):
        lines[end - 1] += newline


def _place(
    key: str, blocks: Mapping[str, tuple[int, int]], order: Mapping[str, int], top: int, bottom: int
) -> int:
    if key not in order:
        return max((end for _, end in blocks.values()), default=bottom)
    before = [other for other in blocks if order.get(other, -1) < order[key] and other in order]
    if before:
        return blocks[max(before, key=lambda other: order[other])][1]
    return min((start for start, _ in blocks.values()), default=top)
