"""What an import did, or would do, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from incidentbook.diagnostics import Diagnostic, Severity
from incidentbook.importers.plan import Plan

_NAMES = {"incident": ("incident", "incidents"), "maintenance": ("maintenance window", "maintenance windows")}
_SHOWN = 5


def problem_lines(diagnostics: Iterable[Diagnostic]) -> list[str]:
    """One line for each thing that did not come in, or stays as it is here, in the order of the source."""
    ordered = sorted(diagnostics, key=lambda found: (found.span.line if found.span else 0, found.message))
    return [
        f"{found.path}:{found.span.line if found.span else 1}: {found.severity}: {found.message}"
        for found in ordered
    ]


def summary_lines(
    plan: Plan, ids: Sequence[str], diagnostics: Iterable[Diagnostic], counts: Counter[str], *, dry_run: bool
) -> list[str]:
    """What was written, under which IDs, and what was met while reading."""
    wrote, rewrote, added = (
        ("Would write", "Would update", "Would add") if dry_run else ("Wrote", "Updated", "Added")
    )
    lines = []
    if plan.creations:
        kinds = Counter(creation.kind for creation in plan.creations)
        what = " and ".join(counted(kinds[kind], *_NAMES[kind]) for kind in _NAMES if kinds[kind])
        lines.append(f"{wrote} {what}: {spanning(ids)}.")
    if plan.revisions:
        what = counted(len(plan.revisions), "record", "records")
        changes = Counter(key for revision in plan.revisions for key in revision.changed)
        fields = ", ".join(f"{key} ({number})" for key, number in sorted(changes.items()))
        lines.append(
            f"{rewrote} {what}: {shortened([revision.id for revision in plan.revisions])}; {fields}."
        )
    if plan.added_services:
        what = counted(len(plan.added_services), "service", "services")
        lines.append(f"{added} {what} to schema/services.yml: {shortened(plan.added_services)}.")
    if plan.unchanged:
        what = counted(plan.unchanged, "record stayed as it was", "records stayed as they were")
        lines.append(f"{what}.")
    if not (plan.creations or plan.revisions or plan.unchanged):
        lines.append("There was nothing to import.")
    lines += [f"{number:,} x {remark}" for remark, number in sorted(counts.items())]
    lines += _severities(diagnostics)
    return lines


def _severities(diagnostics: Iterable[Diagnostic]) -> list[str]:
    found = Counter(diagnostic.severity for diagnostic in diagnostics)
    lines = []
    if found[Severity.ERROR]:
        lines.append(
            f"{counted(found[Severity.ERROR], 'row', 'rows')} did not come in; the lines above say why."
        )
    if found[Severity.WARNING]:
        lines.append(f"{counted(found[Severity.WARNING], 'value', 'values')} did not come in.")
    return lines


def counted(number: int, one: str, many: str) -> str:
    """A number and what it counts."""
    return f"{number:,} {one if number == 1 else many}"


def shortened(names: Sequence[str]) -> str:
    """The first of many names, and how many more there are."""
    shown = ", ".join(names[:_SHOWN])
    return shown if len(names) <= _SHOWN else f"{shown} and {len(names) - _SHOWN:,} more"


def spanning(ids: Sequence[str]) -> str:
    """IDs by kind and year, first to last."""
    groups: dict[str, list[str]] = {}
    for id_ in ids:
        groups.setdefault(id_.rpartition("-")[0], []).append(id_)
    return ", ".join(
        f"{group[0]} to {group[-1]}" if len(group) > 1 else group[0] for _, group in sorted(groups.items())
    )
