"""What a change does to the text of an incident besides what it does to the values of some fields."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from itertools import takewhile
from typing import Any

import yaml

from incidentbook.rules.guards.edit import Edit, Fault, exactly
from incidentbook.source import Document, blocks_of

_COMMENT = re.compile(r"#[^\n]*")
_HEADER = re.compile(r"[|>][^\n#]*(#[^\n]*)")
"""The first line of a block of text, `|` or `>`, behind which a comment may stand."""


def beyond_the_fields(edit: Edit, fields: Collection[str]) -> Iterator[Fault]:
    """Find what else is written than values of `fields`: other lines, comments, anchors and tags.

    What YAML does not read is merged all the same, and a reviewer would have seen it.
    """
    old, new = _lines(edit.before), _lines(edit.after)
    if old is None or new is None:
        yield "the fields are not written one below the other, each with its key at the margin", None
        return
    if _outside(edit.before) != _outside(edit.after):
        yield "the change touches lines above or below the fields", None
    others = [{key: text for key, text in side.items() if key not in fields} for side in (old, new)]
    for key in old.keys() & new.keys() - set(fields):
        if old[key] != new[key] and exactly(edit.old[key]) == exactly(edit.new[key]):
            yield f"the change writes `{key}` anew, or puts a comment below it", edit.span(key)
    if list(others[0]) != list(others[1]) and others[0].keys() == others[1].keys():
        yield "the change puts the fields into another order", None
    for key in sorted(new.keys() & set(fields)):
        if old.get(key) != new[key] and _unread(new[key]) != _unread(old.get(key, "")):
            yield f"the change touches comments, anchors or tags in `{key}`", edit.span(key)


def is_inserted_into(old: str, new: str) -> bool:
    """Whether a text is another one with lines inserted at one place."""
    was, is_ = old.splitlines(), new.splitlines()
    above = _common(was, is_)
    below = _common(was[::-1], is_[::-1])
    return above + below >= len(was) and len(is_) >= len(was)


def lines_of(document: Document, key: str) -> str:
    """The lines of a top-level field; empty where it has none."""
    return (_lines(document) or {}).get(key, "")


def _common(one: list[str], other: list[str]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _lines(document: Document) -> Mapping[str, str] | None:
    """The lines of each field by its key; None where they cannot be told from the margin."""
    blocks = blocks_of(document.text[document.yaml_start : document.yaml_end], {})
    if blocks is None or list(blocks.values()) != list(document.values or ()):
        return None
    return {key: lines for lines, key in blocks.items()}


def _outside(document: Document) -> tuple[str, str]:
    """What stands above the first field, and below the last."""
    front = document.text[document.yaml_start : document.yaml_end]
    fields = sum(map(len, (_lines(document) or {}).values()))
    start = document.yaml_start + len(front) - fields
    return document.text[:start], document.text[document.yaml_end :]


def _unread(lines: str) -> list[str]:
    """The comments, anchors and tags of some lines, in their order."""
    found = []
    end = 0
    token: Any
    for token in yaml.scan(lines, Loader=yaml.CBaseLoader):
        start = token.start_mark.index
        found += _COMMENT.findall(lines[end:start])
        text = lines[start : token.end_mark.index]
        if isinstance(token, yaml.AnchorToken | yaml.TagToken | yaml.AliasToken):
            found.append(text)
        elif isinstance(token, yaml.ScalarToken) and (header := _HEADER.match(text)):
            found.append(header[1])
        end = max(end, token.end_mark.index)
    return found + _COMMENT.findall(lines[end:])
