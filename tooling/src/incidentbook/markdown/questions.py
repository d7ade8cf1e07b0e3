"""Questions that a draft leaves open, in a form that checks find again: `(QUESTION: Who is affected?)`."""

from __future__ import annotations

import re

QUESTION = re.compile(r"\(QUESTION: (?P<asked>[^()\n]*)\)?")
"""An open question; one whose bracket is lost is still one."""

_BRACKETS = str.maketrans("()", "[]")


def question(asked: str) -> str:
    """Write down what has to be answered before a text is told to anybody."""
    return f"(QUESTION: {' '.join(asked.split()).translate(_BRACKETS)})"


def without_questions(text: str) -> str:
    """Leave open questions out: what is left is what a text says."""
    return QUESTION.sub("", text)
