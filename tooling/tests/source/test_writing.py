"""Whatever is written is read back the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidentbook.source import format_instant, read_document, read_yaml, render_document, to_yaml, write_text

_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=40)
_SCALAR = st.one_of(st.none(), st.booleans(), st.integers(-(10**9), 10**9), _TEXT)
_VALUE = st.recursive(
    _SCALAR,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.from_regex(r"[a-z_]{1,8}", fullmatch=True), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.from_regex(r"[a-z_]{1,8}", fullmatch=True), _VALUE, max_size=5))
def test_values_survive_writing_and_reading(values: dict[str, object]) -> None:
    document = read_yaml("x.yml", to_yaml(values).encode())
    assert document.diagnostics == ()
    assert document.values == values


@pytest.mark.parametrize(
    "text", ["no", "12:30", "null", "0o17", "1e3", "- x", "a: b", "#", "---", "'", '"', "", " x ", "é\n\nü\n"]
)
def test_text_that_looks_like_something_else_stays_text(text: str) -> None:
    document = read_document("x.md", render_document({"title": text, "list": [{"a": text}]}, "").encode())
    assert document.values == {"title": text, "list": [{"a": text}]}


def test_a_record_reads_as_a_person_would_write_it() -> None:
    opened = datetime(2026, 11, 21, 14, 5, tzinfo=UTC)
    text = render_document(
        {
            "title": "Checkout answers 502",
            "services": [{"service": "checkout", "state": "partial_outage", "from": opened}],
            "opened": opened,
        },
        "Errors began.",
    )
    assert text == (
        "---\n"
        "title: Checkout answers 502\n"
        "services:\n"
        "  - {service: checkout, state: partial_outage, from: 2026-11-21T14:05+00:00}\n"
        "opened: 2026-11-21T14:05+00:00\n"
        "---\n"
        "Errors began.\n"
    )


def test_times_keep_their_offset_and_their_seconds() -> None:
    zone = timezone(timedelta(hours=5, minutes=45))
    assert format_instant(datetime(2026, 1, 2, 3, 4, tzinfo=zone)) == "2026-01-02T03:04+05:45"
    assert format_instant(datetime(2026, 1, 2, 3, 4, 5, tzinfo=zone)) == "2026-01-02T03:04:05+05:45"


def test_a_file_is_replaced_whole_and_keeps_its_mode(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "a.md"
    write_text(target, "one\n")
    target.chmod(0o640)
    write_text(target, "two\n")
    assert target.read_text() == "two\n"
    assert target.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in target.parent.iterdir()] == ["a.md"]


def test_a_write_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "a.md").mkdir()
    with pytest.raises(OSError):
        write_text(tmp_path / "a.md", "text")
    assert [path.name for path in tmp_path.iterdir()] == ["a.md"]
