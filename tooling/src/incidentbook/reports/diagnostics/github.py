"""Diagnostics as workflow commands, which GitHub shows beside the lines of a pull request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from incidentbook.diagnostics import Diagnostic, Severity
from incidentbook.reports.diagnostics.text import visible

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}

_ORDER = tuple(_COMMANDS)


def render(diagnostics: Iterable[Diagnostic], *, prefix: str = "") -> Iterator[str]:
    """Yield one workflow command a diagnostic: errors first, because GitHub shows ten a step and sort.

    `prefix` leads from the root of the checkout to the records repository, where that lies below.
    """
    for diagnostic in sorted(diagnostics, key=lambda one: _ORDER.index(one.severity)):
        properties = {"file": visible(prefix + diagnostic.path)}
        span = diagnostic.span
        if span is not None:
            properties |= {"line": str(span.line), "endLine": str(span.end_line)}
            if span.line == span.end_line:
                # GitHub takes columns on a single line only, and both ends as part of the stretch
                end = max(span.end_column - 1, span.column)
                properties |= {"col": str(span.column), "endColumn": str(end)}
        properties["title"] = diagnostic.code
        text = visible(diagnostic.message) + (
            f"\nhelp: {visible(diagnostic.help)}" if diagnostic.help else ""
        )
        spelled = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
        yield f"::{_COMMANDS[diagnostic.severity]} {spelled}::{_data(text)}"


def _data(text: str) -> str:
    """Escape as the toolkit's escapeData does."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Escape as the toolkit's escapeProperty does."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
