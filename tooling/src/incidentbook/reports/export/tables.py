"""Flat tables of the records, for whoever asks what no figure of ours answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC
from types import MappingProxyType
from typing import Any

from incidentbook.diagnostics import IncidentbookError
from incidentbook.metrics import Ledger
from incidentbook.reports.export.columns import Exported, Table
from incidentbook.reports.export.incidents import INCIDENTS, incident_rows
from incidentbook.reports.export.parts import ACTIONS, HOLDS, UPDATES, action_rows, hold_rows, update_rows

_ROWS: Mapping[str, tuple[Table[Any], Callable[[Ledger], Sequence[Any]]]] = MappingProxyType(
    {
        INCIDENTS.name: (INCIDENTS, incident_rows),
        UPDATES.name: (UPDATES, update_rows),
        HOLDS.name: (HOLDS, hold_rows),
        ACTIONS.name: (ACTIONS, action_rows),
    }
)

TABLES: Mapping[str, Table[Any]] = MappingProxyType({name: table for name, (table, _) in _ROWS.items()})
"""Every table by its name."""


class NotForThePublicError(IncidentbookError):
    """A table was asked for of which the public may see nothing."""

    def __init__(self, name: str) -> None:
        super().__init__(f"the table `{name}` has nothing that the public may see")


def export(ledger: Ledger, name: str) -> Exported:
    """Fill one table with the records of a ledger, as its reader sees them.

    Raises NotForThePublicError.
    """
    table, gather = _ROWS[name]
    columns = table.shown(is_public=ledger.is_public)
    if not columns:
        raise NotForThePublicError(name)
    rows = gather(ledger)
    return Exported(
        table=name,
        columns=columns,
        rows=[tuple(column.value(row) for column in columns) for row in rows],
        about={
            "revision": ledger.records.revision or "",
            "dirty": "true" if ledger.records.dirty else "false",
            "clock": ledger.now.astimezone(UTC).isoformat(),
            "audience": str(ledger.audience or "all"),
        },
    )
