"""The page of a maintenance: what was planned beside what was."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sitebed import NOW, RECORDS, planned, words_of
from testbed import MakeRepository

SOURCE, PATH = "incidents/2026/MNT-2026-0001.md", "maintenance/MNT-2026-0001/"
ACTUAL = "actual: {from: 2026-11-19T02:10+00:00, to: 2026-11-19T03:10+00:00}\n"
DONE = (
    RECORDS[SOURCE]
    .replace("status: scheduled", "status: completed")
    .replace("2026-11-22T", "2026-11-19T")
    .replace("planned:", ACTUAL + "planned:")
)


def test_nothing_is_drawn_before_it_begins(make_repository: MakeRepository) -> None:
    html = planned(make_repository(RECORDS))[PATH].content.html
    assert "ib-course" not in html
    assert "Planned start 22 Nov 2026, 02:00 UTC" in words_of(html)


def test_the_work_is_drawn_under_its_plan(make_repository: MakeRepository) -> None:
    told = (
        "updates: [{at: 2026-11-01T09:00+00:00, status: scheduled, text: It will be., visibility: public}]\n"
    )
    record = DONE.replace("planned:", told + "planned:")
    html = planned(make_repository({**RECORDS, SOURCE: record}))[PATH].content.html
    drawing = html[html.index("<svg") : html.index("</svg>")]
    assert ">Planned: 2\xa0h</text>" in drawing
    assert ">Actual: 1\xa0h</text>" in drawing
    # the announcement of weeks before would leave the work no room
    assert "<circle" not in drawing
    assert "It will be." in html


LATER = "updates: [{at: 2026-11-21T09:00+00:00, status: completed, text: Tomorrow., visibility: public}]\n"


def test_what_is_said_later_is_not_said_yet(make_repository: MakeRepository) -> None:
    root = make_repository({**RECORDS, SOURCE: DONE.replace("planned:", LATER + "planned:")})
    assert "Tomorrow." not in planned(root)[PATH].content.html
    assert "Tomorrow." in planned(root, now=NOW + timedelta(days=1))[PATH].content.html


@pytest.mark.parametrize(
    ("record", "ages"),
    [(RECORDS[SOURCE], True), (DONE, False), (DONE.replace("planned:", LATER + "planned:"), True)],
)
def test_only_what_is_not_over_ages(make_repository: MakeRepository, record: str, ages: bool) -> None:
    root = make_repository({**RECORDS, SOURCE: record})
    later = NOW + timedelta(minutes=5)
    assert (planned(root)[PATH].key != planned(root, now=later)[PATH].key) is ages
