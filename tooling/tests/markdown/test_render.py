"""What Markdown of strangers becomes."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incidentbook.markdown import Heading, Rewriting, plain_text, render
from incidentbook.markdown.render import _plain, _render

HOSTILE_PIECES = [
    "<script>hack()</script>",
    "<img src=x onerror=hack()>",
    '"><svg onload=hack()>',
    "<a href=javascript:hack()>",
    "</p></div></article>",
    "<!--",
    "-->",
    "<![CDATA[",
    "<table><td>",
    "<math><mi>",
    "<style>",
    "</style>",
    "<h1 id=__config>",
    "<pre lang='x\"onclick=hack()'><code>",
    "```x onclick=hack()\n",
    "> [!NOTE]\n",
    "[x](javascript:hack())",
    '![x](a"onerror=hack())',
    '[^a"onclick=hack()]',
    "INC-2026-0001",
    "<a title='INC-2026-0001' href='",
    "\n\n",
]

ALLOWED = {
    "class",
    "id",
    "href",
    "rel",
    "title",
    "aria-label",
    "src",
    "alt",
    "loading",
    "width",
    "height",
    "type",
    "checked",
    "disabled",
    "start",
    "align",
    "colspan",
    "rowspan",
    "scope",
    "open",
    "span",
    "tabindex",
}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, "", ""))
        self.found.extend((tag, name, value or "") for name, value in attrs)


def assert_safe(html: str) -> None:
    """Read by another parser than the one that cleaned it."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    ids = [value for _, name, value in reader.found if name == "id"]
    assert len(ids) == len(set(ids))
    for tag, name, value in reader.found:
        assert tag not in {
            "script",
            "style",
            "svg",
            "math",
            "iframe",
            "form",
            "base",
            "meta",
            "object",
            "embed",
            "link",
        }
        assert name in ALLOWED | {"", "lang"}, (tag, name)
        if name in {"href", "src"}:
            assert not re.match(r"[\s\x00]*(?:javascript|data|vbscript|file):", value, re.IGNORECASE)
        if name == "id":
            assert not value.startswith("__")
        if name == "class":
            assert all(
                re.fullmatch(r"ib-(?:alert|mermaid).*|[a-z]\w?|footnote\S+|\S*task-list\S*|highlight", one)
                for one in value.split()
            ), value


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
    for name in ("__search", "__config", "toc", "list", "fn-1"):
        html = render(f'<p id="{name}">x</p><a id="{name}">y</a><a name="{name}">z</a>\n\n# {name}').html
        assert f'id="{name}"' not in html or name in {"toc", "list", "fn-1"}
        ids = re.findall(r'id="([^"]*)"', html)
        assert len(ids) == len(set(ids)) == 2


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


@pytest.mark.parametrize("text", ["> [!NOTE] with words", "> [!OTHER]\n> x", "> x\n> [!NOTE]", "[!NOTE]\nx"])
def test_what_is_no_alert_on_the_forge_is_none_here(text: str) -> None:
    assert "ib-alert" not in render(text).html


def test_alerts_in_small_letters_and_of_several_paragraphs() -> None:
    html = render("> [!tip]\n>\n> One.\n>\n> - Two").html
    assert html.startswith('<blockquote class="ib-alert ib-alert--tip"><p class="ib-alert__title">Tip</p>\n')
    assert html.count("<p>") == html.count("</p>") - 1 == 1


def test_task_lists_say_their_state() -> None:
    html = render("- [x] done\n- [ ] open").html
    assert html.count('class="task-list-item"') == 2
    assert 'aria-label="Completed task"' in html
    assert 'aria-label="Incomplete task"' in html


def test_a_diagram_is_marked_and_readable_without_a_script() -> None:
    html = render("```mermaid\ngraph TD; A-->B\n```").html
    assert html == '<pre class="ib-mermaid" tabindex="0"><code>graph TD; A--&gt;B\n</code></pre>\n'


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        # each as github.com has it
        ("What we saw", "what-we-saw"),
        ("a & b/c", "a--bc"),
        ("Step 1: `restart`, *twice*", "step-1-restart-twice"),
        ("foo**bar**", "foobar"),
        ("snake_case and kebab-case", "snake_case-and-kebab-case"),
        ("🚀 Launch", "-launch"),
        ("Überblick", "überblick"),
        ("हिन्दी", "हिन्दी"),
        ("two  spaces", "two--spaces"),
        ("[linked](https://x.invalid) words", "linked-words"),
        ("&lt;b&gt; &amp; co", "b--co"),
    ],
)
def test_anchors_are_those_of_github(heading: str, anchor: str) -> None:
    assert [found.id for found in render(f"# {heading}").headings] == [anchor]


def test_the_second_heading_of_a_name_has_a_number() -> None:
    rendered = render("# A\n\n# A\n\n# A-1\n\n# A")
    assert [heading.id for heading in rendered.headings] == ["a", "a-1", "a-1-1", "a-2"]


def test_links_within_a_text_reach_their_heading_wherever_it_went() -> None:
    html = render(
        "[x](#timeline) [y](#mine) [z](#page)\n\n# Timeline\n\n<a name='mine'></a>",
        Rewriting(taken={"timeline"}, prefix="u1-"),
    ).html
    assert '<a href="#u1-timeline">x</a>' in html
    assert '<h2 id="u1-timeline">' in html
    assert '<a href="#user-content-u1-mine">y</a>' in html
    assert '<a id="user-content-u1-mine"></a>' in html
    assert '<a href="#page">z</a>' in html


def test_a_mention_in_an_attribute_stays_as_it_is() -> None:
    rewriting = Rewriting(mention=lambda id_: f"../{id_}/")
    html = render('<abbr title="x> INC-2026-0001 y">z</abbr> ![INC-2026-0001](a.png)', rewriting).html
    assert "<a " not in html
    assert '<abbr title="x&gt; INC-2026-0001 y">' in html


@pytest.mark.parametrize("text", ["xINC-2026-0001", "../INC-2026-0001.md", "INC-2026-0001-x", "INC-2026-001"])
def test_what_is_no_mention(text: str) -> None:
    assert "href" not in render(text, Rewriting(mention=lambda id_: f"../{id_}/")).html


SENTENCES = st.text(
    st.one_of(
        st.sampled_from(
            " .,;:'\"()/-+=%?!&<>[]*_`~|#@$\\\n\t\r\x00\x1b\u202e\u00a0\ufeff\u2028é\u2014\u2019ü½ß漢🚀"
        ),
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from("abcXYZ0123456789 "),
    ),
    max_size=40,
)
FRAGMENTS = st.lists(
    st.one_of(
        SENTENCES,
        st.sampled_from(
            [
                "INC-2026-0001",
                "www.x.invalid",
                "https://x.invalid",
                "mailto:a@b.invalid",
                "1. ",
                "10) ",
                "- ",
                "==",
            ]
        ),
    ),
    max_size=6,
).map("".join)


@settings(max_examples=2_000, deadline=None)
@given(FRAGMENTS)
def test_the_quick_way_and_the_whole_way_say_the_same(text: str) -> None:
    """A line that holds no markup skips parser and sanitiser."""
    rewriting = Rewriting(mention=lambda id_: f"../{id_}/?a&b")
    assert render(text, rewriting) == _render(text, rewriting)


def test_the_quick_way_is_taken_by_everyday_updates() -> None:
    for text in (
        "We are looking into it.",
        "The team has rolled back the deployment; error rates are falling until 15:00 UTC (at 99.5 %).\n",
        "Café “Hafen” isn't reachable \u2013 we're on it",
        "90 % of requests/s are back.",
    ):
        assert _plain(text) is not None, text


@settings(max_examples=500, deadline=None)
@given(st.lists(st.one_of(FRAGMENTS, st.sampled_from(HOSTILE_PIECES)), max_size=12).map("".join))
def test_whatever_is_written_only_what_may_stay_comes_out(text: str) -> None:
    assert_safe(render(text, Rewriting(mention=lambda id_: f"../{id_}/", prefix="u1-")).html)


@pytest.mark.parametrize("length", [10_000])
@pytest.mark.parametrize(
    "piece",
    [">", "- ", "[", "![l", "*a _b ", "`a``", "<", "&", "<div>", "<b><i>", "[^1]", "|a", "<!--", "[a](", "#"],
)
def test_no_text_takes_long(piece: str, length: int) -> None:
    began = process_time()
    render(piece * (length // len(piece)))
    assert process_time() - began < 5


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


def test_the_empty_corner_of_a_table_is_no_heading() -> None:
    """axe: who hears the page would be told of a heading without words."""
    html = render("| | Mon |\n|:--|--|\n| 08:00 | open |").html
    assert '<td align="left"></td>' in html
    assert "<th>Mon</th>" in html
    assert html.count("<th") == html.count("<thead") + 1
