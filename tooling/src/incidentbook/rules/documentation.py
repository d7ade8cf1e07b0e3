"""A rule's page: its four sections, and the examples in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

WHAT, WHY, EXAMPLE, INSTEAD = "What it does", "Why it matters", "Example", "Use instead"
SECTIONS = (WHAT, WHY, EXAMPLE, INSTEAD)
"""The headings of every page, in this order."""

HERE = "# <- here"
"""Marks, as a YAML comment, the line of an example at which the rule points."""

_HEADING = re.compile(rf"^## ({'|'.join(SECTIONS)})$", re.MULTILINE)
_FENCE = re.compile(r"^```(?P<language>\w+)(?: (?P<path>\S+))?\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Snippet:
    """One example: `yaml` is front matter or a file of schema/, `markdown` a body or a whole file.

    Without a path it stands for fields, or the body, of an otherwise complete record of the
    rule's first kind; a comment `# no KEY` says that a field is not there.
    """

    language: str
    path: str | None
    text: str


_MOMENT = re.compile(r"^(Before|After):$", re.MULTILINE)


def moments(text: str) -> tuple[str, str | None]:
    """Part an example of a rule between two revisions: what stands below `Before:`, and below `After:`.

    Fields after the change are those before it with what the second part changes. Where that has no
    fields, the record is gone. None: the example is no change, but one state.
    """
    parts = _MOMENT.split(text)
    told = dict(zip(parts[1::2], parts[2::2], strict=True))
    return (told.get("Before", ""), told["After"]) if "After" in told else (text, None)


def page(*, what: str, why: str, example: str, instead: str) -> str:
    """Compose a page from its sections; the two examples are fields of a record."""
    return (
        f"## {WHAT}\n\n{what}\n\n## {WHY}\n\n{why}\n\n"
        f"## {EXAMPLE}\n\n```yaml\n{example.strip()}\n```\n\n"
        f"## {INSTEAD}\n\n```yaml\n{instead.strip()}\n```"
    )


def sections(documentation: str) -> dict[str, str]:
    """Return the text below each heading."""
    parts = _HEADING.split(documentation)
    return {heading.strip(): text.strip() for heading, text in zip(parts[1::2], parts[2::2], strict=True)}


def snippets(text: str) -> Iterator[Snippet]:
    """Yield the fenced examples of a section."""
    for match in _FENCE.finditer(text + "\n"):
        yield Snippet(match["language"], match["path"], match["text"])
