"""Lists of records: as a table for the terminal, as JSON, as CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo
from itertools import groupby
from types import MappingProxyType

from rich.cells import cell_len
from rich.console import Group as Stack
from rich.console import RenderableType
from rich.text import Text

from incidentbook.desk.filed import Filed
from incidentbook.records import KINDS
from incidentbook.reports.diagnostics.text import visible
from incidentbook.reports.export.columns import Exported, Kind, Table, joined, public
from incidentbook.reports.export.formats import as_csv, as_json

_LONGEST = 300

COLUMNS: Table[Filed] = Table(
    "list",
    "one record",
    (
        public("id", Kind.TEXT, "Its ID.", lambda row: row.entry.id),
        public("kind", Kind.TEXT, "What it is.", lambda row: row.entry.kind),
        public("state", Kind.TEXT, "Where in its life it is.", lambda row: row.state),
        public("open", Kind.FLAG, "Whether somebody still has to act.", lambda row: row.is_open),
        public("priority", Kind.TEXT, "The priority that counts.", lambda row: row.priority),
        public("major", Kind.FLAG, "Whether it is a major incident.", lambda row: row.is_major),
        public("title", Kind.TEXT, "What it is called.", lambda row: row.title),
        public("services", Kind.TEXT, "Keys of its services.", lambda row: joined(row.services)),
        public("category", Kind.TEXT, "Category and subcategory.", lambda row: row.category),
        public("team", Kind.TEXT, "Key of its team.", lambda row: row.team),
        public("owner", Kind.TEXT, "Who answers for it.", lambda row: row.owner),
        public("at", Kind.TIME, "When it began, or was written.", lambda row: row.at),
        public("path", Kind.TEXT, "Its file.", lambda row: row.entry.path),
    ),
)
"""What `list` tells of a record in JSON and CSV; what an audience may not see is empty."""

_SHOWN: Mapping[str, Callable[[Filed], str]] = MappingProxyType(
    {
        "ID": lambda row: row.entry.id,
        "priority": lambda row: f"{row.priority or ''}{' major' if row.is_major else ''}".strip(),
        "state": lambda row: row.state.replace("_", " "),
        "since": lambda row: f"{row.at:%Y-%m-%d %H:%M}" if row.at else "",
        "owner": lambda row: row.owner or row.team or "",
        "title": lambda row: row.title[:_LONGEST],
    }
)


def as_table(rows: Sequence[Filed], total: int, zone: tzinfo) -> RenderableType:
    """Lay out records in columns, kind by kind; `total` is how many there are, where not all are shown."""
    parts: list[RenderableType] = []
    for kind, group in groupby(rows, key=lambda row: row.entry.kind):
        parts += [Text(KINDS[kind].plural.capitalize(), "bold"), *_lines(list(group), zone), Text()]
    parts.append(Text(count_line(len(rows), total), "dim"))
    return Stack(*parts)


def count_line(shown: int, total: int, found: str = "") -> str:
    """How many there are, and how to see those that are not shown."""
    said = f"{total} record{'' if total == 1 else 's'}{found}"
    if shown == total:
        return said
    return f"{said}; {total - shown} more with --limit {total}" if shown else f"{said}, none shown"


def _lines(rows: Sequence[Filed], zone: tzinfo) -> Iterator[Text]:
    """One line a record, in columns; the title is last, so that it alone is cut where a terminal ends."""
    cells = {head: [visible(cell(_local(row, zone))) for row in rows] for head, cell in _SHOWN.items()}
    shown = [head for head, column in cells.items() if any(column)]
    widths = {head: max(map(cell_len, cells[head])) for head in shown[:-1]}
    for at, row in enumerate(rows):
        line = Text(style="" if row.is_open else "dim")
        for head in shown[:-1]:
            text = cells[head][at]
            line.append(text + " " * (widths[head] - cell_len(text) + 2), "bold" if head == "ID" else "")
        yield line.append(cells[shown[-1]][at])


def _local(row: Filed, zone: tzinfo) -> Filed:
    return replace(row, at=row.at.astimezone(zone) if row.at else None)


def as_document(
    rows: Sequence[Filed], format_: str, *, revision: str | None, now: datetime, audience: str
) -> str:
    """Write records as `json` (an array of objects) or `csv`, with a guard against formulas."""
    about = {"revision": revision or "", "now": now.isoformat(), "audience": audience}
    values = [tuple(column.value(row) for column in COLUMNS.columns) for row in rows]
    exported = Exported(COLUMNS.name, COLUMNS.columns, values, about)
    return (as_csv if format_ == "csv" else as_json)(exported).decode()
