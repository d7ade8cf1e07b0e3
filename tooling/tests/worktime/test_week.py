"""Weekly hours: what may be written."""

from __future__ import annotations

import pytest

from incidentbook.worktime import InvalidWeekError, is_known_region, read_week
from incidentbook.worktime.week import by_day


def test_a_span_whose_end_comes_first_goes_on_after_midnight() -> None:
    week = read_week({"mon": ("08:00-12:00", "22:00-06:00"), "sun": ("23:00-24:00",)})
    assert week[0] == ((480, 720), (1320, 1800))
    assert by_day(week)[0] == ((480, 720), (1320, 1440))
    assert by_day(week)[1] == ((0, 360),)


@pytest.mark.parametrize(
    ("hours", "weekday", "position", "fault"),
    [
        ({"mon": ("08:00-12:00", "11:00-13:00")}, "mon", 1, "overlaps"),
        ({"mon": ("11:00-13:00", "08:00-12:00")}, "mon", 0, "overlaps"),
        ({"mon": ("22:00-06:00",), "tue": ("05:00-07:00",)}, "tue", 0, "overlaps"),
        ({"sun": ("22:00-06:00",), "mon": ("05:00-07:00",)}, "mon", 0, "overlaps"),
        ({"wed": ("09:00-09:00",)}, "wed", 0, "empty"),
        ({"wed": ("9-17",)}, "wed", 0, "no span"),
        ({"wed": ()}, "mon", 0, "no open hours"),
    ],
)
def test_hours_that_cannot_be(
    hours: dict[str, tuple[str, ...]], weekday: str, position: int, fault: str
) -> None:
    with pytest.raises(InvalidWeekError, match=fault) as caught:
        read_week(hours)
    assert (caught.value.weekday, caught.value.position) == (weekday, position)


def test_spans_that_touch_do_not_overlap() -> None:
    assert read_week({"mon": ("08:00-12:00", "12:00-13:00")})[0] == ((480, 720), (720, 780))


def test_regions() -> None:
    assert is_known_region("DE")
    assert is_known_region("DE", "HH")
    assert not is_known_region("DE", "XX")
    assert not is_known_region("XX")
