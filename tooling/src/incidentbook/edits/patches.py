"""Stretches of a file's text that are replaced, all else left as it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from incidentbook.edits.blocks import lines_of, newline_of
from incidentbook.source import Document

Place = tuple[str | int, ...]
"""The way to a value: `("holds", 0)` is the first hold, `("links",)` the links."""

Edit = tuple[int, int, str]
"""From where to where a text is replaced, and by what."""


def patched(text: str, edits: Iterable[Edit]) -> str:
    """Return a text with stretches of it replaced, none of which overlap."""
    for start, end, new in sorted(edits, key=lambda edit: edit[:2])[::-1]:
        text = text[:start] + new + text[end:]
    return text


def replaced_lines(document: Document, start: int, end: int, new: Sequence[str]) -> Edit:
    """Put lines in the place of those from `start` up to `end`, counted from 0."""
    lines = lines_of(document.text)
    before = "".join(lines[:start])
    # a file may end without a newline
    closed = "" if not before or before.endswith("\n") or not new else newline_of(document.text)
    return len(before), len("".join(lines[:end])), closed + "".join(new)
