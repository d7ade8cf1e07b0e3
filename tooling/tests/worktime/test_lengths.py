"""How a length of time is said."""

from __future__ import annotations

from datetime import timedelta

import pytest

from incidentbook.worktime.lengths import in_hours, in_two_units, to_the_minute


@pytest.mark.parametrize(
    ("length", "close", "spaced"),
    [
        (timedelta(days=1, hours=2, minutes=30), "26h 30m", "26 h 30 min"),
        (timedelta(hours=8, seconds=5), "8h 5s", "8 h 5 s"),
        (timedelta(seconds=59.6), "1m", "1 min"),
        (timedelta(0), "0s", "0 s"),
    ],
)
def test_working_time_has_no_days(length: timedelta, close: str, spaced: str) -> None:
    assert (in_hours(length), in_hours(length, spaced=True)) == (close, spaced)


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(days=2, hours=4, minutes=50), "2 d 4 h"),
        (timedelta(days=1, minutes=5), "1 d"),
        (timedelta(hours=23, minutes=59, seconds=40), "1 d"),
        (timedelta(hours=1, minutes=5, seconds=20), "1 h 5 min"),
        (timedelta(hours=3), "3 h"),
        (timedelta(seconds=20), "20 s"),
        (timedelta(0), "0 s"),
    ],
)
def test_time_on_the_wall_has_two_units_that_follow_each_other(length: timedelta, words: str) -> None:
    assert in_two_units(length) == words


def test_a_length_is_rounded_unless_nothing_would_be_left() -> None:
    assert to_the_minute(timedelta(minutes=3, seconds=31)) == timedelta(minutes=4)
    assert to_the_minute(timedelta(seconds=20)) == timedelta(seconds=20)
