"""Forms are told by their content, and every row keeps its line."""

from __future__ import annotations

import pytest

from incidentbook.importers.json_rows import Row, UnreadableImportError, read_rows


def lines(data: bytes | str) -> list[tuple[int, object]]:
    raw = data.encode() if isinstance(data, str) else data
    return [(row.line, row.value) for row in read_rows(raw, "feed")]


ONE, TWO = {"id": "1"}, {"id": "2"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"incidents": [{"id": "1"}]}', [(1, ONE)]),
        (
            '{"page": {"id": "x"},\n "incidents": [\n  {"id":\n "1"},\n  {"id": "2"}\n ]}\n',
            [(3, ONE), (5, TWO)],
        ),
        ('{"incidents": [{"id": "1"}],\n"scheduled_maintenances": [{"id": "2"}]}', [(1, ONE), (2, TWO)]),
        ('[\n{"id": "1"},\n{"id": "2"}]', [(2, ONE), (3, TWO)]),
        ('{"id": "1"}\n\n{"id": "2"}\n', [(1, ONE), (3, TWO)]),
        ('{"id": "1"}', [(1, ONE)]),
        ('{\n "id": "1"\n}', [(1, ONE)]),
        ('{"meta": {},\n"incident": {"id": "1"}}', [(1, ONE)]),
        ('{"id": "1"}\r\n{"id": "2"}\r\n', [(1, ONE), (2, TWO)]),
        ("[]", []),
        ('{"incidents": []}', []),
    ],
)
def test_the_form_is_told_by_the_content(text: str, expected: list[tuple[int, object]]) -> None:
    assert lines(text) == expected


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_the_encoding_is_told_by_the_content(encoding: str) -> None:
    assert lines('[{"id": "é"}]'.encode(encoding)) == [(1, {"id": "é"})]


def test_a_broken_line_is_a_row_with_a_problem() -> None:
    rows = read_rows(b'{"id": "1"}\n{"id": \n{"id": "2"}\n"text"\n', "feed")
    assert [row.line for row in rows] == [1, 2, 3, 4]
    assert rows[1] == Row(2, None, "not JSON: it breaks off at column 8")
    assert rows[3].value == "text"


def test_a_broken_first_line_does_not_hide_the_rest() -> None:
    rows = read_rows(b'{"id": "1", "title\n{"id": "2"}\n', "feed")
    assert [bool(row.problem) for row in rows] == [True, False]


def test_a_number_that_python_refuses_is_a_bad_row() -> None:
    rows = read_rows(b'{"id": ' + b"9" * 5000 + b'}\n{"id": "2"}\n', "feed")
    assert rows[0].problem == "not JSON: a number has too many digits"


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "the file is empty"),
        (b" \n\n", "the file is empty"),
        (b"hello", "not JSON: expecting value at line 1, column 1"),
        (b"\x00\x01\x02binary", "not JSON"),
        (b'{"a": "\xff"}', "not JSON: byte 8 is not UTF-8 text"),
        (
            b'{"incidents": [{"id": "1"},\n {"id": "2"',
            "it breaks off at line 2, column 12; nothing was imported",
        ),
        (b'[\n{"id": "1"},\n{"id": "2"}\n', "it breaks off"),
        (b'{\n "incidents": [\n  {"id": "1"},\n  {"id": "2"}\n', "it breaks off"),
        (b'[{"id": "1"}] and more', "something follows the end of the document at line 1, column 15"),
        (b"{}", "holds an object without `incidents`"),
        (b'{"incidents": null}', "holds an object without `incidents`"),
        (b"17", "holds only a number"),
        (b"null", "holds only null"),
        (b"[" * 100_000, "nested too deep"),
    ],
)
def test_what_is_no_list_of_incidents_is_refused_whole(data: bytes, problem: str) -> None:
    with pytest.raises(UnreadableImportError, match=r"^feed: ") as caught:
        read_rows(data, "feed")
    assert problem in str(caught.value)
    assert "\n" not in str(caught.value)
