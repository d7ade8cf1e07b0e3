"""The event stream in a terminal: lines end where they should, with their labels beside them."""

from __future__ import annotations

from datetime import UTC, datetime

from rich.console import Console

from incidentbook.history import Event, EventType, Happening
from incidentbook.records import RecordName
from incidentbook.reports.log.text import log_as_text

NAME = RecordName("incident", "INC-2026-0001")


def laid_out(text: str, width: int | None) -> list[str]:
    """One event by its words, in lines."""
    key = ("opened",)
    happening = Happening(EventType.OPENED, NAME, key, datetime(2026, 9, 21, 13, tzinfo=UTC), {"title": text})
    console = Console(width=200, soft_wrap=True)
    with console.capture() as captured:
        console.print(log_as_text([Event(happening, None, NAME, (key,))], zone=UTC, name=None, width=width))
    return captured.get().splitlines()


def test_in_a_terminal_words_are_broken_beside_their_label() -> None:
    lines = laid_out("Orders from the harbour are refused by the till at the gate", 80)
    assert lines[:2] == [
        "2026-09-21 13:00 UTC  INC-2026-0001  opened: Orders from the harbour are refused",
        "                      by the till at the gate  [not committed]",
    ]


def test_a_word_too_long_for_a_line_is_broken_too() -> None:
    lines = laid_out("x" * 200, 80)
    assert max(map(len, lines)) == 80
    assert "".join(line.strip() for line in lines).count("x") == 200


def test_elsewhere_an_event_is_one_line() -> None:
    assert laid_out("x " * 100, None)[0].count("x") == 100
