"""Changes to single keys of a file's YAML that leave everything else as its writer left it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from incidentbook.edits.blocks import Lines, close_line, end_line, lines_of, newline_of, with_blocks
from incidentbook.source import Document, read_document, read_yaml, render_document, to_yaml


def with_values(
    document: Document, changes: Mapping[str, Any], order: Mapping[str, int] | None = None
) -> str:
    """Return the text of a file with some of its top-level keys changed; None removes a key.

    A new key goes behind the one before it in `order`, else to the end. Comments stay, but for those
    inside a value that is replaced. The result is read again: where the layout is too unusual
    to be patched, the YAML is written anew and only its comments are lost, never a value.
    """
    wanted = {key: value for key, value in (document.values or {}).items() if key not in changes}
    wanted |= {key: as_read(value) for key, value in changes.items() if value is not None}
    patched = with_blocks(document, _rendered(document, changes), order or {})
    if patched is not None and read_again(document, patched) == (wanted, document.body):
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
        lines = lines_of(document.text)
        dash = lines[first_line - 1]
        indent = dash[: len(dash) - len(dash.lstrip())]
        end = end_line(document, (key, last), present[last])
        added = item_lines(key, items, indent, newline_of(document.text))
        close_line(lines, end, newline_of(document.text))
        text = "".join([*lines[:end], *added, *lines[end:]])
        wanted = {**(document.values or {}), key: as_read(whole)}
        if read_again(document, text) == (wanted, document.body):
            return text
    return with_values(document, {key: whole})


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
    again = (read_document if document.yaml_start else read_yaml)(document.path, text.encode())
    return (None if again.diagnostics else again.values), again.body


def _rendered(document: Document, changes: Mapping[str, Any]) -> dict[str, Lines | None]:
    newline = newline_of(document.text)
    present = document.values or {}
    rendered: dict[str, Lines | None] = {}
    for key, value in changes.items():
        lines = None if value is None else key_lines(key, value, newline)
        rendered[key] = _beside_comment(document, key, lines) if lines and key in present else lines
    return rendered


def _beside_comment(document: Document, key: str, added: Lines) -> Lines:
    """Keep the comment behind a value of one line, where the new value has one line too."""
    span = document.span(key)
    line = lines_of(document.text)[span.line - 1]
    if len(added) != 1 or span.end_line != span.line or document.key_span(key).line != span.line:
        return added
    rest = line[span.end_column - 1 :]
    return [added[0].rstrip("\r\n") + rest] if rest.lstrip().startswith("#") else added
