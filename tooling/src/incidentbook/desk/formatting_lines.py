"""The lines of front matter put into the house's order, none of them lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from incidentbook.edits.blocks import (
    Lines,
    end_line,
    item_blocks,
    key_blocks,
    lines_of,
    newline_of,
)
from incidentbook.edits.comments import comments_in
from incidentbook.edits.front_matter import item_lines
from incidentbook.source import Document, read_document

_SCHEMA = "# yaml-language-server:"
_OWN = "x-"


@dataclass(frozen=True)
class _Block:
    """A key with its value, and the comments and blank lines above it that go where it goes."""

    key: str
    above: Lines
    lines: Lines


def in_house_order(document: Document, order: Mapping[str, int]) -> str | None:
    """Return the text with its keys in order and blank lines thinned; None for an unusual layout."""
    places = key_blocks(document)
    if not places:
        return None
    lines = lines_of(document.text)
    top = document.span_of(document.yaml_start, document.yaml_start).line - 1
    bottom = document.span_of(document.yaml_end, document.yaml_end).line - 1
    starts = sorted(places.items(), key=lambda pair: pair[1])
    head, blocks, foot = _parted(lines, top, bottom, starts)
    newline = newline_of(document.text)
    above = _without_ends(_thinned(head))
    # a comment of its own at the top keeps its distance, or it would be that of the first key
    apart = [""] if any(not line.startswith(_SCHEMA) for line in above if line) else []
    between: Lines = []
    for block in sorted(blocks, key=lambda one: _rank(one.key, order)):
        above_it = _thinned(block.above)
        # so does one that follows a key
        parted = [newline] if between and between[-1].startswith("#") and above_it[:1] != [""] else []
        between += [*parted, *_closed(above_it, newline), *block.lines]
    while between and not between[0].strip():
        between.pop(0)
    end = _closed(_without_ends(_thinned(foot), leading=False), newline)
    return "".join([*lines[:top], *_closed([*above, *apart], newline), *between, *end, *lines[bottom:]])


def _closed(lines: Lines, newline: str) -> Lines:
    return [line + newline for line in lines]


def _rank(key: str, order: Mapping[str, int]) -> tuple[int, int]:
    if key.startswith(_OWN):
        return (2, 0)
    return (0, order[key]) if key in order else (1, 0)


def _parted(
    lines: Lines, top: int, bottom: int, places: list[tuple[str, tuple[int, int]]]
) -> tuple[Lines, list[_Block], Lines]:
    """Part the lines into those above every key, a block for each key, and those below every key."""
    first = places[0][1][0]
    cut = _head_end(lines, top, first)
    blocks: list[_Block] = []
    above = lines[cut:first]
    for place, (key, (start, end)) in enumerate(places):
        following = places[place + 1][1][0] if place + 1 < len(places) else bottom
        own = _own_end(lines, end, following, is_last=following == bottom)
        blocks.append(_Block(key, above, lines[start:own]))
        above = lines[own:following]
    return lines[top:cut], blocks, above


def _head_end(lines: Lines, top: int, first: int) -> int:
    """Where what stands above every key ends: the schema's comment, and comments with a blank line below."""
    end = top
    for at in range(top, first):
        if lines[at].startswith(_SCHEMA) or (not lines[at].strip() and at > end):
            end = at + 1
    return end


def _own_end(lines: Lines, end: int, following: int, *, is_last: bool) -> int:
    """Where a key's lines end: comments that are indented below it are its own.

    So are those that follow it at once, where a blank line parts them from what comes next.
    """
    while end < following and lines[end].strip() and lines[end][:1] in (" ", "\t"):
        end += 1
    at = end
    while at < following and lines[at].strip():
        at += 1
    return at if at < following and not is_last else end


def _thinned(lines: Lines) -> Lines:
    """At most one blank line in a row, and nothing behind a comment; without line ends."""
    found: Lines = []
    for line in (one.rstrip() for one in lines):
        if line or not found or found[-1]:
            found.append(line)
    return found


def _without_ends(lines: Lines, *, leading: bool = True) -> Lines:
    """Without the blank line at the end, and at the beginning unless that is to stay."""
    found = lines[:-1] if lines and not lines[-1] else lines
    return found[1:] if leading and found and not found[0] else found


def one_line_items(document: Document) -> Document:
    """Put the small mappings of each list on one line, where no comment stands in them."""
    for key, value in (document.values or {}).items():
        if not isinstance(value, list) or item_blocks(document, key) is None:
            continue
        for index, item in enumerate(value):
            if isinstance(item, dict) and item:
                document = _one_line(document, key, index, item)
    return document


def _one_line(document: Document, key: str, index: int, item: dict[str, object]) -> Document:
    lines = lines_of(document.text)
    start = document.span(key, index).line - 1
    end = end_line(document, (key, index), item)
    dash = lines[start]
    if end - start < 2 or not dash.lstrip().startswith("- "):
        return document
    indent = dash[: len(dash) - len(dash.lstrip())]
    written = item_lines(key, [item], indent, newline_of(document.text))
    if len(written) != 1 or any(comments_in("".join(lines[start:end]))):
        return document
    return read_document(document.path, "".join([*lines[:start], *written, *lines[end:]]).encode())
