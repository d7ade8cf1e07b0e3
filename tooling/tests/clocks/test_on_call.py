"""Who is on call: against a walk over local days, over changes of the clock, holidays and overrides."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from incidentbook.clocks import Duty, DutyKind, on_call, rota, usual_turn
from incidentbook.taxonomy import Taxonomy
from incidentbook.taxonomy.settings import FILES

ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
HOLIDAYS = (date(2026, 3, 29), date(2026, 10, 25), date(2026, 10, 26), date(2026, 12, 25))


SAID: dict[str, Any] = {
    "incidentbook": {"format": 1, "name": "Testbed", "zone": "UTC"},
    "calendars": {
        "calendars": [
            {"id": "office", "name": "Office", "holidays": {"days": [day.isoformat() for day in HOLIDAYS]}}
        ]
    },
}
NAMES = {"incidentbook": "settings", "priority": "priorities_file"}
READ = {name: TypeAdapter[Any](model).validate_python for name, model in FILES.items()}
PLAIN = Taxonomy(**{NAMES.get(name, f"{name}_file"): read(SAID.get(name, {})) for name, read in READ.items()})


def taxonomy_of(*teams: dict[str, Any], zone: str = "UTC") -> Taxonomy:
    settings_ = READ["incidentbook"]({**SAID["incidentbook"], "zone": zone})
    return dataclasses.replace(PLAIN, settings=settings_, teams_file=READ["teams"]({"teams": list(teams)}))


def team(**rotation: Any) -> dict[str, Any]:
    usual = {"at": "10:00", "since": "2026-01-05", "order": ["a", "b", "c"]}
    return {"id": "shop", "name": "Shop", "rotation": {**usual, **rotation}}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def who(taxonomy: Taxonomy, text: str) -> str | None:
    duty = on_call(taxonomy, "shop", at(text))
    return duty.who if duty else None


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        ("2026-01-05T09:59:59+00:00", None),
        ("2026-01-05T10:00:00+00:00", "a"),
        ("2026-01-12T09:59:59+00:00", "a"),
        ("2026-01-12T10:00:00+00:00", "b"),
        ("2026-01-12T11:30:00+02:00", "a"),
        ("2026-01-19T10:00:00+00:00", "c"),
        ("2026-01-26T10:00:00+00:00", "a"),
    ],
)
def test_turns_of_a_week_are_half_open(time: str, expected: str | None) -> None:
    assert who(taxonomy_of(team()), time) == expected


def test_a_duty_tells_from_when_until_when_and_why() -> None:
    assert on_call(taxonomy_of(team()), "shop", at("2026-01-14T00:00+00:00")) == Duty(
        "shop",
        "b",
        at("2026-01-12T10:00+00:00"),
        at("2026-01-19T10:00+00:00"),
        "weekly turn",
        DutyKind.TURN,
    )


@pytest.mark.parametrize(
    ("rotation", "begins"),
    [
        ({"since": "2026-01-06"}, "2026-01-12T10:00+00:00"),
        ({"since": "2026-01-06", "turn": "day"}, "2026-01-06T10:00+00:00"),
        ({"since": "2026-01-06", "day": "tuesday"}, "2026-01-06T10:00+00:00"),
    ],
)
def test_before_the_first_hand_over_nobody_is_on_call(rotation: dict[str, Any], begins: str) -> None:
    found = taxonomy_of(team(**rotation))
    assert on_call(found, "shop", at(begins) - timedelta(seconds=1)) is None
    first = on_call(found, "shop", at(begins))
    assert first is not None
    assert (first.who, first.from_) == ("a", at(begins))
    assert rota(found, "shop", at("2025-01-01T00:00+00:00"), at(begins)) == ()
    assert rota(found, "shop", at("2025-01-01T00:00+00:00"), at("2026-01-20T00:00+00:00"))[0] == first


@pytest.mark.parametrize(
    ("zone", "days"),
    [
        ("Europe/Berlin", ("2026-03-23", "2026-03-30", "2026-10-19", "2026-10-26")),
        ("America/New_York", ("2026-03-02", "2026-03-09", "2026-10-26", "2026-11-02")),
        ("Australia/Lord_Howe", ("2026-03-30", "2026-04-06", "2026-09-28", "2026-10-05")),
    ],
)
def test_a_hand_over_stays_at_its_time_of_day_when_the_clock_changes(
    zone: str, days: tuple[str, ...]
) -> None:
    found = taxonomy_of(team(zone=zone))
    lengths = set()
    for day in days:
        local = datetime.fromisoformat(f"{day}T10:00").replace(tzinfo=ZoneInfo(zone))
        duty = on_call(found, "shop", local.astimezone(UTC))
        assert duty is not None
        assert duty.from_ == local.astimezone(UTC)
        assert duty.until.astimezone(ZoneInfo(zone)).time() == local.time()
        lengths.add(duty.until - duty.from_)
    assert len(lengths) == 3  # a usual week, a shorter one and a longer one


def test_an_hour_that_is_left_out_or_repeated_hands_over_once() -> None:
    found = taxonomy_of(team(zone="Europe/Berlin", turn="day", at="02:30"))
    duties = rota(found, "shop", at("2026-03-27T12:00+00:00"), at("2026-03-30T12:00+00:00"))
    assert [f"{one.until:%d %H:%M}" for one in duties] == ["28 01:30", "29 01:30", "30 00:30", "31 00:30"]
    duties = rota(found, "shop", at("2026-10-23T12:00+00:00"), at("2026-10-26T12:00+00:00"))
    assert [f"{one.until:%d %H:%M}" for one in duties] == ["24 00:30", "25 00:30", "26 01:30", "27 01:30"]


def test_a_day_that_begins_twice_hands_over_once() -> None:
    # in St. John's the clock went back at 00:01, into the day before
    found = taxonomy_of(team(zone="America/St_Johns", turn="day", at="00:00", since="2010-11-01"))
    duties = rota(found, "shop", at("2010-11-06T03:00+00:00"), at("2010-11-07T12:00+00:00"))
    assert [f"{one.from_:%d %H:%M}" for one in duties] == ["06 02:30", "07 02:30"]
    assert [on_call(found, "shop", one.from_ + timedelta(minutes=10)) for one in duties] == list(duties)


def test_a_day_that_a_zone_skipped_is_nobodys_turn() -> None:
    # Samoa had no 30 December 2011
    found = taxonomy_of(team(zone="Pacific/Apia", turn="day", since="2011-12-28"))
    duties = rota(found, "shop", at("2011-12-28T20:00+00:00"), at("2012-01-01T00:00+00:00"))
    assert [one.who for one in duties] == ["a", "b", "a", "b"]
    assert all(one.from_ < one.until for one in duties)


def test_the_last_override_that_fits_counts() -> None:
    overrides = [
        {"from": "2026-01-13T00:00+00:00", "to": "2026-01-15T00:00+00:00", "who": "x", "reason": "Fair"},
        {"from": "2026-01-14T00:00+00:00", "to": "2026-01-14T12:00+00:00", "who": "y"},
        {"from": "2026-01-16T00:00+00:00", "to": "2026-01-16T00:00+00:00", "who": "nobody"},
    ]
    found = taxonomy_of(team(overrides=overrides))
    duties = rota(found, "shop", at("2026-01-12T10:00+00:00"), at("2026-01-19T10:00+00:00"))
    assert [(one.who, f"{one.from_:%d %H}", one.why) for one in duties] == [
        ("b", "12 10", "weekly turn"),
        ("x", "13 00", "override: Fair"),
        ("y", "14 00", "override"),
        ("x", "14 12", "override: Fair"),
        ("b", "15 00", "weekly turn"),
    ]
    assert usual_turn(found, "shop", at("2026-01-14T01:00+00:00")) == "b"


def test_an_override_does_not_begin_a_rotation() -> None:
    early = {"from": "2026-01-01T00:00+00:00", "to": "2026-01-06T00:00+00:00", "who": "x"}
    found = taxonomy_of(team(overrides=[early]))
    assert who(found, "2026-01-02T00:00+00:00") is None
    duty = on_call(found, "shop", at("2026-01-05T12:00+00:00"))
    assert duty is not None
    assert (duty.who, duty.from_) == ("x", at("2026-01-05T10:00+00:00"))


def test_holidays_go_from_hand_over_to_hand_over_and_in_a_row_are_one_duty() -> None:
    found = taxonomy_of(team(holidays={"calendar": "office", "who": "h"}, zone="Europe/Berlin"))
    duties = rota(found, "shop", at("2026-10-24T12:00+00:00"), at("2026-10-28T00:00+00:00"))
    assert [(one.who, one.from_, one.until, one.kind) for one in duties[1:2]] == [
        ("h", at("2026-10-25T09:00+00:00"), at("2026-10-27T09:00+00:00"), DutyKind.HOLIDAY)
    ]
    # the Monday's hand-over falls into the holidays: the next turn begins when they are over
    assert [one.who for one in duties] == ["c", "h", "a"]
    assert duties[0].until == duties[1].from_
    assert duties[2].from_ == at("2026-10-27T09:00+00:00")


def test_an_override_goes_before_a_holiday() -> None:
    override = {"from": "2026-12-25T12:00+00:00", "to": "2026-12-25T18:00+00:00", "who": "x"}
    found = taxonomy_of(team(holidays={"calendar": "office", "who": "h"}, overrides=[override]))
    duties = rota(found, "shop", at("2026-12-25T10:00+00:00"), at("2026-12-26T10:00+00:00"))
    assert [one.who for one in duties] == ["h", "x", "h"]


def test_a_team_with_another_order_later_keeps_its_past() -> None:
    old = {**team(order=["old"]), "valid_until": "2026-02-01", "aliases": ["till"]}
    new = {**team(order=["new"], since="2026-02-04", turn="day"), "valid_from": "2026-02-01"}
    found = taxonomy_of(old, new)
    duties = rota(found, "shop", at("2026-01-29T00:00+00:00"), at("2026-02-06T00:00+00:00"))
    assert [(one.who, f"{one.from_:%m-%d %H} {one.until:%m-%d %H}") for one in duties] == [
        ("old", "01-26 10 02-01 00"),
        ("new", "02-04 10 02-05 10"),
        ("new", "02-05 10 02-06 10"),
    ]
    alias = on_call(found, "till", at("2026-01-29T00:00+00:00"))
    assert alias is not None
    assert alias.team == "shop"


def test_a_team_without_a_rotation_has_nobody_on_call() -> None:
    found = taxonomy_of({"id": "shop", "name": "Shop"})
    assert who(found, "2026-01-14T00:00+00:00") is None
    assert on_call(found, "unknown", at("2026-01-14T00:00+00:00")) is None
    assert rota(found, "shop", at("2026-01-14T00:00+00:00"), at("2027-01-14T00:00+00:00")) == ()


def test_a_zone_that_does_not_exist_is_that_of_the_repository() -> None:
    found = taxonomy_of(team(zone="Mars/Base"), zone="Europe/Berlin")
    duty = on_call(found, "shop", at("2026-01-14T00:00+00:00"))
    assert duty is not None
    assert duty.from_ == at("2026-01-12T09:00+00:00")


BASE = datetime(2026, 1, 1, tzinfo=UTC)
LENGTH = 366 * 24 * 60
NEAR = 8 * 24 * 60

minutes = st.one_of(
    st.integers(0, LENGTH - 1),
    # and often where something happens: holidays, which are also days on which the clock changes
    st.tuples(st.sampled_from(HOLIDAYS), st.integers(-NEAR, NEAR)).map(
        lambda near: (near[0] - BASE.date()).days * 24 * 60 + near[1]
    ),
)


@st.composite
def rotations(draw: st.DrawFn) -> dict[str, Any]:
    overrides = [
        {
            "from": (BASE + timedelta(minutes=start)).isoformat(),
            "to": (BASE + timedelta(minutes=start + length)).isoformat(),
            "who": f"o{number}",
        }
        for number, (start, length) in enumerate(
            draw(st.lists(st.tuples(minutes, st.integers(0, 20_000)), max_size=4))
        )
    ]
    return {
        "turn": draw(st.sampled_from(["day", "week"])),
        "day": draw(st.sampled_from(WEEKDAYS)),
        "at": f"{draw(st.integers(0, 23)):02d}:{draw(st.integers(0, 59)):02d}",
        "zone": draw(st.sampled_from(ZONES)),
        "since": (date(2025, 12, 1) + timedelta(days=draw(st.integers(0, 60)))).isoformat(),
        "order": draw(st.lists(st.sampled_from("abcd"), min_size=1, max_size=4)),
        "overrides": overrides,
        **({"holidays": {"calendar": "office", "who": "h"}} if draw(st.booleans()) else {}),
    }


class Walk:
    """Who is on call, found the slow way: by going from one local day to the next, from the very first."""

    def __init__(self, rotation: dict[str, Any]) -> None:
        self.rotation = rotation
        zone = ZoneInfo(rotation["zone"])
        day = date.fromisoformat(rotation["since"])
        hour, minute = map(int, rotation["at"].split(":"))
        weekly = rotation["turn"] == "week"
        self.steps: list[tuple[datetime, str]] = []
        number = -1
        while day < date(2028, 2, 1):
            if not weekly or WEEKDAYS[day.weekday()] == rotation["day"]:
                number += 1
            if number >= 0:
                person = rotation["order"][number % len(rotation["order"])]
                person = "h" if "holidays" in rotation and day in HOLIDAYS else person
                wall = datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone)
                self.steps.append((wall.astimezone(UTC), person))
            day += timedelta(days=1)

    def who(self, instant: datetime) -> str | None:
        found = None
        for start, person in self.steps:
            if start <= instant:
                found = person
        for override in self.rotation["overrides"] if found else ():
            if at(override["from"]) <= instant < at(override["to"]):
                found = override["who"]
        return found


@settings(max_examples=120, deadline=None)
@given(rotations(), st.lists(minutes, min_size=1, max_size=12))
def test_it_agrees_with_a_walk_over_the_days(rotation: dict[str, Any], offsets: list[int]) -> None:
    taxonomy, walk = taxonomy_of(team(**rotation)), Walk(rotation)
    for offset in offsets:
        instant = BASE + timedelta(minutes=offset)
        duty = on_call(taxonomy, "shop", instant)
        assert (duty.who if duty else None) == walk.who(instant)
        if duty is not None:
            # it is true at both ends, and no longer so outside
            assert duty.from_ <= instant < duty.until
            for edge in (duty.from_, duty.until - timedelta(microseconds=1)):
                assert on_call(taxonomy, "shop", edge) == duty
            for edge in (duty.from_ - timedelta(microseconds=1), duty.until):
                assert on_call(taxonomy, "shop", edge) != duty


@settings(max_examples=120, deadline=None)
@given(rotations(), minutes, st.integers(1, 60 * 24 * 60))
def test_a_rota_leaves_no_gap_and_doubles_nothing(rotation: dict[str, Any], offset: int, length: int) -> None:
    taxonomy = taxonomy_of(team(**rotation))
    start = BASE + timedelta(minutes=offset)
    end = start + timedelta(minutes=length)
    duties = rota(taxonomy, "shop", start, end)
    if on_call(taxonomy, "shop", start) is not None:
        assert duties[0].from_ <= start
    assert not duties or duties[-1].until >= end
    for one, following in pairwise(duties):
        assert one.until == following.from_
    assert all(on_call(taxonomy, "shop", max(one.from_, start)) == one for one in duties)


@settings(max_examples=40, deadline=None)
@given(rotations(), st.integers(0, 100))
def test_every_turn_begins_at_the_time_of_day_that_is_written(rotation: dict[str, Any], weeks: int) -> None:
    plain = {key: value for key, value in rotation.items() if key != "holidays"}
    taxonomy = taxonomy_of(team(**{**plain, "overrides": [], "at": "10:00"}))
    duty = on_call(taxonomy, "shop", BASE + timedelta(days=60 + 7 * weeks))
    assert duty is not None
    for instant in (duty.from_, duty.until):
        assert instant.astimezone(ZoneInfo(rotation["zone"])).strftime("%H:%M") == "10:00"
