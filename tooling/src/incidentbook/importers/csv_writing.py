"""New records written by several processes, the numbers given out beforehand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from pathlib import Path
from typing import NamedTuple

from incidentbook.edits import Numbers, create_record, staging
from incidentbook.importers.csv_incidents import Draft
from incidentbook.importers.csv_plan import KIND, Texts
from incidentbook.importers.csv_table import Progress
from incidentbook.processes import map_in_parallel
from incidentbook.records import RecordName
from incidentbook.records.kinds import home_of


class _Numbered(NamedTuple):
    draft: Draft
    name: RecordName


def numbered(drafts: Sequence[Draft], numbers: Numbers) -> list[RecordName]:
    """The names that drafts get, by the year in which each was opened."""
    return [numbers.next(KIND, draft.filed.at.astimezone(UTC).year) for draft in drafts]


def write_drafts(
    root: Path, drafts: Sequence[Draft], texts: Texts, numbers: Numbers, progress: Progress
) -> list[str]:
    """Write each draft under the next free ID; where another process was quicker, under the one after.

    Returns the IDs in the order of the drafts.
    """
    items = [_Numbered(draft, name) for draft, name in zip(drafts, numbered(drafts, numbers), strict=True)]
    for folder in sorted({(root / home_of(item.name)).parent for item in items}):
        folder.mkdir(parents=True, exist_ok=True)
    ids: list[str] = []
    with staging(root) as create:

        def write(item: _Numbered) -> bool:
            try:
                create(root / home_of(item.name), texts.text(item.draft))
            except FileExistsError:
                return False
            return True

        for item, written in zip(items, map_in_parallel(items, write, progress), strict=True):
            if written:
                ids.append(item.name.id)
                continue
            year = item.name.year or 0
            ids.append(create_record(root, KIND, year, texts.text(item.draft), numbers)[0].id)
    return ids
