"""Diagnostics as JUnit XML, which Jenkins, GitLab and most other CI servers show as tests."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

from incidentbook.diagnostics import Diagnostic, Severity
from incidentbook.reports.diagnostics.text import visible

_NOT_XML = {code: f"\\u{code:04x}" for code in (0xFFFE, 0xFFFF)}
"""Printed as they are by `visible`, and forbidden in XML 1.0."""


def render(
    diagnostics: Sequence[Diagnostic], checked: Sequence[str], *, strict: bool = False, prefix: str = ""
) -> Iterator[str]:
    """Yield the lines of one test suite: a test for each file that was checked, or has findings.

    What fails the check is the test's failure; the rest is its output. There is one failure a test,
    because GitLab shows no other.
    """
    by_path: dict[str, list[Diagnostic]] = defaultdict(list)
    for diagnostic in diagnostics:
        by_path[diagnostic.path].append(diagnostic)
    failing = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    paths = sorted({*checked, *by_path})
    failures = sum(any(d.severity in failing for d in by_path[path]) for path in paths)
    counts = f'tests="{len(paths)}" failures="{failures}" errors="0"'
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<testsuites name="incidentbook" {counts}>'
    yield f'  <testsuite name="incidentbook check" {counts} skipped="0">'
    for path in paths:
        yield from _case(prefix + path, by_path[path], failing)
    yield "  </testsuite>"
    yield "</testsuites>"


def _case(path: str, diagnostics: Sequence[Diagnostic], failing: set[Severity]) -> Iterator[str]:
    name, _, folder = (_text(part) for part in reversed(path.rpartition("/")))
    opening = f"    <testcase classname={quoteattr(folder or '.')} name={quoteattr(name)}"
    if not diagnostics:
        yield f"{opening}/>"
        return
    yield f"{opening}>"
    fatal = [diagnostic for diagnostic in diagnostics if diagnostic.severity in failing]
    if fatal:
        more = f" (and {len(fatal) - 1} more)" if len(fatal) > 1 else ""
        told = quoteattr(_text(fatal[0].message) + more)
        yield f"      <failure type={quoteattr(fatal[0].code)} message={told}>{_lines(fatal)}</failure>"
    rest = [diagnostic for diagnostic in diagnostics if diagnostic.severity not in failing]
    if rest:
        yield f"      <system-out>{_lines(rest)}</system-out>"
    yield "    </testcase>"


def _lines(diagnostics: Sequence[Diagnostic]) -> str:
    return escape("\n".join(_line(diagnostic) for diagnostic in diagnostics))


def _line(diagnostic: Diagnostic) -> str:
    span = diagnostic.span
    place = _text(diagnostic.path) + (f":{span.line}:{span.column}" if span else "")
    advice = f"\n  help: {_text(diagnostic.help)}" if diagnostic.help else ""
    return f"{place}: {diagnostic.severity}[{diagnostic.code}]: {_text(diagnostic.message)}{advice}"


def _text(text: str) -> str:
    return visible(text).translate(_NOT_XML)
