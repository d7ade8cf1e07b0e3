"""Words of a person as text of GitHub-flavoured Markdown that means nothing but itself."""

from __future__ import annotations

import html
import re
import unicodedata

_BREAK = "\u200b"
"""Forges look for mentions and references in the finished text, past every escape and entity: what keeps
`@name` from writing to somebody is a space without width. https://github.com/github/cmark-gfm/issues/181"""

_MARKUP = re.compile(r"([\\`*_\[\]|~#>!])")
_BLOCK = re.compile(r"^(?:([-+=])|(\d+)([.)]))")
_REFERENCE = re.compile(r"(@|\\#(?=\d)|\b[Gg][Hh]-(?=\d)|:(?=//))")
_WORLD_WIDE_WEB = re.compile(r"\b(www)(?=\.)", re.IGNORECASE)
_CALLING = re.compile(r"@(?=\w)|#(?=\w)|:(?=//)|\b(?i:gh)-(?=\d)|\bwww(?=\.)", re.IGNORECASE)
"""What a forge acts upon where there is no Markdown; `Fixes #1` in a title closes an issue."""

_CODE = re.compile(r"`([^`]+)`")
_JOINERS = frozenset("\u200c\u200d")
"""Persian and the emoji of families need them."""

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


def literal(text: str, most: int | None = None) -> str:
    """Let text be nothing but text, on one line, also in a table, a list or a heading.

    It writes to nobody, links to nothing and shows what would be unseen: controls, changes of direction,
    characters without width. With `most`, what is longer is cut and ends in an ellipsis.
    """
    escaped = _MARKUP.sub(r"\\\1", html.escape(_plain(text, most), quote=False).replace("&gt;", ">"))
    escaped = _REFERENCE.sub(rf"\1{_BREAK}", escaped)
    escaped = _WORLD_WIDE_WEB.sub(rf"\1{_BREAK}", escaped)
    # a formula would begin here
    escaped = escaped.replace("$", "<span>$</span>")
    return _BLOCK.sub(lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", escaped)


def plain_title(text: str, most: int) -> str:
    """Let text be the title of an issue or a pull request, where nothing is Markdown.

    It calls nobody, closes nothing, shows what would be unseen, and is never longer than `most`, which the
    forge would refuse.
    """
    return _cut(_CALLING.sub(lambda found: found[0] + _BREAK, _plain(text, most)), most)


def code(text: str, most: int | None = None) -> str:
    """Show text as code, whatever is in it; not for tables, which would take a `|` for their own."""
    plain = _plain(text, most)
    fence = "`" * (max((len(run) for run in re.findall("`+", plain)), default=0) + 1)
    pad = " " if "`" in plain else ""
    return f"{fence}{pad}{plain}{pad}{fence}"


def literal_with_code(text: str, most: int | None = None) -> str:
    """As `literal`, but what stands between backticks stays code: messages of ours name values so."""
    parts = _CODE.split(_plain(text, most))
    return "".join(code(part) if at % 2 else _between(part, first=not at) for at, part in enumerate(parts))


def _between(part: str, *, first: bool) -> str:
    """A part between two pieces of code, whose spaces at its ends count."""
    before, after = part[: len(part) - len(part.lstrip())], part[len(part.rstrip()) :]
    if not part.strip():
        return part
    inner = literal(part) if first else literal(f"x{part.strip()}")[1:]
    return f"{before}{inner}{after}"


def _plain(text: str, most: int | None) -> str:
    line = " ".join(text.split())
    return "".join(_shown(char) for char in (line if most is None else _cut(line, most)))


def _cut(line: str, most: int) -> str:
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def _shown(char: str) -> str:
    if unicodedata.category(char) in _HIDDEN and char not in _JOINERS:
        return f"\\u{ord(char):04x}"
    return char
