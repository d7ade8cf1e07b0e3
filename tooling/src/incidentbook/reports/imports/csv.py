"""What an import of a CSV file did, or would do, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from incidentbook.diagnostics import Diagnostic, Severity
from incidentbook.importers.csv_plan import CsvPlan
from incidentbook.importers.csv_table import BadRow
from incidentbook.reports.imports.statuspage import counted, shortened, spanning

_SHOWN = 20
_NAMES = {
    "schema/services.yml": ("service", "services"),
    "schema/categories.yml": ("category, code or channel", "categories, codes and channels"),
    "schema/teams.yml": ("team", "teams"),
    "schema/people.yml": ("person", "people"),
    "schema/sla.yml": ("hold reason", "hold reasons"),
}


def bad_row_lines(source: str, bad: Sequence[BadRow]) -> Iterator[str]:
    """One line for each of the first rows that did not come in; all of them are set aside."""
    for row in bad[:_SHOWN]:
        yield f"{source}:{row.line}: error: {row.reason}"
    if len(bad) > _SHOWN:
        yield f"{source}: error: {counted(len(bad) - _SHOWN, 'more row', 'more rows')} did not come in"


def csv_summary_lines(
    plan: CsvPlan,
    ids: Sequence[str],
    diagnostics: Sequence[Diagnostic],
    counts: Mapping[str, int],
    *,
    dry_run: bool,
) -> list[str]:
    """What was written, under which IDs, and what was met while reading."""
    wrote, rewrote, added = (
        ("Would write", "Would update", "Would add") if dry_run else ("Wrote", "Updated", "Added")
    )
    lines = []
    if ids:
        lines.append(f"{wrote} {counted(len(ids), 'incident', 'incidents')}: {spanning(ids)}.")
    if plan.revisions:
        fields: dict[str, int] = {}
        for revision in plan.revisions:
            for key in revision.changed:
                fields[key] = fields.get(key, 0) + 1
        which = shortened([revision.id for revision in plan.revisions])
        what = ", ".join(f"{key} ({number:,})" for key, number in sorted(fields.items()))
        lines.append(f"{rewrote} {counted(len(plan.revisions), 'record', 'records')}: {which}; {what}.")
    for path, keys in plan.added.items():
        lines.append(f"{added} {counted(len(keys), *_NAMES[path])} to {path}: {shortened(keys)}.")
    if plan.unchanged:
        what = counted(plan.unchanged, "record stayed as it was", "records stayed as they were")
        lines.append(f"{what}.")
    if not (ids or plan.revisions or plan.unchanged):
        lines.append("There was nothing to import.")
    lines += plan.remarks
    lines += [f"{number:,} x {remark}" for remark, number in sorted(counts.items())]
    values = sum(found.severity is Severity.WARNING for found in diagnostics)
    if values:
        lines.append(f"{counted(values, 'value', 'values')} did not come in; the lines above say why.")
    return lines
