"""SLA clocks against cases worked out by hand, and against a counter that looks at every minute."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from incidentbook.archive import open_repository
from incidentbook.clocks import Clock, ClockName, ClockState, clocks_of
from incidentbook.records import Incident
from incidentbook.taxonomy import Taxonomy
from testbed import MakeRepository

INCIDENT = TypeAdapter(Incident)
H = timedelta(hours=1)
M = timedelta(minutes=1)
SLA = """\
policies:
  - {id: old, name: Old, match: {priority: [P1]}, response: 1h, resolution: 8h, valid_until: 2026-01-01}
  - {id: new, name: New, match: {priority: [P1]}, response: 15m, resolution: 4h, valid_from: 2026-01-01}
  - {id: silent, name: Silent, match: {category: [data]}, valid_from: 2026-01-01}
  - id: office
    name: Office
    match: {priority: [P4]}
    response: 1h
    resolution: 8h
    calendar: office
    pausing: [user]
  - {id: standard, name: Standard, response: 1h, resolution: 1d, pausing: [user, vendor], at_risk: 0.5}
hold_reasons:
  - {id: user, name: Waiting for the user}
  - {id: vendor, name: Waiting for a vendor}
  - {id: window, name: Waiting for a window}
"""


@pytest.fixture
def taxonomy(make_repository: MakeRepository) -> Taxonomy:
    return open_repository(make_repository({"schema/sla.yml": SLA})).taxonomy


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


NOW = at("2026-11-20T12:00Z")  # a Friday
FIELDS: dict[str, Any] = {
    "title": "Checkout answers 502",
    "status": "in_progress",
    "impact": "medium",
    "urgency": "medium",
    "opened": "2026-11-20T08:00Z",
}


def incident(**fields: Any) -> Incident:
    return INCIDENT.validate_python({**FIELDS, **fields})


def clock(taxonomy: Taxonomy, name: str = "resolution", now: datetime = NOW, **fields: Any) -> Clock:
    return {str(c.name): c for c in clocks_of(incident(**fields), taxonomy, now)}[name]


def names(taxonomy: Taxonomy, **fields: Any) -> list[str]:
    return [str(c.name) for c in clocks_of(incident(**fields), taxonomy, NOW)]


def test_a_running_clock(taxonomy: Taxonomy) -> None:
    found = clock(taxonomy, now=at("2026-11-20T12:00Z"))
    assert (found.state, found.policy, found.target) == (ClockState.RUNNING, "standard", 24 * H)
    assert (found.elapsed, found.remaining, found.stop) == (4 * H, 20 * H, None)
    assert (found.due, found.at_risk_from) == (at("2026-11-21T08:00Z"), at("2026-11-20T20:00Z"))
    assert found.breach_time is None
    assert (found.paused, found.within_hours) == (False, True)


def test_a_clock_is_at_risk_from_its_share_of_the_target_on(taxonomy: Taxonomy) -> None:
    assert clock(taxonomy, now=at("2026-11-20T19:59Z")).state is ClockState.RUNNING
    assert clock(taxonomy, now=at("2026-11-20T20:00Z")).state is ClockState.AT_RISK


def test_a_target_is_met_at_its_last_moment_and_breached_after_it(taxonomy: Taxonomy) -> None:
    done: dict[str, Any] = {"status": "resolved", "acknowledged": "2026-11-20T09:00Z"}
    met = clock(taxonomy, resolved="2026-11-21T08:00Z", **done)
    assert (met.state, met.remaining, met.breach_time) == (ClockState.MET, timedelta(0), None)
    late = clock(taxonomy, resolved="2026-11-21T08:00:01Z", **done)
    assert late.state is ClockState.BREACHED
    assert late.remaining == timedelta(seconds=-1)
    assert late.breach_time == late.due == at("2026-11-21T08:00Z")


def test_an_open_clock_past_its_target_is_breached_even_on_hold(taxonomy: Taxonomy) -> None:
    hold = {"from": "2026-11-22T08:00Z", "reason": "user"}
    found = clock(taxonomy, now=at("2026-11-23T08:00Z"), status="on_hold", holds=[hold])
    assert (found.state, found.paused) == (ClockState.BREACHED, True)
    assert found.breach_time == at("2026-11-21T08:00Z")
    assert found.elapsed == 48 * H


def test_a_hold_pauses_only_for_a_reason_that_the_policy_names(taxonomy: Taxonomy) -> None:
    hold = {"from": "2026-11-20T09:00Z", "to": "2026-11-20T10:00Z"}
    assert clock(taxonomy, holds=[{**hold, "reason": "user"}]).elapsed == 3 * H
    assert clock(taxonomy, holds=[{**hold, "reason": "window"}]).elapsed == 4 * H
    # P1 has a policy that lets nothing pause
    assert clock(taxonomy, impact="high", urgency="high", holds=[{**hold, "reason": "user"}]).elapsed == 4 * H


def test_holds_that_overlap_are_one_pause_with_all_their_reasons(taxonomy: Taxonomy) -> None:
    holds = [
        {"from": "2026-11-20T09:30Z", "to": "2026-11-20T11:00Z", "reason": "vendor"},
        {"from": "2026-11-20T09:00Z", "to": "2026-11-20T10:00Z", "reason": "user"},
        {"from": "2026-11-20T11:30Z", "to": "2026-11-20T11:00Z", "reason": "user"},  # ends before it begins
        {"from": "2026-11-20T07:00Z", "to": "2026-11-20T07:30Z", "reason": "user"},  # before the opening
    ]
    found = clock(taxonomy, holds=holds)
    (pause,) = found.pauses
    assert (pause.from_, pause.to, pause.counted) == (at("2026-11-20T09:00Z"), at("2026-11-20T11:00Z"), 2 * H)
    assert pause.reasons == ("user", "vendor")
    assert (found.elapsed, found.due) == (2 * H, at("2026-11-21T10:00Z"))


def test_a_hold_that_lasts_pauses_the_clock_now(taxonomy: Taxonomy) -> None:
    found = clock(taxonomy, status="on_hold", holds=[{"from": "2026-11-20T10:00Z", "reason": "user"}])
    assert (found.state, found.elapsed) == (ClockState.PAUSED, 2 * H)
    assert found.pauses[-1].to is None
    # due as if it went on at this moment
    assert found.due == NOW + 22 * H


def test_a_hold_that_begins_now_pauses_the_clock(taxonomy: Taxonomy) -> None:
    found = clock(taxonomy, status="on_hold", holds=[{"from": "2026-11-20T12:00Z", "reason": "user"}])
    assert (found.state, found.elapsed) == (ClockState.PAUSED, 4 * H)


def test_a_hold_that_has_not_begun_pauses_nothing_yet(taxonomy: Taxonomy) -> None:
    found = clock(taxonomy, holds=[{"from": "2026-11-20T13:00Z", "reason": "user"}])
    assert (found.state, found.pauses) == (ClockState.RUNNING, ())


def test_only_the_last_of_two_holds_lasts(taxonomy: Taxonomy) -> None:
    holds = [
        {"from": "2026-11-20T09:00Z", "to": "2026-11-20T10:00Z", "reason": "user"},
        {"from": "2026-11-20T11:00Z", "reason": "user"},
    ]
    first, last = clock(taxonomy, status="on_hold", holds=holds).pauses
    assert first.to == at("2026-11-20T10:00Z")
    assert last.to is None


def test_between_a_resolution_and_its_reopening_nothing_counts(taxonomy: Taxonomy) -> None:
    again = {"resolved": "2026-11-20T09:00Z", "reopened": "2026-11-20T11:00Z"}
    found = clock(taxonomy, reopenings=[again])
    assert (found.elapsed, found.pauses[0].reasons) == (2 * H, ("resolved",))
    # P1's policy names no hold reasons; a reopening needs none
    assert clock(taxonomy, impact="high", urgency="high", reopenings=[again]).elapsed == 2 * H


def test_a_resolve_time_that_a_reopening_took_back_does_not_stop_the_clock(taxonomy: Taxonomy) -> None:
    again = {"resolved": "2026-11-20T09:00Z", "reopened": "2026-11-20T11:00Z"}
    left_in = clock(taxonomy, resolved="2026-11-20T09:00Z", reopenings=[again])
    assert left_in.stop is None
    final = clock(
        taxonomy,
        status="closed",
        acknowledged="2026-11-20T08:10Z",
        resolved="2026-11-20T11:30Z",
        reopenings=[again],
    )
    assert (final.elapsed, final.state) == (1.5 * H, ClockState.MET)


def test_response(taxonomy: Taxonomy) -> None:
    found = clock(taxonomy, "response", acknowledged="2026-11-20T08:45Z")
    assert (found.state, found.elapsed) == (ClockState.MET, 45 * M)
    assert clock(taxonomy, "response", acknowledged="2026-11-20T09:00:01Z").state is ClockState.BREACHED
    waiting = clock(taxonomy, "response", now=at("2026-11-20T08:20Z"))
    assert (waiting.state, waiting.due) == (ClockState.RUNNING, at("2026-11-20T09:00Z"))
    # holds do not touch it
    hold = {"from": "2026-11-20T08:00Z", "to": "2026-11-20T08:30Z", "reason": "user"}
    assert clock(taxonomy, "response", acknowledged="2026-11-20T08:45Z", holds=[hold]).elapsed == 45 * M


def test_no_response_clock_for_what_was_logged_after_the_fact(taxonomy: Taxonomy) -> None:
    done: dict[str, Any] = {"status": "resolved", "resolved": "2026-11-20T09:00Z"}
    assert names(taxonomy, **done, acknowledged="2026-11-20T08:10Z") == ["response", "resolution"]
    assert names(taxonomy, **done, acknowledged="2026-11-20T07:59Z") == ["resolution"]
    assert names(taxonomy, **done) == ["resolution"]  # nobody wrote down when it was acknowledged
    assert names(taxonomy, status="resolved", resolved="2026-11-20T07:00Z") == []


def test_no_resolution_clock_for_what_is_over_without_a_resolve_time(taxonomy: Taxonomy) -> None:
    closed = {"status": "closed", "closed": "2026-11-20T10:00Z", "acknowledged": "2026-11-20T08:10Z"}
    assert names(taxonomy, **closed) == ["response"]


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "cancelled"},
        {"drill": True},
        {"links": {"duplicate_of": "INC-2026-0001"}},
        {"opened": None, "detected": "2026-11-20T08:00Z"},
        {"category": "data"},  # a policy that promises nothing
    ],
)
def test_no_clocks_at_all(taxonomy: Taxonomy, fields: dict[str, Any]) -> None:
    assert names(taxonomy, **fields) == []


def test_targets_are_those_in_force_when_the_incident_opened(taxonomy: Taxonomy) -> None:
    p1: dict[str, Any] = {"impact": "high", "urgency": "high"}
    old = clock(taxonomy, **p1, opened="2025-12-31T23:59Z")
    new = clock(taxonomy, **p1, opened="2026-01-01T00:00Z")
    assert (old.policy, old.target) == ("old", 8 * H)
    assert (new.policy, new.target) == ("new", 4 * H)


def test_changing_a_target_today_changes_no_clock_of_last_year(
    taxonomy: Taxonomy, make_repository: MakeRepository
) -> None:
    stricter = SLA.replace("response: 15m, resolution: 4h", "response: 1m, resolution: 1m")
    changed = open_repository(make_repository({"schema/sla.yml": stricter}, name="changed")).taxonomy
    p1: dict[str, Any] = {"impact": "high", "urgency": "high"}
    last_year = {**p1, "opened": "2025-06-01T00:00Z"}
    assert clock(taxonomy, **last_year) == clock(changed, **last_year)
    assert clock(taxonomy, **p1) != clock(changed, **p1)


def test_a_changed_priority_has_its_clock_from_the_opening_with_its_own_pauses(taxonomy: Taxonomy) -> None:
    hold = {"from": "2026-11-20T09:00Z", "to": "2026-11-20T11:00Z", "reason": "user"}
    assert clock(taxonomy, holds=[hold]).elapsed == 2 * H
    raised = clock(taxonomy, holds=[hold], priority={"value": "P1", "reason": "harbour master stranded"})
    assert (raised.start, raised.elapsed, raised.policy) == (at("2026-11-20T08:00Z"), 4 * H, "new")


OFFICE: dict[str, Any] = {"impact": "low", "urgency": "low"}  # P4: 09:00 to 17:00 in Berlin


def test_working_time_over_a_weekend(taxonomy: Taxonomy) -> None:
    friday = clock(taxonomy, **OFFICE, opened="2026-11-20T15:00+01:00", now=at("2026-11-23T08:30+01:00"))
    assert (friday.elapsed, friday.due) == (2 * H, at("2026-11-23T15:00+01:00"))
    assert (friday.within_hours, friday.state) == (False, ClockState.RUNNING)


def test_a_hold_outside_working_hours_spares_the_clock_nothing(taxonomy: Taxonomy) -> None:
    night = {"from": "2026-11-19T17:30+01:00", "to": "2026-11-20T09:30+01:00", "reason": "user"}
    found = clock(taxonomy, **OFFICE, opened="2026-11-19T16:00+01:00", holds=[night], now=NOW)
    assert found.pauses[0].counted == 30 * M
    assert found.elapsed == 1 * H + 3.5 * H


def test_an_overridden_due_time_counts_by_the_clock_on_the_wall(taxonomy: Taxonomy) -> None:
    overrides = {"resolution_due": {"value": "2026-11-20T16:00Z", "reason": "agreed with the user"}}
    hold = {"from": "2026-11-20T09:00Z", "to": "2026-11-20T11:00Z", "reason": "user"}
    found = clock(taxonomy, overrides=overrides, holds=[hold])
    assert (found.due, found.overridden) == (at("2026-11-20T16:00Z"), "agreed with the user")
    assert (found.target, found.elapsed, found.remaining, found.pauses) == (8 * H, 4 * H, 4 * H, ())
    late = clock(taxonomy, overrides=overrides, now=at("2026-11-20T16:00:01Z"))
    assert (late.state, late.breach_time) == (ClockState.BREACHED, at("2026-11-20T16:00Z"))


def test_an_incident_that_opens_after_now(taxonomy: Taxonomy) -> None:
    found = clock(taxonomy, opened="2026-11-21T08:00Z")
    assert (found.state, found.elapsed) == (ClockState.RUNNING, timedelta(0))
    assert found.due == at("2026-11-22T08:00Z")


START = at("2026-10-23T06:00Z")  # the Friday before the clock goes back


@st.composite
def courses(draw: st.DrawFn) -> tuple[dict[str, Any], datetime]:
    """An incident with holds and reopenings anywhere, and now."""
    minute = st.integers(-600, 6000).map(lambda n: START + n * M)
    fields: dict[str, Any] = {"opened": START, "holds": [], "reopenings": []}
    for _ in range(draw(st.integers(0, 4))):
        reason = draw(st.sampled_from(["user", "vendor", "window"]))
        to = draw(st.none() | minute)
        fields["holds"].append({"from": draw(minute), "to": to, "reason": reason})
    for _ in range(draw(st.integers(0, 1))):
        first, second = sorted((draw(minute), draw(minute)))
        fields["reopenings"].append({"resolved": first, "reopened": second})
    fields |= draw(st.sampled_from([{}, OFFICE]))
    if draw(st.booleans()):
        later = [START, *(again["reopened"] for again in fields["reopenings"])]
        resolved = max(later) + draw(st.integers(0, 5000)) * M
        fields |= {"status": "resolved", "resolved": resolved}
    return fields, START + draw(st.integers(0, 6000)) * M


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(courses())
def test_elapsed_and_due_are_counts_of_minutes(
    taxonomy: Taxonomy, course: tuple[dict[str, Any], datetime]
) -> None:
    fields, now = course
    found = clock(taxonomy, now=now, **fields)
    is_open = _office if fields.get("impact") == "low" else lambda _: True
    pausing = {"user"} if fields.get("impact") == "low" else {"user", "vendor"}
    end = fields.get("resolved", now)
    waits = [(h["from"], h["to"] or end) for h in fields["holds"] if h["reason"] in pausing]
    waits += [(r["resolved"], r["reopened"]) for r in fields["reopenings"]]

    def counts(minute: datetime) -> bool:
        waited = minute < end and any(from_ <= minute < to for from_, to in waits)
        return is_open(minute) and not waited

    minute, elapsed = START, 0
    while minute < end:
        elapsed += counts(minute)
        minute += M
    assert found.elapsed == elapsed * M
    minute, left = START, found.target // M
    while left:
        left -= counts(minute)
        minute += M
    assert found.due == minute
    assert (found.state is ClockState.BREACHED) == (elapsed * M > found.target)
    holds = [hold for hold in fields["holds"] if hold["reason"] in pausing]
    lasts = any(h["from"] <= now and (h["to"] is None or h["to"] > now) for h in holds)
    lasts = lasts or any(r["resolved"] <= now < r["reopened"] for r in fields["reopenings"])
    assert found.paused == (lasts and "resolved" not in fields)


def _office(minute: datetime) -> bool:
    wall = minute.astimezone(ZoneInfo("Europe/Berlin"))
    return wall.weekday() < 5 and 9 <= wall.hour < 17


def test_clocks_come_response_first(taxonomy: Taxonomy) -> None:
    clocks = clocks_of(incident(), taxonomy, NOW)
    assert [clock.name for clock in clocks] == [ClockName.RESPONSE, ClockName.RESOLUTION]
