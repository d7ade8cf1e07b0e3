"""Headings are found by a Markdown parser, and emptiness by what a person would call empty."""

from __future__ import annotations

import pytest

from incidentbook.markdown.outline import heading_key, is_placeholder, outline


def titles(text: str) -> list[str]:
    return [section.title for section in outline(text)]


def blank(text: str) -> list[str]:
    return [section.title for section in outline(text) if section.is_blank]


def test_both_kinds_of_headings() -> None:
    assert titles("# One\n\nTwo\n===\n\nThree\n---\n\n#### Four ####\n") == ["One", "Two", "Three", "Four"]


@pytest.mark.parametrize(
    "text",
    [
        "```\n# no\n```",
        "    # no\n",
        "~~~md\n# no\n~~~",
        "<!--\n# no\n-->",
        "#no",
        "\\# no",
        "<h2>no</h2>",
        "`# no`",
    ],
)
def test_what_only_looks_like_a_heading(text: str) -> None:
    assert titles(text) == []


def test_inline_markup_and_entities() -> None:
    assert titles("## **What** went `well` & [why](x) &lt;3") == ["What went well & why <3"]


def test_sections_end_at_the_next_heading_of_their_level() -> None:
    sections = {s.title: s.content for s in outline("# A\na\n## B\nb\n### C\nc\n## D\nd\n")}
    assert sections == {"A": "a\n## B\nb\n### C\nc\n## D\nd\n", "B": "b\n### C\nc\n", "C": "c\n", "D": "d\n"}


def test_offsets_are_those_of_the_heading() -> None:
    text = "intro\n\n## One  \ntext\n\nTwo\n---\n"
    assert [text[s.start : s.end] for s in outline(text)] == ["## One", "Two"]


def test_carriage_returns() -> None:
    assert blank("## One\r\n\r\n## Two\r\n\r\ntext\r\n") == ["One"]


def test_underlined_headings_do_not_count_as_their_own_text() -> None:
    assert blank("One\n---\n\nTwo\n---\ntext\n") == ["One"]


def test_a_heading_at_the_end_is_blank() -> None:
    assert blank("## One\ntext\n## Two") == ["Two"]


def test_a_heading_with_only_headings_below_is_blank() -> None:
    assert blank("## One\n### Sub\n\n## Two\nx\n") == ["One", "Sub"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t\n",
        "<!-- what happened? -->",
        "<!-- never closed",
        "TODO",
        "todo: ask the database team",
        "**TBD**",
        "- [ ] TODO",
        "* ",
        "...",
        "…",
        "_To be written._",
        "> FIXME",
        "xxx",
        "<describe the impact>",
        "{{ impact }}",
        "---",
        "Lorem ipsum dolor sit amet",
        "TODO\n\n<!-- and more -->\n- TBD",
    ],
)
def test_placeholders(text: str) -> None:
    assert is_placeholder(text)


@pytest.mark.parametrize(
    "text",
    [
        "None.",
        "n/a: nobody was affected",
        "Not applicable, the feature is not in use.",
        "It took 40 minutes.",
        "- 13:55 roll-out",
        "TODO lists were shown empty to 40 users.",
        "Pending orders were lost.",
        "```\nlog\n```",
        "| at | what |",
        "![graph](graph.png)",
        "0",
    ],
)
def test_answers(text: str) -> None:
    assert not is_placeholder(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("What went well", "WHAT WENT WELL"),
        ("What went well", "What  went well:"),
        ("5. What went well", "What went well"),
        ("Contributing factors", "2) contributing factors."),
    ],
)
def test_the_same_heading(one: str, other: str) -> None:
    assert heading_key(one) == heading_key(other)


def test_text_made_to_be_slow() -> None:
    assert outline("#" * 100_000 + "\n" + "> " * 2_000 + "# x\n" + "<!--" * 10_000) is not None
