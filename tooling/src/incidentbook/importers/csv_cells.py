"""The cells of one incident's row read as the mapping says, with whatever cannot be read complained of."""

from __future__ import annotations

from collections.abc import Sequence

from incidentbook.importers.catalogue import Keys
from incidentbook.importers.csv_columns import Meanings, Place
from incidentbook.importers.csv_mapping import Column, CsvMapping
from incidentbook.importers.csv_rows import Sorted
from incidentbook.importers.csv_table import CsvRow
from incidentbook.importers.csv_times import Moment
from incidentbook.importers.foreign import Log, clean_text, quote
from incidentbook.importers.vocabulary import Vocabulary

Word = tuple[str, str]
"""A word that `schema/` did not have: the list, with the category where it is below one, and its key."""

PEOPLE = "people"


class Cells:
    """Reads rows of one file by the names of our fields.

    `needed` gathers the words that were looked up and that `schema/` lacks, until somebody empties it.
    """

    def __init__(self, rows: Sorted, mapping: CsvMapping, vocabulary: Vocabulary, log: Log) -> None:
        self.places: dict[str, Place] = {}
        self.needed: dict[Word, None] = {}
        self._rows = rows
        self._words = rows.words
        self._vocabulary = vocabulary
        self._log = log
        self._columns: dict[str, Column] = {}
        self._meanings: dict[str, Meanings] = {}
        for name in mapping.fields.__dataclass_fields__:
            column: Column | None = getattr(mapping.fields, name)
            if column is None:
                continue
            self._columns[name] = column
            self._meanings[name] = Meanings(column.values)
            place = rows.columns.find(column)
            if place is not None:
                self.places[name] = place
        self._others = {
            name: rows.columns.others(column) for name, column in self._columns.items() if column.otherwise
        }
        self._keys: dict[tuple[str, str], str] = {}
        self._complaints: dict[tuple[str, str, str], list[int]] = {}

    def text(self, name: str, cells: Sequence[str]) -> str:
        """What stands in the column of a field, or in those that stand in for it; empty for nothing."""
        place = self.places.get(name)
        text = self._words[cells[place.index]] if place else ""
        if text or name not in self._others:
            return text
        return ", ".join(filter(None, (self._words[cells[index]] for index in self._others[name])))

    def texts(self, name: str, cells: Sequence[str]) -> list[str]:
        """All that stands in the column of a field which may have several values."""
        text = self.text(name, cells)
        if not text:
            return []
        mark = self._columns[name].split
        parts = text.split(mark) if mark else [text]
        return list(dict.fromkeys(" ".join(part.split()) for part in parts if part.strip()))

    def prose(self, name: str, cells: Sequence[str]) -> str:
        """The text of a field with its lines."""
        place = self.places.get(name)
        if place is None or not self._words[cells[place.index]]:
            return ""
        return clean_text(cells[place.index])

    def state(self, cells: Sequence[str]) -> str:
        """The state that a row says, in our words; rows with an unknown one were set aside."""
        place = self.places["status"]
        return self._rows.states[self._words[cells[place.index]]] or ""

    def meaning(self, name: str, row: CsvRow) -> str | None:
        """Our word for what stands in the column of a field; one that nobody knows is complained of."""
        text = self.text(name, row.cells)
        if not text:
            return None
        word = self._meanings[name][text]
        if word is None:
            expected = ", ".join(self._columns[name].values)
            self.complain(name, text, f"the mapping has no word for it ({expected})", row)
        return word

    def says(self, name: str, cells: Sequence[str]) -> bool:
        """Tell whether a field's cell has one of the values that the mapping names."""
        text = self.text(name, cells)
        return bool(text) and self._meanings[name][text] is not None

    def number(self, name: str, row: CsvRow) -> int | None:
        """A whole number; anything else is complained of."""
        text = self.text(name, row.cells)
        if not text:
            return None
        whole = text.removesuffix(".0")
        if whole.isascii() and whole.isdigit() and len(whole) <= 9:
            return int(whole)
        self.complain(name, text, "expected a whole number", row)
        return None

    def moment(self, name: str, row: CsvRow) -> Moment | None:
        """A time; what is none is complained of."""
        found = self._rows.moment(row.cells, self.places[name])
        if isinstance(found, str):
            self.complain(name, self.text(name, row.cells), found, row)
            return None
        return found

    def key(self, name: str, text: str, keys: Keys, list_: str) -> str:
        """The key of a foreign word in a list of `schema/`, added there if need be."""
        known = self._keys.get((list_, text))
        if known is None:
            wanted = self._meanings[name][text] if name in self._meanings else None
            known = self._keys[list_, text] = keys.key_of(text, wanted)
        if known in keys.added:
            self.needed[list_, known] = None
        return known

    def person(self, name: str) -> str:
        """The handle of somebody who works on incidents."""
        known = self._keys.get((PEOPLE, name))
        if known is None:
            known = self._keys[PEOPLE, name] = self._vocabulary.person(name)
        if known in self._vocabulary.people.added:
            self.needed[PEOPLE, known] = None
        return known

    def complain(self, name: str, text: str, problem: str, row: CsvRow) -> None:
        """Remember that a value does not come in."""
        self._complaints.setdefault((self.places[name].name, text, problem), []).append(row.line)

    def report(self) -> None:
        """Log what did not come in, each value once."""
        for (column, text, problem), lines in self._complaints.items():
            times = f" in {len(lines):,} incidents" if len(lines) > 1 else ""
            self._log.leave_out(min(lines), f"`{column}` is {quote(text)}{times}: {problem}; left out")
