"""A mapping laid upon the header of one file: where each value stands, and what it means."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from incidentbook.diagnostics import IncidentbookError
from incidentbook.importers.csv_mapping import Column, CsvMapping, columns_of
from incidentbook.importers.csv_table import BadRow, CsvRow, Table, folded
from incidentbook.importers.foreign import clean_text, quote
from incidentbook.importers.rejects import LINE, REASON

_LISTED = 12
_PLAIN = re.compile(r"[ -;=?-~]*")
"""Printable ASCII without `<`: nothing to clean but its spaces."""


class MissingColumnError(IncidentbookError):
    """The file lacks a column without which nothing can be imported."""

    def __init__(self, source: str, what: str, column: Column, header: Sequence[str]) -> None:
        named = ", ".join(f"`{name}`" for name in column.columns)
        there = ", ".join(header[:_LISTED]) + (", ..." if len(header) > _LISTED else "")
        super().__init__(f"{source}: no column is {what} (expected {named}); the file has {there}")


class Words(dict[str, str]):
    """Cells on one line, cleaned; the marks of a missing value are empty. Each is looked at once."""

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__()
        self._missing = {_same(mark) for mark in missing}

    def __missing__(self, cell: str) -> str:
        plain = cell if _PLAIN.fullmatch(cell) else clean_text(cell)
        text = " ".join(plain.split())
        if _same(text) in self._missing:
            text = ""
        self[cell] = text
        return text


class Meanings(dict[str, str | None]):
    """Our word for each of theirs; None where the mapping does not know theirs."""

    def __init__(self, values: Mapping[str, Sequence[str]]) -> None:
        super().__init__()
        self._known = {_same(theirs): ours for ours, all_of in values.items() for theirs in (ours, *all_of)}

    def __missing__(self, text: str) -> str | None:
        found = self[text] = self._known.get(_same(text))
        return found


@dataclass(frozen=True)
class Place:
    """A column of the file: its name there, and its index."""

    name: str
    index: int


class Columns:
    """Finds the columns of a mapping in a header."""

    def __init__(self, mapping: CsvMapping, table: Table) -> None:
        self.header = table.header
        self._by_name: dict[str, list[int]] = {}
        for index, name in enumerate(table.header):
            self._by_name.setdefault(folded(name), []).append(index)
        self._mapping = mapping

    def find(self, column: Column | None) -> Place | None:
        """The first column that the file has, of those that a field may stand in."""
        for name in column.columns if column else ():
            indexes = self._by_name.get(folded(name))
            if indexes:
                return Place(self.header[indexes[0]], indexes[0])
        return None

    def others(self, column: Column) -> tuple[int, ...]:
        """Where to look when the column has no value."""
        return tuple(
            self._by_name[folded(name)][0] for name in column.otherwise if folded(name) in self._by_name
        )

    def repeated(self) -> list[list[int]]:
        """Columns that are read and stand several times in the header."""
        used = {place.index for column in columns_of(self._mapping) if (place := self.find(column))}
        return [indexes for indexes in self._by_name.values() if len(indexes) > 1 and indexes[0] in used]

    def unplaced(self) -> list[str]:
        """Columns that the mapping says nothing of."""
        said = {folded(name) for name in (*self._mapping.left_out, LINE, REASON)}
        for column in columns_of(self._mapping):
            said.update(folded(name) for name in (*column.columns, *column.otherwise))
        return [name for name in dict.fromkeys(self.header) if name and folded(name) not in said]


def merge_repeated(
    columns: Columns, rows: Sequence[CsvRow], words: Words
) -> tuple[Sequence[CsvRow], list[BadRow], list[str]]:
    """Make one of columns with the same name; a row in which they disagree is a bad row."""
    repeated = columns.repeated()
    if not repeated:
        return rows, [], []
    good: list[CsvRow] = []
    bad: list[BadRow] = []
    for row in rows:
        cells = list(row.cells)
        for indexes in repeated:
            filled = {words[cells[index]]: cells[index] for index in indexes if words[cells[index]]}
            if len(filled) > 1:
                said = " and ".join(quote(text) for text in list(filled)[:2])
                reason = f"the column `{columns.header[indexes[0]]}` stands several times and says {said}"
                bad.append(BadRow(row.line, row.cells, reason))
                break
            if filled:
                [cells[indexes[0]]] = filled.values()
        else:
            good.append(CsvRow(row.line, tuple(cells)))
    remarks = [
        f"the column `{columns.header[indexes[0]]}` stands {len(indexes)} times in the header "
        f"(columns {', '.join(str(index + 1) for index in indexes)}); read as one"
        for indexes in repeated
    ]
    return good, bad, remarks


def _same(text: str) -> str:
    return " ".join(text.casefold().split())
