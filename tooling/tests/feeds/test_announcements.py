"""How our states become Statuspage's, and what is said where the record is further than its updates."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from feedbed import Machines, incident

UPDATE = "updates: [{{at: 2026-11-20T08:10+00:00, status: {status}, text: Word., visibility: public}}]"
OPEN = "services: [{service: checkout, state: partial_outage}]\nopened: 2026-11-20T08:00+00:00\n"
DONE = OPEN + "resolved: 2026-11-20T09:00+00:00\n"


def told(tmp_path: Path, front: str, **more: str) -> Machines:
    files = {"incidents/2026/INC-2026-0001.md": incident(front)}
    return Machines(tmp_path, {**files, **{f"incidents/2026/{name}": text for name, text in more.items()}})


@pytest.mark.parametrize(
    ("front", "status", "updates"),
    [
        ("status: new\n" + OPEN, "investigating", ["investigating"]),
        ("status: in_progress\nmitigated: 2026-11-20T08:30+00:00\n" + OPEN, "monitoring", ["monitoring"]),
        (
            "status: in_progress\nmitigated: 2027-01-01T08:30+00:00\n" + OPEN,
            "investigating",
            ["investigating"],
        ),
        ("status: on_hold\n" + OPEN + UPDATE.format(status="identified"), "identified", ["identified"]),
        # words of maintenance, which a client does not expect here
        ("status: new\n" + OPEN + UPDATE.format(status="verifying"), "monitoring", ["monitoring"]),
        ("status: resolved\n" + DONE, "resolved", ["resolved"]),
        (
            "status: closed\n" + DONE + UPDATE.format(status="monitoring"),
            "resolved",
            ["resolved", "monitoring"],
        ),
        ("status: closed\n" + DONE + UPDATE.format(status="resolved"), "resolved", ["resolved"]),
        # a resolution that did not hold
        (
            "status: in_progress\n"
            "reopenings: [{resolved: 2026-11-20T08:10+00:00, reopened: 2026-11-20T08:40+00:00}]\n"
            + OPEN
            + UPDATE.format(status="resolved"),
            "investigating",
            ["investigating", "resolved"],
        ),
        (
            "status: cancelled\ncancelled: 2026-11-20T10:00+00:00\n"
            + OPEN
            + UPDATE.format(status="investigating"),
            "resolved",
            ["resolved", "investigating"],
        ),
    ],
)
def test_the_newest_update_says_what_the_incident_is(
    tmp_path: Path, front: str, status: str, updates: list[str]
) -> None:
    found = told(tmp_path, front).incident()
    assert found["status"] == status
    assert [update["status"] for update in found["incident_updates"]] == updates


def test_a_published_review_makes_it_a_postmortem(tmp_path: Path) -> None:
    review = "---\nstatus: published\nvisibility: public\npublished: {at}\n---\n## Summary\n\nIt was us.\n"
    records = {
        "incidents/2026/INC-2026-0001.md": incident("status: closed\n" + DONE),
        "incidents/2026/INC-2026-0001.review.md": review.format(at="2026-11-20T11:00+00:00"),
    }
    found = Machines(tmp_path / "now", records).incident()
    assert (found["status"], found["resolved_at"]) == ("postmortem", "2026-11-20T09:00:00.000+00:00")
    assert found["updated_at"] == "2026-11-20T11:00:00.000+00:00"
    records["incidents/2026/INC-2026-0001.review.md"] = review.format(at="2026-12-01T11:00+00:00")
    assert Machines(tmp_path / "later", records).incident()["status"] == "resolved"


@pytest.mark.parametrize(
    "front",
    [
        "status: new\ndrill: true\n" + OPEN,
        "status: cancelled\ncancelled: 2026-11-20T10:00+00:00\n" + OPEN,
        "status: in_progress\nlinks: {duplicate_of: INC-2026-0002}\n" + OPEN,
    ],
)
def test_what_is_no_news_is_not_told(tmp_path: Path, front: str) -> None:
    other = incident("status: new\ntitle: The real one\n" + OPEN).replace("title: Checkout is slow\n", "")
    records = {"incidents/2026/INC-2026-0001.md": incident(front), "incidents/2026/INC-2026-0002.md": other}
    assert [one["name"] for one in Machines(tmp_path, records).v2("incidents")["incidents"]] == [
        "The real one"
    ]


def test_what_is_said_tomorrow_is_not_said_yet(tmp_path: Path) -> None:
    late = UPDATE.format(status="resolved").replace("2026-11-20T08:10", "2026-11-21T08:10")
    assert told(tmp_path, "status: in_progress\n" + OPEN + late).incident()["status"] == "investigating"


@pytest.mark.parametrize(
    ("front", "ended"),
    [
        # the record is ahead of its time: readers were last told of it at 08:10
        (OPEN + "resolved: 2026-11-21T09:00+00:00\n" + UPDATE.format(status="monitoring"), "08:10"),
        (OPEN + "resolved: 2026-11-21T09:00+00:00\n", "08:00"),
        (OPEN + "resolved: 2026-11-21T09:00+00:00\nrestored: 2026-11-20T08:50+00:00\n", "08:50"),
        (DONE, "09:00"),
    ],
)
def test_nothing_was_resolved_in_the_future(tmp_path: Path, front: str, ended: str) -> None:
    found = told(tmp_path, "status: resolved\n" + front).incident()
    assert found["resolved_at"].startswith(f"2026-11-20T{ended}")
    assert found["updated_at"].startswith(f"2026-11-20T{ended}")
    assert found["status"] == "resolved"


@pytest.mark.parametrize(
    ("front", "impact"),
    [
        ("services: [{service: checkout, state: major_outage}]", "critical"),
        ("services: [{service: checkout, state: partial_outage}]", "major"),
        ("services: [{service: checkout, state: degraded_performance}]\nimpact: high", "minor"),
        ("services: [{service: checkout, state: operational}]", "none"),
        ("impact: high", "major"),
        ("impact: low", "none"),
        ("major: true\nimpact: low", "critical"),
        ("", "none"),
    ],
)
def test_impact_is_what_services_suffered_else_how_wide_it_was(
    tmp_path: Path, front: str, impact: str
) -> None:
    front = f"status: in_progress\nopened: 2026-11-20T08:00+00:00\n{front}"
    assert told(tmp_path, front).incident()["impact"] == impact


MAINTENANCE = """\
---
title: Move the index
status: {status}
visibility: public
announced: 2026-11-18T10:00+00:00
planned: {{from: {start}, to: {end}}}
services: [{{service: checkout, state: major_outage}}]
{more}
---
"""


@pytest.mark.parametrize(
    ("status", "start", "end", "more", "expected", "component"),
    [
        ("scheduled", "2026-11-21T02:00Z", "2026-11-21T04:00Z", "", "scheduled", "operational"),
        ("scheduled", "2026-11-20T11:00Z", "2026-11-20T13:00Z", "", "in_progress", "under_maintenance"),
        ("scheduled", "2026-11-20T08:00Z", "2026-11-20T09:00Z", "", "completed", "operational"),
        ("in_progress", "2026-11-20T08:00Z", "2026-11-20T09:00Z", "", "in_progress", "under_maintenance"),
        ("completed", "2026-11-20T08:00Z", "2026-11-20T18:00Z", "", "completed", "operational"),
        (
            "in_progress",
            "2026-11-20T11:00+00:00",
            "2026-11-20T13:00+00:00",
            "updates: [{at: 2026-11-20T11:30+00:00, status: verifying, text: Nearly., visibility: public}]",
            "verifying",
            "under_maintenance",
        ),
    ],
)  # fmt: skip
def test_maintenance_counts_only_while_it_runs(
    tmp_path: Path, status: str, start: str, end: str, more: str, expected: str, component: str
) -> None:
    text = MAINTENANCE.format(status=status, start=start, end=end, more=more)
    machines = Machines(tmp_path, {"incidents/2026/MNT-2026-0001.md": text})
    found = machines.v2("scheduled-maintenances")["scheduled_maintenances"][0]
    assert (found["status"], found["impact"]) == (expected, "maintenance")
    assert found["incident_updates"][0]["status"] == expected
    assert datetime.fromisoformat(found["scheduled_for"]) == datetime.fromisoformat(start)
    assert found["components"][0]["status"] == component
    assert (found["resolved_at"] is None) == (expected != "completed")
    by_file = {
        name: len(machines.v2(f"scheduled-maintenances/{name}")["scheduled_maintenances"])
        for name in ("upcoming", "active")
    }
    assert by_file == {
        "upcoming": expected == "scheduled",
        "active": expected in {"in_progress", "verifying"},
    }
    assert machines.v2("status")["status"]["indicator"] == "none"


def test_what_was_called_off_is_no_longer_announced(tmp_path: Path) -> None:
    text = MAINTENANCE.format(
        status="cancelled", start="2026-11-21T02:00+00:00", end="2026-11-21T04:00+00:00", more=""
    )
    machines = Machines(tmp_path, {"incidents/2026/MNT-2026-0001.md": text})
    assert machines.v2("scheduled-maintenances")["scheduled_maintenances"] == []
    assert "STATUS:CANCELLED" in machines.text("maintenance.ics")


def test_a_window_that_nobody_announced_is_no_news_from_the_future(tmp_path: Path) -> None:
    text = MAINTENANCE.format(status="scheduled", start="2026-11-21T02:00Z", end="2026-11-21T04:00Z", more="")
    text = text.replace("announced: 2026-11-18T10:00+00:00\n", "")
    machines = Machines(tmp_path, {"incidents/2026/MNT-2026-0001.md": text})
    found = machines.v2("scheduled-maintenances/upcoming")["scheduled_maintenances"][0]
    assert found["created_at"] == found["updated_at"] == "2026-01-01T00:00:00.000+00:00"
