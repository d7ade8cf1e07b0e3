"""Priorities as the other system recorded them, against those that impact and urgency give here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from incidentbook.importers.csv_incidents import Draft
from incidentbook.importers.schema_files import SchemaFiles
from incidentbook.records import Level
from incidentbook.taxonomy import Taxonomy

Cell = tuple[str, str]
"""Impact and urgency."""

REASON = "imported"
"""Why a record has a priority that its impact and urgency do not give."""


def recorded_cells(drafts: Sequence[Draft]) -> dict[Cell, Counter[str]]:
    """How often each priority was recorded for each pair of impact and urgency."""
    cells: dict[Cell, Counter[str]] = {}
    for draft in drafts:
        impact, urgency = draft.values.get("impact"), draft.values.get("urgency")
        if impact and urgency and draft.priority:
            cells.setdefault((impact, urgency), Counter())[draft.priority] += 1
    return cells


def settle_priorities(
    drafts: Sequence[Draft], taxonomy: Taxonomy, files: SchemaFiles, *, empty: bool, name: str
) -> list[str]:
    """Give each draft whose recorded priority differs from the derived one an override.

    Where the repository is empty and the recorded priorities are one matrix, that matrix is adopted
    first. Returns what was decided, in words.
    """
    cells = recorded_cells(drafts)
    remarks: list[str] = []
    adopted: dict[Cell, str] = {}
    if empty and cells:
        remarks, adopted = _adopt(cells, taxonomy, files, name)
    differing: list[Draft] = []
    for draft in drafts:
        if draft.priority is None:
            continue
        cell = (draft.values.get("impact", ""), draft.values.get("urgency", ""))
        if adopted.get(cell) == draft.priority or _derived(cell, draft, taxonomy) == draft.priority:
            continue
        draft.values["priority"] = {"value": draft.priority, "reason": REASON}
        differing.append(draft)
    if differing:
        _add_priorities({draft.priority for draft in differing if draft.priority}, files, name)
        remarks.append(
            f"{len(differing):,} x the recorded priority is not the one of impact and urgency here; kept"
        )
    return remarks


def _derived(cell: Cell, draft: Draft, taxonomy: Taxonomy) -> str | None:
    matrix = taxonomy.matrix(draft.filed.at)
    impact, urgency = cell
    if matrix is None or not impact or not urgency:
        return None
    return matrix.cells.get(Level(impact), {}).get(Level(urgency))


def _adopt(
    cells: dict[Cell, Counter[str]], taxonomy: Taxonomy, files: SchemaFiles, name: str
) -> tuple[list[str], dict[Cell, str]]:
    unsettled = [cell for cell, found in sorted(cells.items()) if len(found) > 1]
    if unsettled:
        impact, urgency = unsettled[0]
        said = " and ".join(
            f"{priority} ({number:,})" for priority, number in cells[unsettled[0]].most_common(3)
        )
        return [
            f"The recorded priorities are no matrix: impact {impact} with urgency {urgency} is {said}; "
            "schema/priority.yml stays as it is."
        ], {}
    recorded = {cell: next(iter(found)) for cell, found in cells.items()}
    if len(taxonomy.matrices) > 1 or any(one.valid_from or one.valid_until for one in taxonomy.matrices):
        return ["schema/priority.yml has matrices for times of their own, and stays as it is."], {}
    present = taxonomy.matrices[0].cells if taxonomy.matrices else {}
    merged = {
        impact.value: {
            urgency.value: priority
            for urgency in Level
            if (
                priority := recorded.get((impact.value, urgency.value))
                or present.get(impact, {}).get(urgency)
            )
        }
        for impact in Level
    }
    known = {
        impact.value: {urgency.value: p for urgency, p in row.items()} for impact, row in present.items()
    }
    if merged == known:
        return [], recorded
    _write(merged, files, name)
    kept = sum(len(row) for row in merged.values()) - len(recorded)
    rest = f"; {kept} that no incident has stay{'s' if kept == 1 else ''} as before" if kept else ""
    return [
        f"Matrix of impact and urgency: as {name} recorded it, "
        f"{len(recorded)} cells of schema/priority.yml{rest}."
    ], recorded


def _write(merged: dict[str, dict[str, str]], files: SchemaFiles, name: str) -> None:
    _add_priorities({priority for row in merged.values() for priority in row.values()}, files, name)
    files.replace("priority", "matrices", [{"cells": {impact: row for impact, row in merged.items() if row}}])


def _add_priorities(used: set[str], files: SchemaFiles, name: str) -> None:
    known = {priority["id"] for priority in files.values("priority", "priorities")}
    new = [
        {"id": priority, "name": f"Priority {priority[1:]}", "definition": f"As {name} has it."}
        for priority in sorted(used - known)
    ]
    files.append("priority", "priorities", new)
