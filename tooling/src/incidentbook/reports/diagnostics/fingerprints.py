"""What a diagnostic is known by from one run to the next, wherever its line has gone meanwhile."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from hashlib import sha256

from incidentbook.diagnostics import Diagnostic
from incidentbook.reports.diagnostics.text import Source

_NUMBERS = re.compile(r"[0-9]+")


def fingerprints(diagnostics: Iterable[Diagnostic], source: Source) -> list[str]:
    """Return a name for each diagnostic, each once: made of rule, path, the words meant and the message.

    No line is in it, so that what stands further down tomorrow is still the same finding; and no number
    of the message, which may be how many days something is late. Equal ones are counted, in order.
    """
    seen: Counter[str] = Counter()
    path: str | None = None
    lines: list[str] = []
    names = []
    for diagnostic in diagnostics:
        if diagnostic.path != path:
            path = diagnostic.path
            lines = (source(path) or "").split("\n")
        message = _NUMBERS.sub("0", diagnostic.message)
        parts = (diagnostic.code, diagnostic.path, _words(diagnostic, lines), message)
        identity = "\0".join(parts)
        seen[identity] += 1
        text = f"{identity}\0{seen[identity]}"
        names.append(sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32])
    return names


def _words(diagnostic: Diagnostic, lines: list[str]) -> str:
    """What the source says at the place that is meant, as far as its first line."""
    span = diagnostic.span
    if span is None or span.line > len(lines):
        return ""
    end = span.end_column - 1 if span.end_line == span.line else None
    return lines[span.line - 1][span.column - 1 : end].strip()
