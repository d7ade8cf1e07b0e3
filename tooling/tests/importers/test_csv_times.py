"""Times in every order and zone: what the file tells is found out, and nothing is guessed."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidentbook.importers.csv_times import (
    AmbiguousDatesError,
    ContradictingDatesError,
    DateOrder,
    Moment,
    NoZoneError,
    TimeReader,
    UnknownZoneError,
    zone_of,
)


def reader(*texts: str, zone: str | None = "UTC", order: DateOrder | None = None) -> TimeReader:
    made = TimeReader("log.csv", zone_of(zone) if zone else None, order)
    made.learn({text: line for line, text in enumerate(texts, start=2)})
    return made


def read(text: str, *others: str, zone: str | None = "UTC", order: DateOrder | None = None) -> str:
    found = reader(text, *others, zone=zone, order=order).read(text)
    return found.text if isinstance(found, Moment) else found


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-21 14:05", "2026-11-21T14:05+00:00"),
        ("2026-11-21T14:05:06", "2026-11-21T14:05:06+00:00"),
        ("2026-11-21T14:05:06.123+0100", "2026-11-21T14:05:06+01:00"),
        ("2026-11-21 14:05 -03:30", "2026-11-21T14:05-03:30"),
        ("2026-11-21T14:05:00Z", "2026-11-21T14:05+00:00"),
        ("2026/11/21 9:05", "2026-11-21T09:05+00:00"),
        ("21/11/2026 14:05", "2026-11-21T14:05+00:00"),
        ("11/21/2026 2:05 PM", "2026-11-21T14:05+00:00"),
        ("21.11.2026, 14:05", "2026-11-21T14:05+00:00"),
        ("21/Nov/26 2:05 PM", "2026-11-21T14:05+00:00"),
        ("21 November 2026 14:05", "2026-11-21T14:05+00:00"),
        ("Nov 21, 2026 12:05 AM", "2026-11-21T00:05+00:00"),
        ("Nov 21, 2026 12:05 p.m.", "2026-11-21T12:05+00:00"),
        ("Sat, 21 Nov 2026 14:05:06 GMT", "2026-11-21T14:05:06+00:00"),
        ("21/11/99 14:05", "1999-11-21T14:05+00:00"),
    ],
)
def test_every_form_of_a_time(text: str, moment: str) -> None:
    assert read(text) == moment


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("soon", "expected a date and a time of day"),
        ("2026-11-21", "expected a date and a time of day"),
        ("31/02/2026 10:00", "not a time: day is out of range for month"),
        ("2026-11-21 25:00", "not a time: hour must be in 0..23"),
        ("21/11/2026 13:05 PM", "expected a date and a time of day"),
        ("21/11/1628 10:00", "the year is 1628; expected 1970 to 2199"),
        ("2026-11-21 14:05 +99:99", "not a time: there is no offset +99:99"),
        ("21/Foo/2026 14:05", "expected a date and a time of day"),
        ("3,87,16", "expected a date and a time of day"),
    ],
)
def test_what_is_no_time_is_said(text: str, problem: str) -> None:
    assert problem in read(text)


def test_one_date_tells_the_order_of_all() -> None:
    assert read("03/04/2026 10:00", "13/04/2026 10:00") == "2026-04-03T10:00+00:00"
    assert read("03/04/2026 10:00", "04/13/2026 10:00") == "2026-03-04T10:00+00:00"


def test_a_file_that_does_not_tell_asks() -> None:
    with pytest.raises(AmbiguousDatesError, match=r"log\.csv:2: .*`03/04/2026 10:00`; say --date-order"):
        reader("03/04/2026 10:00", "05/05/2026 10:00")


def test_dates_that_are_the_same_both_ways_need_no_order() -> None:
    assert read("05/05/2026 10:00") == "2026-05-05T10:00+00:00"


def test_dates_that_contradict_each_other_are_named() -> None:
    with pytest.raises(ContradictingDatesError) as caught:
        reader("13/04/2026 10:00", "04/13/2026 10:00")
    assert "`13/04/2026 10:00` (line 2) can only be day first" in str(caught.value)
    assert "`04/13/2026 10:00` (line 3) only month first" in str(caught.value)


def test_a_given_order_refuses_what_does_not_fit() -> None:
    given_order = DateOrder.MONTH_FIRST
    assert read("04/13/2026 10:00", "13/04/2026 10:00", order=given_order) == "2026-04-13T10:00+00:00"
    assert "not a time" in read("13/04/2026 10:00", "04/13/2026 10:00", order=given_order)
    assert read("26/04/13 10:00", order=DateOrder.YEAR_FIRST) == "2026-04-13T10:00+00:00"


def test_a_naive_time_needs_a_zone() -> None:
    with pytest.raises(NoZoneError, match=r"log\.csv:3: `2026-11-21 14:05` .*--timezone"):
        reader("2026-11-21T14:05Z", "2026-11-21 14:05", zone=None)
    assert read("2026-11-21T14:05Z", zone=None) == "2026-11-21T14:05+00:00"
    with pytest.raises(UnknownZoneError, match="there is no time zone `Mars/Base`"):
        zone_of("Mars/Base")


def test_hours_that_the_clocks_skip_or_repeat_are_decided_and_told() -> None:
    made = reader("29/03/2026 02:30", "25/10/2026 02:30", "25/10/2026 03:30", zone="Europe/Berlin")
    skipped, twice, after = (
        made.read(text) for text in ("29/03/2026 02:30", "25/10/2026 02:30", "25/10/2026 03:30")
    )
    assert isinstance(skipped, Moment)
    assert isinstance(twice, Moment)
    assert isinstance(after, Moment)
    assert skipped.text == "2026-03-29T03:30+02:00"
    assert twice.text == "2026-10-25T02:30+02:00"
    assert after.text == "2026-10-25T03:30+01:00"
    assert made.remarks() == [
        "1 time is in an hour that the clocks go through twice; the first of the two was taken "
        "(first: `25/10/2026 02:30`, line 3)",
        "1 time is in an hour that the clocks skip; the time after it was taken "
        "(first: `29/03/2026 02:30`, line 2)",
    ]


@given(
    st.datetimes(datetime.fromisoformat("1975-01-01"), datetime.fromisoformat("2190-01-01")),
    st.sampled_from(
        ["Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Pacific/Apia", "Africa/Monrovia"]
    ),
    st.sampled_from(["%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M:%S", "%m/%d/%Y %I:%M:%S %p", "%d %b %Y %H:%M:%S"]),
)
def test_a_time_is_the_wall_clock_of_its_zone(naive: datetime, zone: str, form: str) -> None:
    naive = naive.replace(microsecond=0)
    order = DateOrder.MONTH_FIRST if form.startswith("%m") else DateOrder.DAY_FIRST
    text = naive.strftime(form)
    found = reader(text, zone=zone, order=order).read(text)
    assert isinstance(found, Moment)
    on_the_wall = found.at.astimezone(zone_of(zone)).replace(tzinfo=None)
    first = naive.replace(tzinfo=zone_of(zone))
    if first.utcoffset() == first.replace(fold=1).utcoffset():
        assert on_the_wall == naive
    assert datetime.fromisoformat(found.text) == found.at
