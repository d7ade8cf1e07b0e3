"""What a comment says in its first line: a bare yes or no, a number from 1 to 5, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from incidentbook.intake.texts import clean

_COMMENT_LENGTH = 2_000
_SYSTEM = r"(?:(?:it|that|this|all|everything)(?:'s|\s+is)?\s+)?"
_AGAIN = r"(?:\s+(?:again|now|fine|well|for\s+me))*"
# in each sort the longer words come first: a pattern takes the first that fits
_SCORE = (
    r"(?:(?:rat(?:e|ed|ing)|score)\s*:?\s*)?"
    r"(?:[1-5](?:\s*/\s*5|\s+(?:out\s+)?of\s+5)?(?:\s*(?:stars?|points?))?|[\u2605\u2b50]{1,5})"
)
_WORDS = {
    "courtesy": (
        r"(?:(?:many|best|so)\s+)?thanks?(?:\s+you)?|thx|cheers|great|perfect|please|sorry|unfortunately|sadly|hi"
        r"|hello|dear|team|all|everyone|a\s+lot|so\s+much|very\s+much|for\s+(?:the|your)\s+(?:quick\s+)?help"
    ),
    "no": (
        rf"{_SYSTEM}(?:(?:is|has)\s*n[o']?t\s+|(?:still\s+)?not\s+)(?:yet\s+)?(?:been\s+)?"
        rf"(?:solved|fixed|resolved|confirmed|working|ok){_AGAIN}(?:\s+yet)?"
        rf"|{_SYSTEM}(?:still\s+)?(?:does\s*n[o']?t|do\s*n[o']?t)\s+work{_AGAIN}"
        rf"|{_SYSTEM}(?:does|has|is)\s*n[o']?t|{_SYSTEM}still\s+(?:broken|fails|failing|down|the\s+same)"
        r"|(?:it\s+is\s+)?unsolved|not(?:\s+yet)?|nope|no(?!\W+thank)"
    ),
    "yes": (
        rf"{_SYSTEM}(?:has\s+been\s+)?(?:solved|fixed|resolved|working|works){_AGAIN}"
        r"|(?:i\s+(?:can\s+)?)?confirm(?:ed)?|it\s+(?:does|has|is)|yes|yep|yeah"
    ),
    "score": _SCORE,
}
_PATTERNS = {kind: re.compile(rf"(?:{words})(?=[\s,.;:!)\u2013\u2014-]|$)") for kind, words in _WORDS.items()}
_BETWEEN = re.compile(r"[\s,.;:!()\u2013\u2014-]*")
_QUOTED_END = re.compile(r"(?:\n[^\n]*:)?(?:\n\s*>[^\n]*)+\s*\Z")
_TAKEN_BACK = re.compile(r"(?:but|however|although|though|except|unless|only)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Answer:
    """What was understood of an answer; None is what it does not say."""

    confirmed: bool | None
    score: int | None
    comment: str


def parse_answer(body: str) -> Answer | None:
    """Understand a comment; None where its first line is more than a verdict, or contradicts itself.

    People write "yes, but it broke again" and "no, it works now": whoever looks for words in sentences
    closes and reopens the wrong incidents. What cannot be read for certain is asked about once more.
    """
    lines = _lines(body)
    while lines and _kinds(lines[0]) in ([], ["courtesy"], ["courtesy", "courtesy"]):
        lines = lines[1:]  # a greeting
    kinds = _kinds(lines[0]) if lines else None
    if kinds is None or {"yes", "no"} <= set(kinds) or kinds.count("score") > 1:
        return None
    rest, score = lines[1:], _score(lines[0]) if "score" in kinds else None
    if _TAKEN_BACK.match("\n".join(rest).lstrip()):
        return None
    if score is None:
        score, rest = _score_below(rest)
    confirmed = True if "yes" in kinds else False if "no" in kinds else None
    return Answer(confirmed, score, clean("\n".join(rest), _COMMENT_LENGTH))


def _lines(body: str) -> list[str]:
    """The lines from the first that is no quotation on; what hides, and a mail quoted below, is left out."""
    text = re.sub(r"<!--.*?(?:-->|\Z)", "", clean(body, 20_000), flags=re.DOTALL)
    lines = _QUOTED_END.sub("", f"\n{text}").split("\n")
    start = next(
        (n for n, line in enumerate(lines) if line.strip() and not line.lstrip().startswith(">")), None
    )
    return [] if start is None else [line.rstrip() for line in lines[start:]]


def _plain(line: str) -> str:
    """A line in small letters, without the marks of Markdown."""
    bare = re.sub(r"^\s*(?:[-*+]\s+)?(?:\[[xX ]\]\s*)?|[*_`~\"]", "", line).replace("\u2019", "'")
    return " ".join(bare.casefold().split())


def _kinds(line: str) -> list[str] | None:
    """What sorts of words a line is made of; None where any other word is in it."""
    text, found = _plain(line), []
    at = _next_word(text, 0)
    while at < len(text):
        match = _longest(text, at)
        if match is None:
            return None
        found.append(match[0])
        at = _next_word(text, match[1])
    return found


def _next_word(text: str, at: int) -> int:
    between = _BETWEEN.match(text, at)
    return between.end() if between else at


def _longest(text: str, at: int) -> tuple[str, int] | None:
    """The words that begin at a place, as many as make one sense, and where they end."""
    matches = ((kind, pattern.match(text, at)) for kind, pattern in _PATTERNS.items())
    return max(
        ((kind, found.end()) for kind, found in matches if found), key=lambda one: one[1], default=None
    )


def _score(line: str) -> int:
    text = _plain(line)
    number = re.search(r"[1-5]", text)
    return int(number.group()) if number else len(re.findall("[\u2605\u2b50]", text))


def _score_below(lines: Sequence[str]) -> tuple[int | None, list[str]]:
    """A number on a line of its own, and the other lines; none where there are two."""
    alone = [line for line in lines if _kinds(line) == ["score"]]
    if len(alone) != 1:
        return None, list(lines)
    return _score(alone[0]), [line for line in lines if line != alone[0]]
