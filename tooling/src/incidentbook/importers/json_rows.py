"""JSON in any of the forms in which incidents come, taken apart into rows with their lines."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

from incidentbook.diagnostics import IncidentbookError

LISTS = ("incidents", "scheduled_maintenances")
"""Keys whose lists hold rows, as Statuspage's v2 API names them."""

SINGLE = "incident"
"""Key whose value is one row, as Statuspage's webhooks send it."""

EXPECTED = "Statuspage's incidents.json, a list of incidents, or one incident a line"

_ROW_KEYS = frozenset({"id", "title", "name", "updates", "incident_updates"})
_SPACE = " \t\n\r"


class UnreadableImportError(IncidentbookError):
    """Nothing can be imported from the file."""

    def __init__(self, source: str, problem: str) -> None:
        super().__init__(f"{source}: {problem}")


@dataclass(frozen=True, slots=True)
class Row:
    """One JSON value that should be an incident; `problem` says why it cannot even be read."""

    line: int
    value: Any = None
    problem: str | None = None


def read_rows(data: bytes, source: str) -> tuple[Row, ...]:
    """Take incidents.json (an object, or a bare list) or JSON lines apart; the content tells which.

    Raises UnreadableImportError where the whole is none of them, `source` being its name. A line
    of JSON lines that cannot be read is a row with a problem; a broken list has no rows at all,
    because nobody can say where the next would begin.
    """
    text = _decode(data, source)
    if not text.strip():
        raise UnreadableImportError(source, "the file is empty")
    try:
        return _lines(text) if _is_lines(text) else tuple(_Walker(text, source).rows())
    except RecursionError:
        raise UnreadableImportError(source, "values are nested too deep to be incidents") from None


def _decode(data: bytes, source: str) -> str:
    encoding = json.detect_encoding(data)
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        problem = f"not JSON: byte {error.start + 1:,} is not {encoding.removesuffix('-sig').upper()} text"
        raise UnreadableImportError(source, problem) from None


def _is_lines(text: str) -> bool:
    """Tell JSON lines, some of them perhaps broken, from one document on many lines."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    first, *rest = lines
    if first.startswith("[") or not rest:
        return _is_row(first)
    if _is_row(first):
        return True
    # A document that breaks off may end with a whole row too, but opens with a bracket, and puts
    # a comma after all rows but the last.
    opens_document = first[-1] in "[{,:"
    needed = max(2, len(rest) // 2) if opens_document else 1
    found = 0
    for line in rest:
        found += _is_row(line)
        if found == needed:
            return True
    return False


def _is_row(line: str) -> bool:
    try:
        value = json.loads(line)
    except ValueError:
        return False
    return isinstance(value, dict) and bool(value.keys() & _ROW_KEYS) and not value.keys() & {*LISTS, SINGLE}


def _lines(text: str) -> tuple[Row, ...]:
    rows = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            rows.append(Row(number, json.loads(line)))
        except json.JSONDecodeError as error:
            rows.append(Row(number, problem=f"not JSON: {_spell(error)} at column {error.colno}"))
        except ValueError as error:
            rows.append(Row(number, problem=f"not JSON: {_spell_limit(error)}"))
        except RecursionError:
            rows.append(Row(number, problem="values are nested too deep"))
    return tuple(rows)


class _Walker:
    """Walks the top of one JSON document, so that each row keeps its line."""

    def __init__(self, text: str, source: str) -> None:
        self._text = text
        self._source = source
        self._decoder = json.JSONDecoder()
        self._line_ends = [offset for offset, letter in enumerate(text) if letter == "\n"]

    def rows(self) -> Iterator[Row]:
        """Yield the rows of the document, or raise UnreadableImportError."""
        # Read once for its syntax, so that a document that breaks off gives no row at all.
        start = self._skip(0)
        value, end = self._read(start)
        if self._skip(end) < len(self._text):
            self._fail(self._skip(end), "something follows the end of the document")
        if isinstance(value, list):
            yield from self._items(start)
        elif isinstance(value, dict) and any(isinstance(value.get(key), list) for key in LISTS):
            yield from self._members(start)
        elif isinstance(value, dict) and isinstance(value.get(SINGLE), dict):
            yield Row(self._line(start), value[SINGLE])
        elif isinstance(value, dict) and "id" in value:
            yield Row(self._line(start), value)
        else:
            found = "an object without `incidents`" if isinstance(value, dict) else f"only {_name(value)}"
            raise UnreadableImportError(self._source, f"holds {found}; expected {EXPECTED}")

    def _members(self, start: int) -> Iterator[Row]:
        position = self._skip(start + 1)
        while self._text[position] != "}":
            key, end = self._read(position)
            position = self._skip(self._skip(end) + 1)
            if key in LISTS and self._text[position] == "[":
                yield from self._items(position)
            _, end = self._read(position)
            position = self._after_comma(end)

    def _items(self, start: int) -> Iterator[Row]:
        position = self._skip(start + 1)
        while self._text[position] != "]":
            value, end = self._read(position)
            yield Row(self._line(position), value)
            position = self._after_comma(end)

    def _after_comma(self, end: int) -> int:
        position = self._skip(end)
        return self._skip(position + 1) if self._text[position] == "," else position

    def _read(self, position: int) -> tuple[Any, int]:
        try:
            return self._decoder.raw_decode(self._text, position)
        except json.JSONDecodeError as error:
            self._fail(error.pos, _spell(error))
        except ValueError as error:
            self._fail(position, _spell_limit(error))

    def _fail(self, position: int, problem: str) -> NoReturn:
        line = self._line(position)
        column = position - (self._line_ends[line - 2] if line > 1 else -1)
        raise UnreadableImportError(
            self._source, f"not JSON: {problem} at line {line}, column {column}; nothing was imported"
        ) from None

    def _line(self, position: int) -> int:
        return bisect_right(self._line_ends, position - 1) + 1

    def _skip(self, position: int) -> int:
        while position < len(self._text) and self._text[position] in _SPACE:
            position += 1
        return position


def _spell(error: json.JSONDecodeError) -> str:
    message = error.msg
    if error.pos >= len(error.doc.rstrip()):
        return "it breaks off"
    return message[:1].lower() + message[1:]


def _spell_limit(error: ValueError) -> str:
    # Python refuses to read a number of more than 4,300 digits, and says so at length.
    return "a number has too many digits" if "digits" in str(error) else str(error)


def _name(value: Any) -> str:
    match value:
        case str():
            return "a text"
        case bool() | None:
            return str(value).lower().replace("none", "null")
        case _:
            return "a number"
