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
    record does not say something: one finding a record, with their number. In a review or an article that
    is still a draft it is a note.

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
    first, *others = QUESTION.finditer(text)
    asked = first["asked"].strip()
    shown = asked if len(asked) <= _LONGEST else f"{asked[: _LONGEST - 1]}…"
    said = (
        f"{len(others) + 1} questions of the draft are still open, the first:"
        if others
        else ("a question of the draft is still open:")
    )
    yield Finding(
        case.text_span(first.start(), first.end()),
        f"{said} {shown}",
        "answer each in the text, or take the sentence out",
    )
