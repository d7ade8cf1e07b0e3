"""Working time against a counter that looks at every minute, and against dates worked out by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from incidentbook.worktime import HORIZON, ClosedDays, InvalidWeekError, WorkCalendar, read_week

MINUTE = timedelta(minutes=1)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kathmandu",  # +05:45
    "Australia/Lord_Howe",  # half an hour of summer time
    "America/St_Johns",  # -03:30, with summer time
    "Pacific/Apia",  # left out 30 December 2011
    "Africa/Casablanca",  # its summer time pauses for Ramadan
    "America/Havana",  # summer time ends at 01:00, so that midnight comes twice
    "Asia/Beirut",  # summer time begins at midnight, so that midnight never comes
    "Pacific/Chatham",  # +12:45
)
OFFICE = dict.fromkeys(WEEKDAYS[:5], ("09:00-17:00",))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def instants(first_year: int, last_year: int) -> st.SearchStrategy[datetime]:
    days = st.dates(date(first_year, 1, 1), date(last_year, 1, 1))
    return st.builds(
        lambda day, second: midnight(day) + timedelta(seconds=second), days, st.integers(0, 86399)
    )


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def brute_is_open(instant: datetime, zone: str, hours: dict[str, tuple[str, ...]], closed: set[date]) -> bool:
    """The definition itself: what the wall clock says, looked up in the hours as they are written."""
    wall = instant.astimezone(ZoneInfo(zone))
    if wall.date() in closed:
        return False
    now = f"{wall:%H:%M}"
    for span in hours.get(WEEKDAYS[wall.weekday()], ()):
        start, end = span.split("-")
        if (start <= now < end) if start < end else now >= start:
            return True
    for span in hours.get(WEEKDAYS[wall.weekday() - 1], ()):
        start, end = span.split("-")
        if end < start and now < end:
            return True
    return False


@st.composite
def weeks(draw: st.DrawFn) -> dict[str, tuple[str, ...]]:
    """Weekly hours of one or two spans a day, some over midnight, none overlapping."""
    hours: dict[str, tuple[str, ...]] = {}
    for day in draw(st.lists(st.sampled_from(WEEKDAYS), unique=True, min_size=1)):
        cuts = draw(st.lists(st.integers(0, 24 * 60 - 1), min_size=2, max_size=4, unique=True))
        cuts = sorted(cuts)[: len(cuts) // 2 * 2]
        spans = [(cuts[i], cuts[i + 1]) for i in range(0, len(cuts), 2)]
        if draw(st.booleans()):
            # The night shift: from the last span's start over midnight, ending before anything begins.
            spans[-1] = (spans[-1][0], draw(st.integers(0, spans[0][0])))
        if draw(st.booleans()) and spans[-1][0] < spans[-1][1]:
            spans[-1] = (spans[-1][0], 24 * 60)
        texts = tuple(f"{a // 60:02}:{a % 60:02}-{b // 60:02}:{b % 60:02}" for a, b in spans if a != b)
        if texts:
            hours[day] = texts
    assume(hours)
    try:
        read_week(hours)
    except InvalidWeekError:
        assume(False)
    return hours


@st.composite
def cases(draw: st.DrawFn) -> tuple[str, dict[str, tuple[str, ...]], set[date], datetime, int]:
    zone = draw(st.sampled_from(ZONES))
    # Around the days on which some zone changes its clock, the turn of the year, and a leap day.
    around = draw(
        st.sampled_from(
            [
                date(2026, 3, 8),
                date(2026, 3, 29),
                date(2026, 10, 25),
                date(2026, 11, 1),
                date(2026, 4, 5),
                date(2026, 10, 4),
                date(2011, 12, 30),
                date(2025, 12, 31),
                date(2024, 2, 29),
                date(2026, 2, 15),
                date(2026, 3, 22),
                date(2026, 9, 27),
            ]
        )
    )
    first = midnight(around) + draw(st.integers(-3000, 1500)) * MINUTE
    length = draw(st.integers(0, 4 * 24 * 60))
    closed = set(
        draw(st.lists(st.sampled_from([around + timedelta(days=n) for n in range(-2, 4)]), max_size=2))
    )
    return zone, draw(weeks()), closed, first, length


@settings(max_examples=60, deadline=None)
@given(cases(), st.integers(0, 59))
def test_between_is_the_count_of_open_minutes(
    case: tuple[str, dict[str, tuple[str, ...]], set[date], datetime, int], seconds: int
) -> None:
    zone, hours, closed, first, length = case
    calendar = WorkCalendar(zone, read_week(hours), ClosedDays(days=frozenset(closed)))
    minutes = [first + n * MINUTE for n in range(length)]
    counted = sum(brute_is_open(minute, zone, hours, closed) for minute in minutes)
    assert calendar.between(first, first + length * MINUTE) == counted * MINUTE
    for minute in minutes[:: max(length // 50, 1)]:
        inside = minute + timedelta(seconds=seconds)
        assert calendar.is_open(inside) == brute_is_open(inside, zone, hours, closed)


@settings(max_examples=60, deadline=None)
@given(cases(), st.integers(1, 3000))
def test_add_ends_with_the_last_minute_that_was_asked_for(
    case: tuple[str, dict[str, tuple[str, ...]], set[date], datetime, int], amount: int
) -> None:
    zone, hours, closed, first, _ = case
    calendar = WorkCalendar(zone, read_week(hours), ClosedDays(days=frozenset(closed)))
    left, minute = amount, first
    for _ in range(20 * 24 * 60):
        left -= brute_is_open(minute, zone, hours, closed)
        minute += MINUTE
        if not left:
            break
    assume(not left)
    assert calendar.add(first, amount * MINUTE) == minute


@settings(max_examples=200, deadline=None)
@example(
    "UTC",
    {"mon": ("00:00-00:01",)},
    datetime(2009, 1, 1, tzinfo=UTC),
    timedelta(0),
    timedelta(days=11),
)
@given(
    st.sampled_from(ZONES),
    weeks(),
    instants(2009, 2031),
    st.timedeltas(timedelta(0), timedelta(days=500)),
    st.timedeltas(timedelta(0), timedelta(days=30)),
)
def test_add_and_between_undo_each_other(
    zone: str, hours: dict[str, tuple[str, ...]], first: datetime, length: timedelta, amount: timedelta
) -> None:
    calendar = WorkCalendar(zone, read_week(hours))
    middle, last = first + length / 2, first + length
    assert calendar.between(first, last) == calendar.between(first, middle) + calendar.between(middle, last)
    assert calendar.between(last, first) == -calendar.between(first, last)
    end = calendar.add(first, amount)
    if end == HORIZON:  # a minute a week is not eleven days before that
        assert calendar.between(first, end) <= amount
        return
    assert calendar.between(first, end) == amount
    if amount:
        assert calendar.between(first, end - timedelta(microseconds=1)) < amount


@given(
    instants(1990, 2060),
    instants(1990, 2060),
)
@settings(max_examples=30, deadline=None)
@example(at("2030-06-01T00:00Z"), at("1999-01-01T00:00Z"))
def test_the_order_in_which_years_are_asked_for_changes_nothing(one: datetime, other: datetime) -> None:
    fresh = WorkCalendar("Europe/Berlin", read_week(OFFICE))
    used = WorkCalendar("Europe/Berlin", read_week(OFFICE))
    used.between(at("2026-01-01T00:00Z"), at("2026-06-01T00:00Z"))
    assert used.between(one, other) == fresh.between(one, other)
    assert used.add(other, timedelta(hours=100)) == fresh.add(other, timedelta(hours=100))


@pytest.mark.parametrize(
    ("start", "amount", "due"),
    [
        ("2026-11-20T16:00+01:00", timedelta(hours=2), "2026-11-23T10:00+01:00"),  # over the weekend
        ("2026-11-20T16:00+01:00", timedelta(hours=1), "2026-11-20T17:00+01:00"),  # by the end of Friday
        ("2026-11-21T12:00+01:00", timedelta(hours=1), "2026-11-23T10:00+01:00"),  # from a Saturday
        (
            "2026-04-02T16:30+02:00",
            timedelta(hours=1),
            "2026-04-07T09:30+02:00",
        ),  # Good Friday, Easter Monday
        ("2026-03-27T16:00+01:00", timedelta(hours=2), "2026-03-30T10:00+02:00"),  # summer time begins
        ("2026-10-23T16:00+02:00", timedelta(hours=2), "2026-10-26T10:00+01:00"),  # and ends
        ("2026-12-23T16:00+01:00", timedelta(hours=2), "2026-12-28T10:00+01:00"),  # Christmas, own closed day
    ],
)
def test_german_office_hours(start: str, amount: timedelta, due: str) -> None:
    closed = ClosedDays("DE", "HH", frozenset({date(2026, 12, 24)}))
    calendar = WorkCalendar("Europe/Berlin", read_week(OFFICE), closed)
    assert calendar.add(at(start), amount) == at(due)
    assert calendar.between(at(start), at(due)) == amount


def test_a_region_has_its_own_holidays() -> None:
    epiphany = at("2026-01-06T09:00+01:00"), at("2026-01-06T17:00+01:00")
    week = read_week(OFFICE)
    assert not WorkCalendar("Europe/Berlin", week, ClosedDays("DE", "BY")).between(*epiphany)
    assert WorkCalendar("Europe/Berlin", week, ClosedDays("DE", "HH")).between(*epiphany) == timedelta(
        hours=8
    )


def test_a_night_shift_over_the_clock_change_is_an_hour_longer_or_shorter() -> None:
    calendar = WorkCalendar("Europe/Berlin", read_week({"sat": ("22:00-06:00",)}))
    assert calendar.between(at("2026-10-24T12:00Z"), at("2026-10-25T12:00Z")) == timedelta(hours=9)
    assert calendar.between(at("2026-03-28T12:00Z"), at("2026-03-29T12:00Z")) == timedelta(hours=7)


def test_a_repeated_hour_counts_twice_and_a_missing_one_not_at_all() -> None:
    calendar = WorkCalendar("Europe/Berlin", read_week({"sun": ("02:15-02:45",)}))
    assert calendar.between(at("2026-10-25T00:00Z"), at("2026-10-25T12:00Z")) == timedelta(hours=1)
    assert calendar.between(at("2026-03-29T00:00Z"), at("2026-03-29T12:00Z")) == timedelta(0)
    # Ten minutes from 02:40 (before the clock goes back): five of this pass, five of the next.
    assert calendar.add(at("2026-10-25T02:40+02:00"), timedelta(minutes=10)) == at("2026-10-25T02:20+01:00")


def test_a_closed_day_ends_a_night_shift_at_midnight() -> None:
    hours = {"thu": ("22:00-06:00",), "fri": ("22:00-06:00",)}
    closed = ClosedDays(days=frozenset({date(2026, 11, 20)}))  # a Friday
    calendar = WorkCalendar("UTC", read_week(hours), closed)
    assert calendar.between(at("2026-11-19T00:00Z"), at("2026-11-20T00:00Z")) == timedelta(hours=2)
    assert calendar.between(at("2026-11-20T00:00Z"), at("2026-11-21T00:00Z")) == timedelta(0)
    assert calendar.between(at("2026-11-21T00:00Z"), at("2026-11-22T00:00Z")) == timedelta(hours=6)


def test_around_the_clock_is_plain_subtraction_whatever_the_zone() -> None:
    calendar = WorkCalendar("Europe/Berlin")
    berlin = ZoneInfo("Europe/Berlin")
    # Two times of one ZoneInfo: Python alone would say 24 hours, for it looks at the wall clock.
    saturday, sunday = datetime(2026, 10, 24, 12, tzinfo=berlin), datetime(2026, 10, 25, 12, tzinfo=berlin)
    assert calendar.is_always
    assert calendar.between(saturday, sunday) == timedelta(hours=25)
    assert calendar.add(saturday, timedelta(hours=25)) == at("2026-10-25T11:00Z")
    whole = WorkCalendar("Europe/Berlin", read_week(dict.fromkeys(WEEKDAYS, ("00:00-24:00",))))
    assert whole.is_always


def test_closed_days_alone_make_a_calendar() -> None:
    calendar = WorkCalendar("UTC", None, ClosedDays(days=frozenset({date(2024, 2, 29)})))
    assert calendar.between(at("2024-02-28T00:00Z"), at("2024-03-02T00:00Z")) == timedelta(days=2)


def test_no_calendar_looks_beyond_its_horizon() -> None:
    calendar = WorkCalendar("UTC", read_week({"mon": ("09:00-09:01",)}))
    assert calendar.add(at("2026-01-01T00:00Z"), timedelta(days=3650)) == HORIZON
    assert WorkCalendar().add(at("2199-12-31T00:00Z"), timedelta(days=3660 * 11)) == HORIZON


def test_a_year_in_which_every_day_is_closed() -> None:
    days = frozenset(date(2026, 1, 1) + timedelta(days=n) for n in range(365))
    calendar = WorkCalendar("UTC", read_week(OFFICE), ClosedDays(days=days))
    assert calendar.between(at("2026-01-01T00:00Z"), at("2027-01-01T00:00Z")) == timedelta(0)
    assert calendar.add(at("2026-02-01T00:00Z"), timedelta(hours=1)) == at("2027-01-01T10:00Z")
    assert calendar.between(at("2025-12-31T00:00Z"), at("2027-01-02T00:00Z")) == timedelta(hours=16)


def test_working_days() -> None:
    calendar = WorkCalendar("Europe/Berlin", read_week(OFFICE), ClosedDays("DE", "HH"))
    assert calendar.working_day_after(at("2026-11-20T09:00Z"), 5) == date(2026, 11, 27)
    assert calendar.working_day_after(at("2026-04-01T22:30Z"), 1) == date(2026, 4, 7)  # Thursday in Berlin
    assert calendar.end_of(date(2026, 11, 27)) == at("2026-11-27T23:00Z")
    assert WorkCalendar("UTC").working_day_after(at("2026-11-20T09:00Z"), 5) == date(2026, 11, 25)


@pytest.mark.parametrize(
    ("zone", "day", "end"),
    [
        ("America/Havana", date(2026, 10, 31), "2026-11-01T04:00Z"),  # the first of two midnights
        ("Asia/Beirut", date(2026, 3, 28), "2026-03-28T22:00Z"),  # the midnight that never comes
        ("Pacific/Apia", date(2011, 12, 29), "2011-12-30T10:00Z"),
    ],
)
def test_the_end_of_a_day_without_one_midnight(zone: str, day: date, end: str) -> None:
    assert WorkCalendar(zone).end_of(day) == at(end)


def test_an_amount_to_add_is_never_negative() -> None:
    with pytest.raises(ValueError, match="negative"):
        WorkCalendar().add(at("2026-01-01T00:00Z"), timedelta(seconds=-1))


def test_an_unknown_country_has_no_holidays() -> None:
    assert ClosedDays("ZZ").in_years([2026]) == frozenset()
    assert ClosedDays("DE", "ZZ").in_years([2026]) == frozenset()
