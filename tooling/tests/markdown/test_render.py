"""What Markdown of strangers becomes."""

from __future__ import annotations

import pytest

from incidentbook.markdown import Heading, Rewriting, plain_text, render


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        '<svg onload="alert(1)"><animate onbegin=alert(1) attributeName=x></svg>',
        "[link](javascript:alert(1))",
        "[link](JaVaScRiPt:alert(1))",
        "[link](&#106;avascript:alert(1))",
        "[link](data:text/html;base64,PHNjcmlwdD4=)",
        "![picture](javascript:alert(1))",
        "<a href=' javascript:alert(1)'>x</a>",
        '<iframe src="//example.invalid"></iframe>',
        "<style>body{display:none}</style>",
        '<p style="position:fixed">x</p>',
        "<form action=/x><button>x</button></form>",
        '<details ontoggle="alert(1)" open>x</details>',
        '<math><mi//xlink:href="data:x,<script>alert(1)</script>">',
        "<<script>script>alert(1)<</script>/script>",
        '<input type="text" onfocus=alert(1) autofocus>',
        '```html"><script>alert(1)</script>\n<b>x</b>\n```',
        "# <script>alert(1)</script>",
        "<base href=//example.invalid>",
        "<meta http-equiv=refresh content=0>",
        "<object data=x></object><embed src=x>",
    ],
)
def test_nothing_runs(attack: str) -> None:
    html = render(attack).html.lower()
    tags = html.split("<")[1:]
    names = {tag.split(">")[0].split()[0].strip("/") for tag in tags if tag[0].isalpha() or tag[0] == "/"}
    assert not names & {
        "script",
        "style",
        "iframe",
        "svg",
        "math",
        "form",
        "button",
        "base",
        "meta",
        "object",
        "embed",
    }
    for tag in tags:
        inside = tag.split(">")[0]
        assert " on" not in inside
        assert "javascript:" not in inside
        assert "data:" not in inside
        assert "style=" not in inside


def test_an_id_of_the_author_cannot_shadow_one_of_the_page() -> None:
    assert "id=" not in render('<p id="__search">x</p><a id="toc" name="toc">y</a>').html


def test_github_flavour() -> None:
    html = render(
        "|a|b|\n|-|-:|\n|1|2|\n\n- [x] done\n- [ ] open\n\n~~old~~ https://example.invalid [^1]\n\n[^1]: Note"
    ).html
    assert '<td align="right">2</td>' in html
    assert html.count('type="checkbox"') == 2
    assert "<del>old</del>" in html
    assert '<a href="https://example.invalid" rel="noopener noreferrer">' in html
    assert 'id="fn-1"' in html


def test_footnotes_of_two_texts_on_one_page_stay_apart() -> None:
    html = render("x[^1]\n\n[^1]: y", Rewriting(prefix="u2-")).html
    assert 'href="#u2-fn-1"' in html
    assert 'id="u2-fn-1"' in html


def test_alerts() -> None:
    html = render("> [!WARNING]\n> Mind the gap.").html
    assert '<blockquote class="ib-alert ib-alert--warning"><p class="ib-alert__title">Warning</p>' in html
    assert "<p>Mind the gap.</p>" in html
    assert "[!" not in html


def test_code_is_coloured_where_the_language_is_known() -> None:
    assert '<span class="' in render("```python\nif x: pass\n```").html
    assert "<code>if x" in render("```no-such-language\nif x\n```").html
    assert "&lt;b&gt;" in render("```html\n<b>\n```").html.replace('<span class="p">', "").replace(
        "</span>", ""
    ).replace('<span class="nt">', "")


def test_headings_begin_where_the_page_wants_and_keep_off_its_anchors() -> None:
    rendered = render(
        "# Timeline\n\n### Deep `code`\n\n# Timeline", Rewriting(top_level=3, taken={"timeline"})
    )
    assert rendered.headings == (
        Heading(3, "timeline-1", "Timeline"),
        Heading(5, "deep-code", "Deep code"),
        Heading(3, "timeline-2", "Timeline"),
    )
    assert '<h3 id="timeline-1">Timeline</h3>' in rendered.html


def test_relative_links_are_led_and_dead_ones_are_only_words() -> None:
    known = {"INC-2026-0002.md": "../INC-2026-0002/"}
    html = render(
        "[a](INC-2026-0002.md) [b](gone.md) [c](#here) [d](https://x.invalid)", Rewriting(link=known.get)
    ).html
    assert '<a href="../INC-2026-0002/"' in html
    assert "gone.md" not in html
    assert '<a href="#here"' in html
    assert '<a href="https://x.invalid"' in html


def test_records_named_in_running_text_are_linked_but_not_in_code_or_links() -> None:
    rewriting = Rewriting(mention=lambda id_: f"../{id_}/" if id_.endswith("1") else None)
    html = render(
        "INC-2026-0001 INC-2026-0002 `INC-2026-0001` [INC-2026-0001](https://x.invalid)", rewriting
    ).html
    assert html.count('href="../INC-2026-0001/"') == 1
    assert "<code>INC-2026-0001</code>" in html


def test_an_image_of_another_host_is_a_link() -> None:
    html = render("![the graph](https://elsewhere.invalid/a.png) ![own](graph.png)").html
    assert '<a href="https://elsewhere.invalid/a.png" rel="noopener noreferrer">the graph</a>' in html
    assert '<img loading="lazy" src="graph.png" alt="own">' in html
    assert html.count("<img") == 1


@pytest.mark.parametrize(
    "address", ["//x.invalid/a", "/\\x.invalid/a", "\\\\x.invalid/a", "/\t/x.invalid/a", " //x.invalid/a"]
)
def test_what_browsers_read_as_another_host_is_no_image(address: str) -> None:
    html = render(f'<img src="{address}" alt="words">').html
    assert "<img" not in html
    assert "words" in html


def test_plain_text() -> None:
    assert plain_text("<p>a &lt;b&gt;</p>\n<p>c</p>") == "a <b> c"
