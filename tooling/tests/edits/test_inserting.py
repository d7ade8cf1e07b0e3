"""Entries that are told later stand where their time is, and everything else stays as it was written."""

from __future__ import annotations

from incidentbook.edits.inserting import add_in_time
from incidentbook.source import read_document

RECORD = """\
---
title: Checkout answers 502   # as the till says it
steps:
  # the first call
  - at: 2026-11-20T10:00+00:00   # by phone
    text: Looked.

  # and then
  - {at: "2026-11-20T11:30+01:00", text: Looked again.}
  - at: 2026-11-20T12:00+00:00
    text: Found it.
# after all
status: in_progress
---
Body.
"""


def _add(time: str, text: str = RECORD, key: str = "steps") -> str:
    return add_in_time(read_document("a.md", text.encode()), key, [{"at": time, "text": "New."}])


def test_an_entry_goes_between_those_before_and_after_it() -> None:
    for time, before in (
        ("2026-11-20T09:00+00:00", "  # the first call\n"),
        ("2026-11-20T10:00+00:00", "\n  # and then\n"),
        ("2026-11-20T11:00+00:00", "  - at: 2026-11-20T12:00+00:00\n"),
        ("2026-11-20T13:00+00:00", "# after all\n"),
    ):
        new = f"  - {{at: {time}, text: New.}}\n"
        assert _add(time) == RECORD.replace(before, new + before)


def test_the_ends_of_lines_are_kept() -> None:
    text = RECORD.replace("\n", "\r\n")
    new = "  - {at: 2026-11-20T11:00+00:00, text: New.}\r\n"
    before = "  - at: 2026-11-20T12:00+00:00\r\n"
    assert _add("2026-11-20T11:00+00:00", text) == text.replace(before, new + before)


def test_a_list_in_brackets_keeps_its_order_too() -> None:
    text = "---\nsteps: [{at: 2026-11-20T10:00+00:00, text: A}, {at: 2026-11-20T12:00+00:00, text: B}]\n---\n"
    new = "{at: 2026-11-20T11:00+00:00, text: New.}, "
    assert _add("2026-11-20T11:00+00:00", text) == text.replace(
        "{at: 2026-11-20T12", new + "{at: 2026-11-20T12"
    )
    text = text.replace("[", "[ # two\n  ").replace(", {", ",   # one\n  {").replace("]", "\n]")
    after = text.replace(
        "  {at: 2026-11-20T12", "  {at: 2026-11-20T11:00+00:00, text: New.},\n  {at: 2026-11-20T12"
    )
    assert _add("2026-11-20T11:00+00:00", text) == after


def test_several_at_once_and_lists_without_times() -> None:
    document = read_document("a.md", RECORD.encode())
    items = [{"at": f"2026-11-20T{hour}:00+00:00", "text": hour} for hour in ("09", "13", "11")]
    after = read_document("a.md", add_in_time(document, "steps", items).encode())
    assert [one["at"][11:13] for one in (after.values or {})["steps"]] == ["09", "10", "11", "11", "12", "13"]
    broken = RECORD.replace("at: 2026-11-20T12:00+00:00", "at: noon")
    assert "\n  - {at: 2026-11-20T09:30+00:00, text: New.}\n# after all" in _add(
        "2026-11-20T09:30+00:00", broken
    )
