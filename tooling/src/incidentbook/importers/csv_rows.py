"""The rows of a CSV file sorted by incident, those that cannot be used set aside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from incidentbook.importers.csv_columns import (
    Columns,
    Meanings,
    MissingColumnError,
    Place,
    Words,
    merge_repeated,
)
from incidentbook.importers.csv_history import sort_key
from incidentbook.importers.csv_mapping import CsvMapping
from incidentbook.importers.csv_table import BadRow, CsvRow, Table
from incidentbook.importers.csv_times import Moment, TimeReader
from incidentbook.importers.foreign import quote

TIMES = (
    "started", "detected", "opened", "acknowledged", "mitigated", "restored", "resolved", "closed",
    "cancelled",
)  # fmt: skip
"""Targets that are times."""


@dataclass
class Sorted:
    """What is to be imported: the usable rows of each incident, in their order.

    `is_log` tells that the file has several rows of some incident, and says when each was written.
    """

    columns: Columns
    words: Words
    states: Meanings
    times: TimeReader
    incidents: dict[str, Sequence[CsvRow]]
    bad: list[BadRow]
    is_log: bool = False
    counts: Counter[str] = field(default_factory=Counter)

    def moment(self, cells: Sequence[str], place: Place) -> Moment | str | None:
        """The time in a cell; None where it is empty, and what is wrong where it is none."""
        text = self.words[cells[place.index]]
        return self.times.read(text) if text else None


def sort_rows(table: Table, mapping: CsvMapping, times: TimeReader) -> Sorted:
    """Sort the rows of a file by incident, and show all its times to the reader of times.

    Raises MissingColumnError, and whatever TimeReader.learn does.
    """
    columns = Columns(mapping, table)
    words = Words(mapping.missing)
    id_place = columns.find(mapping.rows.id)
    if id_place is None:
        raise MissingColumnError(times.source, "the incident's ID", mapping.rows.id, table.header)
    rows, bad, remarks = merge_repeated(columns, table.rows, words)
    states = Meanings(mapping.fields.status.values if mapping.fields.status else {})
    found = Sorted(columns, words, states, times, {}, [*table.bad, *bad])
    found.counts.update(remarks)
    groups = _by_incident(rows, id_place, columns.find(mapping.fields.status), found)
    written = columns.find(mapping.rows.time)
    several = sum(len(group) > 1 for group in groups.values())
    found.is_log = written is not None and several > 0
    places = [place for name in TIMES if (place := columns.find(getattr(mapping.fields, name)))]
    usable = (row for group in groups.values() for row in group)
    times.learn(_first_lines(usable, [*places, *([written] if written and found.is_log else [])], words))
    if written is not None and found.is_log:
        _in_order(groups, written, columns.find(mapping.rows.sequence), found)
    elif several:
        found.counts[_NO_TIME] = several
        _last_only(groups, columns.find(mapping.rows.sequence), found)
    found.incidents = {id_: group for id_, group in groups.items() if group}
    found.bad.sort(key=lambda row: row.line)
    return found


_NO_TIME = "incidents have several rows, and no column says when each was written: the last row counts"


def _by_incident(
    rows: Iterable[CsvRow], id_place: Place, status: Place | None, found: Sorted
) -> dict[str, list[CsvRow]]:
    groups: dict[str, list[CsvRow]] = {}
    words, states = found.words, found.states
    for row in rows:
        id_ = words[row.cells[id_place.index]]
        if not id_:
            reason = f"`{id_place.name}` is empty, so the row could not be told from its next import"
            found.bad.append(BadRow(row.line, row.cells, reason))
            continue
        if status is not None and states[words[row.cells[status.index]]] is None:
            given = words[row.cells[status.index]]
            problem = f"is {quote(given)}, which the mapping does not know" if given else "is empty"
            found.bad.append(BadRow(row.line, row.cells, f"`{status.name}` {problem}"))
            continue
        groups.setdefault(id_, []).append(row)
    return groups


def _first_lines(rows: Iterable[CsvRow], places: Sequence[Place], words: Words) -> dict[str, int]:
    """Every time that stands in the file, with the first line on which it does."""
    indexes = [place.index for place in places]
    lines: dict[str, int] = {}
    for line, cells in rows:
        for index in indexes:
            lines.setdefault(words[cells[index]], line)
    lines.pop("", None)
    return lines


def _in_order(groups: dict[str, list[CsvRow]], written: Place, sequence: Place | None, found: Sorted) -> None:
    """Sort the rows of each incident by time; where there is but one, it may have none."""
    words = found.words
    for id_, group in groups.items():
        if len(group) == 1:
            continue
        timed: list[tuple[Moment, CsvRow]] = []
        for row in group:
            moment = found.moment(row.cells, written)
            if isinstance(moment, Moment):
                timed.append((moment, row))
            else:
                given = words[row.cells[written.index]]
                problem = f"is {quote(given)}: {moment}" if moment else "is empty"
                found.bad.append(BadRow(row.line, row.cells, f"`{written.name}` {problem}"))
        keyed = [
            (sort_key(moment.at, words[row.cells[sequence.index]] if sequence else "", row.line), row)
            for moment, row in timed
        ]
        keyed.sort(key=lambda pair: pair[0])
        groups[id_] = [row for _, row in keyed]


def _last_only(groups: dict[str, list[CsvRow]], sequence: Place | None, found: Sorted) -> None:
    for id_, group in groups.items():
        last = max(
            group, key=lambda row: _number(found.words[row.cells[sequence.index]] if sequence else "", row)
        )
        groups[id_] = [last]


def _number(sequence: str, row: CsvRow) -> tuple[int, int]:
    return (int(sequence) if sequence.isascii() and sequence.isdigit() else -1, row.line)
