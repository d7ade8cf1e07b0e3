"""Times and durations as readers meet them."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from incidentbook.pages import times
from sitebed import RECORDS, planned, words_of
from testbed import SCHEMA, MakeRepository

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(seconds=40), "40 s"),
        (timedelta(minutes=12, seconds=59), "12 min"),
        (timedelta(hours=1, minutes=23), "1 h 23 min"),
        (timedelta(hours=4), "4 h"),
        (timedelta(days=3, hours=4, minutes=59), "3 d 4 h"),
        (timedelta(days=1200), "1,200 d"),
        (timedelta(hours=-2), "2 h"),
    ],
)
def test_durations(length: timedelta, words: str) -> None:
    assert times.duration_words(length).replace("\u00a0", " ") == words


def test_a_time_is_shown_in_the_zone_of_the_repository_and_told_in_utc() -> None:
    tag = times.time_tag(datetime.fromisoformat("2026-07-01T23:30:05-05:00"), BERLIN)
    assert (
        tag
        == '<time datetime="2026-07-02T04:30:05Z" title="2026-07-02 04:30 UTC">2 Jul 2026, 06:30 CEST</time>'
    )


@pytest.mark.parametrize(
    ("zone", "note"),
    [
        ("UTC", "Times are in UTC."),
        ("Etc/UTC", "Times are in Etc/UTC."),
        ("Europe/Berlin", "Times are in Europe/Berlin; the tooltip of each says it in UTC."),
        # summer time: its hours are not those of UTC
        ("Europe/London", "Times are in Europe/London; the tooltip of each says it in UTC."),
    ],
)
def test_a_site_in_utc_does_not_offer_utc(make_repository: MakeRepository, zone: str, note: str) -> None:
    settings = SCHEMA["schema/incidentbook.yml"].replace("zone: UTC", f"zone: {zone}")
    root = make_repository({**RECORDS, "schema/incidentbook.yml": settings})
    pages = planned(root)
    for path in ("", "incidents/INC-2026-0001/", "incidents/2026-11/"):
        html = pages[path].content.html
        assert [words_of(one) for one in re.findall(r"<p>Times are in.*?</p>", html)] == [note]


def test_styles_of_a_time() -> None:
    at = datetime.fromisoformat("2026-11-20T09:05+00:00")
    assert ">10:05</time>" in times.time_tag(at, BERLIN, "clock")
    assert ">20 Nov 2026</time>" in times.time_tag(at, BERLIN, "day")
    assert ">20 Nov 2026, 10:05</time>" in times.time_tag(at, BERLIN, "plain")


def test_days_and_months() -> None:
    assert times.day_tag(date(2026, 3, 1)) == '<time datetime="2026-03-01">1 Mar 2026</time>'
    assert times.month_words("2026-03") == "March 2026"
    assert times.month_words("2026-03", short=True) == "Mar 26"
