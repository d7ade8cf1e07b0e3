"""Texts that would run, break out or mislead, for every field; each says by a number where it stood."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from planting import Text, path_of, record, schema

from incidentbook.records import KINDS
from testbed import write_files

MARK = "zqown"
"""A word in every name that an attack tries to give an element or attribute of its own."""

PLAIN = (
    "</title></textarea></script></style></template></noscript>--><script>window.hacked={n}</script>"
    '<img src=x onerror="window.hacked={n}"><svg/onload=window.hacked={n}>'
    "\"'><input autofocus onfocus=window.hacked={n}><zqown zqown=1 id=__config name=body class=md-main>"
    '" onmouseover="window.hacked={n}" zqown="'
)
"""For where a text stands in a page, an attribute, a script, JSON or XML."""

MARKDOWN = (
    "[a](javascript:window.hacked={n}) [b](vbscript:x) "
    "[c](data:text/html,<script>window.hacked={n}</script>) "
    "[d]( &#106;avascript:window.hacked={n}) <a href='java\tscript:window.hacked={n}'>e</a> "
    '![x](https://elsewhere.invalid/zqown.png "t\\"onerror=window.hacked={n} zqown=")'
    "<iframe srcdoc='<script>parent.hacked={n}</script>'></iframe>"
    "<math><mi xlink:href='javascript:window.hacked={n}'>x</mi></math>"
    "<form action=https://elsewhere.invalid>"
    "<button formaction=javascript:window.hacked={n}>x</button></form>"
    "<base href=https://elsewhere.invalid/>"
    "<meta http-equiv=refresh content='0;url=https://elsewhere.invalid'>"
    "<style>body{{background:url(https://elsewhere.invalid/zqown)}}</style>"
    "INC-2026-0900<a href='x INC-2026-0900 \"onclick=window.hacked={n} '>INC-2026-0900</a>"
    '[^1"onclick=window.hacked={n}]\n\n[^1"onclick=window.hacked={n}]: `x`\n\n'
    "# __config\n\n# <img src=x onerror=window.hacked={n}>\n\n"
    "```html onclick=window.hacked={n}\n</code></pre><script>window.hacked={n}</script>\n```\n\n"
    '```mermaid\ngraph TD; A["<img src=x onerror=window.hacked={n}>"]-->B\n```\n\n'
    "```mermaid\ngraph TD; A-->B\n"
    'click A href "javascript:window.hacked={n}"\nclick B call hacked()\n```\n\n'
    "```mermaid\n%%{{init: {{'securityLevel': 'loose', "
    "'themeCSS': '*{{fill:url(//elsewhere.invalid/zqown)}}'}}}}%%\n"
    'graph TD; A-->B\nclick A href "javascript:window.hacked={n}"\n```\n\n'
    "<details open ontoggle=window.hacked={n}>"
    "<p style='position:fixed;inset:0' class='md-header zqown' id=__search>"
    "<div><table><tr><td></div></article></main></body></html><math><mi><svg onload=window.hacked={n}>"
)
"""For where a text is Markdown."""

CONTROL = (
    "=cmd|' /C calc'!A0{n}\x1b[31m\x1b]0;zqown\x07\u202eright\u2066\u200b\x00\x08\x9b31m\r\nX-ZQOWN:{n}\r\n"
    "BEGIN:VEVENT\r\n::error file=zqown::x\n]]>&amp;&#0;{{{{7*7}}}}{{% raw %}}<!--\u2028\u2029\ufeff"
)
"""For terminals, tables, calendars, workflow commands, XML and templates."""

LONG = "W" * 300 + " {n} " + "wide " * 2_000
"""For layouts, and whatever counts characters."""

TEXTS = {910: PLAIN, 920: MARKDOWN, 930: CONTROL, 940: LONG}
"""By the number of the record that has it in every field."""


class Attack:
    """A repository in which every text of every record and of the taxonomy is hostile."""

    def __init__(self, root: Path, *, of_taxonomy: str) -> None:
        self.root = root
        self.places: list[str] = [""]
        files, _ = schema(self._texts(of_taxonomy, "schema"))
        named = "---\ntitle: Named\nvisibility: public\n"
        files["incidents/2026/INC-2026-0900.md"] = (
            f"{named}status: new\nopened: 2026-11-18T09:00+00:00\n---\n"
        )
        files["knowledge/problems/PRB-2026-0900.md"] = f"{named}status: open\n---\n"
        files["knowledge/articles/named-article.md"] = f"{named}status: published\ntype: faq\n---\n"
        for number, template in TEXTS.items():
            for kind in KINDS:
                text = self._texts(template, f"{kind} {number}")
                body = text(("body",), True)
                files[path_of(kind, number)] = record(
                    kind, text, body=body.replace("\x00", ""), visibility="public"
                )
        write_files(root, dict(files))

    def _texts(self, template: str, label: str) -> Text:
        def text(path: tuple[str | int, ...], _public: bool) -> str:
            self.places.append(f"{label} {path}")
            return template.format(n=len(self.places) - 1)

        return text


_HANDLER = re.compile(r"on[a-z]+", re.IGNORECASE)
_NEVER = frozenset({"iframe", "object", "embed", "base", "frame", "frameset", "applet", "math", MARK})
_RUNS = re.compile(r"[\s\x00-\x20]*(?:java|vb)script:|[\s\x00-\x20]*data:(?!image/)", re.IGNORECASE)
_LOADS = {
    **dict.fromkeys(("script", "img", "source", "video", "audio"), "src"),
    **dict.fromkeys(("link", "image"), "href"),
}


class Faults(HTMLParser):
    """Reads a page as a browser would, and notes what no page of ours has."""

    def __init__(self, own: str) -> None:
        super().__init__()
        self.own = own
        self.found: list[str] = []
        self.ids: list[str] = []
        self._script: list[str] | None = None
        self.scripts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag in _NEVER or (tag == "meta" and values.get("http-equiv", "").lower() == "refresh"):
            self.found.append(f"<{tag}>")
        self.found.extend(f"<{tag} {name}>" for name in values if MARK in name or _HANDLER.fullmatch(name))
        if MARK in values.get("class", "") or MARK in values.get("id", ""):
            self.found.append(f"<{tag} class or id of a stranger>")
        for name in ("href", "src", "action", "formaction", "xlink:href", "srcdoc", "data"):
            if _RUNS.match(values.get(name, "")) or (name in {"srcdoc", "formaction"} and name in values):
                self.found.append(f"<{tag} {name}={values[name]!r}>")
        target = values.get(_LOADS.get(tag, ""), "")
        if re.match(r"[a-z]+:|//", target) and not target.startswith(("data:image/", self.own)):
            self.found.append(f"<{tag}> loads {target}")
        if "id" in values:
            self.ids.append(values["id"])
        if tag == "script" and "src" not in values:
            self._script = []

    def handle_data(self, data: str) -> None:
        if self._script is not None:
            self._script.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "script" and self._script is not None:
            self.scripts.append("".join(self._script))
            self._script = None


def faults_of(html: str, own: str) -> Iterator[str]:
    """What is wrong with a page that strangers wrote to; `own` begins the site's own addresses."""
    reader = Faults(own)
    reader.feed(html)
    reader.close()
    yield from reader.found
    yield from (f"id {one} twice" for one in sorted({id_ for id_ in reader.ids if reader.ids.count(id_) > 1}))
    yield from ("a stranger's script" for script in reader.scripts if "hacked" in script)
