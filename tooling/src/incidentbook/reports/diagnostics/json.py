"""Diagnostics as JSON, for other programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from incidentbook.diagnostics import Diagnostic, Severity


def render(diagnostics: Sequence[Diagnostic], records: int) -> str:
    """Return one JSON object: `diagnostics` in order, and a `summary` of how many there are."""
    return json.dumps(
        {
            "diagnostics": [_value(diagnostic) for diagnostic in diagnostics],
            "summary": {
                "records": records,
                "errors": sum(1 for d in diagnostics if d.severity is Severity.ERROR),
                "warnings": sum(1 for d in diagnostics if d.severity is Severity.WARNING),
            },
        },
        indent=2,
        ensure_ascii=False,
    )


def _value(diagnostic: Diagnostic) -> dict[str, Any]:
    span = diagnostic.span
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        "path": diagnostic.path,
        "line": span.line if span else None,
        "column": span.column if span else None,
        "end_line": span.end_line if span else None,
        "end_column": span.end_column if span else None,
        "help": diagnostic.help,
    }
