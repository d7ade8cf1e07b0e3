"""Badges: the state of the site or of a service as a small picture."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from types import MappingProxyType

from incidentbook.feeds.briefing import NOT_IN_FORCE
from incidentbook.feeds.texts import legal
from incidentbook.publication.standing import OPERATIONAL, UNDER_MAINTENANCE, WATCH
from incidentbook.records import ServiceState

LABEL = "#3a474c"
COLOURS: Mapping[str, str] = MappingProxyType(
    {
        OPERATIONAL: "#1a7a46",
        WATCH: "#8a5a00",
        UNDER_MAINTENANCE: "#2259ab",
        ServiceState.DEGRADED_PERFORMANCE.value: "#8a5a00",
        ServiceState.PARTIAL_OUTAGE.value: "#a84a00",
        ServiceState.MAJOR_OUTAGE.value: "#b3202a",
        NOT_IN_FORCE: "#55666c",
    }
)
"""White words are readable on each (WCAG AA)."""

_NARROW, _WIDE = frozenset("fijlrtI.,:;|-!'()[] "), frozenset("mwMW@%")
_LONGEST = 60


def badge(name: str, state: str, words: str) -> bytes:
    """Draw one: whose state, and what it is."""
    left, right = _shortened(name), _shortened(words)
    first, second = _width(left) + 12, _width(right) + 12
    title = escape(f"{left}: {right}")
    drawing = f"""\
<svg xmlns="http://www.w3.org/2000/svg" width="{first + second}" height="20" role="img" aria-label="{title}">
<title>{title}</title>
<clipPath id="r"><rect width="{first + second}" height="20" rx="4"/></clipPath>
<g clip-path="url(#r)">
<path fill="{LABEL}" d="M0 0h{first}v20H0z"/>
<path fill="{COLOURS[state]}" d="M{first} 0h{second}v20H{first}z"/>
</g>
<g fill="#fff" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11" aria-hidden="true">
{_words(left, 6)}
{_words(right, first + 6)}
</g>
</svg>
"""
    return drawing.encode()


def _words(text: str, x: int) -> str:
    """A fixed length: what was reckoned here fits whatever font the reader has."""
    room = f'textLength="{_width(text)}" lengthAdjust="spacing"'
    return f'<text x="{x}" y="14" {room}>{escape(text)}</text>'


def _shortened(text: str) -> str:
    line = " ".join(legal(text).split()) or "-"
    return line if len(line) <= _LONGEST else line[: _LONGEST - 3] + "..."


def _width(text: str) -> int:
    """Pixels of a text in Verdana, 11 pixels high, roughly."""
    return max(8, round(sum(map(_advance, text))))


def _advance(character: str) -> float:
    if character in _NARROW:
        return 4.2
    if character in _WIDE:
        return 10.2
    if ord(character) >= 0x1100:
        return 11.0
    return 7.6 if character.isupper() else 6.8
