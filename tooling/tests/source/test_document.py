"""Front matter with the place of every value."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from incidentbook.diagnostics import Span
from incidentbook.source import Document, read_body, read_document, read_yaml

RECORD = """\
---
title: Checkout is down
services:
  - {service: checkout, from: 2026-11-21T13:58+00:00}
notes: |
  one
  two
---
Body
---
more
"""


def read(text: str) -> Document:
    return read_document("a.md", text.encode())


def codes(document: Document) -> list[tuple[str, int | None]]:
    return [(found.code, found.span.line if found.span else None) for found in document.diagnostics]


def test_values_and_body_are_parted_at_the_second_fence_only() -> None:
    document = read(RECORD)
    assert document.values == {
        "title": "Checkout is down",
        "services": [{"service": "checkout", "from": "2026-11-21T13:58+00:00"}],
        "notes": "one\ntwo\n",
    }
    assert document.body == "Body\n---\nmore\n"
    assert document.body_line == 9


def test_every_value_has_its_place() -> None:
    document = read(RECORD)
    assert document.span("title") == Span(2, 8, 2, 24)
    assert document.key_span("title") == Span(2, 1, 2, 6)
    assert document.span("services", 0, "from") == Span(4, 31, 4, 53)
    assert document.span("notes") == Span(5, 8, 7, 6)
    assert document.body_span(0, 4) == Span(9, 1, 9, 5)


def test_an_absent_value_has_the_place_of_what_is_around_it() -> None:
    document = read(RECORD)
    assert document.span("services", 0, "to") == document.span("services", 0)
    assert document.span("nothing") == Span(1, 1, 1, 4)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_byte_order_mark_do_not_matter(newline: str, mark: str) -> None:
    document = read(mark + RECORD.replace("\n", newline))
    assert document.diagnostics == ()
    assert document.values == read(RECORD).values
    assert document.span("services", 0, "from") == Span(4, 31, 4, 53)
    assert document.body_line == 9


def test_places_count_characters_also_beyond_ascii() -> None:
    document = read("---\ntitle: Übung mit 🚢\nimpact: hoch\nx: {a: é, b: z}\n---\n")
    assert document.span("title") == Span(2, 8, 2, 19)
    assert document.span("x", "b") == Span(4, 14, 4, 15)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12:30", "12:30"),
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("2026-11-21", "2026-11-21"),
        ("0777", 777),
        ("0o17", 15),
        ("0x1F", 31),
        ("1_000", "1_000"),
        ("1e3", 1000.0),
        ("-.5", -0.5),
        ("true", True),
        ("~", None),
        ("", None),
        ("'1'", "1"),
        ('"no"', "no"),
    ],
)
def test_scalars_follow_the_core_schema_of_yaml_1_2(text: str, value: object) -> None:
    found = read(f"---\nkey: {text}\n---\n").values
    assert found == {"key": value}
    assert type(found["key"]) is type(value)


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("", "empty-file", None),
        (" \n\n", "empty-file", None),
        ("# Title\n", "missing-front-matter", 1),
        ("----\ntitle: x\n----\n", "missing-front-matter", 1),
        ("\n---\ntitle: x\n---\n", "missing-front-matter", 1),
        ("---", "missing-front-matter", 1),
        ("---\ntitle: x\n", "unclosed-front-matter", 1),
        ("---\ntitle: x\n ---\n", "unclosed-front-matter", 1),
        ("---\ntitle: a: b\n---\n", "yaml-syntax", 2),
        ("---\na: 1\n\tb: 2\n---\n", "yaml-syntax", 3),
        ('---\na: "b\n---\n', "yaml-syntax", 2),
        ("---\na: 'b\nc: d\n\n---\n", "yaml-syntax", 2),
        ("---\na: {b: 1\n---\n", "yaml-syntax", 2),
        ("---\na: [b\nc: 1\n---\n", "yaml-syntax", 3),
        ("---\na: \x07\n---\n", "yaml-syntax", 2),
        ("---\na: 1\nb: 2\na: 3\n---\n", "duplicate-key", 4),
        ("---\na: !!python/object:os.system x\n---\n", "yaml-tag", 2),
        ("---\nbase: &b {x: 1}\nother: *b\n---\n", "yaml-alias", 3),
        ("---\na: {x: 1}\n<<: {y: 2}\n---\n", "yaml-merge-key", 3),
        ("---\n? [a]\n: 1\n---\n", "yaml-key", 2),
        ("---\n- one\n---\n", "not-a-mapping", 2),
        ("---\njust text\n---\n", "not-a-mapping", 2),
        ("---\na: " + "[" * 3000 + "\n---\n", "yaml-too-deep", 2),
        ("---\n" + "- " * 3000 + "\n---\n", "yaml-too-deep", 2),
        ("---\na: 1\n--- # not the end\nb: 2\n", "unclosed-front-matter", 1),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place(text: str, code: str, line: int | None) -> None:
    assert codes(read(text)) == [(code, line)]


def test_an_anchor_bomb_is_refused_before_it_grows() -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    for number in range(9):
        before, name = chr(ord("a") + number), chr(ord("b") + number)
        lines.append(f"{name}: &{name} [{', '.join(['*' + before] * 9)}]")
    document = read("---\n" + "\n".join(lines) + "\n---\n")
    assert {found.code for found in document.diagnostics} == {"yaml-alias"}
    assert document.values is None


def test_block_nesting_is_bounded_too() -> None:
    text = "".join(f"{' ' * depth}a:\n" for depth in range(900))
    assert ("yaml-too-deep", 42) in codes(read(f"---\n{text}---\n"))


@pytest.mark.parametrize("level", ["- ", "-  ", "? ", "- ? ", ": - "])
def test_nesting_within_a_line_does_not_bring_the_parser_down(level: str) -> None:
    """libyaml recurses a level each, until the process dies of it."""
    document = read(f"---\n{level * 100_000}\n---\n")
    assert document.values is None
    assert {found.code for found in document.diagnostics} <= {"yaml-too-deep", "yaml-syntax"}


def test_a_file_of_ten_megabytes_is_not_read() -> None:
    assert codes(read("---\ntitle: x\n---\n" + "x" * 10_000_000)) == [("file-too-large", None)]


def test_a_quote_without_an_end_is_shown_where_it_opens() -> None:
    (found,) = read("---\nb: 1\na: 'it is\nc: 2\n---\n").diagnostics
    assert (found.message, found.help) == ("what `'` opens is never closed", "write the closing `'`")
    assert found.span is not None
    assert (found.span.line, found.span.column) == (3, 4)


@pytest.mark.parametrize("data", [b"---\n\xff\xfe\n---\n", b"\x89PNG\r\n\x1a\n\0\0", b"---\na: b\0\n---\n"])
def test_a_binary_file_is_named_as_one(data: bytes) -> None:
    assert codes(read_document("a.md", data)) == [("not-text", None)]


def test_front_matter_without_fields_is_empty_not_wrong() -> None:
    for text in ("---\n---\n", "---\n# only a comment\n---\nbody"):
        document = read(text)
        assert document.values == {}
        assert document.diagnostics == ()


def test_a_yaml_file_is_read_whole() -> None:
    document = read_yaml("schema/sla.yml", b"policies:\n  - {id: a}\n")
    assert document.values == {"policies": [{"id": "a"}]}
    assert document.span("policies", 0, "id") == Span(2, 10, 2, 11)


@given(st.text(max_size=300))
def test_no_text_is_too_odd_to_be_read(text: str) -> None:
    document = read_document("a.md", text.encode("utf-8", "surrogatepass"))
    assert document.values is not None or document.diagnostics


_KEYS = st.text(st.characters(codec="ascii", categories=["L"]), min_size=1, max_size=6)
_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=20)


@given(st.dictionaries(_KEYS, st.lists(_TEXT, max_size=3), min_size=1, max_size=4))
def test_spans_point_at_what_was_written(values: dict[str, list[str]]) -> None:
    written = yaml.safe_dump(values, allow_unicode=True, default_style='"', width=10_000)
    document = read(f"---\n{written}---\n")
    assert document.values == values
    lines = document.text.split("\n")
    for key, items in values.items():
        for index in range(len(items)):
            span = document.span(key, index)
            if span.line == span.end_line:
                assert (
                    yaml.safe_load(lines[span.line - 1][span.column - 1 : span.end_column - 1])
                    == items[index]
                )


@given(st.text(max_size=200), st.sampled_from(["", "---\n", "---\na: 1\n---\n", "---\r\n---\r\n"]))
def test_the_body_alone_is_that_of_the_whole_document(text: str, head: str) -> None:
    data = (head + text).encode("utf-8", "surrogatepass")
    assert read_body(data) == read_document("a.md", data).body
