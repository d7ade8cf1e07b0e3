"""A later version of a file's YAML, read by the top-level keys in which it differs from an earlier one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

from incidentbook.source.yaml_reader import compose, construct

_MARGIN = re.compile(r"^(?=[A-Za-z])", re.MULTILINE)
_KEY = re.compile(r"([A-Za-z][A-Za-z0-9_-]*):(?=[ \r\n]|\Z)")
_UNUSUAL = re.compile(r"^(?![ #\r\nA-Za-z]|-[ \r\n]|-?\Z)", re.MULTILINE)
"""A line at the margin that is no key, comment or entry of a list: a document's end, a quoted key, ..."""
_REMARKS = re.compile(r"(?:#[^\n]*\n|\r?\n)*")

Blocks = Mapping[str, str]
"""The lines of each top-level key of a YAML text, in their order, with the key that they begin with.

They are told from the margin alone. What a key of one text says is what the same lines say in another
only where both were read as having exactly these keys: an open quote may reach over the margin.
"""


def blocks_of(text: str, known: Blocks) -> Blocks | None:
    """Part a text into blocks, of which those of an earlier text are known; None for an unusual layout."""
    head, *parts = _MARGIN.split(text)
    if head and not _REMARKS.fullmatch(head):
        return None
    blocks: dict[str, str] = {}
    for part in parts:
        key = known.get(part) or _key_of(part)
        if key is None:
            return None
        blocks[part] = key
    # the same key twice, by the same lines or others
    return blocks if len(set(blocks.values())) == len(parts) > 0 else None


def _key_of(part: str) -> str | None:
    match = _KEY.match(part)
    return match[1] if match and not _UNUSUAL.search(part) else None


def read_blocks(blocks: Blocks) -> dict[str, Any] | None:
    """The values of some blocks, by the reader of whole files; None unless each is exactly its key's.

    An anchor could be meant by a block that is not here, so that the whole has to be read.
    """
    text = "".join(blocks)
    if "&" in text:
        return None
    root, faults = compose(text)
    if faults or not isinstance(root, yaml.MappingNode):
        return None
    values, faults = construct(root)
    return values if not faults and list(values) == list(blocks.values()) else None
