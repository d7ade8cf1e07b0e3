"""Availability: merged, weighted, cut to a window, and day by day."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidentbook.archive import Archive, open_repository
from incidentbook.metrics import (
    WEIGHTS,
    availability,
    clip,
    downtime,
    length,
    measure_availability,
    page_availability,
    service_availability,
    service_days,
    time_in_states,
    union,
)
from incidentbook.metrics.downtime import Spell
from incidentbook.records import ServiceState
from testbed import Corpus, MakeRepository


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


NOW = at("2026-11-20T12:00Z")
DAY = (at("2026-11-19T00:00Z"), at("2026-11-20T00:00Z"))
ZERO = at("2026-01-01T00:00Z")
MINUTE = timedelta(minutes=1)

spans = st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300)))


@given(spans, st.integers(0, 300), st.integers(0, 300))
def test_union_clip_and_length_are_a_set_of_minutes(
    pairs: list[tuple[int, int]], one: int, other: int
) -> None:
    low, high = sorted((one, other))
    intervals = [(ZERO + a * MINUTE, ZERO + b * MINUTE) for a, b in pairs]
    minutes = {n for a, b in pairs for n in range(a, b)}
    merged = union(intervals)
    assert length(merged) == len(minutes) * MINUTE
    assert all(first[1] < second[0] for first, second in pairwise(merged))
    window = (ZERO + low * MINUTE, ZERO + high * MINUTE)
    assert length(clip(merged, window)) == len(minutes & set(range(low, high))) * MINUTE


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100), st.sampled_from(ServiceState))))
def test_at_every_minute_the_severest_state_counts(pieces: list[tuple[int, int, ServiceState]]) -> None:
    spells = [Spell(ZERO + a * MINUTE, ZERO + b * MINUTE, state, "INC-2026-0001") for a, b, state in pieces]
    order = list(ServiceState)
    expected: dict[ServiceState, timedelta] = {}
    for minute in range(10, 90):
        states = [state for a, b, state in pieces if a <= minute < b]
        if states:
            worst = max(states, key=order.index)
            expected[worst] = expected.get(worst, timedelta(0)) + MINUTE
    assert time_in_states(spells, (ZERO + 10 * MINUTE, ZERO + 90 * MINUTE)) == expected


def archive(make_repository: MakeRepository, *fronts: str, **files: str) -> Archive:
    records = {
        f"incidents/2026/INC-2026-{n:04}.md": f"---\ntitle: Down\n{front.strip()}\n---\n"
        for n, front in enumerate(fronts, start=1)
    }
    records |= {f"incidents/2026/{name.replace('_', '-')}.md": text for name, text in files.items()}
    made = open_repository(make_repository(records))
    assert not list(made.diagnostics)
    return made


SIX_HOURS = """
status: resolved
started: 2026-11-19T02:00+00:00
opened: 2026-11-19T03:00+00:00
restored: 2026-11-19T08:00+00:00
resolved: 2026-11-19T12:00+00:00
"""


def test_the_page_is_down_from_the_start_to_the_restoration(make_repository: MakeRepository) -> None:
    records = archive(make_repository, SIX_HOURS)
    assert page_availability(downtime(records, NOW), DAY) == 0.75


def test_overlapping_incidents_and_children_count_once(make_repository: MakeRepository) -> None:
    child = SIX_HOURS.replace("T02:00", "T04:00") + "links: {parent: INC-2026-0001}"
    assert page_availability(downtime(archive(make_repository, SIX_HOURS, child), NOW), DAY) == 0.75


@pytest.mark.parametrize(
    "front",
    [
        SIX_HOURS.replace("resolved\n", "cancelled\n", 1),
        SIX_HOURS + "drill: true",
        SIX_HOURS + "links: {duplicate_of: INC-2026-0009}",
    ],
)
def test_what_does_not_count_is_no_downtime(make_repository: MakeRepository, front: str) -> None:
    assert page_availability(downtime(archive(make_repository, front), NOW), DAY) == 1.0


def test_maintenance_is_no_downtime(make_repository: MakeRepository) -> None:
    window = """---
title: Database upgrade
status: completed
announced: 2026-11-01T00:00+00:00
planned: {from: 2026-11-19T01:00+00:00, to: 2026-11-19T03:00+00:00}
actual: {from: 2026-11-19T01:30+00:00, to: 2026-11-19T04:00+00:00}
services: [{service: find, state: major_outage}]
---
"""
    records = archive(make_repository, MNT_2026_0001=window)
    down = downtime(records, NOW)
    assert page_availability(down, DAY) == 1.0
    assert service_availability(down, "search", DAY) == 1.0
    # but the site shows it, on its day and under the service's own name
    assert [day.maintenance for day in service_days(records, "search", NOW, 3)] == [False, True, False]


def test_an_open_incident_lasts_until_now(make_repository: MakeRepository) -> None:
    down = downtime(archive(make_repository, "status: new\nopened: 2026-11-20T06:00+00:00"), NOW)
    assert page_availability(down, (at("2026-11-20T00:00Z"), NOW)) == 0.5


def test_an_incident_over_without_an_end_is_left_out_and_counted(make_repository: MakeRepository) -> None:
    down = downtime(archive(make_repository, "status: closed\nopened: 2026-11-19T06:00+00:00"), NOW)
    assert (down.left_out, page_availability(down, DAY)) == (1, 1.0)


def test_a_service_is_weighted_by_its_states(make_repository: MakeRepository) -> None:
    states = """
services:
  - {service: checkout, state: major_outage, to: 2026-11-19T04:00+00:00}
  - {service: checkout, state: partial_outage, from: 2026-11-19T03:00+00:00}
  - {service: find, state: degraded_performance}
"""
    down = downtime(archive(make_repository, SIX_HOURS + states), NOW)
    # two hours of major outage, then four of partial outage (03:00 to 04:00 is both, and counts as major)
    lost = 2 * WEIGHTS[ServiceState.MAJOR_OUTAGE] + 4 * WEIGHTS[ServiceState.PARTIAL_OUTAGE]
    assert service_availability(down, "checkout", DAY) == pytest.approx(1 - lost / 24)
    assert service_availability(down, "search", DAY) == 1.0
    assert (
        service_availability(down, "search", DAY, {**WEIGHTS, ServiceState.DEGRADED_PERFORMANCE: 1}) == 0.75
    )
    assert service_availability(down, "database", DAY) == 1.0


def test_an_empty_window_has_no_availability(make_repository: MakeRepository) -> None:
    records = archive(make_repository, SIX_HOURS)
    found = measure_availability(records, (NOW + MINUTE, NOW + 2 * MINUTE), NOW)
    assert found.page is None
    assert found.services["checkout"] is None
    assert availability([], (NOW, NOW)) is None


def test_the_days_of_a_service(make_repository: MakeRepository) -> None:
    front = (
        SIX_HOURS.replace("2026-11-19T02:00", "2026-11-18T22:00")
        + "services: [{service: checkout, state: major_outage}]"
    )
    days = service_days(archive(make_repository, front), "checkout", NOW, 3)
    assert [day.day for day in days] == [date(2026, 11, 18), date(2026, 11, 19), date(2026, 11, 20)]
    assert [day.state for day in days] == [ServiceState.MAJOR_OUTAGE] * 2 + [ServiceState.OPERATIONAL]
    assert [day.availability for day in days] == [pytest.approx(22 / 24), pytest.approx(16 / 24), 1.0]
    assert days[1].spent == {ServiceState.MAJOR_OUTAGE: timedelta(hours=8)}
    assert days[1].incidents == ("INC-2026-0001",)


def test_days_are_those_of_the_repository_zone(make_repository: MakeRepository) -> None:
    zone = {"schema/incidentbook.yml": "format: 1\nname: Testbed\nzone: Europe/Berlin\n"}
    front = """---
title: Down all day
status: resolved
opened: 2026-10-24T22:00+00:00
resolved: 2026-10-25T23:00+00:00
services: [{service: checkout, state: major_outage}]
---
"""
    records = open_repository(make_repository({"incidents/2026/INC-2026-0001.md": front, **zone}))
    days = service_days(records, "checkout", at("2026-10-26T12:00Z"), 3)
    assert [day.availability for day in days] == [1.0, 0.0, 1.0]
    assert days[1].spent[ServiceState.MAJOR_OUTAGE] == timedelta(hours=25)  # the clock goes back


def windows(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["downtime_end"]]


@pytest.mark.parametrize(
    ("snapshot", "last_day", "published"),
    [("2026-03-31-1fbd3fad", date(2026, 3, 31), 90.84), ("2026-03-28-d4e1d222", date(2026, 3, 28), 90.00)],
)
def test_a_real_page_published_the_same_figure(
    corpus: Corpus, snapshot: str, last_day: date, published: float
) -> None:
    rows = windows(corpus("github-status") / "snapshots" / snapshot / "downtime_windows.csv")
    end = datetime.combine(last_day + timedelta(days=1), datetime.min.time(), UTC)
    outages = [
        (at(row["downtime_start"]), at(row["downtime_end"])) for row in rows if row["impact"] != "maintenance"
    ]
    share = availability(outages, (end - timedelta(days=90), end))
    assert share is not None
    assert round(share * 100, 2) == published
