"""A file as values and body, each with its place."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import yaml

from incidentbook.diagnostics import Diagnostic, Severity, Span
from incidentbook.source.yaml_reader import Fault, compose, construct

MAX_BYTES = 1_000_000
"""A record larger than this is not read: it holds something that belongs into an attachment."""

_BOM = b"\xef\xbb\xbf"
_FENCE = "---"
_CLOSING = re.compile(r"^---\r*$", re.MULTILINE)


@dataclass(frozen=True)
class Document:
    """One text file: front matter (or whole YAML) as plain values, and what follows it.

    `yaml_start` is the offset of the YAML in `text`. `values` is None where there is none that
    could be read; `diagnostics` then say why.
    """

    path: str
    text: str
    values: dict[str, Any] | None
    body: str
    body_start: int
    yaml_start: int
    yaml_end: int
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def body_line(self) -> int:
        """The line on which the body begins."""
        return self.span_of(self.body_start, self.body_start).line

    def span(self, *keys: str | int) -> Span:
        """Place of the value at a path of keys; where there is none, of the nearest part around it.

        No keys at all means the file's first line.
        """
        if not keys:
            return self._first_line()
        nodes = self._walk(keys)
        return self._node_span(nodes[-1]) if nodes else self._first_line()

    def key_span(self, *keys: str | int) -> Span:
        """Place of the key itself (of the value, where the last step is into a list)."""
        if not keys:
            return self._first_line()
        *parents, last = keys
        node = self._root
        for key in parents:
            node = _child(node, key)
        if isinstance(node, yaml.MappingNode):
            # the last one, because a key that stands twice is reported where it is repeated
            for key_node, _ in reversed(node.value):
                if isinstance(key_node, yaml.ScalarNode) and key_node.value == last:
                    return self._node_span(key_node)
        return self.span(*keys)

    def written(self, *keys: str | int) -> str | None:
        """The value at a path of keys as the file has it, on one line; None where there is none."""
        nodes = self._walk(keys)
        if not keys or len(nodes) < len(keys):
            return None
        start, end = nodes[-1].start_mark.index, nodes[-1].end_mark.index
        return " ".join(self.text[self.yaml_start + start : self.yaml_start + end].split())

    def body_span(self, start: int, end: int) -> Span:
        """Place of a stretch of the body, given by offsets into it."""
        return self.span_of(self.body_start + start, self.body_start + end)

    def span_of(self, start: int, end: int) -> Span:
        """Place of a stretch of the whole text, given by offsets into it."""
        line, column = self._position(start)
        end_line, end_column = self._position(end)
        return Span(line, column, end_line, end_column)

    @cached_property
    def _line_starts(self) -> list[int]:
        starts = [0]
        position = self.text.find("\n")
        while position >= 0:
            starts.append(position + 1)
            position = self.text.find("\n", position + 1)
        return starts

    @cached_property
    def _root(self) -> yaml.Node | None:
        if self.values is None:
            return None
        return compose(self.text[self.yaml_start : self.yaml_end])[0]

    def _position(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def _first_line(self) -> Span:
        end = self.text.find("\n")
        length = len(self.text) if end < 0 else end
        return Span(1, 1, 1, max(length, 0) + 1)

    def _walk(self, keys: tuple[str | int, ...]) -> list[yaml.Node]:
        nodes: list[yaml.Node] = []
        node = self._root
        for key in keys:
            node = _child(node, key)
            if node is None:
                break
            nodes.append(node)
        return nodes

    def _node_span(self, node: yaml.Node) -> Span:
        start = self.yaml_start + node.start_mark.index
        end = self.yaml_start + node.end_mark.index
        # a block value's end mark lies on the next line
        stripped = self.text[start:end].rstrip()
        return self.span_of(start, start + max(len(stripped), 1))


def _child(node: yaml.Node | None, key: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(key, int):
        items: list[yaml.Node] = node.value
        return items[key] if key < len(items) else None
    if isinstance(node, yaml.MappingNode):
        pairs: list[tuple[yaml.Node, yaml.Node]] = node.value
        for key_node, value_node in pairs:
            if isinstance(key_node, yaml.ScalarNode) and key_node.value == str(key):
                return value_node
    return None


def read_document(path: str, data: bytes) -> Document:
    """Read a Markdown file with front matter.

    Front matter opens with a line equal to `---` on line 1 and closes at the next such line, and
    nowhere else; a thematic break in the body is no front matter.
    """
    text, problem = _decode(path, data)
    if problem:
        return _unreadable(path, text, problem)
    if not text.strip():
        return _unreadable(
            path,
            text,
            _diagnostic(path, "empty-file", "the file is empty", "write the record or delete the file"),
        )
    yaml_start = _opening_fence(text)
    if yaml_start is None:
        missing = _diagnostic(
            path,
            "missing-front-matter",
            "the file does not begin with front matter",
            "begin with a line `---`, the fields of the record, and another line `---`",
            Span(1, 1, 1, len(text.partition("\n")[0]) + 1),
        )
        return _unreadable(path, text, missing)
    closing = _closing_fence(text, yaml_start)
    if closing is None:
        unclosed = _diagnostic(
            path,
            "unclosed-front-matter",
            "the front matter is never closed",
            "end the fields with a line `---`",
            Span(1, 1, 1, len(_FENCE) + 1),
        )
        return _unreadable(path, text, unclosed)
    yaml_end, body_start = closing
    return _with_values(path, text, yaml_start, yaml_end, body_start)


def read_body(data: bytes) -> str:
    """The Markdown below the front matter, found without parsing that; empty where there is none."""
    text, problem = _decode("", data)
    yaml_start = None if problem else _opening_fence(text)
    closing = None if yaml_start is None else _closing_fence(text, yaml_start)
    return text[closing[1] :] if closing else ""


def read_front_matter(data: bytes) -> str | None:
    """The YAML between the fences as text, not parsed; None where `read_document` would read none."""
    text, problem = _decode("", data)
    yaml_start = None if problem else _opening_fence(text)
    closing = None if yaml_start is None else _closing_fence(text, yaml_start)
    return text[yaml_start : closing[0]] if closing else None


def read_yaml(path: str, data: bytes) -> Document:
    """Read a file that is YAML from beginning to end."""
    text, problem = _decode(path, data)
    if problem:
        return _unreadable(path, text, problem)
    return _with_values(path, text, 0, len(text), len(text))


def _opening_fence(text: str) -> int | None:
    """Offset of what follows the line that opens the front matter."""
    end = text.find("\n")
    return end + 1 if end >= 0 and text[:end].rstrip("\r") == _FENCE else None


def _closing_fence(text: str, start: int) -> tuple[int, int] | None:
    """Offsets of the end of the front matter and of the beginning of the body."""
    match = _CLOSING.search(text, start)
    if match is None:
        return None
    end = match.end()
    return match.start(), end + 1 if end < len(text) else end


def _with_values(path: str, text: str, yaml_start: int, yaml_end: int, body_start: int) -> Document:
    root, faults = compose(text[yaml_start:yaml_end])
    values: Any = None
    if root is not None:
        values, more = construct(root)
        faults += more
    plain = Document(path, text, None, text[body_start:], body_start, yaml_start, yaml_end)
    diagnostics = [_fault_diagnostic(plain, fault) for fault in faults]
    if root is None and not faults:
        values = {}
    elif root is not None and not isinstance(values, dict):
        found = "a list" if isinstance(values, list) else "a single value"
        diagnostics.append(
            _diagnostic(
                path,
                "not-a-mapping",
                f"expected fields (`key: value`), found {found}",
                None,
                plain.span_of(yaml_start + root.start_mark.index, yaml_start + root.start_mark.index + 1),
            )
        )
        values = None
    return Document(
        path, text, values, text[body_start:], body_start, yaml_start, yaml_end, tuple(diagnostics)
    )


def _fault_diagnostic(document: Document, fault: Fault) -> Diagnostic:
    start = document.yaml_start + fault.start
    end = document.yaml_start + max(fault.end, fault.start + 1)
    return _diagnostic(document.path, fault.code, fault.message, fault.help, document.span_of(start, end))


def _decode(path: str, data: bytes) -> tuple[str, Diagnostic | None]:
    if len(data) > MAX_BYTES:
        return "", _diagnostic(
            path,
            "file-too-large",
            f"the file has {len(data):,} bytes; at most {MAX_BYTES:,} are read",
            "move logs and dumps into an attachment beside the record",
        )
    try:
        text = data.removeprefix(_BOM).decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return "", _diagnostic(
            path,
            "not-text",
            f"the file is not UTF-8 text: byte {error.start + 1:,} (line {line:,}) does not fit",
            "save it as UTF-8, or keep it as an attachment under another name",
        )
    if "\0" in text:
        return "", _diagnostic(
            path, "not-text", "the file holds NUL bytes: it is binary, not text", "keep it as an attachment"
        )
    return text, None


def _unreadable(path: str, text: str, problem: Diagnostic) -> Document:
    return Document(path, text, None, "", len(text), 0, 0, (problem,))


def _diagnostic(
    path: str, code: str, message: str, help_: str | None, span: Span | None = None
) -> Diagnostic:
    return Diagnostic(code, Severity.ERROR, message, path, span, help_)
