"""A later version of a file, read by the parts in which it differs from an earlier one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

from incidentbook.source.yaml_reader import compose, construct

_BLOCK = re.compile(r"^([A-Za-z][A-Za-z0-9_-]*):(?=[ \r\n]|\Z)", re.MULTILINE)
_UNUSUAL = re.compile(r"^(?![A-Za-z][A-Za-z0-9_-]*:[ \r\n]|[ \n]|\r\n|#|- |-\r?\n)[^\n]", re.MULTILINE)
"""A line at the margin that is no key, comment or entry of a list: a document's end, a quoted key, ..."""

_HEAD = re.compile(r"(?:#[^\n]*\n|[ \r]*\n)*")


def key_blocks(text: str) -> Mapping[str, str] | None:
    """Part YAML into the lines of each of its top-level keys; None where its layout is unusual.

    It is parted by its margin alone. What a key of one text says is what the same lines say in another
    only where both were read as having exactly these keys: an open quote may reach over the margin.
    """
    if _UNUSUAL.search(text):
        return None
    starts = list(_BLOCK.finditer(text))
    if not starts or not _HEAD.fullmatch(text, 0, starts[0].start()):
        return None
    ends = [start.start() for start in starts[1:]] + [len(text)]
    blocks = {start[1]: text[start.start() : end] for start, end in zip(starts, ends, strict=True)}
    return blocks if len(blocks) == len(starts) else None


def read_blocks(blocks: Mapping[str, str]) -> dict[str, Any] | None:
    """The values of some blocks, by the reader of whole files; None unless each is exactly its key's.

    An anchor could be meant by a block that is not here, so that the whole has to be read.
    """
    text = "".join(blocks.values())
    if "&" in text:
        return None
    root, faults = compose(text)
    if faults or not isinstance(root, yaml.MappingNode):
        return None
    values, faults = construct(root)
    return values if not faults and list(values) == list(blocks) else None
