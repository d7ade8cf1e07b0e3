"""What a person wrote stays what it is, whatever it looks like to a forge."""

from __future__ import annotations

import html
import re

import pytest

from incidentbook.markdown.dialect import to_html
from incidentbook.markdown.literal import code, literal, literal_with_code, plain_title

ATTACKS = [
    "@everyone look",
    "see #12, owner/repo#12 and GH-12",
    "https://forge.example/a/b/issues/12 www.evil.example",
    "<script>alert(1)</script><img src=https://evil.example/x.png>",
    "![x](https://evil.example/x.png) [y](javascript:alert(1))",
    "a | b | c",
    "**bold** _slanted_ ~~gone~~ `code` # heading",
    "- [ ] task",
    "1. first",
    "+ item",
    "=====",
    "$x^2$ and $(touch /tmp/owned)",
    "\\@escaped \\",
    "&lt;b&gt; &#64;name",
    "<!-- incidentbook:comment -->",
]


def shown(markdown: str) -> str:
    """What a reader sees of it: rendered, without tags and without what has no width."""
    page = re.sub(r"<[^>]*>", "", to_html(markdown))
    return html.unescape(page).replace("\u200b", "").strip()


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("frame", ["Said: {}", "- {}", "### {}", "> {}"])
def test_text_is_shown_as_it_was_written(attack: str, frame: str) -> None:
    assert shown(frame.format(literal(attack))).removeprefix("Said: ") == attack


@pytest.mark.parametrize("attack", ATTACKS)
def test_text_makes_no_markup(attack: str) -> None:
    page = to_html(f"Said: {literal(attack)}")
    assert set(re.findall(r"<(\w+)", page)) <= {"p", "span"}


@pytest.mark.parametrize("attack", ATTACKS)
def test_text_stays_in_its_cell(attack: str) -> None:
    page = to_html(f"| A | B |\n| --- | --- |\n| {literal(attack)} | end |\n")
    assert page.count("<td") == 2


@pytest.mark.parametrize("text", ["@name", "x@name.example", "#12", "a/b#12", "GH-12", "gh-12", "http://a.b"])
def test_no_forge_finds_a_mention_or_a_reference(text: str) -> None:
    finished = html.unescape(re.sub(r"<[^>]*>", "", to_html(literal(text))))
    assert re.search(r"@\w|#\d|GH-\d|://", finished, re.IGNORECASE) is None


def test_what_would_be_unseen_is_shown() -> None:
    assert (
        literal("a\u202eb\u200bc\x1bd\u2066e\ufefff") == "a\\\\u202eb\\\\u200bc\\\\u001bd\\\\u2066e\\\\ufefff"
    )
    assert literal("line\none\r\ntwo\u2028three") == "line one two three"
    assert literal("\U0001f469\u200d\U0001f692") == "\U0001f469\u200d\U0001f692"


@pytest.mark.parametrize(
    "text", ["@name", "Fixes #1", "a/b#12", "GH-12", "gh-12", "http://a.b", "WWW.evil.example"]
)
def test_a_title_calls_nobody_and_closes_nothing(text: str) -> None:
    title = plain_title(f"INC-1: {text}", 80)
    assert re.search(r"@\w|#\w|GH-\d|://|www\.", title, re.IGNORECASE) is None
    assert title.replace("\u200b", "") == f"INC-1: {text}"


def test_a_title_holds_no_control_and_fits_a_forge() -> None:
    assert plain_title("a\x1b[2Jb\x07c\nd *x*", 80) == "a\\u001b[2Jb\\u0007c d *x*"
    assert len(plain_title("\x07@a" * 100, 180)) == 180


def test_long_text_is_cut_and_says_so() -> None:
    assert literal("word " * 3_000, 20) == "word word word word…"
    assert literal("short", 5) == "short"


def test_code_holds_any_text() -> None:
    assert code("schema/a b.md") == "`schema/a b.md`"
    assert code("a`b``c") == "``` a`b``c ```"
    assert shown(code("``` @name <b>")) == "``` @name <b>"


def test_code_in_messages_stays_code() -> None:
    said = literal_with_code("set `status: closed` (@name) or `a|b`")
    assert said == "set `status: closed` (@\u200bname) or `a|b`"
    assert shown(literal_with_code("an odd ` and *stars*")) == "an odd ` and *stars*"
