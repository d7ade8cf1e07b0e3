"""Which steps of an escalation path are due, and that each is taken once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from incidentbook.archive import Archive, open_repository
from incidentbook.clocks import due_steps
from incidentbook.records import Incident
from incidentbook.records.incident import Escalation
from testbed import MakeRepository

PATHS = """\
paths:
  - id: old
    name: Old
    valid_until: 2026-01-01
    steps: [{id: nobody, kind: hierarchical, to: duty-three, silence: 1m}]
  - id: critical
    name: Critical
    match: {priority: [P1]}
    steps:
      - {id: wake, kind: functional, to: payments, response_share: 1.0}
      - {id: half, kind: functional, to: desk, resolution_share: 0.5}
      - {id: silent, kind: hierarchical, to: duty-two, silence: 1h}
      - {id: late, kind: hierarchical, to: duty-three, resolution_share: 1.0}
  - id: rest
    name: Rest
    steps: [{id: vendor, kind: functional, to: "vendor: card provider", resolution_share: 0.5, silence: 20h}]
"""
SLA = """\
policies:
  - {id: critical, name: Critical, match: {priority: [P1]}, response: 15m, resolution: 4h, pausing: [vendor]}
  - {id: rest, name: Rest, resolution: 8h, calendar: office}
hold_reasons:
  - {id: vendor, name: Waiting for a vendor}
  - {id: user, name: Waiting for the user}
"""
PATH = "incidents/2026/INC-2026-0001.md"
RECORD = """\
---
title: Checkout down
status: {status}
impact: {level}
urgency: {level}
opened: 2026-11-20T08:00+00:00
{more}---
"""


def at(text: str, day: int = 20) -> datetime:
    return datetime.fromisoformat(f"2026-11-{day}T{text}").replace(tzinfo=UTC)


@pytest.fixture
def book(make_repository: MakeRepository) -> Callable[..., Archive]:
    def make(more: str = "", status: str = "in_progress", level: str = "high", **others: str) -> Archive:
        files = {PATH: RECORD.format(status=status, level=level, more=more)}
        files |= {f"incidents/2026/{id_.replace('_', '-')}.md": text for id_, text in others.items()}
        return open_repository(
            make_repository({"schema/escalation.yml": PATHS, "schema/sla.yml": SLA, **files})
        )

    return make


Book = Callable[..., Archive]


def names(records: Archive, now: datetime) -> list[tuple[str, str]]:
    return [(one.name, f"{one.due:%H:%M}") for one in due_steps(records, now)]


TAKEN = "acknowledged: 2026-11-20T08:05+00:00\n"


def test_steps_become_due_by_share_and_by_silence_in_the_order_of_the_path(book: Book) -> None:
    records = book()
    assert names(records, at("08:14")) == []
    assert names(records, at("08:15")) == [("critical/wake", "08:15")]
    assert names(records, at("12:00")) == [
        ("critical/wake", "08:15"),
        ("critical/half", "10:00"),
        ("critical/silent", "09:00"),
        ("critical/late", "12:00"),
    ]


def test_the_reason_names_share_and_target(book: Book) -> None:
    found = {one.name: one.why for one in due_steps(book(), at("12:00"))}
    assert found["critical/half"] == "50 % of the resolution target of 4h was used"
    assert found["critical/silent"] == "no sign of work for 1h"


def test_who_answered_is_called_no_more(book: Book) -> None:
    assert names(book(TAKEN), at("09:04")) == []
    assert names(book(TAKEN), at("09:05")) == [("critical/silent", "09:05")]


@pytest.mark.parametrize(
    "more",
    [
        "updates: [{at: 2026-11-20T09:30+00:00, status: investigating, text: We look.}]\n",
        "steps: [{at: 2026-11-20T09:30+00:00, text: Rolled back.}]\n",
        "decisions: [{at: 2026-11-20T09:30+00:00, text: No.}]\n",
        "assignments: [{at: 2026-11-20T09:30+00:00, team: payments}]\n",
        "escalations: [{at: 2026-11-20T09:30+00:00, kind: functional, to: desk}]\n",
        "declared: 2026-11-20T09:30+00:00\n",
    ],
)
def test_any_sign_of_work_ends_silence(book: Book, more: str) -> None:
    records = book(TAKEN + more)
    assert ("critical/silent", "10:30") in names(records, at("10:30"))
    assert not any(name == "critical/silent" for name, _ in names(records, at("10:29")))


def test_a_call_of_the_path_is_no_sign_of_work(book: Book) -> None:
    call = "escalations: [{at: 2026-11-20T09:30+00:00, kind: functional, to: desk, step: critical/half}]\n"
    assert names(book(TAKEN + call), at("10:00")) == [("critical/silent", "09:05")]


def test_what_is_counted_in_office_hours_is_due_in_office_hours(book: Book) -> None:
    records = book(level="low")
    # a Friday, 09:00 in Berlin: four of eight hours are used at 13:00 there
    assert names(records, at("11:59")) == []
    assert names(records, at("12:00")) == [("rest/vendor", "12:00")]
    assert due_steps(records, at("12:00"))[0].step.to == "vendor: card provider"


@pytest.mark.parametrize("status", ["resolved", "closed", "cancelled"])
def test_what_is_over_calls_nobody(book: Book, status: str) -> None:
    assert names(book(status=status), at("12:00")) == []


@pytest.mark.parametrize("more", ["drill: true\n", "links: {duplicate_of: INC-2026-0009}\n"])
def test_drills_and_duplicates_call_nobody(book: Book, more: str) -> None:
    assert names(book(more), at("12:00")) == []


def test_nothing_is_due_while_the_clock_is_paused_and_the_pause_is_not_counted(book: Book) -> None:
    hold = TAKEN + "holds: [{from: 2026-11-20T08:30+00:00, reason: vendor%s}]\n"
    assert names(book(hold % "", status="on_hold"), at("18:00")) == []
    back = book(hold % ", to: 2026-11-20T12:30+00:00")
    assert names(back, at("13:29")) == []
    assert names(back, at("14:00")) == [("critical/half", "14:00"), ("critical/silent", "13:30")]


def test_a_hold_that_pauses_nothing_holds_up_no_step(book: Book) -> None:
    records = book(TAKEN + "holds: [{from: 2026-11-20T08:30+00:00, reason: user}]\n", status="on_hold")
    assert ("critical/half", "10:00") in names(records, at("10:00"))


def test_a_step_that_was_taken_is_due_again_only_after_a_reopening(book: Book) -> None:
    call = "escalations: [{at: 2026-11-20T10:01+00:00, kind: functional, to: desk, step: critical/half}]\n"
    assert "critical/half" not in dict(names(book(TAKEN + call), at("11:59")))
    again = "reopenings: [{resolved: 2026-11-20T10:30+00:00, reopened: 2026-11-20T11:00+00:00}]\n"
    assert dict(names(book(TAKEN + call + again), at("11:01")))["critical/half"] == "11:00"


def test_whoever_has_it_needs_no_call_for_skill(book: Book) -> None:
    turns = (
        "assignments:\n  - {at: 2026-11-20T08:05+00:00, team: payments}\n"
        "  - {at: 2026-11-20T08:50+00:00, team: desk}\n"
    )
    assert "critical/half" not in dict(names(book(TAKEN + turns), at("11:00")))
    # a decision is another matter
    boss = "assignments: [{at: 2026-11-20T08:05+00:00, team: payments, owner: duty-two}]\n"
    assert "critical/silent" in dict(names(book(TAKEN + boss), at("11:00")))


def test_who_follows_an_open_incident_leaves_the_calls_to_it(book: Book) -> None:
    child = "links: {parent: INC-2026-0002%s}\n"
    parent = RECORD.format(status="in_progress", level="low", more="")
    assert names(book(child % "", INC_2026_0002=parent), at("08:20")) == []
    assert names(book(child % ", apart: Own cause", INC_2026_0002=parent), at("08:20")) != []
    over = parent.replace("in_progress", "resolved")
    assert names(book(child % "", INC_2026_0002=over), at("08:20")) != []


def take(records: Archive, now: datetime) -> list[str]:
    """Write what is due into the record, as `escalate --due --apply` does, without the file."""
    entry: Any = records.get("INC-2026-0001")
    taken = due_steps(records, now)
    calls = tuple(Escalation(at=now, kind=one.step.kind, to=one.step.to, step=one.name) for one in taken)
    entry.__dict__["record"] = replace(entry.record, escalations=(*entry.record.escalations, *calls))
    return [one.name for one in taken]


minutes = st.integers(min_value=0, max_value=400)
incidents = st.fixed_dictionaries(
    {},
    optional={
        "acknowledged": minutes,
        "updates": st.lists(minutes, max_size=3),
        "reopened": st.tuples(minutes, minutes).map(sorted),
        "hold": st.tuples(minutes, minutes).map(sorted),
    },
)


def made(drawn: dict[str, Any]) -> Incident:
    def time(minute: int) -> datetime:
        return at("08:00") + timedelta(minutes=minute)

    fields: dict[str, Any] = {
        "title": "Down",
        "status": "in_progress",
        "impact": "high",
        "urgency": "high",
        "opened": at("08:00"),
        "updates": [
            {"at": time(m), "status": "investigating", "text": "."} for m in drawn.get("updates", ())
        ],
    }
    if "acknowledged" in drawn:
        fields["acknowledged"] = time(drawn["acknowledged"])
    if "reopened" in drawn:
        first, last = drawn["reopened"]
        fields["reopenings"] = [{"resolved": time(first), "reopened": time(last)}]
    if "hold" in drawn:
        first, last = drawn["hold"]
        fields["holds"] = [{"from": time(first), "to": time(last), "reason": "vendor"}]
    return TypeAdapter(Incident).validate_python(fields)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(drawn=incidents, times=st.lists(minutes, min_size=1, max_size=6))
def test_each_step_is_taken_once_whenever_one_looks(
    book: Book, drawn: dict[str, Any], times: Iterable[int]
) -> None:
    if not PREPARED:
        PREPARED.append(book())
    records = PREPARED[0]
    entry: Any = records.get("INC-2026-0001")
    # the whole story lies behind the first look: what is written down later may well end a silence
    begin = at("08:00") + timedelta(minutes=400)
    moments = [begin + timedelta(minutes=minute) for minute in sorted(times)]
    incident = made(drawn)

    entry.__dict__["record"] = incident
    step_by_step = [name for moment in moments for name in take(records, moment)]
    assert take(records, moments[-1]) == []
    assert len(step_by_step) == len(set(step_by_step))

    entry.__dict__["record"] = incident
    at_once = take(records, moments[-1])
    assert set(step_by_step) == set(at_once)
    order = ["critical/wake", "critical/half", "critical/silent", "critical/late"]
    assert at_once == [name for name in order if name in at_once]


PREPARED: list[Archive] = []
"""One archive for all examples: only the record in it changes."""
