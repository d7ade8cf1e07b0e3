"""GitHub-flavoured Markdown to sanitised HTML with linked records."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from html import escape, unescape
from urllib.parse import unquote

from incidentbook.markdown.anchors import slug, unused, words_of
from incidentbook.markdown.dialect import to_html
from incidentbook.markdown.render_code import highlight
from incidentbook.markdown.sanitising import clean

_HEADING = re.compile(r"<h([1-6])>(.*?)</h\1>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_WITH_ADDRESS = re.compile(r"<(a|img|li) ([^>]*)>")
"""Our sanitiser writes `>` in an attribute as an entity: a tag ends where the first one stands."""
_ANCHOR = re.compile(r'<a [^>]*?(?:id|name)="([^"]*)"')
_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
_TASK = re.compile(r"<input [^>]*>")
_EMPTY_HEAD = re.compile(r"<th( [^>]*)?></th>")
_TASK_WORDS = {True: "Completed task", False: "Incomplete task"}
_ALERT = re.compile(
    r"<blockquote>\s*<p>\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\][ \t]*"
    r"(?:(?:<br>)?\n|</p>\n(?!</blockquote>))",
    re.IGNORECASE,
)
_MENTION = re.compile(r"(?:INC|MNT|PRB|HND)(?<![\w/.-]...)-\d{4}-\d{4,}(?![\w-])")
"""With the look behind before the letters it would be tried at every place: ten times slower."""

_PREFIXES = ("INC-", "MNT-", "PRB-", "HND-")

_CLOSED = {"</a>": ("<a ", "<a>"), "</code>": ("<code",), "</pre>": ("<pre",), ">": ("<",)}
"""Where a record's ID is no mention, by what ends it and what begins it."""

_FOOTNOTE = re.compile(r"fn(?:ref)?-\S+")
_OUTSIDE = re.compile(r"[\x00-\x20]*(?:[a-z][a-z0-9+.\t\n\r-]*:|[\\/][\t\n\r]*[\\/])", re.IGNORECASE)
"""As browsers read it (WHATWG URL): a backslash is a slash; tabs, line ends and blanks before it go."""

_PLAIN = re.compile(
    # not an ordered list; what else could begin a block is no letter and no digit
    r"(?!\d{1,9}[.)])([^\W_]"
    r"[^\x00-\x1f!#$&*<>@\[\\\]^_`{|}~\x7f-\xa0\xad\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000"
    r"\ufeff\ufff0-\uffff\ud800-\udfff]*)\n*"
)
"""One line in which no character can be taken for markup: by far the most updates are this."""

_RESERVED = ("__", "fn-", "fnref-", "user-content-")
"""Material's own elements, which its scripts look up by name; footnotes; anchors that authors set."""

AUTHORS = "user-content-"
"""What GitHub puts before anchors that authors set, so that none of them is taken for one of the page's."""


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
    its ID. Headings begin at `top_level`. `prefix` keeps the anchors of several texts on one
    page apart; `taken` are anchors that the page already has.
    """

    link: Callable[[str], str | None] = _keep
    mention: Callable[[str], str | None] = _no_mention
    top_level: int = 2
    prefix: str = ""
    taken: Collection[str] = field(default=frozenset())


_AS_IT_IS = Rewriting()


def render(text: str, rewriting: Rewriting = _AS_IT_IS) -> Rendered:
    """Render Markdown; whatever stands in it, the HTML holds no script, style, form or foreign image."""
    plain = _plain(text)
    if plain is not None:
        if any(prefix in plain for prefix in _PREFIXES):
            plain = _MENTION.sub(_linking(rewriting.mention), plain)
        return Rendered(f"<p>{plain}</p>\n")
    return _render(text, rewriting)


def plain_text(html: str) -> str:
    """The words of HTML that `render` made, on one line."""
    return " ".join(unescape(_TAG.sub(" ", html)).split())


def _plain(text: str) -> str | None:
    """The words of a text that is one line without markup."""
    match = _PLAIN.fullmatch(text)
    if match is None or "://" in text or "www." in text:
        return None
    plain = match[1]
    return None if plain.endswith(" ") else plain


def _render(text: str, rewriting: Rewriting) -> Rendered:
    html = clean(to_html(text))
    headings: tuple[Heading, ...] = ()
    anchors: dict[str, str] = {}
    if "<h" in html:
        html, headings, anchors = _anchor_headings(html, rewriting)
    if "<a " in html or "<img" in html:
        html = _Addresses(rewriting, anchors).rewrite(html)
    if "<input " in html:
        html = _named_tasks(html)
    if "></th>" in html:
        # a table's corner: who hears the page would be told of a heading without words
        html = _EMPTY_HEAD.sub(r"<td\1></td>", html)
    if "[!" in html:
        html = _ALERT.sub(_open_alert, html)
    if "<pre lang" in html:
        html = highlight(html)
    if _MENTION.search(html):
        html = _link_mentions(html, _linking(rewriting.mention))
    return Rendered(html, headings)


def _named_tasks(html: str) -> str:
    """Say to who cannot see it whether a task is done, in GitHub's words."""
    return _TASK.sub(
        lambda match: f'{match[0][:-1]} aria-label="{_TASK_WORDS["checked" in match[0]]}">', html
    )


def _linking(mention: Callable[[str], str | None]) -> Callable[[re.Match[str]], str]:
    def link(match: re.Match[str]) -> str:
        address = mention(match[0])
        return f'<a href="{escape(address)}">{match[0]}</a>' if address else match[0]

    return link


def _link_mentions(html: str, link: Callable[[re.Match[str]], str]) -> str:
    """Link record IDs in running text; inside links, code and tags they stay as they are."""
    inside = dict.fromkeys(_CLOSED, False)
    seen = 0

    def outside(match: re.Match[str]) -> str:
        nonlocal seen
        before, seen = seen, match.start()
        for closing, openings in _CLOSED.items():
            opened = max(html.rfind(opening, before, seen) for opening in openings)
            closed = html.rfind(closing, before, seen)
            if opened != closed:
                inside[closing] = opened > closed
        return match[0] if any(inside.values()) else link(match)

    return _MENTION.sub(outside, html)


def _open_alert(match: re.Match[str]) -> str:
    kind = match[1].lower()
    title = f'<p class="ib-alert__title">{kind.capitalize()}</p>'
    paragraph = "" if match[0].endswith("</p>\n") else "<p>"
    return f'<blockquote class="ib-alert ib-alert--{kind}">{title}\n{paragraph}'


def _anchor_headings(html: str, rewriting: Rewriting) -> tuple[str, tuple[Heading, ...], dict[str, str]]:
    """Give headings their levels and anchors; also which anchor stands for which of GitHub's."""
    found = _HEADING.findall(html)
    if not found:
        return html, (), {}
    shift = rewriting.top_level - min(int(level) for level, _ in found)
    on_forge: set[str] = set()
    taken = set(rewriting.taken)
    anchors: dict[str, str] = {}
    headings: list[Heading] = []

    def anchor(match: re.Match[str]) -> str:
        level = max(1, min(6, int(match[1]) + shift))
        words = words_of(match[2])
        there = unused(slug(words), on_forge)
        on_forge.add(there)
        before = "heading-" if not there or there.startswith(_RESERVED) else ""
        wanted = before + rewriting.prefix + there
        id_ = wanted if wanted not in taken else unused(before + rewriting.prefix + slug(words), taken)
        heading = Heading(level, id_, " ".join(words.split()))
        taken.add(heading.id)
        anchors[there] = heading.id
        headings.append(heading)
        return f'<h{level} id="{escape(heading.id)}">{match[2]}</h{level}>'

    return _HEADING.sub(anchor, html), tuple(headings), anchors


class _Addresses:
    """Rewrites the addresses and anchors of one text."""

    def __init__(self, rewriting: Rewriting, anchors: dict[str, str]) -> None:
        self.rewriting = rewriting
        self.anchors = anchors
        self.by_author: set[str] = set()
        self.placed: set[str] = set()

    def rewrite(self, html: str) -> str:
        self.by_author.update(map(unescape, _ANCHOR.findall(html)))
        return _WITH_ADDRESS.sub(self._tag, html)

    def _tag(self, match: re.Match[str]) -> str:
        values = {name: unescape(value) for name, value in _ATTRIBUTE.findall(match[2])}
        if match[1] == "img":
            return self._image(values)
        if match[1] == "a":
            self._link(values)
        self._anchor(values)
        return f"<{match[1]}{_written(values)}>"

    def _link(self, values: dict[str, str]) -> None:
        address = values.pop("href", None)
        if address is None:
            return
        if _OUTSIDE.match(address):
            values["href"] = address
            values["rel"] = "noopener noreferrer"
            return
        target = self._fragment(address[1:]) if address.startswith("#") else self.rewriting.link(address)
        if target is not None:
            values["href"] = target

    def _fragment(self, anchor: str) -> str:
        if _FOOTNOTE.fullmatch(anchor):
            return f"#{self.rewriting.prefix}{anchor}"
        if anchor in self.by_author:
            return f"#{AUTHORS}{self.rewriting.prefix}{anchor}"
        return f"#{self.anchors.get(unquote(anchor), anchor)}"

    def _anchor(self, values: dict[str, str]) -> None:
        """Keep an anchor that the author set where GitHub keeps it, each name once."""
        wanted = values.pop("id", "") or values.get("name", "")
        values.pop("name", None)
        if not wanted or any(character.isspace() for character in wanted):
            return
        prefix = self.rewriting.prefix if _FOOTNOTE.fullmatch(wanted) else AUTHORS + self.rewriting.prefix
        if prefix + wanted not in self.placed:
            self.placed.add(prefix + wanted)
            values["id"] = prefix + wanted

    def _image(self, values: dict[str, str]) -> str:
        """An image from another host becomes a link: a reader of the site calls no third party."""
        source, words = values.get("src", ""), values.get("alt", "")
        if source and not _OUTSIDE.match(source):
            target = self.rewriting.link(source)
            if target is None:
                return escape(words)
            shown = {"loading": "lazy", **values, "src": target, "alt": words}
            return f"<img{_written(shown)}>"
        if source.startswith(("http://", "https://")):
            link = _written({"href": source, "rel": "noopener noreferrer"})
            return f"<a{link}>{escape(words or source)}</a>"
        return escape(words)


def _written(values: dict[str, str]) -> str:
    return "".join(f' {name}="{escape(value)}"' for name, value in values.items())
