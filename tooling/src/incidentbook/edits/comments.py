"""The comments of a file's YAML, so that none is lost."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import yaml

from incidentbook.source import Document

_COMMENT = re.compile(r"(?:^|(?<=\s))#[^\r\n]*", re.MULTILINE)

Found = tuple[int, str]
"""A comment's offset in the text of its file, and its words without the blanks at their end."""


def comments_of(document: Document) -> Counter[str]:
    """Every comment, and how often it stands there; the same words in a text are none."""
    return Counter(comment for _, comment in comment_places(document))


def comment_places(document: Document) -> list[Found]:
    """Every comment of a file's YAML and where it begins, in the file's order."""
    yaml_text = document.text[document.yaml_start : document.yaml_end]
    return [(document.yaml_start + found.start(), found[0].rstrip()) for found in _found(yaml_text)]


def lost_lines(before: Document, after: Document) -> list[int]:
    """The lines of a file whose comment a changed file has no more, or less often."""
    left = comments_of(after)
    lines = []
    for at, comment in comment_places(before):
        left[comment] -= 1
        if left[comment] < 0:
            lines.append(before.span_of(at, at).line)
    return lines


def comments_in(text: str) -> Iterator[str]:
    """The comments of a YAML text, in its order: what stands between its tokens and begins with `#`."""
    return (found[0] for found in _found(text))


def _found(text: str) -> Iterator[re.Match[str]]:
    at = 0
    for start, end in (*_scalars(text), (len(text), len(text))):
        yield from _COMMENT.finditer(text, at, max(start, at))
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
