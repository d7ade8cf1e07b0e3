"""Merged values as front matter: lines of both sides, and markers around what people have to decide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from incidentbook.edits.blocks import (
    ItemBlocks,
    Lines,
    item_blocks,
    key_blocks,
    lines_of,
    newline_of,
    with_blocks,
)
from incidentbook.edits.front_matter import item_lines, key_lines
from incidentbook.edits.merging_values import ABSENT, Clash, Item, Merged, exact, has_clash, sided
from incidentbook.source import Document

_OPEN, _MIDDLE, _CLOSE = "<<<<<<< ", "=======", ">>>>>>> "
"""Git's own markers, which editors and `git diff --check` know."""

_LONGEST_NAME = 60


@dataclass(frozen=True)
class Sides:
    """Two versions of a file, what the people at the markers call them, and the order of keys."""

    ours: Document
    theirs: Document
    labels: tuple[str, str]
    order: Mapping[str, int]


def patched(sides: Sides, merged: Mapping[str, Any]) -> str | None:
    """Our file with the merged values in it: only lines of what changed are other ones.

    None where the layout of our file is too unusual to be patched.
    """
    mine, yours = sides.ours.values or {}, sides.theirs.values or {}
    changes: dict[str, Lines | None] = {}
    for key in dict.fromkeys([*mine, *merged]):
        value = merged.get(key, ABSENT)
        if has_clash(value):
            changes[key] = _clashing(sides, key, value)
        elif exact(plain(value)) == exact(mine.get(key, ABSENT)):
            continue
        elif value is ABSENT:
            changes[key] = None
        elif exact(plain(value)) == exact(yours.get(key, ABSENT)):
            changes[key] = _block(sides.theirs, key) or key_lines(key, plain(value))
        elif isinstance(value, Merged):
            changes[key] = _spliced(sides, key, value)
        else:
            changes[key] = key_lines(key, plain(value))
    newline = newline_of(sides.ours.text)
    ended = {key: lines and _with_ends(lines, newline) for key, lines in changes.items()}
    return with_blocks(sides.ours, ended, sides.order)


def rewritten(sides: Sides, merged: Mapping[str, Any]) -> str:
    """A file of the merged values alone, with our body: for a layout that cannot be patched."""
    keys = sorted(merged, key=lambda key: sides.order.get(key, len(sides.order)))
    lines = [line for key in keys for line in _tree(sides.labels, key, merged[key], "", (key,))]
    return "".join(["---\n", *lines, "---\n"]) + sides.ours.body


def plain(value: Any) -> Any:
    """A merged value without clashes, as plain lists and mappings."""
    return sided(value, "ours")


def decided(text: str, side: str) -> str:
    """The text as it is when everything between markers is decided for one side."""
    kept, inside = [], ""
    for line in lines_of(text):
        if line.startswith(_OPEN):
            inside = "ours"
        elif inside and line.rstrip("\r\n") == _MIDDLE:
            inside = "theirs"
        elif inside and line.startswith(_CLOSE):
            inside = ""
        elif inside in ("", side):
            kept.append(line)
    return "".join(kept)


def name_of(path: Sequence[str]) -> str:
    """The way to a field in words that fit behind a marker, whatever people have written there."""
    return " ".join(_printable(step) for step in path)


def step_of(value: Any) -> str:
    """What to call one entry of a list: its ID, else the first thing that it says."""
    for each in (value.ours, value.theirs) if isinstance(value, Clash) else (value,):
        if isinstance(each, Mapping):
            words = [each.get("id"), *each.values()]
            return next((str(word) for word in words if isinstance(word, str)), "entry")
        if each is not ABSENT:
            return str(each)
    return "entry"


def _printable(step: str) -> str:
    words = "".join(character if character.isprintable() else " " for character in step).split()
    short = " ".join(words)
    return short if len(short) <= _LONGEST_NAME else short[: _LONGEST_NAME - 3] + "..."


def _block(document: Document, key: str) -> Lines | None:
    """The lines of a key as its file has them; None where it stands within other lines."""
    blocks = key_blocks(document)
    if blocks is None or key not in blocks:
        return None
    start, end = blocks[key]
    return lines_of(document.text)[start:end]


def _clashing(sides: Sides, key: str, value: Any) -> Lines:
    if isinstance(value, Clash):
        ours = _block(sides.ours, key) or list(_tree(sides.labels, key, value.ours, "", (key,)))
        theirs = _block(sides.theirs, key) or list(_tree(sides.labels, key, value.theirs, "", (key,)))
        return list(_marked(sides.labels, (key,), ours, theirs))
    if isinstance(value, Merged):
        return _spliced(sides, key, value)
    return list(_tree(sides.labels, key, value, "", (key,)))


def _marked(
    labels: tuple[str, str], path: Sequence[str], ours: Sequence[str], theirs: Sequence[str]
) -> Iterator[str]:
    yield f"{_OPEN}{labels[0]}: {name_of(path)}\n"
    yield from ours
    yield f"{_MIDDLE}\n"
    yield from theirs
    yield f"{_CLOSE}{labels[1]}: {name_of(path)}\n"


def _spliced(sides: Sides, key: str, merged: Merged) -> Lines:
    """The lines of a list: each entry as the side wrote it that it comes from."""
    mine, yours = item_blocks(sides.ours, key), item_blocks(sides.theirs, key)
    layout = mine or yours
    if not merged.items:
        return key_lines(key, [])
    head, indent = (layout.head, layout.indent) if layout else ([f"{key}:\n"], "  ")
    lines = list(head)
    for item in merged.items:
        copied = _copied(sides, key, item, indent)
        if copied is None:
            lines += _above(mine, item.ours)
        lines += copied or _entry(sides.labels, item.value, indent, (key, step_of(item.value)))
    return lines


def _above(blocks: ItemBlocks | None, at: int | None) -> Lines:
    """The comments and blank lines above one of our entries."""
    if blocks is None or at is None:
        return []
    return list(takewhile(lambda line: not line.lstrip().startswith("-"), blocks.items[at]))


def _copied(sides: Sides, key: str, item: Item, indent: str) -> Lines | None:
    """The lines of an entry that one side has just so, moved to our indent."""
    for document, at in ((sides.ours, item.ours), (sides.theirs, item.theirs)):
        blocks = item_blocks(document, key)
        if at is None or blocks is None or has_clash(item.value):
            continue
        if exact((document.values or {})[key][at]) == exact(plain(item.value)):
            return _moved(blocks.items[at], blocks.indent, indent)
    return None


def _moved(lines: Lines, before: str, after: str) -> Lines:
    return [after + line.removeprefix(before) if line.startswith(before) else line for line in lines]


def _entry(labels: tuple[str, str], value: Any, indent: str, path: tuple[str, ...]) -> Lines:
    """New lines for one entry of a list, its clashes between markers."""
    if isinstance(value, Clash):
        both = (value.ours, value.theirs)
        sides = ([] if each is ABSENT else item_lines(path[0], [each], indent) for each in both)
        return list(_marked(labels, path, *sides))
    if not has_clash(value):
        return item_lines(path[0], [plain(value)], indent)
    if not isinstance(value, dict):  # a list in a list, which only a user's own key may have
        return _entry(labels, Clash(sided(value, "ours"), sided(value, "theirs")), indent, path)
    # one key a line, so that the markers stand around those keys alone
    inner = indent + "  "
    lines = [line for key, each in value.items() for line in _tree(labels, key, each, inner, (*path, key))]
    if not lines[0].startswith(inner):
        return [f"{indent}-\n", *lines]  # a marker begins its line
    return [f"{indent}- {lines[0].removeprefix(inner)}", *lines[1:]]


def _tree(labels: tuple[str, str], key: str, value: Any, indent: str, path: tuple[str, ...]) -> Iterator[str]:
    """New lines for a key at any depth, its clashes between markers."""
    if value is ABSENT:
        return
    if isinstance(value, Clash):
        ours, theirs = (list(_tree(labels, key, each, indent, path)) for each in (value.ours, value.theirs))
        yield from _marked(labels, path, ours, theirs)
    elif not has_clash(value):
        yield from (indent + line if line.strip() else line for line in key_lines(key, plain(value)))
    else:
        yield indent + key_lines(key, None)[0].removesuffix(" null\n") + "\n"
        if isinstance(value, Merged):
            for item in value.items:
                yield from _entry(labels, item.value, indent + "  ", (*path, step_of(item.value)))
        else:
            for inner, each in value.items():
                yield from _tree(labels, inner, each, indent + "  ", (*path, inner))


def _with_ends(lines: Sequence[str], newline: str) -> Lines:
    return [line.rstrip("\r\n") + newline for line in lines]
