"""SLA clocks in working hours: stopped, paused and resumed inside, outside and across them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from pydantic import TypeAdapter

from incidentbook.archive import open_repository
from incidentbook.clocks import Clock, ClockState, calendar_of, clocks_of
from incidentbook.metrics import measure
from incidentbook.records import Incident
from incidentbook.taxonomy import Taxonomy
from incidentbook.worktime import ClosedDays, WorkCalendar, read_week
from testbed import MakeRepository

INCIDENT = TypeAdapter(Incident)
H = timedelta(hours=1)
M = timedelta(minutes=1)
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SLA = """\
policies:
  - {id: lunch, name: L, match: {service: [checkout]}, resolution: 8h, calendar: lunch, pausing: [user]}
  - {id: night, name: N, match: {service: [search]}, resolution: 8h, calendar: night, pausing: [user]}
  - {id: nepal, name: K, match: {service: [database]}, resolution: 8h, calendar: nepal, pausing: [user]}
hold_reasons:
  - {id: user, name: Waiting for the user}
"""
CALENDARS = f"""\
calendars:
  - id: lunch
    name: Two spans a day
    zone: Europe/Berlin
    hours: {{{", ".join(f'{day}: ["09:00-12:00", "13:00-17:00"]' for day in WEEK[:5])}}}
    holidays: {{country: DE, region: HH, days: [2026-11-25]}}
  - id: night
    name: Past midnight
    zone: Europe/Berlin
    hours: {{{", ".join(f'{day}: ["22:00-06:00"]' for day in WEEK)}}}
  - id: nepal
    name: An odd offset
    zone: Asia/Kathmandu
    hours: {{{", ".join(f'{day}: ["09:00-17:00"]' for day in WEEK[:5])}}}
"""


@pytest.fixture
def taxonomy(make_repository: MakeRepository) -> Taxonomy:
    root = make_repository({"schema/sla.yml": SLA, "schema/calendars.yml": CALENDARS})
    return open_repository(root).taxonomy


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def clock(taxonomy: Taxonomy, service: str, opened: str, now: str, **fields: Any) -> Clock:
    values = {
        "title": "Checkout answers 502",
        "status": "in_progress",
        "services": [{"service": service, "state": "partial_outage"}],
        "opened": opened,
        **fields,
    }
    (found,) = clocks_of(INCIDENT.validate_python(values), taxonomy, at(now))
    return found


MONDAY = "2026-11-23T{}+01:00"
NEXT = "2026-11-24T{}+01:00"


@pytest.mark.parametrize(
    ("from_", "to", "counted"),
    [
        ("10:00", "11:00", 1 * H),  # inside a span
        ("07:00", "08:00", 0 * H),  # before the day begins
        ("12:15", "12:45", 0 * H),  # in the break
        ("18:00", "23:00", 0 * H),  # after the day
        ("08:00", "10:00", 1 * H),  # into the hours
        ("16:30", "19:00", 30 * M),  # out of them
        ("11:30", "13:30", 1 * H),  # across the break
        ("08:00", "20:00", 7 * H),  # across the whole day
        ("12:00", "13:00", 0 * H),  # exactly the break
        ("09:00", "12:00", 3 * H),  # exactly a span
    ],
)
def test_a_pause_spares_what_of_it_lies_in_working_hours(
    taxonomy: Taxonomy, from_: str, to: str, counted: timedelta
) -> None:
    hold = {"from": MONDAY.format(from_), "to": MONDAY.format(to), "reason": "user"}
    found = clock(taxonomy, "checkout", "2026-11-23T06:00+01:00", "2026-11-24T06:00+01:00", holds=[hold])
    assert found.pauses[0].counted == counted
    assert found.elapsed == 7 * H - counted
    # 8 h of work from Monday 06:00 end at Tuesday 10:00; every hour spared moves that on
    assert (
        WorkCalendar.between(calendar_of(taxonomy, "lunch"), at(NEXT.format("10:00")), found.due) == counted
    )


@pytest.mark.parametrize(
    ("resolved", "elapsed"),
    [
        ("2026-11-23T11:00+01:00", 2 * H),  # inside
        ("2026-11-23T12:30+01:00", 3 * H),  # in the break
        ("2026-11-23T23:00+01:00", 7 * H),  # after the day
        ("2026-11-24T03:00+01:00", 7 * H),  # before the next
        ("2026-11-28T12:00+01:00", 28 * H),  # on a Saturday; Wednesday was closed
    ],
)
def test_a_clock_stopped_inside_and_outside_working_hours(
    taxonomy: Taxonomy, resolved: str, elapsed: timedelta
) -> None:
    found = clock(
        taxonomy,
        "checkout",
        opened="2026-11-23T06:00+01:00",
        now="2026-12-24T06:00Z",
        status="resolved",
        resolved=resolved,
    )
    assert found.elapsed == elapsed
    assert found.state is (ClockState.MET if elapsed <= 8 * H else ClockState.BREACHED)
    assert found.within_hours is False


@pytest.mark.parametrize(
    ("reopened", "elapsed"),
    [
        ("2026-11-23T11:00+01:00", 6 * H),  # inside: an hour spared of the 7
        ("2026-11-23T18:00+01:00", 2 * H),  # outside
        ("2026-11-23T12:30+01:00", 5 * H),  # in the break
    ],
)
def test_a_reopening_resumes_the_clock(taxonomy: Taxonomy, reopened: str, elapsed: timedelta) -> None:
    again = {"resolved": "2026-11-23T10:00+01:00", "reopened": reopened}
    # read at 17:00, when a working day of 7 hours is over, less what was spared
    now = "2026-11-23T17:00+01:00" if "T18" not in reopened else "2026-11-24T10:00+01:00"
    found = clock(taxonomy, "checkout", "2026-11-23T06:00+01:00", now, reopenings=[again])
    assert found.elapsed == elapsed


def test_hours_past_midnight(taxonomy: Taxonomy) -> None:
    hold = {"from": "2026-11-24T05:00+01:00", "to": "2026-11-24T23:00+01:00", "reason": "user"}
    found = clock(taxonomy, "search", "2026-11-23T23:00+01:00", "2026-11-25T02:00+01:00", holds=[hold])
    assert found.pauses[0].counted == 2 * H  # 05:00 to 06:00, and 22:00 to 23:00
    assert found.elapsed == 9 * H
    assert found.breach_time == at("2026-11-25T01:00+01:00")


@pytest.mark.parametrize(
    ("opened", "due"),
    [
        ("2026-03-28T22:00+01:00", "2026-03-29T23:00+02:00"),  # the night has seven hours
        ("2026-10-24T22:00+02:00", "2026-10-25T05:00+01:00"),  # and nine
    ],
)
def test_a_night_in_which_the_clock_is_changed(taxonomy: Taxonomy, opened: str, due: str) -> None:
    found = clock(taxonomy, "search", opened, opened)
    assert found.due == at(due)
    assert clock(taxonomy, "search", opened, due).elapsed == 8 * H
    late = clock(taxonomy, "search", opened, "2026-11-20T12:00Z", status="resolved", resolved=due)
    assert (late.state, late.elapsed) == (ClockState.MET, 8 * H)


def test_a_hold_over_the_hour_that_comes_twice(taxonomy: Taxonomy) -> None:
    hold = {"from": "2026-10-25T02:30+02:00", "to": "2026-10-25T02:30+01:00", "reason": "user"}
    found = clock(taxonomy, "search", "2026-10-24T22:00+02:00", "2026-10-25T12:00Z", holds=[hold])
    assert (found.pauses[0].counted, found.elapsed) == (1 * H, 8 * H)


def test_a_zone_with_an_odd_offset(taxonomy: Taxonomy) -> None:
    # 09:00 in Kathmandu is 03:15 UTC
    found = clock(taxonomy, "database", "2026-11-23T00:00Z", "2026-11-23T04:15Z")
    assert (found.elapsed, found.due) == (1 * H, at("2026-11-23T11:15Z"))


def test_a_public_holiday_and_an_own_closed_day_count_nothing(taxonomy: Taxonomy) -> None:
    assert clock(taxonomy, "checkout", "2026-11-25T06:00+01:00", "2026-11-25T20:00+01:00").elapsed == 0 * H
    christmas = clock(taxonomy, "checkout", "2026-12-24T16:00+01:00", "2026-12-24T16:00+01:00")
    # Christmas is a Friday and its second day a Saturday
    assert christmas.due == at("2026-12-28T17:00+01:00")


YEARS_SLA = """\
policies:
  - {{id: standard, name: S, response: 1h, resolution: 9h, calendar: desk{old_ends}}}
{new}"""
YEARS_CALENDARS = """\
calendars:
  - {{id: desk, name: D, hours: {{mon: ["09:00-17:00"], tue: ["09:00-17:00"]}}{old_ends}}}
{new}"""
YEARS_MATRIX = """\
priorities: [{{id: P1, name: A, definition: A}}, {{id: P2, name: B, definition: B}}]
matrices:
  - {{cells: {{high: {{high: P1}}}}{old_ends}}}
{new}"""


def years(texts: tuple[str, str, str], *, changed: bool) -> dict[str, str]:
    """A schema, and the same one after targets, hours and matrix were changed on 1 January 2026."""
    new = (
        "  - {id: standard, name: S, response: 5m, calendar: desk, valid_from: 2026-01-01}\n",
        '  - {id: desk, name: D, hours: {sun: ["09:00-10:00"]}, valid_from: 2026-01-01}\n',
        "  - {cells: {high: {high: P2}}, valid_from: 2026-01-01}\n",
    )
    names = ("sla", "calendars", "priority")
    ends = ", valid_until: 2026-01-01" if changed else ""
    return {
        f"schema/{name}.yml": text.format(old_ends=ends, new=later if changed else "")
        for name, text, later in zip(names, texts, new, strict=True)
    }


def test_changing_targets_hours_and_matrix_today_changes_no_figure_of_last_year(
    make_repository: MakeRepository,
) -> None:
    record = (
        "---\ntitle: A\nstatus: resolved\nimpact: high\nurgency: high\nservices: []\n"
        "opened: {day}T08:00+00:00\nacknowledged: {day}T09:30+00:00\nresolved: {day}T18:00+00:00\n---\n"
    )
    days = {f"2025-{month:02}-0{day}" for month in range(1, 13) for day in (1, 2, 3)}
    this_year = ["2026-02-02", "2026-02-03", "2026-02-08"]
    records = {
        f"incidents/{day[:4]}/INC-{day[:4]}-{number:04}.md": record.format(day=day)
        for number, day in enumerate(sorted(days) + this_year, 1)
    }
    schema = (YEARS_SLA, YEARS_CALENDARS, YEARS_MATRIX)
    before = open_repository(make_repository({**records, **years(schema, changed=False)}, name="before"))
    after = open_repository(make_repository({**records, **years(schema, changed=True)}, name="after"))
    turn = datetime(2026, 1, 1, tzinfo=UTC)
    now = at("2026-03-01T00:00Z")
    for by in ("month", "priority"):
        last_year = [measure(one, now=now, to=turn, by=by) for one in (before, after)]
        assert last_year[0].overall == last_year[1].overall
        assert last_year[0].groups == last_year[1].groups
        later = [measure(one, now=now, from_=turn, by=by) for one in (before, after)]
        assert later[0].groups != later[1].groups


@dataclass(frozen=True)
class CountedDays(ClosedDays):
    """Closed days that know for which years they were asked."""

    asked: tuple[list[int], ...] = ([],)

    def in_years(self, years: Iterable[int]) -> frozenset[date]:
        found = sorted(years)
        self.asked[0].extend(found)
        return super().in_years(found)


def test_the_hours_of_ten_years_are_laid_out_once() -> None:
    closed = CountedDays("DE", "HH", asked=([],))
    calendar = WorkCalendar("Europe/Berlin", read_week(dict.fromkeys(WEEK[:5], ("09:00-17:00",))), closed)
    moments = [at("2016-01-04T00:00Z") + n * timedelta(hours=7) for n in range(12_000)]
    for start, end in pairwise(moments):
        calendar.between(start, end)
        calendar.add(start, 8 * H)
    asked = closed.asked[0]
    assert len(asked) == len(set(asked))
    assert set(range(2016, 2026)) <= set(asked)


def test_incidents_that_share_a_policy_share_its_calendar(taxonomy: Taxonomy) -> None:
    first = calendar_of(taxonomy, "lunch", at("2016-05-01T00:00Z"))
    assert calendar_of(taxonomy, "lunch", at("2026-05-01T00:00Z")) is first
