"""`incidentbook sla`: which clocks are shown, in which order, and why they stand so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from testbed import NEW_INCIDENT, MakeRepository, RunCli

SLA = """\
policies:
  - {id: critical, name: Critical, match: {priority: [P1]}, response: 15m, resolution: 4h}
  - {id: retired, name: Retired, response: 1h, valid_until: 2026-01-01}
  - id: desk
    name: Service desk
    match: {service: [search]}
    resolution: 16h
    calendar: office
    pausing: [user]
  - {id: standard, name: Standard, response: 1h, resolution: 1d, pausing: [user]}
hold_reasons:
  - {id: user, name: Waiting for the user}
  - {id: window, name: Waiting for a window}
"""
OFFICE = """\
calendars:
  - id: office
    name: Office hours
    zone: Europe/Berlin
    hours:
      thu: ["09:00-17:00"]
      fri: ["09:00-17:00"]
    holidays: {country: DE, region: HH, days: [2026-12-24]}
"""
# the clock of the testbed: Friday 2026-11-20 12:00 UTC


def incident(title: str = "Checkout answers 502", status: str = "in_progress", **fields: Any) -> str:
    values: dict[str, Any] = {"title": title, "status": status, "impact": "medium", "urgency": "medium"}
    values |= {"services": [{"service": "checkout", "state": "partial_outage"}], **fields}
    lines = "".join(f"{key.rstrip('_')}: {json.dumps(value)}\n" for key, value in values.items())
    return f"---\n{lines}---\n"


@pytest.fixture
def repository(make_repository: MakeRepository) -> Path:
    incidents = {
        1: incident("Second to breach", opened="2026-11-20T08:00Z", acknowledged="2026-11-20T08:10Z"),
        2: incident(
            "Paused", "on_hold",
            opened="2026-11-20T09:00Z",
            acknowledged="2026-11-20T09:30Z",
            holds=[
                {"from": "2026-11-20T10:00Z", "to": "2026-11-20T10:30Z", "reason": "window"},
                {"from": "2026-11-20T11:00Z", "reason": "user"},
            ],
        ),
        3: incident(
            "Breached \u001b[31mand \u202enasty", impact="high", urgency="high",
            opened="2026-11-20T07:00Z", acknowledged="2026-11-20T07:20Z",
        ),
        4: incident(
            "Counted in office hours",
            services=[{"service": "search", "state": "partial_outage"}],
            opened="2026-11-19T15:00Z",
        ),
        5: incident("Over", "resolved", opened="2026-11-18T08:00Z", resolved="2026-11-18T09:00Z"),
        6: incident("Drill", drill=True, opened="2026-11-20T08:00Z"),
        7: incident("Before any policy", opened="2026-11-20T08:00Z", overrides={
            "resolution_due": {"value": "2026-11-20T13:00Z", "reason": "agreed"}}),
        8: incident("Without an opening time"),
    }  # fmt: skip
    files = {f"incidents/2026/INC-2026-000{number}.md": text for number, text in incidents.items()}
    return make_repository({"schema/sla.yml": SLA, "schema/calendars.yml": OFFICE, **files})


def shown(run_cli: RunCli, repository: Path, *arguments: str) -> dict[str, Any]:
    outcome = run_cli("sla", *arguments, "--format", "json", repo=repository)
    assert (outcome.code, outcome.err) == (0, "")
    document: dict[str, Any] = json.loads(outcome.out)
    return document


def clock(document: dict[str, Any], name: str, place: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = {one["name"]: one for one in document["incidents"][place]["clocks"]}[name]
    return found


def test_open_incidents_come_with_the_soonest_breach_first(run_cli: RunCli, repository: Path) -> None:
    document = shown(run_cli, repository)
    assert [one["id"][-1] for one in document["incidents"]] == ["7", "3", "1", "2", "4", "8"]
    assert [one["title"] for one in document["incidents"]][-1] == "Without an opening time"


def test_a_clock_has_the_names_and_shapes_of_jira_service_management(
    run_cli: RunCli, repository: Path
) -> None:
    found = clock(shown(run_cli, repository, "INC-2026-0003"), "resolution")
    assert found["startTime"] == {
        "iso8601": "2026-11-20T07:00:00+00:00",
        "friendly": "2026-11-20 07:00 UTC",
        "epochMillis": 1_795_158_000_000,
    }
    assert found["goalDuration"] == {"millis": 4 * 3_600_000, "friendly": "4h"}
    assert found["elapsedTime"] == {"millis": 5 * 3_600_000, "friendly": "5h"}
    assert found["remainingTime"] == {"millis": -3_600_000, "friendly": "-1h"}
    assert (found["breached"], found["paused"], found["withinCalendarHours"]) == (True, False, True)
    assert found["breachTime"]["iso8601"] == "2026-11-20T11:00:00+00:00"
    assert (found["state"], found["stopTime"]) == ("breached", None)


def test_a_paused_clock_has_no_breach_time_and_a_running_one_has(run_cli: RunCli, repository: Path) -> None:
    paused = clock(shown(run_cli, repository, "INC-2026-0002"), "resolution")
    assert (paused["state"], paused["paused"], paused["breachTime"]) == ("paused", True, None)
    assert paused["due"]["iso8601"] == "2026-11-21T10:00:00+00:00"
    running = clock(shown(run_cli, repository, "INC-2026-0001"), "resolution")
    assert running["breachTime"] == running["due"]
    assert running["breachTime"]["iso8601"] == "2026-11-21T08:00:00+00:00"


def test_each_pause_is_told_and_each_hold_that_is_none(run_cli: RunCli, repository: Path) -> None:
    found = clock(shown(run_cli, repository, "INC-2026-0002"), "resolution")
    (pause,) = found["pauses"]
    assert (pause["from"]["iso8601"], pause["to"]) == ("2026-11-20T11:00:00+00:00", None)
    assert (pause["reasons"], pause["uncountedTime"]["friendly"]) == (["user"], "1h")
    assert found["reasoning"] == [
        "policy: standard (Standard): the first that matches, it takes every incident",
        "passed by: critical (another priority), retired (not in force), desk (another service)",
        "calendar: always: every hour counts",
        "counted: from opened, 2026-11-20 09:00 UTC, until now",
        "paused: 2026-11-20 11:00 UTC until now, and on: user (Waiting for the user); 1h not counted",
        "on hold: 2026-11-20 10:00 UTC to 2026-11-20 10:30 UTC: window (Waiting for a window); counted, "
        "for the policy does not name it",
        "target: 24h; used 2h, 22h left",
        "due: 2026-11-21 10:00 UTC, if it went on now",
    ]


def test_the_calendar_is_told(run_cli: RunCli, repository: Path) -> None:
    found = clock(shown(run_cli, repository, "INC-2026-0004"), "resolution")
    assert found["elapsedTime"]["friendly"] == "5h"  # 16:00 to 17:00, and 09:00 to 13:00
    assert found["withinCalendarHours"] is True
    assert found["reasoning"][2] == (
        "calendar: office (Office hours), Europe/Berlin, less public holidays of DE-HH and "
        "1 own closed day; open now"
    )
    assert found["reasoning"][0] == "policy: desk (Service desk): the first that matches, service search"


def test_the_priority_that_was_matched_is_told(run_cli: RunCli, repository: Path) -> None:
    found = clock(shown(run_cli, repository, "INC-2026-0003"), "response")
    assert found["reasoning"][0] == (
        "policy: critical (Critical): the first that matches, priority P1 (impact high x urgency high)"
    )
    assert found["reasoning"][-1] == "breached: 2026-11-20 07:15 UTC"


def test_a_due_time_of_the_record_is_told(run_cli: RunCli, repository: Path) -> None:
    found = clock(shown(run_cli, repository, "INC-2026-0007"), "resolution")
    assert found["overridden"] == "agreed"
    assert "2026-11-20 13:00 UTC, as the record states: agreed" in found["reasoning"][-1]


@pytest.mark.parametrize(
    ("id_", "without"),
    [
        ("INC-2026-0004", {"response": "the policy sets no target"}),
        (
            "INC-2026-0005",
            {"response": "the incident is over, and the record does not say when it was acknowledged"},
        ),
        ("INC-2026-0006", dict.fromkeys(("response", "resolution"), "the incident is a drill")),
        (
            "INC-2026-0008",
            dict.fromkeys(("response", "resolution"), "the record does not say when the incident was opened"),
        ),
    ],
)
def test_where_there_is_no_clock_it_is_told_why(
    run_cli: RunCli, repository: Path, id_: str, without: dict[str, str]
) -> None:
    assert shown(run_cli, repository, id_)["incidents"][0]["without"] == without
    for words in set(without.values()):
        text = " ".join(run_cli("sla", id_, repo=repository).out.split())
        assert words in text


def test_text_says_what_json_says(run_cli: RunCli, repository: Path) -> None:
    for one in shown(run_cli, repository)["incidents"]:
        text = " ".join(run_cli("sla", one["id"], repo=repository).out.split())
        for reason in (reason for found in one["clocks"] for reason in found["reasoning"]):
            assert " ".join(reason.partition(": ")[2].split()) in text


def test_text_fits_eighty_columns_and_shows_control_characters(run_cli: RunCli, repository: Path) -> None:
    out = run_cli("sla", repo=repository).out
    assert max(map(len, out.splitlines())) <= 80
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "Breached \\u001b[31mand \\u202enasty" in out


def test_named_incidents_come_as_named_by_id_or_path(run_cli: RunCli, repository: Path) -> None:
    document = shown(run_cli, repository, "INC-2026-0005", "incidents/2026/INC-2026-0001.md", "INC-2026-0005")
    assert [one["id"] for one in document["incidents"]] == ["INC-2026-0005", "INC-2026-0001"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("INC-2026-9", "there is no incident `INC-2026-9`"),
        ("INC-2026-3", "there is no incident `INC-2026-3`; did you mean INC-2026-0003?"),
        ("inc-2026-0003", "there is no incident `inc-2026-0003`; did you mean INC-2026-0003?"),
        ("INC-2026-0013", "there is no incident `INC-2026-0013`; did you mean INC-2026-0003?"),
        ("nonsense", "there is no incident `nonsense`"),
    ],
)
def test_an_incident_that_is_not_there(run_cli: RunCli, repository: Path, name: str, message: str) -> None:
    outcome = run_cli("sla", name, repo=repository)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith(f"incidentbook: {message}")
    assert outcome.err.count("\n") == 1


def test_an_incident_that_cannot_be_read(run_cli: RunCli, repository: Path) -> None:
    (repository / "incidents/2026/INC-2026-0009.md").write_text("no front matter\n", encoding="utf-8")
    outcome = run_cli("sla", "INC-2026-0009", repo=repository)
    assert outcome.code == 2
    assert "incidents/2026/INC-2026-0009.md holds no record" in outcome.err
    assert run_cli("sla", repo=repository).code == 0


def test_nothing_is_open(run_cli: RunCli, make_repository: MakeRepository) -> None:
    outcome = run_cli("sla", repo=make_repository())
    assert outcome.code == 0
    assert "Testbed: 0 open incidents, clocks: none" in outcome.out
    assert shown(run_cli, make_repository())["incidents"] == []


def test_restricted_incidents_are_not_shown_to_others(
    run_cli: RunCli, make_repository: MakeRepository
) -> None:
    text = incident("Secret", visibility="restricted", opened="2026-11-20T08:00Z")
    root = make_repository({"incidents/2026/INC-2026-0001.md": text})
    assert len(shown(run_cli, root)["incidents"]) == 1
    assert shown(run_cli, root, "--audience", "internal")["incidents"] == []
    assert run_cli("sla", "INC-2026-0001", "--audience", "internal", repo=root).code == 2


def test_when_readers_of_a_major_incident_hear_next(make_repository: MakeRepository, run_cli: RunCli) -> None:
    major = NEW_INCIDENT.replace("status: new\n", "status: new\nmajor: true\n")
    root = make_repository(
        {"schema/major.yml": "update_every: 45m\n", "incidents/2026/INC-2026-0001.md": major}
    )
    assert "Update     overdue  due 21h 10m ago, 2026-11-19 14:50 UTC" in run_cli("sla", repo=root).out
    (case,) = json.loads(run_cli("sla", "--format", "json", repo=root).out)["incidents"]
    assert case["updateDue"]["iso8601"] == "2026-11-19T14:50:00+00:00"
    early = run_cli("--now", "2026-11-19T14:20+00:00", "sla", repo=root).out
    assert "Update     due  in 30m" in early
