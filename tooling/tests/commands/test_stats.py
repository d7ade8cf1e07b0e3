"""`incidentbook stats`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from incidentbook.commands import stats
from incidentbook.metrics import DIMENSIONS
from testbed import Corpus, MakeRepository, RunCli

RESOLVED = """\
---
title: {title}
status: resolved
{front}
opened: {day}T08:00+00:00
acknowledged: {day}T08:10+00:00
resolved: {day}T10:00+00:00
impact: high
urgency: high
services: [{{service: {service}, state: partial_outage}}]
---
"""


def incident(
    day: str = "2026-11-02",
    front: str = "visibility: internal",
    service: str = "checkout",
    title: str = "Down",
) -> str:
    return RESOLVED.format(day=day, front=front, service=service, title=title)


@pytest.fixture
def records(make_repository: MakeRepository) -> Path:
    return make_repository(
        {
            "incidents/2026/INC-2026-0001.md": incident("2026-09-30"),
            "incidents/2026/INC-2026-0002.md": incident("2026-11-02", "visibility: public", "search"),
            "incidents/2026/INC-2026-0003.md": incident("2026-11-03", "visibility: restricted"),
            "incidents/2026/INC-2026-0004.md": incident("2026-11-04", "drill: true"),
            "incidents/2026/INC-2026-0005.md": "no front matter at all\n",
        }
    )


UNREADABLE = (
    "incidentbook: incidents/2026/INC-2026-0005.md cannot be read and is left out; "
    "`incidentbook check` says why\n"
)
UNNAMED = "incidentbook: 1 record cannot be read and is left out; `incidentbook check` says why\n"
"""What those are told who may not know its ID."""


def document(run_cli: RunCli, repo: Path, *arguments: str) -> dict[str, Any]:
    outcome = run_cli("stats", "--format", "json", *arguments, repo=repo)
    assert outcome.code == 0
    assert outcome.err in ("", UNNAMED if "--audience" in arguments else UNREADABLE)
    found = json.loads(outcome.out)
    assert isinstance(found, dict)
    return found


def test_json_has_the_documented_shape(run_cli: RunCli, records: Path) -> None:
    found = document(run_cli, records, "--by", "service")
    overall = found["overall"]
    two_hours = {"n": 3, "mean_s": 7200, "median_s": 7200, "p90_s": 7200, "total_s": 21600, "left_out": {}}
    assert overall["incidents"] == 3
    assert overall["time_to_restore"] == two_hours
    assert overall["time_to_acknowledge"]["mean_s"] == 600
    met = {"met": 3, "breached": 0, "running": 0, "attainment": 1.0, "without": 0}
    assert overall["sla"] == {"response": met, "resolution": met}
    assert overall["time_to_detect"]["mean_s"] is None
    assert overall["time_to_detect"]["left_out"] == {"no_end": 3}
    assert [(group["key"], group["incidents"]) for group in found["groups"]] == [
        ("checkout", 2),
        ("search", 1),
    ]
    assert set(found["groups"][0]) == {"key", *overall}
    assert found["left_out"] == {"drill": 1, "unreadable": 1}
    assert found["now"] == "2026-11-20T12:00:00+00:00"
    # 89 whole days, and half of today
    assert found["availability"]["page"] == pytest.approx(1 - 6 / (89.5 * 24))


def test_each_audience_counts_what_it_may_read(run_cli: RunCli, records: Path) -> None:
    everything = document(run_cli, records)
    assert (everything["audience"], everything["overall"]["incidents"]) == ("all", 3)
    internal = document(run_cli, records, "--audience", "internal")
    assert (internal["audience"], internal["overall"]["incidents"]) == ("internal", 2)
    assert internal["overall"]["sla"]["resolution"]["met"] == 2
    public = document(run_cli, records, "--audience", "public")
    assert (public["audience"], public["overall"]["incidents"]) == ("public", 1)
    # policies are internal: what cannot be seen is not guessed
    assert public["overall"]["sla"]["resolution"]["attainment"] is None
    assert "database" not in public["availability"]["services"]


def test_months_without_incidents_say_nothing_rather_than_zero(run_cli: RunCli, records: Path) -> None:
    groups = document(run_cli, records, "--by", "month")["groups"]
    assert [group["key"] for group in groups] == ["2026-09", "2026-10", "2026-11"]
    empty = groups[1]
    assert (empty["incidents"], empty["time_to_restore"]["n"]) == (0, 0)
    assert empty["time_to_restore"]["mean_s"] is None
    assert empty["sla"]["response"]["attainment"] is None
    text = run_cli("stats", "--by", "month", repo=records).out
    (line,) = (line for line in text.splitlines() if line.startswith("2026-10"))
    assert line.split() == ["2026-10", "0", *["none"] * 6]
    assert "nan" not in text.lower()


def test_a_period_is_half_open_and_shows_all_its_months(run_cli: RunCli, records: Path) -> None:
    found = document(run_cli, records, "--by", "month", "--from", "2026-08-01", "--to", "2026-11-02")
    assert [(group["key"], group["incidents"]) for group in found["groups"]] == [
        ("2026-08", 0),
        ("2026-09", 1),
        ("2026-10", 0),
        ("2026-11", 0),
    ]
    instants = ("--from", "2026-11-02T08:00+00:00", "--to", "2026-11-03T08:00+00:00")
    assert document(run_cli, records, *instants)["overall"]["incidents"] == 1


def test_a_period_without_incidents(run_cli: RunCli, records: Path) -> None:
    arguments = ("--by", "service", "--from", "2030-01-01", "--to", "2030-02-01")
    found = document(run_cli, records, *arguments)
    assert (found["overall"]["incidents"], found["groups"]) == (0, [])
    assert found["overall"]["time_to_restore"]["median_s"] is None
    assert found["availability"]["page"] is None
    assert "0 incidents" in run_cli("stats", *arguments, repo=records).out


def test_dates_are_those_of_the_repository_zone(run_cli: RunCli, make_repository: MakeRepository) -> None:
    late = (
        incident("2026-10-31")
        .replace("T08:00", "T23:30")
        .replace("T08:10", "T23:40")
        .replace("T10:", "T23:5")
    )
    repo = make_repository(
        {
            "incidents/2026/INC-2026-0001.md": late,
            "schema/incidentbook.yml": "format: 1\nname: Testbed\nzone: Europe/Berlin\n",
        }
    )
    found = document(run_cli, repo, "--by", "month", "--from", "2026-11-01")
    assert [group["key"] for group in found["groups"] if group["incidents"]] == ["2026-11"]


def test_two_dimensions_are_crossed(run_cli: RunCli, records: Path) -> None:
    groups = document(run_cli, records, "--by", "month", "--by", "service")["groups"]
    assert [(group["key"], group["incidents"]) for group in groups] == [
        (["2026-09", "checkout"], 1),
        (["2026-11", "checkout"], 1),
        (["2026-11", "search"], 1),
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--from", "yesterday"), "expected a time such as 2026-11-21T14:05+00:00, or a date"),
        (("--from", "2026-11-31"), "not a date"),
        (("--from", "2026-11-01T08:00"), "no offset"),
        (("--from", "2026-11-02", "--to", "2026-11-02"), "is not before --to"),
        (("--by", "weather"), "weather"),
    ],
)
def test_what_cannot_be_asked(
    run_cli: RunCli, records: Path, arguments: tuple[str, ...], message: str
) -> None:
    outcome = run_cli("stats", *arguments, repo=records)
    assert outcome.code == 2
    assert message in " ".join(outcome.err.split())


def test_text_fits_into_eighty_columns_and_shows_what_a_terminal_would_obey(
    run_cli: RunCli, make_repository: MakeRepository
) -> None:
    settings = 'format: 1\nname: "Bell\\u0007 and \\u001b[31mred [bold]"\nnow: 2026-11-20T12:00+00:00\n'
    long_name = "a-service-with-quite-a-long-name-that-nobody-would-type-by-hand"
    services = f"services:\n  - {{id: {long_name}, name: Long}}\n"
    repo = make_repository(
        {
            "incidents/2026/INC-2026-0001.md": incident(service=long_name),
            "schema/incidentbook.yml": settings,
            "schema/services.yml": services,
        }
    )
    text = run_cli("stats", "--by", "service", repo=repo).out
    assert "Bell\\u0007 and \\u001b[31mred [bold]:" in text
    assert "\x1b" not in text
    table = [line for line in text.splitlines() if "service-with" in line or line.startswith("Time")]
    assert table
    assert max(map(len, table)) <= 100


def test_an_empty_repository(run_cli: RunCli, make_repository: MakeRepository) -> None:
    repo = make_repository()
    found = document(run_cli, repo, "--by", "month")
    assert (found["overall"]["incidents"], found["groups"], found["revision"]) == (0, [], None)
    assert run_cli("stats", repo=repo).code == 0


def test_every_dimension_can_be_asked_for() -> None:
    assert set(stats.DIMENSIONS) == set(DIMENSIONS)


def test_a_real_status_page(run_cli: RunCli, make_repository: MakeRepository, corpus: Corpus) -> None:
    repo = make_repository(name="real")
    assert run_cli("import", "statuspage", corpus("github-status/incidents.jsonl"), repo=repo).code == 0
    overall = document(run_cli, repo)["overall"]
    assert overall["incidents"] == 801
    restore, resolve = overall["time_to_restore"], overall["time_to_resolve"]
    assert (restore["n"], round(restore["mean_s"] / 60, 1), restore["median_s"] / 60) == (801, 141.3, 73)
    assert (resolve["n"], round(resolve["mean_s"] / 60, 2), resolve["median_s"] / 60) == (801, 125.85, 65)


@pytest.mark.parametrize(
    ("snapshot", "until", "published"),
    [("2026-03-31-1fbd3fad", "2026-03-31", 90.84), ("2026-03-28-d4e1d222", "2026-03-28", 90.00)],
)
def test_an_imported_page_is_as_available_as_it_said_itself(
    run_cli: RunCli,
    make_repository: MakeRepository,
    corpus: Corpus,
    snapshot: str,
    until: str,
    published: float,
) -> None:
    repo = make_repository(name="real")
    rows = corpus("github-status") / "snapshots" / snapshot / "incidents.jsonl"
    assert run_cli("import", "statuspage", rows, repo=repo).code == 0
    found = availability(run_cli, repo, "--window", "90d", "--until", until)
    assert round(found["page"] * 100, 2) == published
    text = run_cli("stats", "--availability", "--window", "90d", "--until", until, repo=repo).out
    assert f"{published:.2f} %" in text


def availability(run_cli: RunCli, repo: Path, *arguments: str) -> dict[str, Any]:
    found = document(run_cli, repo, "--availability", *arguments)["availability"]
    assert isinstance(found, dict)
    return found


def test_the_window_of_availability_ends_with_its_last_day(
    run_cli: RunCli, make_repository: MakeRepository
) -> None:
    zone = "format: 1\nname: Testbed\nzone: Europe/Berlin\nnow: 2026-11-20T12:00+00:00\n"
    late = incident("2026-10-31").replace("T08:00", "T22:00").replace("T10:00", "T23:59")
    repo = make_repository({"incidents/2026/INC-2026-0001.md": late, "schema/incidentbook.yml": zone})
    found = availability(run_cli, repo, "--window", "2d", "--until", "2026-10-31")
    assert (found["from"], found["to"]) == ("2026-10-29T23:00:00+00:00", "2026-10-31T23:00:00+00:00")
    assert found["page"] == pytest.approx(1 - 1 / 48)
    today = availability(run_cli, repo)
    assert (today["from"], today["to"]) == ("2026-08-22T22:00:00+00:00", "2026-11-20T12:00:00+00:00")
    future = availability(run_cli, repo, "--until", "2027-11-20")
    assert (future["page"], set(future["services"].values())) == (None, {None})
    assert "has not come yet" in run_cli("stats", "--availability", "--until", "2027-11-20", repo=repo).out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--availability", "--window", "0d"), "expected a number of days"),
        (("--availability", "--window", "90h"), "expected a number of days"),
        (("--availability", "--until", "soon"), "expected a date"),
        (("--availability", "--by", "month"), "leave out --by"),
        (("--until", "2026-10-31"), "belongs to --availability"),
        (("--availability", "--period", "2026-10", "--until", "2026-10-31"), "told twice"),
    ],
)
def test_windows_that_cannot_be_asked_for(
    run_cli: RunCli, records: Path, arguments: tuple[str, ...], message: str
) -> None:
    outcome = run_cli("stats", *arguments, repo=records)
    assert outcome.code == 2
    assert message in " ".join(outcome.err.split())
