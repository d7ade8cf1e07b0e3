"""Changes inside braces and brackets that keep the rest of them as it is written."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

import yaml

from incidentbook.edits.blocks import newline_of, offsets, span_offsets
from incidentbook.edits.patches import Edit, Place
from incidentbook.source import Document, to_yaml

_IN_BRACES = frozenset(",[]{}")
_COMMA = re.compile(r"\s*,[ \t]*")


def behind_last(
    document: Document, place: Place, last: str | int | None, added: Sequence[str]
) -> list[Edit] | None:
    """Put entries behind the last one of a list or mapping; None as `last` where it is empty.

    Where the last entry has a line of its own, so have the new ones, and its comment stays beside it.
    """
    text = document.text
    closing = offsets(document, *place)[1] - 1
    if text[closing] not in "]}":
        return None
    if last is None:
        return [(closing, closing, ", ".join(added))]
    start, end = _stretch(document, (*place, last))
    above = text[text.rfind("\n", 0, start) + 1 : start]
    bracket_line = text.rfind("\n", end, closing) + 1
    if above.strip() or not bracket_line or text[bracket_line:closing].strip():
        return [(end, end, "".join(f", {entry}" for entry in added))]
    newline = newline_of(text)
    new = f",{newline}".join(above + entry for entry in added)
    if text[end:closing].lstrip().startswith(","):
        return [(bracket_line, bracket_line, f"{new},{newline}")]
    return [(end, end, ","), (bracket_line, bracket_line, new + newline)]


def before(document: Document, place: Place, next_: int, added: Sequence[str]) -> list[Edit]:
    """Put entries before the one of a list that stands at `next_`, on lines of their own where it has one."""
    start, _ = offsets(document, *place, next_)
    above = document.text[document.text.rfind("\n", 0, start) + 1 : start]
    between = " " if above.strip() else newline_of(document.text) + above
    return [(start, start, "".join(f"{entry},{between}" for entry in added))]


def without(document: Document, place: Place, key: str) -> list[Edit]:
    """Take a key with its value and comma out of a mapping, and its line where nothing else stands on it."""
    text = document.text
    start, end = _stretch(document, (*place, key))
    comma = _COMMA.match(text, end)
    if comma:
        end = comma.end()
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", end) + 1 or len(text)
    if not text[line_start:start].strip() and not text[end:line_end].strip():
        return [(line_start, line_end, "")]
    if not comma:
        # a comma at the end of another line may be a comment's, and is allowed before a brace
        head = text[:start].rstrip(" \t")
        start = len(head) - 1 if head.endswith(",") else start
    return [(start, end, "")]


def in_flow(value: Any) -> str:
    """A value as it is written inside braces."""
    if isinstance(value, list):
        return f"[{', '.join(in_flow(item) for item in value)}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{in_flow(key)}: {in_flow(part)}' for key, part in value.items())}}}"
    text = on_one_line(value)
    if text is None:
        return _escaped(value)
    if text[:1] not in "\"'" and _IN_BRACES.intersection(text):
        return "'" + text.replace("'", "''") + "'"
    return text


def on_one_line(value: Any) -> str | None:
    """A value as YAML on one line, behind its key; None where it needs more."""
    if isinstance(value, list | dict):
        return in_flow(value)
    text = to_yaml({"x": value}).removeprefix("x:").strip()
    return None if "\n" in text else text


def _escaped(text: str) -> str:
    """A text of several lines in double quotes."""
    # the C library takes no endless lines
    quoted = yaml.dump(text, Dumper=yaml.SafeDumper, default_style='"', allow_unicode=True, width=math.inf)
    return str(quoted).rstrip("\n")


def _stretch(document: Document, place: Place) -> tuple[int, int]:
    """From the key of an entry to the end of its value."""
    start, end = offsets(document, *place)
    if document.written(*place) == "":
        end = start  # a key without a value
    if isinstance(place[-1], str):
        start = span_offsets(document, document.key_span(*place))[0]
    return start, end
