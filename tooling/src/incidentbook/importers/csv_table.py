"""A file of comma-separated values, in whatever form people save one, taken apart into rows with lines."""

from __future__ import annotations

import codecs
import csv
import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import NamedTuple

from incidentbook.importers.json_rows import UnreadableImportError

Progress = Callable[[float], None]
"""Is told the share that is done, from 0 to 1."""

Stage = Callable[[str], Progress]
"""Begins a stage of the work, and gives what is told how far it is."""

_DELIMITERS = ",;\t|"
_SNIFFED = 30
_MAX_BYTES = 2_000_000_000
_MAX_CELL = 10_000_000
_MAX_KEPT = 10_000
_TELL_EVERY = 4096
_EXCEL, _OLD_EXCEL, _ZIP = "xl/workbook.xml", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class CsvRow(NamedTuple):
    """One row as it stands in the file; `line` is the one on which it begins."""

    line: int
    cells: tuple[str, ...]


class BadRow(NamedTuple):
    """A row that does not come in, and why; it is set aside as it stands."""

    line: int
    cells: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class Table:
    """A header and its rows. `remarks` say what had to be found out or guessed to read them."""

    header: tuple[str, ...]
    rows: Sequence[CsvRow]
    bad: Sequence[BadRow] = ()
    remarks: Sequence[str] = ()


@dataclass(frozen=True)
class _Text:
    """Bytes with the encoding that they are in; `doubtful` where some of them are not."""

    data: bytes
    encoding: str
    doubtful: bool = False
    remarks: list[str] = field(default_factory=list)


def folded(column: str) -> str:
    """A column's name as it is compared: `Opened At`, `opened_at` and `Opened at*` are one."""
    words = "".join(letter if letter.isalnum() else " " for letter in column.casefold())
    return " ".join(words.split()) or column.strip()


def read_table(
    data: bytes,
    source: str,
    *,
    known: frozenset[str] = frozenset(),
    encoding: str | None = None,
    progress: Progress = lambda _: None,
) -> Table:
    """Read a file of comma-separated values, or the one such file in a ZIP archive.

    `known` are folded names of columns that may be met: they tell a delimiter from a letter.
    Encoding and delimiter are found out where they are not given. Rows that have more or fewer
    cells than the header, or a broken quotation, are bad rows. Raises UnreadableImportError.
    """
    text = _encoding(_unpacked(data, source), source, encoding)
    lines = _Lines(text, progress)
    delimiter, skipped = _delimiter(text, known)
    if skipped:
        next(iter(lines), None)
    csv.field_size_limit(_MAX_CELL)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    header = _header(reader, source)
    rows: list[CsvRow] = []
    bad: list[BadRow] = []
    width, shared = len(header), _Shared()
    start = reader.line_num + skipped + 1
    lines.recent.clear()
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            bad.append(BadRow(start, lines.as_read(), _spell(error, reader.line_num + skipped)))
            start = reader.line_num + skipped + 1
            lines.recent.clear()
            continue
        if cells is None:
            break
        if len(cells) == width:
            rows.append(CsvRow(start, tuple(map(shared.__getitem__, cells))))
        elif any(cells):
            bad += _ragged(start, cells, rows, width)
        start = reader.line_num + skipped + 1
        lines.recent.clear()
    if text.doubtful:
        rows, undecodable = _without_undecodable(rows)
        bad += undecodable
    return Table(header, rows, sorted(bad, key=lambda row: row.line), text.remarks)


class _Shared(dict[str, str]):
    """Keeps one copy of each cell: a log says most of them over and over."""

    def __missing__(self, cell: str) -> str:
        self[cell] = cell
        return cell


class _Lines:
    """The lines of the text, telling how far along they are."""

    def __init__(self, text: _Text, progress: Progress) -> None:
        self._buffer = io.BytesIO(text.data)
        errors = "surrogateescape" if text.doubtful else "strict"
        self._lines = io.TextIOWrapper(self._buffer, text.encoding, errors, newline="")
        self._size, self._progress = len(text.data), progress
        self.recent: list[str] = []

    def __iter__(self) -> Iterator[str]:
        for number, line in enumerate(self._lines):
            if number % _TELL_EVERY == 0:
                self._progress(self._buffer.tell() / self._size)
            self.recent.append(line)
            yield line

    def as_read(self) -> tuple[str]:
        """The lines since the last row, as one cell: a row that could not be taken apart."""
        return ("".join(self.recent)[:_MAX_KEPT].rstrip("\r\n"),)


def _unpacked(data: bytes, source: str) -> bytes:
    """The file itself, or what an archive of one file holds."""
    if data.startswith(_OLD_EXCEL):
        raise UnreadableImportError(source, "this is an Excel workbook; save it as CSV")
    if not data.startswith(_ZIP):
        return data
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _only_member(archive, source)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError) as error:
        raise UnreadableImportError(source, f"the ZIP archive cannot be read: {error}") from None


def _only_member(archive: zipfile.ZipFile, source: str) -> bytes:
    members = [info for info in archive.infolist() if not info.is_dir()]
    if any(info.filename == _EXCEL for info in members):
        raise UnreadableImportError(source, "this is an Excel workbook; save it as CSV")
    # macOS puts a shadow of each file beside it
    wanted = [
        info
        for info in members
        if PurePosixPath(info.filename).suffix.lower() in (".csv", ".tsv", ".txt")
        and not info.filename.startswith("__MACOSX/")
        and not PurePosixPath(info.filename).name.startswith(".")
    ]
    if len(wanted) != 1:
        names = ", ".join(sorted(info.filename for info in wanted))
        found = f"{len(wanted)} CSV files ({names})" if wanted else "no CSV file"
        raise UnreadableImportError(source, f"the ZIP archive holds {found}; expected one")
    [info] = wanted
    if info.flag_bits & 1:
        raise UnreadableImportError(source, "the ZIP archive is encrypted; unpack it first")
    if info.file_size > _MAX_BYTES:
        raise UnreadableImportError(source, f"{info.filename} is {info.file_size:,} bytes long; split it")
    with archive.open(info) as member:
        unpacked = member.read(_MAX_BYTES + 1)
    if len(unpacked) > _MAX_BYTES:
        raise UnreadableImportError(source, f"{info.filename} is longer than its archive says")
    return unpacked


def _encoding(data: bytes, source: str, named: str | None) -> _Text:
    """The encoding that was named, or the one that the bytes can be read in."""
    if not data.strip():
        raise UnreadableImportError(source, "the file is empty")
    if named is not None:
        return _Text(data, _as_named(data, source, named))
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _Text(data, _as_named(data, source, encoding))
    head = data[:2000]
    if head.count(0) > len(head) // 4:
        encoding = "utf-16-le" if head[1::2].count(0) >= head[::2].count(0) else "utf-16-be"
        return _Text(data, _as_named(data, source, encoding))
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _not_utf8(data, source, error.start)
    return _Text(data, "utf-8")


def _as_named(data: bytes, source: str, encoding: str) -> str:
    try:
        data.decode(encoding)
    except LookupError:
        problem = f"there is no encoding `{encoding}`; try utf-8, utf-16, cp1252"
        raise UnreadableImportError(source, problem) from None
    except UnicodeError as error:
        start = getattr(error, "start", 0)
        line = data.count(b"\n", 0, start) + 1
        problem = f"line {line:,} is no {encoding.removesuffix('-sig').upper()} text (byte {start + 1:,})"
        raise UnreadableImportError(source, f"{problem}; --encoding names another encoding") from None
    return encoding


def _not_utf8(data: bytes, source: str, start: int) -> _Text:
    """Tell a file in the old encoding of Windows from one in UTF-8 of which some bytes are damaged."""
    line = data.count(b"\n", 0, start) + 1
    damaged = data.decode("utf-8", "replace")
    letters = sum(1 for letter in damaged if letter > "\x7f")
    if damaged.count("\ufffd") * 4 < letters:
        return _Text(data, "utf-8", doubtful=True)
    try:
        data.decode("cp1252")
    except UnicodeDecodeError:
        problem = f"line {line:,} is neither UTF-8 nor Windows-1252 text (byte {start + 1:,})"
        raise UnreadableImportError(source, f"{problem}; --encoding names the encoding") from None
    remark = f"read as Windows-1252, because line {line:,} is no UTF-8; --encoding names another"
    return _Text(data, "cp1252", remarks=[remark])


def _delimiter(text: _Text, known: frozenset[str]) -> tuple[str, int]:
    """What stands between cells, and how many lines before the header say so."""
    lines = io.TextIOWrapper(io.BytesIO(text.data), text.encoding, "replace", newline="")
    sample = [line for line, _ in zip(lines, range(_SNIFFED), strict=False)]
    first = sample[0].strip("\ufeff\r\n").strip('"') if sample else ""
    if first.casefold().startswith("sep=") and len(first) == len("sep=") + 1:
        return first[-1], 1

    def fitness(delimiter: str) -> tuple[int, int, int]:
        try:
            rows = [row for row in csv.reader(sample, delimiter=delimiter) if row]
        except csv.Error:
            return (0, 0, 0)
        names = {folded(cell) for cell in rows[0]} if rows else set()
        width = len(rows[0]) if rows else 0
        return (len(names & known), sum(len(row) == width for row in rows) if width > 1 else 0, width)

    return max(_DELIMITERS, key=fitness), 0


def _header(reader: Iterator[list[str]], source: str) -> tuple[str, ...]:
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                return tuple(cell.strip("\ufeff \t\r\n") for cell in cells)
    except csv.Error as error:
        raise UnreadableImportError(source, f"the header cannot be read: {error}") from None
    raise UnreadableImportError(source, "the file is empty")


def _ragged(line: int, cells: list[str], rows: list[CsvRow], width: int) -> list[BadRow]:
    """Report a row with other cells than the header's; empty ones too many at its end do no harm."""
    if len(cells) > width and not any(cells[width:]):
        rows.append(CsvRow(line, tuple(cells[:width])))
        return []
    found = f"{len(cells)} cell{'s' if len(cells) != 1 else ''}"
    return [BadRow(line, tuple(cells), f"the row has {found}, and the header has {width}")]


def _spell(error: csv.Error, end: int) -> str:
    text = str(error)
    if "unexpected end of data" in text or "field larger than" in text:
        return f"a quotation that begins here does not end before line {end:,}"
    if "expected after" in text:
        return "a quotation mark stands inside a quoted cell; it is written twice there"
    return f"the row cannot be read: {text}"


def _without_undecodable(rows: list[CsvRow]) -> tuple[list[CsvRow], list[BadRow]]:
    good: list[CsvRow] = []
    bad: list[BadRow] = []
    for row in rows:
        if any("\udc80" <= letter <= "\udcff" for cell in row.cells for letter in cell):
            cells = tuple(
                cell.encode("utf-8", "surrogateescape").decode("utf-8", "replace") for cell in row.cells
            )
            bad.append(BadRow(row.line, cells, "the row has bytes that are no UTF-8 text"))
        else:
            good.append(row)
    return good, bad
