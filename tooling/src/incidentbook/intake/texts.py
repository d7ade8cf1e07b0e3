"""Words from outside made fit for a record, a commit and a pull request: whoever sent them is unknown."""

from __future__ import annotations

import re
import textwrap
from typing import Any

TITLE_LENGTH = 160
TEXT_LENGTH = 10_000
_WIDTH = 100

_ESCAPE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\^_])")
"""Sequences by which a terminal is steered: colours, titles, links."""

_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls
    "\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff"  # marks that hide, or turn the direction of writing
    "\ufffe\uffff]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")


def clean(value: Any, limit: int = TEXT_LENGTH) -> str:
    """Return text as lines of plain letters, cut to a length; empty for what is no text or number."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    # a number of a million digits cannot be written out, and text beyond the limit need not be looked at
    text = value[: 4 * limit] if isinstance(value, str) else repr(value) if abs(value) < 1e30 else ""
    text = _ESCAPE.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    text = _SURROGATE.sub("\ufffd", _UNSEEN.sub("", text.replace("\u2028", "\n").replace("\u2029", "\n")))
    return _cut(text.strip(), limit)


def one_line(value: Any, limit: int = TITLE_LENGTH) -> str:
    """Return text as one line of plain letters, cut to a length."""
    return _cut(" ".join(clean(value, 4 * limit).split()), limit)


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "\u2026"


def verbatim(text: str) -> str:
    """Text in a fence of Markdown, wrapped: whatever it says there is shown and nothing else."""
    lines = [
        piece.rstrip()
        for line in clean(text).expandtabs(4).split("\n")
        for piece in (textwrap.wrap(line, _WIDTH, drop_whitespace=False, break_on_hyphens=False) or [""])
    ]
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return "\n".join([f"{fence}text", *lines, fence])
