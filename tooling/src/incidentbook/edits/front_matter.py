"""Changes to single keys of a file's YAML that leave everything else as its writer left it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from incidentbook.edits.blocks import (
    Lines,
    end_line,
    indent_of,
    is_flow,
    key_blocks,
    lines_of,
    newline_of,
    tail_end,
    with_blocks,
)
from incidentbook.edits.comments import comment_places, lost_lines
from incidentbook.edits.flow import behind_last, in_flow
from incidentbook.edits.patches import Edit, Place, patched, replaced_lines
from incidentbook.source import Document, read_document, read_yaml, render_document, to_yaml


def with_values(
    document: Document, changes: Mapping[str, Any], order: Mapping[str, int] | None = None
) -> str:
    """Return the text of a file with some of its top-level keys changed; None removes a key.

    A new key goes behind the one before it in `order`, else to the end. Comments stay; those inside a value
    that is replaced or removed stand below its key then, or where that was. The result is read again: where
    the layout is too unusual to be patched (all in braces, or indented as a whole), the YAML is written anew
    and its comments are lost, never a value; `lost_lines` tells.
    """
    wanted = {key: value for key, value in (document.values or {}).items() if key not in changes}
    wanted |= {key: as_read(value) for key, value in changes.items() if value is not None}
    text = with_blocks(document, _rendered(document, changes), order or {}, tails=True)
    if text is not None and read_again(document, text) == (wanted, document.body):
        return text
    if document.yaml_start:
        return render_document(wanted, document.body)
    return to_yaml(wanted)


def append_items(document: Document, key: str, items: Sequence[Any]) -> str:
    """Return the text of a YAML file with items added to the end of one of its lists."""
    present = (document.values or {}).get(key) or []
    whole = [*present, *items]
    edits = appended(document, (key,), present, items) if present else None
    if edits is not None:
        text = patched(document.text, edits)
        if is_so(document, text, {**(document.values or {}), key: as_read(whole)}):
            return text
    return with_values(document, {key: whole})


def appended(
    document: Document, keys: Place, present: Sequence[Any], items: Sequence[Any]
) -> list[Edit] | None:
    """What puts entries behind the last one of a list; None where it cannot be done."""
    last, name = len(present) - 1, str(keys[-1])
    if not present or is_flow(document, keys):
        written = [in_flow(item) for item in as_read(list(items))]
        return behind_last(document, keys, last if present else None, written)
    lines = lines_of(document.text)
    end = end_line(document, (*keys, last), present[last])
    # what stands further in than the key of the list is about its last entry
    tail = tail_end(lines, end, document.key_span(*keys).column)
    new = item_lines(name, items, " " * (document.span(*keys).column - 1), newline_of(document.text))
    return [replaced_lines(document, tail, tail, new)]


def as_read(value: Any) -> Any:
    """A value as our reader gives it back: plain, times as text."""
    return (read_yaml("", to_yaml({"value": value}).encode()).values or {})["value"]


def key_lines(key: str, value: Any, newline: str = "\n") -> Lines:
    """A top-level key with its value, as new lines."""
    return [line.rstrip("\n") + newline for line in lines_of(to_yaml({key: value}))]


def item_lines(key: str, items: Sequence[Any], indent: str, newline: str = "\n") -> Lines:
    """Entries of a list, as new lines whose dashes stand behind `indent`."""
    written = lines_of(to_yaml({key: list(items)}))[1:]
    depth = len(written[0]) - len(written[0].lstrip())
    return [(indent + line[depth:].rstrip("\n") if line.strip() else "") + newline for line in written]


def read_again(document: Document, text: str) -> tuple[dict[str, Any] | None, str]:
    """The values and the body of a changed text; None as values where it can no longer be read."""
    again = reread(document, text)
    return (None if again.diagnostics else again.values), again.body


def reread(document: Document, text: str) -> Document:
    """A changed text as the same sort of file."""
    return (read_document if document.yaml_start else read_yaml)(document.path, text.encode())


def is_so(document: Document, text: str, wanted: Mapping[str, Any]) -> bool:
    """Whether a changed text says what is wanted, and has the body and all comments that it had."""
    again = reread(document, text)
    is_right = again.values == wanted and not again.diagnostics and again.body == document.body
    return is_right and not lost_lines(document, again)


def rewritten(document: Document, start: int, end: int, added: Lines, indent: str = "") -> Lines:
    """New lines for a key that has those from `start` to `end`, with the comments that stand there.

    One on the key's line stays there, where that has room for it; the others stand below it, or above it
    where its value is a text.
    """
    lines = lines_of(document.text)
    first, last = (len("".join(lines[:at])) for at in (start, end))
    found = [(at, comment) for at, comment in comment_places(document) if first <= at < last]
    newline = newline_of(document.text)
    # a text in quotes may break behind a colon too
    is_open = len(added) > 1 and added[0].rstrip().endswith(":") and ": " not in added[0]
    if found and found[0][0] < first + len(lines[start]) and (is_open or len(added) == 1):
        at, comment = found.pop(0)
        before = lines[start][: at - first]
        added = [added[0].rstrip() + before[len(before.rstrip()) :] + comment + newline, *added[1:]]
    if is_open:
        within = added[1][: indent_of(added[1])]
        return [added[0], *(within + comment + newline for _, comment in found), *added[1:]]
    return [*(indent + comment + newline for _, comment in found), *added]


def _rendered(document: Document, changes: Mapping[str, Any]) -> dict[str, Lines | None]:
    newline, lines = newline_of(document.text), lines_of(document.text)
    blocks = key_blocks(document) or {}
    rendered: dict[str, Lines | None] = {}
    for key, value in changes.items():
        added = [] if value is None else key_lines(key, value, newline)
        if key in blocks:
            start, end = blocks[key]
            added = rewritten(document, start, tail_end(lines, end), added)
        rendered[key] = added
    return rendered
