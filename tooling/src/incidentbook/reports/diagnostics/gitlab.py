"""Diagnostics as GitLab's Code Quality report, which a merge request shows beside the lines."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from incidentbook.diagnostics import Diagnostic, Severity
from incidentbook.reports.diagnostics.fingerprints import fingerprints
from incidentbook.reports.diagnostics.text import Source, visible

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.NOTE: "info"}


def render(diagnostics: Sequence[Diagnostic], source: Source, *, prefix: str = "") -> str:
    """Return one JSON array, an object a diagnostic.

    GitLab compares fingerprints of two branches to tell what a merge request adds and removes.
    `prefix` leads from the root of the checkout to the records repository, where that lies below.
    """
    found = zip(diagnostics, fingerprints(diagnostics, source), strict=True)
    return json.dumps([_value(one, name, prefix) for one, name in found], indent=2, ensure_ascii=False)


def _value(diagnostic: Diagnostic, fingerprint: str, prefix: str) -> dict[str, Any]:
    advice = f" (help: {diagnostic.help})" if diagnostic.help else ""
    # a line must be given, also where there is none, as of a file that was deleted
    line = diagnostic.span.line if diagnostic.span else 1
    return {
        "description": visible(diagnostic.message + advice),
        "check_name": diagnostic.code,
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[diagnostic.severity],
        "location": {"path": visible(prefix + diagnostic.path), "lines": {"begin": line}},
    }
