"""Diagnostics as SARIF 2.1.0, for GitHub code scanning and other readers of static analysis."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from incidentbook.diagnostics import Diagnostic, Span
from incidentbook.reports.diagnostics.fingerprints import fingerprints
from incidentbook.reports.diagnostics.text import Source, visible
from incidentbook.rules import RULES, Rule
from incidentbook.rules.documentation import WHAT, sections

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
FINGERPRINT = "incidentbook/v1"
"""The name of our fingerprint; GitHub's action adds its own, of a line and its surroundings."""


def render(
    diagnostics: Sequence[Diagnostic], source: Source, *, version: str, url: str | None, prefix: str = ""
) -> str:
    """Return one log of one run: the rules that were broken with their documentation, and each result.

    `url` is where the tool is described, if anywhere. `prefix` leads from the root of the checkout to
    the records repository, where that lies below.
    """
    codes = sorted({diagnostic.code for diagnostic in diagnostics})
    found = zip(diagnostics, fingerprints(diagnostics, source), strict=True)
    driver = {
        "name": "incidentbook",
        "version": version,
        **({"informationUri": url} if url else {}),
        "rules": [_rule(code, RULES.get(code)) for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(one, codes.index(one.code), name, prefix) for one, name in found],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2, ensure_ascii=False)


def _rule(code: str, rule: Rule | None) -> dict[str, Any]:
    if rule is None:
        return {"id": code}
    first = rule.documentation.split("\n\n", 1)[0]
    return {
        "id": code,
        "shortDescription": {"text": first},
        "fullDescription": {"text": sections(rule.documentation)[WHAT]},
        "defaultConfiguration": {"level": rule.severity.value},
        "help": {"text": rule.documentation, "markdown": rule.documentation},
        "properties": {"tags": [rule.family]},
    }


def _result(diagnostic: Diagnostic, index: int, fingerprint: str, prefix: str) -> dict[str, Any]:
    advice = f"\nhelp: {visible(diagnostic.help)}" if diagnostic.help else ""
    place = {
        "artifactLocation": {"uri": _uri(prefix + diagnostic.path)},
        "region": _region(diagnostic.span),
    }
    return {
        "ruleId": diagnostic.code,
        "ruleIndex": index,
        "level": diagnostic.severity.value,
        "message": {"text": _unlinked(visible(diagnostic.message) + advice)},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {FINGERPRINT: fingerprint},
    }


def _uri(path: str) -> str:
    """A path as a relative reference; `:` in its first part would else read as a scheme."""
    return quote(path.encode("utf-8", "surrogateescape"))


def _region(span: Span | None) -> dict[str, int]:
    """The place; GitHub wants a line even where there is none, as of a file that was deleted."""
    if span is None:
        return {"startLine": 1}
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }


def _unlinked(text: str) -> str:
    """Keep what a record says from becoming a link: messages know `[text](address)` (section 3.11.6)."""
    return text.replace("](", "] (")
