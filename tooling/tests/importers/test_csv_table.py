"""CSV files as people save them: every encoding and delimiter, and every way to be broken."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidentbook.importers.csv_table import Table, folded, read_table
from incidentbook.importers.json_rows import UnreadableImportError

PLAIN = "number,state\nINC1,New\nINC2,Closed\n"


def cells(table: Table) -> list[tuple[str, ...]]:
    return [row.cells for row in table.rows]


def read(text: str | bytes, **options: str) -> Table:
    return read_table(text if isinstance(text, bytes) else text.encode(), "file.csv", **options)  # type: ignore[arg-type]


def archive(**members: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in members.items():
            # the same bytes in every process: they name the tests that are given them
            file.writestr(zipfile.ZipInfo(name.replace("__DOT__", "."), (2026, 1, 1, 0, 0, 0)), text)
    return data.getvalue()


def refused(data: str | bytes, **options: str) -> str:
    with pytest.raises(UnreadableImportError) as caught:
        read(data, **options)
    return str(caught.value)


def test_rows_know_the_lines_on_which_they_begin() -> None:
    table = read('number,note\nINC1,"two\nlines"\n\nINC2,x\n')
    assert [(row.line, row.cells) for row in table.rows] == [(2, ("INC1", "two\nlines")), (5, ("INC2", "x"))]


@pytest.mark.parametrize(
    "data",
    [
        PLAIN.encode(),
        PLAIN.encode("utf-8-sig"),
        PLAIN.encode("utf-16"),
        PLAIN.encode("utf-16-le"),
        PLAIN.encode("utf-16-be"),
        PLAIN.encode("utf-32"),
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace("\n", "\r").encode(),
        PLAIN.replace(",", ";").encode(),
        PLAIN.replace(",", "\t").encode(),
        PLAIN.replace(",", "|").encode(),
        ("sep=;\n" + PLAIN.replace(",", ";")).encode(),
        ("\n\n" + PLAIN).encode(),
        archive(**{"log.csv": PLAIN}),
        archive(**{"log.csv": PLAIN, "__MACOSX/._log.csv": "x", "readme.md": "y"}),
    ],
    ids=lambda data: data[:12].hex(),
)
def test_every_form_of_a_file_is_the_same_table(data: bytes) -> None:
    table = read(data)
    assert (table.header, cells(table), table.bad) == (
        ("number", "state"),
        [("INC1", "New"), ("INC2", "Closed")],
        [],
    )


def test_a_delimiter_that_also_stands_in_cells_is_told_by_the_known_columns() -> None:
    text = "number;title\n1;a, b, c\n2;d, e, f\n"
    table = read_table(text.encode(), "x", known=frozenset({"number", "title"}))
    assert table.header == ("number", "title")


def test_windows_letters_are_read_and_said_so() -> None:
    table = read("number,title\nINC1,Büro „zu“\n".encode("cp1252"))
    assert cells(table) == [("INC1", "Büro „zu“")]
    assert "Windows-1252, because line 2 is no UTF-8" in table.remarks[0]


def test_a_few_bad_bytes_in_utf8_cost_only_their_rows() -> None:
    text = "number,title\n" + "".join(f"INC{n},Büro für Größe\n" for n in range(9))
    table = read(text.encode() + b"INC9,B\xfcro\n")
    assert len(table.rows) == 9
    assert [(row.line, row.reason) for row in table.bad] == [(11, "the row has bytes that are no UTF-8 text")]


@pytest.mark.parametrize(
    ("encoding", "problem"),
    [
        ("ascii", "line 2 is no ASCII text (byte 21); --encoding names another encoding"),
        ("klingon", "there is no encoding `klingon`; try utf-8, utf-16, cp1252"),
        ("utf-16", "--encoding names another encoding"),
    ],
)
def test_a_wrong_encoding_is_said_in_one_line(encoding: str, problem: str) -> None:
    message = refused("number,title\nINC1,Größe!\n", encoding=encoding)
    assert problem in message
    assert "\n" not in message


def test_bytes_that_are_no_text_are_refused() -> None:
    assert "neither UTF-8 nor Windows-1252" in refused(b"number,title\nINC1,\x81\x8d\x8f\x90\x9d\n")


@pytest.mark.parametrize("data", ["", "\n \n", "\ufeff"])
def test_an_empty_file_is_said_to_be_empty(data: str) -> None:
    assert refused(data) == "file.csv: the file is empty"


def test_a_header_alone_is_a_table_without_rows() -> None:
    table = read("number,state\n")
    assert (table.header, cells(table), table.bad) == (("number", "state"), [], [])


def test_ragged_rows_are_set_aside_with_their_cells() -> None:
    table = read("a,b,c\n1,2\n1,2,3\n1,2,3,4\n1,2,3,,\n")
    assert cells(table) == [("1", "2", "3"), ("1", "2", "3")]
    assert [(row.line, row.cells, row.reason) for row in table.bad] == [
        (2, ("1", "2"), "the row has 2 cells, and the header has 3"),
        (4, ("1", "2", "3", "4"), "the row has 4 cells, and the header has 3"),
    ]


def test_a_broken_quotation_costs_one_row_and_is_kept_as_it_was() -> None:
    table = read('a,b\n1,"x"y\n2,z\n')
    assert cells(table) == [("2", "z")]
    assert [(row.line, row.cells) for row in table.bad] == [(2, ('1,"x"y',))]
    assert "quotation mark stands inside a quoted cell" in table.bad[0].reason


def test_a_quotation_that_never_ends_is_told_by_the_line_on_which_it_begins() -> None:
    table = read('a,b\n1,x\n2,"never\n3,y\n')
    assert cells(table) == [("1", "x")]
    assert [(row.line, row.reason) for row in table.bad] == [
        (3, "a quotation that begins here does not end before line 4")
    ]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (archive(**{"a.csv": PLAIN, "b.csv": PLAIN}), "holds 2 CSV files (a.csv, b.csv); expected one"),
        (archive(**{"a.md": PLAIN}), "holds no CSV file; expected one"),
        (archive(**{"xl/workbook.xml": "<x/>"}), "this is an Excel workbook; save it as CSV"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "this is an Excel workbook; save it as CSV"),
        (archive(**{"a.csv": PLAIN})[:60], "the ZIP archive cannot be read"),
    ],
)
def test_what_is_no_csv_is_named(data: bytes, problem: str) -> None:
    assert problem in refused(data)


def test_progress_goes_from_nothing_towards_all() -> None:
    told: list[float] = []
    read_table(b"a,b\n" + b"1,2\n" * 30_000, "x", progress=told.append)
    assert told == sorted(told)
    assert told[-1] > 0.5


@pytest.mark.parametrize("name", ["Opened At", "opened_at", "  OPENED   at*+ ", "opened-at"])
def test_columns_are_known_however_they_are_spelt(name: str) -> None:
    assert folded(name) == "opened at"


@given(st.binary(max_size=200))
def test_any_bytes_are_a_table_or_a_one_line_refusal(data: bytes) -> None:
    try:
        table = read(data)
    except UnreadableImportError as error:
        assert "\n" not in str(error)
    else:
        assert all(len(row.cells) == len(table.header) for row in table.rows)
