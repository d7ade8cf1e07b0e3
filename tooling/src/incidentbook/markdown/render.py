"""GitHub-flavoured Markdown to sanitised HTML with linked records."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from html import escape, unescape

import cmarkgfm
import nh3
from cmarkgfm.cmark import Options

from incidentbook.markdown.render_code import highlight

_OPTIONS = Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_FOOTNOTES
"""UNSAFE lets raw HTML through to the sanitiser, which is the one place that decides about it."""

_TAGS = frozenset(
    # words, for fifty quoted ones would hide what is missing
    "a abbr b blockquote br caption code col colgroup dd del details dfn div dl dt em "  # noqa: SIM905
    "h1 h2 h3 h4 h5 h6 hr i img input ins kbd li mark ol p pre q s samp section small span strong "
    "sub summary sup table tbody td tfoot th thead tr u ul var".split()
)
_ATTRIBUTES = {
    "a": {"href", "id", "title", "aria-label"},
    "abbr": {"title"},
    "col": {"span"},
    "details": {"open"},
    "img": {"src", "alt", "title", "width", "height"},
    "input": {"checked", "disabled"},
    "li": {"id"},
    "ol": {"start"},
    "pre": {"lang"},
    "td": {"align", "colspan", "rowspan"},
    "th": {"align", "colspan", "rowspan", "scope"},
}
_CLASSES = {"sup": {"footnote-ref"}, "section": {"footnotes"}, "a": {"footnote-backref"}}
_SCHEMES = {"http", "https", "mailto"}

_FOOTNOTE_ID = re.compile(r"fn(?:ref)?-[\w-]+")
_FOOTNOTE_LINK = re.compile(r"#(fn(?:ref)?-[\w-]+)")
_HEADING = re.compile(r"<h([1-6])>(.*?)</h\1>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_SPLIT = re.compile(r"(<[^>]*>)")
_IMAGE = re.compile(r"<img\b[^>]*>")
_ATTRIBUTE = re.compile(r'\b(src|alt)="([^"]*)"')
_ALERT = re.compile(r"<blockquote>\s*<p>\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\](?:\s*<br>)?\s*")
_EMPTY_PARAGRAPH = re.compile(r"<p>\s*</p>\s*")
_MENTION = re.compile(r"\b(?:INC|MNT|PRB)-\d{4}-\d{4,}\b")
_OUTSIDE = re.compile(r"[\x00-\x20]*(?:[a-z][a-z0-9+.\t\n\r-]*:|[\\/][\t\n\r]*[\\/])", re.IGNORECASE)
"""As browsers read it (WHATWG URL): a backslash is a slash; tabs, line ends and blanks before it go."""
_UNSLUGGABLE = re.compile(r"[^\w\- ]")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a rendered text: level 1 to 6, the ID of its anchor, its words as plain text."""

    level: int
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """Safe HTML and the headings in it."""

    html: str
    headings: tuple[Heading, ...] = ()


def _keep(target: str) -> str | None:
    return target


def _no_mention(_id: str) -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class Rewriting:
    """How one text is fitted into its page.

    `link` gives the address to use for a relative one, or None where the target is not on the site
    (the words stay, the link goes). `mention` gives the address of a record named in the text by
    its ID. Headings begin at `top_level`. `prefix` keeps the footnotes of several texts on one
    page apart; `taken` are anchors that the page already has.
    """

    link: Callable[[str], str | None] = _keep
    mention: Callable[[str], str | None] = _no_mention
    top_level: int = 2
    prefix: str = ""
    taken: Collection[str] = field(default=frozenset())


def render(text: str, rewriting: Rewriting | None = None) -> Rendered:
    """Render Markdown; whatever stands in it, the HTML holds no script, style, form or foreign image."""
    rewriting = rewriting or Rewriting()
    html = cmarkgfm.github_flavored_markdown_to_html(text, _OPTIONS)
    html = nh3.clean(
        html,
        tags=set(_TAGS),
        attributes=_ATTRIBUTES,
        allowed_classes=_CLASSES,
        set_tag_attribute_values={"input": {"type": "checkbox", "disabled": ""}},
        url_schemes=_SCHEMES,
        attribute_filter=_attribute_filter(rewriting),
    )
    if "<img" in html:
        html = _IMAGE.sub(_local_image, html)
    if "[!" in html:
        html = _alerts(html)
    if "<pre" in html:
        html = highlight(html)
    if _MENTION.search(html):
        html = _link_mentions(html, rewriting.mention)
    return _anchor_headings(html, rewriting)


def plain_text(html: str) -> str:
    """The words of HTML that `render` made, on one line."""
    return " ".join(unescape(_TAG.sub(" ", html)).split())


def _attribute_filter(rewriting: Rewriting) -> Callable[[str, str, str], str | None]:
    def decide(tag: str, name: str, value: str) -> str | None:
        if name == "id":
            return rewriting.prefix + value if _FOOTNOTE_ID.fullmatch(value) else None
        if name not in {"href", "src"} or _OUTSIDE.match(value):
            return value
        footnote = _FOOTNOTE_LINK.fullmatch(value)
        if footnote:
            return f"#{rewriting.prefix}{footnote[1]}"
        if tag == "a" and value.startswith("#"):
            return value
        return rewriting.link(value)

    return decide


def _local_image(match: re.Match[str]) -> str:
    """An image from another host becomes a link: a reader of the site calls no third party."""
    values = {name: unescape(value) for name, value in _ATTRIBUTE.findall(match[0])}
    source, words = values.get("src", ""), values.get("alt", "")
    if source and not _OUTSIDE.match(source):
        return match[0].replace("<img", '<img loading="lazy"', 1)
    if source.startswith(("http://", "https://")):
        return f'<a href="{escape(source)}" rel="noopener noreferrer">{escape(words or source)}</a>'
    return escape(words)


def _alerts(html: str) -> str:
    def open_alert(match: re.Match[str]) -> str:
        kind = match[1].lower()
        title = f'<p class="ib-alert__title">{kind.capitalize()}</p>'
        return f'<blockquote class="ib-alert ib-alert--{kind}">{title}\n<p>'

    return _EMPTY_PARAGRAPH.sub("", _ALERT.sub(open_alert, html))


def _link_mentions(html: str, mention: Callable[[str], str | None]) -> str:
    """Link record IDs in running text; inside links and code they stay as they are."""

    def link(match: re.Match[str]) -> str:
        address = mention(match[0])
        return f'<a href="{escape(address)}">{match[0]}</a>' if address else match[0]

    pieces = _SPLIT.split(html)
    closed_at: list[str] = []
    for index, piece in enumerate(pieces):
        if index % 2 == 0:
            if not closed_at:
                pieces[index] = _MENTION.sub(link, piece)
        elif piece.startswith(("<a ", "<a>", "<code", "<pre")):
            closed_at.append("</" + re.split(r"[\s>]", piece[1:], maxsplit=1)[0] + ">")
        elif closed_at and piece == closed_at[-1]:
            closed_at.pop()
    return "".join(pieces)


def _anchor_headings(html: str, rewriting: Rewriting) -> Rendered:
    found = _HEADING.findall(html)
    if not found:
        return Rendered(html)
    shift = rewriting.top_level - min(int(level) for level, _ in found)
    taken = set(rewriting.taken)
    headings: list[Heading] = []

    def anchor(match: re.Match[str]) -> str:
        level = max(1, min(6, int(match[1]) + shift))
        words = plain_text(match[2])
        heading = Heading(level, _unused(_slug(words), taken), words)
        taken.add(heading.id)
        headings.append(heading)
        return f'<h{level} id="{escape(heading.id)}">{match[2]}</h{level}>'

    return Rendered(_HEADING.sub(anchor, html), tuple(headings))


def _slug(words: str) -> str:
    """The anchor that GitHub gives a heading."""
    return _UNSLUGGABLE.sub("", words.lower()).strip().replace(" ", "-") or "section"


def _unused(slug: str, taken: Collection[str]) -> str:
    number, candidate = 0, slug
    while candidate in taken:
        number += 1
        candidate = f"{slug}-{number}"
    return candidate
