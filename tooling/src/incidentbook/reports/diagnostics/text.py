"""Diagnostics as text for a terminal, the way a good compiler shows them."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from incidentbook.diagnostics import Diagnostic, Severity, Span

TAB = 4
WIDTH = 100
"""Columns of a source line that are shown; a longer line is cut around the place that is meant."""

MANY = 50
"""More diagnostics than this are counted by code, below the summary."""

_CONTEXT = 30
_CUT = "…"
_BOLD, _DIM, _RESET = "\x1b[1m", "\x1b[2m", "\x1b[0m"
_COLOURS = {Severity.ERROR: "\x1b[31m", Severity.WARNING: "\x1b[33m", Severity.NOTE: "\x1b[36m"}
_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs", "Co"})

Source = Callable[[str], str | None]
"""Gives the text of a file, with every credential in it written over; None where it has none."""


def render(
    diagnostics: Iterable[Diagnostic], records: int, source: Source, *, colour: bool = False
) -> Iterator[str]:
    """Yield the lines of the output, one block a diagnostic and a summary at the end; of many, by code."""
    shown = list(diagnostics)
    path: str | None = None
    lines: list[str] = []
    for diagnostic in shown:
        if diagnostic.path != path:
            path = diagnostic.path
            lines = (source(path) or "").split("\n")
        yield from _block(diagnostic, lines, colour=colour)
        yield ""
    yield _summary(shown, records)
    if len(shown) > MANY:
        yield from _by_code(shown, colour=colour)


def _by_code(diagnostics: list[Diagnostic], *, colour: bool) -> Iterator[str]:
    """Say how often each code was found, the most frequent first: what thousands of lines come to."""
    counts = Counter((diagnostic.code, diagnostic.severity) for diagnostic in diagnostics)
    width = max(len(f"{count:,}") for count in counts.values())
    yield ""
    for (code, severity), count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        hue = _COLOURS[severity] if colour else ""
        yield f"{count:>{width + 1},} {hue}{severity}[{code}]{_RESET if colour else ''}"


def _block(diagnostic: Diagnostic, lines: list[str], *, colour: bool) -> Iterator[str]:
    def paint(text: str, *codes: str) -> str:
        return f"{''.join(codes)}{text}{_RESET}" if colour else text

    hue = _COLOURS[diagnostic.severity]
    span = diagnostic.span
    place = visible(diagnostic.path) + (f":{span.line}:{span.column}" if span else "")
    label = paint(f"{diagnostic.severity}[{diagnostic.code}]", _BOLD, hue)
    yield f"{paint(place, _BOLD)}: {label}: {paint(visible(diagnostic.message), _BOLD)}"
    margin = len(str(span.line)) if span else 1
    if span is not None and span.line <= len(lines):
        text, start, length = _window(lines[span.line - 1].rstrip("\r"), span)
        bar = paint("|", _DIM)
        yield f" {' ' * margin} {bar}"
        yield f" {paint(str(span.line), _DIM)} {bar} {text}".rstrip()
        yield f" {' ' * margin} {bar} {' ' * start}{paint('^' * length, hue)}"
    if diagnostic.help:
        yield f" {' ' * margin} {paint('=', _DIM)} help: {visible(diagnostic.help)}"


def _window(line: str, span: Span) -> tuple[str, int, int]:
    """Return what to show of a line, and the columns at which the span begins and how wide it is."""
    first = min(span.column - 1, len(line))
    last = min(span.end_column - 1, len(line)) if span.end_line == span.line else len(line)
    last = max(last, first)
    begin = 0
    if _columns(line[:first]) > WIDTH - _CONTEXT:
        begin = first - _CONTEXT
    before = (_CUT if begin else "") + visible(line[begin:first], tab=TAB)
    marked = visible(line[first:last], tab=TAB)
    start = _columns(before)
    room = max(WIDTH - start, _CONTEXT)
    marked, cut = _cut(marked, room)
    after, _ = ("", False) if cut else _cut(visible(line[last:], tab=TAB), room - _columns(marked))
    return before + marked + after, start, max(_columns(marked), 1)


def _cut(text: str, room: int) -> tuple[str, bool]:
    """Shorten a text to so many columns, with an ellipsis at its end; tell whether that was needed."""
    if len(text) <= room and _columns(text) <= room:
        return text, False
    kept, width = [], 0
    for character in text:
        width += _columns(character)
        if width >= room:
            break
        kept.append(character)
    return "".join(kept) + _CUT, True


def _columns(text: str) -> int:
    """How many columns a text takes on a terminal: two for wide characters, none for combining ones."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
    )


def visible(text: str, *, tab: int = 1) -> str:
    """Write characters that a terminal would obey, or hide, as escapes; a tab as spaces.

    Text of a record is untrusted: it must not move the cursor, colour the screen or turn the
    direction of writing where it is shown.
    """
    if text.isprintable():
        return text
    return "".join(
        " " * tab
        if c == "\t"
        else f"\\x{ord(c):02x}"
        if unicodedata.category(c) in _HIDDEN_CATEGORIES and ord(c) < 256
        else f"\\u{ord(c):04x}"
        if unicodedata.category(c) in _HIDDEN_CATEGORIES
        else c
        for c in text
    )


def _summary(diagnostics: list[Diagnostic], records: int) -> str:
    counts = [
        _count(sum(1 for diagnostic in diagnostics if diagnostic.severity is severity), severity.value)
        for severity in Severity
    ]
    return f"{_count(records, 'record')} checked: {', '.join(counts)}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
