"""Which headings a Markdown text has, and which of them have nothing below."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from functools import lru_cache

from incidentbook.markdown.questions import without_questions

_HEADING = re.compile(
    r'^<h(?P<level>[1-6]) data-sourcepos="(?P<line>\d+):\d+-(?P<end>\d+):\d+">(?P<text>.*?)</h[1-6]>',
    re.MULTILINE | re.DOTALL,
)
_TAG = re.compile(r"<[^>]*>")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_DECORATION = re.compile(r"^[\s>*+_`~|:=#.\-–—…\[\]()]+|[\s*_`~|:=#.!\-–—…\[\]()]+$")  # noqa: RUF001
_PLACEHOLDER = re.compile(
    r"""(?:to[ -]?do|tbd|tba|tbc|fixme|xxx+|placeholder|lorem\ ipsum.*|coming\ soon|pending
        |to\ be\ (?:done|written|filled(?:\ in)?|added|determined|decided|defined|announced|confirmed
            |completed)
        |(?:please\ )?(?:fill|write)(?:\ (?:this|me))?\ in|fill\ (?:this|me)|describe\ here
        |your\ text(?:\ here)?
        |<[^>]*>|\{\{.*\}\})""",
    re.IGNORECASE | re.VERBOSE,
)
_TODO = re.compile(r"(?:todo|tbd|fixme)\b\s*[:\-–—].*", re.IGNORECASE)  # noqa: RUF001


@dataclass(frozen=True, slots=True)
class Section:
    """One heading with what stands below it, down to the next heading of its level or above.

    `start` and `end` are offsets of the heading's line in the text that was read.
    """

    title: str
    level: int
    start: int
    end: int
    content: str

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands below the heading but comments, open questions and words such as TODO."""
        return is_placeholder(self.content)

    @property
    def key(self) -> str:
        """The title as two people who mean the same heading would both write it."""
        return heading_key(self.title)


@lru_cache(maxsize=1_000)  # nearly all reviews have the same headings
def heading_key(title: str) -> str:
    """Fold case and spaces, and leave out a number before and punctuation after."""
    text = re.sub(r"^[\d.)\s]+", "", " ".join(title.split()))
    return text.rstrip(" :.?!").casefold()


def is_placeholder(text: str) -> bool:
    """Tell whether a text says nothing: empty, a comment, a question, or words such as TODO or `...`."""
    for line in without_questions(_COMMENT.sub("", text)).splitlines():
        bare = line.strip()
        if bare.startswith("#"):
            continue  # a heading below a heading says nothing by itself
        stripped = _DECORATION.sub("", _DECORATION.sub("", bare))
        if not stripped or _PLACEHOLDER.fullmatch(stripped) or _PLACEHOLDER.fullmatch(bare):
            continue
        if not _TODO.fullmatch(stripped):
            return False
    return True


def outline(text: str) -> tuple[Section, ...]:
    """Return the headings of a Markdown text in order; those in code blocks are none."""
    from incidentbook.markdown.dialect import to_placed_html  # noqa: PLC0415

    rendered = to_placed_html(text.replace("\r\n", "\n"))
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    found = []
    for match in _HEADING.finditer(rendered):
        first, last = int(match["line"]), max(int(match["end"]), int(match["line"]))
        title = html.unescape(_TAG.sub("", match["text"])).strip()
        found.append((title, int(match["level"]), first, last))
    sections = []
    for index, (title, level, first, last) in enumerate(found):
        following = next((line for _, other, line, _ in found[index + 1 :] if other <= level), len(starts))
        content_start = starts[min(_content_line(text, starts, first, last), len(starts) - 1)]
        content_end = starts[min(following - 1, len(starts) - 1)]
        start = starts[first - 1]
        end = start + len(text[start : starts[first]].rstrip()) if first < len(starts) else len(text)
        sections.append(Section(title, level, start, end, text[content_start:content_end]))
    return tuple(sections)


def _content_line(text: str, starts: list[int], first: int, last: int) -> int:
    """The line after a heading: one below `# Title`, two below a title that is underlined."""
    line = text[starts[first - 1] : starts[first]] if first < len(starts) else ""
    if line.lstrip(" >*+-").startswith("#"):
        return first
    for number in range(first, min(last + 1, len(starts) - 1) + 1):
        below = (
            text[starts[number] : starts[number + 1]] if number + 1 < len(starts) else text[starts[number] :]
        )
        if below.strip() and not below.strip().strip("=-"):
            return number + 1
    return last
