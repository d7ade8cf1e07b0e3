"""Each system's messages are known by their shape, and nothing in them makes reading fail but clearly."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incidentbook.intake.alerts.alert import Alert, AlertState, Unmoved
from incidentbook.intake.alerts.systems import MOST, SYSTEMS, read_alerts
from incidentbook.intake.errors import IntakeError
from incidentbook.intake.times import foreign_time
from intakebed import (
    FIRING,
    HOSTILE,
    RESOLVED,
    alertmanager,
    cloudwatch,
    cloudwatch_message,
    dispatched,
    eventbridge,
    grafana,
    opsgenie,
    pagerduty,
    pingdom,
    statuspage,
)
from testbed import Corpus


def read(payload: Any) -> tuple[Alert | Unmoved, ...]:
    return read_alerts(json.dumps(payload).encode(), "payload.json")


def alert(payload: Any) -> Alert:
    (found,) = read(payload)
    assert isinstance(found, Alert), found
    return found


@pytest.mark.parametrize("name", FIRING)
def test_firing_and_clearing_are_the_same_alert(name: str) -> None:
    firing, over = alert(FIRING[name]), alert(RESOLVED[name])
    assert firing.system == over.system == name.partition("-")[0]
    assert firing.id == over.id != ""
    assert (firing.state, over.state) == (AlertState.FIRING, AlertState.RESOLVED)
    assert firing.title
    assert "checkout" in {word.casefold() for word in firing.services}
    if name != "grafana-legacy":
        assert firing.at is not None and firing.at.utcoffset() is not None


@pytest.mark.parametrize(
    "wrap",
    [
        dispatched,
        lambda payload: dispatched({"payload": payload}),
        lambda payload: dispatched(json.dumps(payload)),
        lambda payload: dispatched({"body": json.dumps(payload)}),
        lambda payload: [payload],
        lambda payload: dispatched({"source": "pd", "payload": payload, "attempt": 2, "note": "{no json"}),
        lambda payload: dispatched({"source": "{}", "body": json.dumps(payload)}),
        lambda payload: {"events": [payload], "next": None},
    ],
)
@pytest.mark.parametrize("name", FIRING)
def test_wrapped_is_as_bare(name: str, wrap: Any) -> None:
    assert read(wrap(FIRING[name])) == read(FIRING[name])


def test_each_event_of_a_list_is_read_and_what_is_none_is_said() -> None:
    other = pagerduty()
    other["event"]["data"]["id"] = "OTHER"
    found = read([pagerduty(), 5, {"hello": 1}, other])
    assert [one.id for one in found if isinstance(one, Alert)] == ["PFQZPSY", "OTHER"]
    assert [one.reason for one in found if isinstance(one, Unmoved)] == [
        "2 of the 4 events of the message are no alerts"
    ]


def test_the_text_of_a_large_foreign_event_is_not_searched() -> None:
    event = {f"key{n}": n for n in range(12)} | {"body": json.dumps(alertmanager())}
    with pytest.raises(IntakeError):
        read({"issue": event})


@pytest.mark.parametrize("make", [alertmanager, grafana])
@pytest.mark.parametrize(
    "entry",
    [None, 5, "x", [], {}, {"labels": [1]}, {"labels": {}}, {"status": "odd", "labels": {"a": "b"}}],
)
def test_an_entry_of_another_type_changes_nothing_and_is_said(make: Any, entry: Any) -> None:
    payload = make()
    payload["alerts"].insert(0, entry)
    unmoved, kept = read(payload)
    assert unmoved == Unmoved("entry 1 of `alerts` is no alert")
    assert isinstance(kept, Alert)


LONG = "x" * 500


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (opsgenie(alias=f"{LONG}1"), opsgenie(alias=f"{LONG}2")),
        (cloudwatch_message(name=f"{LONG}1"), cloudwatch_message(name=f"{LONG}2")),
        (
            alertmanager(fingerprint="", instance=f"{LONG}1"),
            alertmanager(fingerprint="", instance=f"{LONG}2"),
        ),
    ],
)
def test_ids_that_share_their_beginning_are_two(one: Any, other: Any) -> None:
    assert alert(one).id != alert(other).id
    assert alert(one).id == alert(copy.deepcopy(one)).id
    assert len(alert(one).id) <= 400


def test_what_alertmanager_says() -> None:
    found = alert(alertmanager())
    assert found == Alert(
        system="alertmanager",
        id="a1bc48475b20e73d",
        state=AlertState.FIRING,
        title="Checkout answers 502",
        text="One request in five fails.",
        at=datetime(2026, 11, 20, 11, 50, tzinfo=UTC),
        severity="critical",
        services=("checkout",),
        url="http://metrics.harbourline.example/graph?g0.expr=up",
        labels={"alertname": "CheckoutErrors", "severity": "critical", "service": "checkout"},
    )


def test_without_a_fingerprint_the_labels_are_hashed_as_prometheus_does() -> None:
    payload = alertmanager()
    del payload["alerts"][0]["fingerprint"]
    again = copy.deepcopy(payload)
    again["alerts"][0]["labels"] = dict(reversed(payload["alerts"][0]["labels"].items()))
    assert alert(payload).id == alert(again).id
    payload["alerts"][0]["labels"]["instance"] = "other"
    assert alert(payload).id != alert(again).id
    payload["alerts"][0]["labels"] = {"a": "b"}
    # FNV-1a of a\xffb\xff, computed by hand
    value = 14695981039346656037
    for byte in b"a\xffb\xff":
        value = ((value ^ byte) * 1099511628211) % 2**64
    assert alert(payload).id == f"{value:016x}"


def test_one_message_holds_several_alerts_but_not_a_storm() -> None:
    payload = alertmanager()
    payload["alerts"] = [{**payload["alerts"][0], "fingerprint": f"{n:x}"} for n in range(MOST + 5)]
    found = read(payload)
    assert [type(one) for one in found] == [Alert] * MOST + [Unmoved]
    assert len({one.id for one in found if isinstance(one, Alert)}) == MOST


def test_all_forms_of_cloudwatch_name_an_alarm_alike() -> None:
    arn = "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:checkout-errors"
    assert alert(cloudwatch()).id == alert(eventbridge()).id == arn
    assert alert({"Records": [{"EventSource": "aws:sns", "Sns": cloudwatch()}]}).id == arn


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (cloudwatch(state="INSUFFICIENT_DATA"), "neither ALARM nor OK"),
        ({**cloudwatch(), "Type": "SubscriptionConfirmation"}, "confirmed at the topic"),
        ({**cloudwatch(), "Message": "just words"}, "holds no alarm"),
        (opsgenie(action="AddTags"), "changes the state of no alert"),
        (pingdom(state="PAUSED"), "neither down nor up"),
        (statuspage(status="scheduled"), "planned work"),
        ({"event": {"event_type": "pagey.ping", "data": {"type": "ping"}}}, "`pagey.ping`"),
        (pagerduty(event="incident.annotated", status="?"), "`incident.annotated`"),
        ({**alertmanager(), "alerts": []}, "no alert"),
    ],
)
def test_what_says_nothing_of_an_incident_is_said(payload: Any, reason: str) -> None:
    (found,) = read(payload)
    assert isinstance(found, Unmoved) and reason in found.reason


def test_states_and_severities() -> None:
    assert alert(opsgenie(action="Acknowledge")).state is AlertState.ACKNOWLEDGED
    assert alert(opsgenie(action="Acknowledge")).by == "desk-late"
    assert alert(pagerduty(status="acknowledged")).state is AlertState.ACKNOWLEDGED
    assert alert(opsgenie(priority=3)).severity == "P3"
    assert alert(pagerduty(priority="P1")).severity == "P1"
    assert alert(statuspage()).severity == "major"
    component = {"component_update": {"new_status": "major_outage"}, "component": {"id": "c1", "name": "API"}}
    assert (alert(component).id, alert(component).severity) == ("component:c1", "critical")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is no JSON"),
        (b"\xff\xfe", "not UTF-8"),
        (b"{", "is no JSON"),
        (b"[" * 200_000, "nested too deeply"),
        (b'{"a": ' + b"9" * 10_000 + b"}", "a number is too long"),
        (b" " * 5_000_001, "5,000,001 bytes"),
        (b"null", "looked for"),
        (b'{"alert": {}}', "looked for"),
        (b'"text"', "looked for"),
    ],
)
def test_what_is_no_alert_is_refused_in_one_line(data: bytes, says: str) -> None:
    with pytest.raises(IntakeError) as raised:
        read_alerts(data, "payload.json")
    assert says in str(raised.value) and "\n" not in str(raised.value)
    if says == "looked for":
        assert all(system.title in str(raised.value) for system in SYSTEMS)


def test_hostile_words_come_out_plain() -> None:
    found = alert(alertmanager(summary=HOSTILE * 50, service=HOSTILE))
    assert len(found.title) <= 160 and "\n" not in found.title
    for text in (found.title, *found.services, *found.labels.values()):
        assert text.isprintable()
        text.encode()
    assert "\x1b" not in found.title and "[31m" not in found.title


WEIRD = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=True)
    | st.text(max_size=20)
    | st.sampled_from([HOSTILE, "\ud800", "0001-01-01T00:00:00Z", "9" * 30, -1, 10**25, 1e308]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, item in inside for place in places(item, (*path, key)))]


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_any_part_may_be_anything(data: st.DataObject) -> None:
    payload = copy.deepcopy(data.draw(st.sampled_from(list(FIRING.values()))))
    for _ in range(data.draw(st.integers(1, 4))):
        path = data.draw(st.sampled_from(places(payload)))
        if not path:
            payload = data.draw(WEIRD)
            break
        above = payload
        for key in path[:-1]:
            above = above[key]
        if data.draw(st.booleans()):
            del above[path[-1]]
        else:
            above[path[-1]] = data.draw(WEIRD)
    try:
        found = read_alerts(json.dumps(payload).encode(), "payload.json")
    except IntakeError as error:
        assert "\n" not in str(error)
        return
    for one in found:
        if isinstance(one, Alert):
            assert one.title and one.id and one.system
            "".join((one.title, one.text, one.id, one.url or "", *one.labels, *one.labels.values())).encode()
            assert one.at is None or one.at.utcoffset() is not None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1502709956288000110, "2017-08-14T11:25:56+00:00"),
        (1502709956288, "2017-08-14T11:25:56+00:00"),
        (1498861543, "2017-06-30T22:25:43+00:00"),
        ("1498861543", "2017-06-30T22:25:43+00:00"),
        ("2019-02-15T23:53:45.093+0000", "2019-02-15T23:53:45+00:00"),
        ("2020-02-06T00:17:58.432911368Z", "2020-02-06T00:17:58+00:00"),
        ("2017-08-03T15:17:37.804-04:00", "2017-08-03T15:17:37-04:00"),
        ("0001-01-01T00:00:00Z", None),
        ("2017-06-30T22:25:43", None),
        ("2026-13-01T00:00:00Z", None),
        ("2026-01-01T00:00:00+99:00", None),
        ("soon", None),
        (0, None),
        (-5, None),
        (True, None),
        (float("nan"), None),
        (float("inf"), None),
        (10**40, None),
        (None, None),
        ([], None),
    ],
)
def test_times_in_all_spellings(value: Any, expected: str | None) -> None:
    found = foreign_time(value)
    assert (found.isoformat() if found else None) == expected


def test_a_time_that_is_documented_as_utc_needs_no_offset() -> None:
    found = foreign_time("2017-06-30T22:25:43", assume_utc=True)
    assert found is not None and found.isoformat() == "2017-06-30T22:25:43+00:00"


def test_recorded_messages_are_understood(corpus: Corpus) -> None:
    folder = corpus("webhooks")
    systems = set()
    for path in sorted(folder.glob("*.json")):
        found = read_alerts(path.read_bytes(), path.name)
        assert found and all(isinstance(one, Alert) for one in found), path.name
        systems |= {one.system for one in found if isinstance(one, Alert)}
    assert len(systems) == 7
