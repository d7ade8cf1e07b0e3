"""The comments of a record's front matter, so that none is lost."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import yaml

from incidentbook.source import Document

_COMMENT = re.compile(r"(?:^|(?<=\s))#[^\r\n]*", re.MULTILINE)


def comments_of(document: Document) -> Counter[str]:
    """Every comment, and how often it stands there; the same words in a text are none."""
    return Counter(
        comment.rstrip() for comment in comments_in(document.text[document.yaml_start : document.yaml_end])
    )


def comments_in(text: str) -> Iterator[str]:
    """The comments of a YAML text, in its order: what stands between its tokens and begins with `#`."""
    at = 0
    for start, end in (*_scalars(text), (len(text), len(text))):
        for found in _COMMENT.finditer(text, at, max(start, at)):
            yield found[0]
        at = max(end, at)


def _scalars(text: str) -> Iterator[tuple[int, int]]:
    """Where each scalar stands, as offsets; of a text in bars all lines but the first, which may comment."""
    for event in yaml.parse(text, Loader=yaml.CBaseLoader):
        if isinstance(event, yaml.ScalarEvent):
            first: Any = event.start_mark
            last: Any = event.end_mark
            start, end = first.index, last.index
            if event.style in ("|", ">"):
                start = text.find("\n", start, end) + 1 or end
            yield start, end
