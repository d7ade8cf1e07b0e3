"""Open questions of a draft: written so that every check finds them again."""

from __future__ import annotations

import pytest

from incidentbook.markdown.outline import is_placeholder
from incidentbook.markdown.questions import QUESTION, question, without_questions


@pytest.mark.parametrize("asked", ["Who is affected?", "Why (really)?", "Two\n lines?", "((("])
def test_what_is_asked_is_found_whole(asked: str) -> None:
    text = f"Before {question(asked)} and after"
    assert QUESTION.findall(text) != []
    assert without_questions(text) == "Before  and after"


def test_a_question_that_lost_its_bracket_is_still_one() -> None:
    assert without_questions("Known. (QUESTION: Who is affected?\nMore.") == "Known. \nMore."


@pytest.mark.parametrize(
    ("text", "says_nothing"),
    [
        ("(QUESTION: Who?)", True),
        ("- (QUESTION: Who?)\n\n**(QUESTION: When?)** (QUESTION: Why?)", True),
        ("(QUESTION: Who?) Everybody.", False),
        ("(A question: who was it?)", False),
    ],
)
def test_below_a_heading_a_question_alone_says_nothing(text: str, says_nothing: bool) -> None:
    assert is_placeholder(text) is says_nothing
