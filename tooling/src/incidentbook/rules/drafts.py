"""What a draft left open must not be told to anybody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from incidentbook.diagnostics import Severity
from incidentbook.markdown.questions import QUESTION
from incidentbook.records import KINDS
from incidentbook.rules.cases import RecordCase
from incidentbook.rules.registry import Finding, record_rule

_LONGEST = 80


@record_rule(Severity.ERROR, kinds=tuple(KINDS), draft=Severity.NOTE, unreadable=True)
def unanswered_question(case: RecordCase[Any]) -> Iterator[Finding]:
    """A text still holds a question that its draft left open.

    ## What it does

    Finds `(QUESTION: ...)` in every field and in the body, as `incidentbook draft` writes it where the
    record does not say something. In a review or an article that is still a draft it is a note.

    ## Why it matters

    The question was meant for whoever finished the text. Readers of the update would see it instead of
    its answer.

    ## Example

    ```yaml
    updates:
      - at: 2026-03-02T09:00+00:00
        status: investigating
        text: "Orders are held back. (QUESTION: How many customers are affected?)"  # <- here
    ```

    ## Use instead

    ```yaml
    updates:
      - at: 2026-03-02T09:00+00:00
        status: investigating
        text: Orders are held back. About one customer in five is affected.
    ```
    """
    text = case.text
    if "(QUESTION: " not in text:
        return
    for found in QUESTION.finditer(text):
        asked = found["asked"].strip()
        shown = asked if len(asked) <= _LONGEST else f"{asked[: _LONGEST - 1]}…"
        yield Finding(
            case.text_span(found.start(), found.end()),
            f"a question of the draft is still open: {shown}",
            "answer it in the text, or take the sentence out",
        )
