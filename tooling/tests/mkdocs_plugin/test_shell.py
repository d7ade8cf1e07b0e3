"""A shell is learned once and filled many times."""

from __future__ import annotations

import pytest

from incidentbook.mkdocs_plugin import shell
from incidentbook.mkdocs_plugin.shell import BrokenShellError, Fillings, Shell

PAGE = (
    f"<title>{shell.TITLE} - Site</title><link href='{shell.CANONICAL}'><nav>TOC</nav>"
    f"<b>{shell.TITLE}</b><a href='#{shell.SKIP}'></a>{shell.CONTENT}<nav>TOC</nav>"
)


def fillings(**changes: str) -> Fillings:
    plain = {
        "title": "T",
        "description": "",
        "canonical": "",
        "edit": "",
        "history": "",
        "skip": "s",
        "content": "<p>C</p>",
        "toc": "N",
    }
    return Fillings(**{**plain, **changes})


def test_every_place_is_filled_wherever_it_stands() -> None:
    page = Shell.learn("incident", PAGE, "<nav>TOC</nav>").fill(
        fillings(title="A & <b>", canonical="https://x/?a&b")
    )
    assert page == (
        "<title>A &amp; &lt;b&gt; - Site</title><link href='https://x/?a&amp;b'>N"
        "<b>A &amp; &lt;b&gt;</b><a href='#s'></a><p>C</p>N"
    )


def test_a_text_that_holds_a_mark_is_no_place() -> None:
    page = Shell.learn("incident", PAGE, "").fill(fillings(title=shell.CONTENT, content=shell.TITLE))
    assert page.count(shell.TITLE) == 1
    assert "&lt;h1&gt;incidentbook-shell-content" in page


def test_a_theme_that_hides_the_content_is_an_error_that_says_so() -> None:
    with pytest.raises(BrokenShellError, match="`incident` shows no content"):
        Shell.learn("incident", f"<title>{shell.TITLE}</title>", "")
