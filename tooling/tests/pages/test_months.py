"""Months: what happened, day by day."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from incidentbook.pages.page import Content, Page
from sitebed import NOW, planned, words_of
from testbed import MakeRepository


def incident(title: str, opened: str, more: str = "status: in_progress") -> str:
    return f"---\ntitle: {title}\nopened: {opened}\n{more}\n---\n"


def resolved(at: str) -> str:
    return f"status: resolved\nresolved: {at}"


def months(
    make: MakeRepository, *texts: str, now: datetime = NOW, files: Mapping[str, str] | None = None
) -> dict[str, Page]:
    records = {f"incidents/2026/INC-2026-{number:04}.md": text for number, text in enumerate(texts, 1)}
    pages = planned(make({**records, **(files or {})}), now=now)
    return {path: page for path, page in pages.items() if page.kind == "month"}


def day(page: Page, number: int) -> str:
    """The part of a day: a section of its own, or the words on a run of quiet ones."""
    html = page.content.html
    at = html.index(f'id="d{number}"')
    return words_of("<" + re.split(r"</section>|</p>\n<|</div>", html[at:])[0])


def test_days_hold_what_began_and_name_what_went_on(make_repository: MakeRepository) -> None:
    pages = months(
        make_repository,
        incident("Long", "2026-11-03T22:00+00:00", resolved("2026-11-06T00:00+00:00")),
        incident("Short", "2026-11-04T09:00+00:00", resolved("2026-11-04T09:30+00:00")),
        incident(
            "Not counted", "2026-11-09T09:00+00:00", "status: cancelled\ncancelled: 2026-11-11T09:00+00:00"
        ),
    )
    page = pages["incidents/2026-11/"]
    assert "Tuesday, 3 November 2026 1 incident" in words_of(page.content.html)
    assert "Short" in day(page, 4)
    assert "30 min" in day(page, 4).replace("\u00a0", " ")
    assert "Still going on: Long" in words_of(page.content.html)
    html = page.content.html
    # what ended at midnight did not touch the day that began then; what is left out touches its first alone
    assert html.count("Still going on") == 2
    assert "Long" in html[html.index('id="d5"') :].split("</section>")[0]
    assert "nothing to report" in html[html.index('id="d6"') :].split("</p>")[0]
    assert "Cancelled" in html[html.index('id="d9"') :].split("</section>")[0]


def test_a_month_tells_what_came_into_it(make_repository: MakeRepository) -> None:
    pages = months(
        make_repository, incident("Old", "2026-09-28T22:00+00:00", resolved("2026-11-02T12:00+00:00"))
    )
    assert "1 incident began in this month." in words_of(pages["incidents/2026-09/"].content.html)
    october = words_of(pages["incidents/2026-10/"].content.html)
    assert "No incident began in this month, 1 was still going on from before." in october
    assert pages["incidents/2026-10/"].content.html.count("Still going on") == 31
    assert pages["incidents/2026-11/"].content.html.count("Still going on") == 2


def test_months_lead_to_their_neighbours_though_there_are_gaps(make_repository: MakeRepository) -> None:
    pages = months(
        make_repository, incident("Old", "2026-02-03T22:00+00:00", resolved("2026-02-03T23:00+00:00"))
    )
    assert list(pages) == [f"incidents/2026-{month}/" for month in ("02", "08", "09", "10", "11")]
    assert re.findall(r'href="([^"]+)" rel="(\w+)"', pages["incidents/2026-08/"].content.html) == [
        ("../../incidents/2026-02/", "prev"),
        ("../../incidents/2026-09/", "next"),
    ]


def test_the_front_page_leads_to_the_last_months_without_a_gap(make_repository: MakeRepository) -> None:
    """A month in which nothing began has a page too, which says so."""
    root = make_repository(
        {
            "incidents/2026/INC-2026-0001.md": incident(
                "Old", "2026-02-03T22:00+00:00", resolved("2026-02-03T23:00+00:00")
            ),
            "incidents/2026/INC-2026-0002.md": incident(
                "Older", "2025-02-03T22:00+00:00", resolved("2025-02-03T23:00+00:00")
            ),
            "incidents/2026/INC-2026-0003.md": incident(
                "Oldest", "2025-01-03T22:00+00:00", resolved("2025-01-03T23:00+00:00")
            ),
            "incidents/2026/MNT-2026-0001.md": WINDOW.format(month="2027-01", status="scheduled"),
        }
    )
    pages = planned(root)
    html = pages[""].content.html
    led = re.findall(r'<a href="(incidents/[\d-]+/)">', html)
    assert led == [
        f"incidents/{m}/" for m in ("2026-11", "2026-10", "2026-09", "2026-08", "2026-02", "2025-02")
    ]
    assert set(led) < set(pages)


def test_days_ahead_are_not_said_to_be_quiet(make_repository: MakeRepository) -> None:
    window = (
        "---\ntitle: Move\nstatus: scheduled\n"
        "planned: {from: 2026-11-27T02:00+00:00, to: 2026-11-27T04:00+00:00}\n---\n"
    )
    page = months(make_repository, files={"incidents/2026/MNT-2026-0001.md": window})["incidents/2026-11/"]
    assert 'id="d21"' not in page.content.html
    assert "Move" in day(page, 27)
    assert "1 to 20 November 2026: nothing to report." in words_of(page.content.html)


def test_only_a_day_that_passes_makes_a_month_anew(make_repository: MakeRepository) -> None:
    texts = (
        incident("Old", "2026-09-03T22:00+00:00", resolved("2026-09-03T23:00+00:00")),
        incident("Open", "2026-10-30T22:00+00:00"),
    )
    paths = [f"incidents/2026-{month}/" for month in ("09", "10", "11")]
    now = months(make_repository, *texts)
    later = months(make_repository, *texts, now=NOW + timedelta(hours=3))
    tomorrow = months(make_repository, *texts, now=NOW + timedelta(days=1))
    for path in paths:
        assert now[path].key
        assert now[path].key == later[path].key
        assert now[path].content == later[path].content
    assert now[paths[0]].key == tomorrow[paths[0]].key
    assert now[paths[2]].key != tomorrow[paths[2]].key
    assert now[paths[2]].content.html != tomorrow[paths[2]].content.html


WINDOW = """\
---
title: Move
status: {status}
planned: {{from: {month}-10T02:00+00:00, to: {month}-10T04:00+00:00}}
---
"""


def test_a_month_has_another_key_wherever_the_clock_makes_it_another_page(
    make_repository: MakeRepository,
) -> None:
    """It lies ahead, it is current, it is over; and clocks are set back: an older state is built again."""
    texts = (
        incident("Old", "2026-09-03T22:00+00:00", resolved("2026-09-03T23:00+00:00")),
        incident("Ends later", "2026-11-19T22:00+00:00", resolved("2026-11-28T23:00+00:00")),
    )
    files = {
        f"incidents/2026/MNT-2026-000{number}.md": WINDOW.format(month=month, status=status)
        for number, (month, status) in enumerate(
            (("2026-11", "completed"), ("2026-12", "cancelled"), ("2027-01", "scheduled")), 1
        )
    }
    root = make_repository(
        {**files, **{f"incidents/2026/INC-2026-{n:04}.md": text for n, text in enumerate(texts, 1)}}
    )
    made: dict[tuple[str, str], Content] = {}
    pages_by_path: dict[str, set[str]] = {}
    for days in (0, 15, 40, 75, 120, 15, -15, -60):
        pages = planned(root, now=NOW + timedelta(days=days))
        for path, page in pages.items():
            if page.kind == "month":
                assert page.content == made.setdefault((path, page.key), page.content), (path, days)
                pages_by_path.setdefault(path, set()).add(page.content.html)
    # ahead, current, and over: it really is another page
    assert len(pages_by_path["incidents/2026-12/"]) >= 3
    assert len(pages_by_path["incidents/2026-09/"]) >= 2


def test_a_state_that_gives_way_to_another_makes_its_month_anew(make_repository: MakeRepository) -> None:
    states = (
        "status: in_progress\nservices:\n"
        "  - {service: checkout, state: major_outage, to: 2026-11-20T12:10+00:00}\n"
        "  - {service: checkout, state: partial_outage, from: 2026-11-20T12:10+00:00}"
    )
    text = incident("Open", "2026-11-18T22:00+00:00", states)
    now, later = (
        months(make_repository, text, now=NOW + timedelta(minutes=minutes))["incidents/2026-11/"]
        for minutes in (0, 10)
    )
    assert "at worst" not in day(now, 18)
    assert "at worst: Major outage" in day(later, 18)
    assert now.key != later.key


def test_a_month_of_thousands_stays_readable(make_repository: MakeRepository) -> None:
    texts = [
        incident(f"Number {number}", f"2026-10-{1 + number % 31:02}T{number % 24:02}:00+00:00")
        for number in range(2000)
    ]
    html = months(make_repository, *texts)["incidents/2026-10/"].content.html
    assert "2,000 incidents began in this month." in words_of(html)
    assert html.count("<li>") - html.count('href="#d') >= 2000 - 1
    # what merely goes on is counted, not listed again each day
    assert re.search(r"and 1,9\d\d more", html)
    assert len(html) < 2000 * 420


def test_a_title_is_never_markup(make_repository: MakeRepository) -> None:
    page = months(make_repository, incident("'<b>&\"x'", "2026-11-03T22:00+00:00"))["incidents/2026-11/"]
    assert '&lt;b&gt;&amp;"x' in page.content.html
    assert "<b>&" not in page.content.html
