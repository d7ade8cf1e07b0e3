"""`incidentbook reviews`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from testbed import MakeRepository, RunCli

INCIDENT = """\
---
title: {title}
status: {status}
major: true
visibility: {visibility}
opened: {day}T08:00+00:00
{resolved}
roles: {{incident_manager: duty-one}}
---
"""


PUBLISHED = "---\nstatus: published\npublished: 2026-10-03T08:00+00:00\n---\n"


def incident(
    day: str = "2026-11-02",
    *,
    status: str = "resolved",
    title: str = "Checkout down",
    visibility: str = "internal",
) -> str:
    resolved = f"resolved: {day}T10:00+00:00" if status == "resolved" else "# still going on"
    return INCIDENT.format(day=day, status=status, title=title, visibility=visibility, resolved=resolved)


@pytest.fixture
def records(make_repository: MakeRepository) -> Path:
    return make_repository(
        {
            "incidents/2026/INC-2026-0001.md": incident("2026-10-01"),
            "incidents/2026/INC-2026-0001.review.md": PUBLISHED,
            "incidents/2026/INC-2026-0002.md": incident("2026-11-19"),
            "incidents/2026/INC-2026-0002.review.md": "---\nstatus: draft\nfacilitator: duty-two\n---\n",
            "incidents/2026/INC-2026-0003.md": incident("2026-11-10", title="Gone [red]\u202enwod\u202c"),
            "incidents/2026/INC-2026-0004.md": incident("2026-11-20", status="new", visibility="restricted"),
            "incidents/2026/INC-2026-0005.md": incident().replace("major: true", "major: false"),
        }
    )


def test_json(run_cli: RunCli, records: Path) -> None:
    outcome = run_cli("reviews", "--format", "json", repo=records)
    assert outcome.code == 0
    found = json.loads(outcome.out)
    assert found["summary"] == {"required": 4, "published": 1, "overdue": 1}
    reviews = {review["incident"]: review for review in found["reviews"]}
    # the most pressing first: overdue, due, waiting, published
    assert list(reviews) == ["INC-2026-0003", "INC-2026-0002", "INC-2026-0004", "INC-2026-0001"]
    overdue = reviews["INC-2026-0003"]
    assert (overdue["status"], overdue["overdue"], overdue["due_day"]) == ("missing", True, "2026-11-15")
    assert (overdue["owners"], overdue["required_because"]) == (["duty-one"], ["major"])
    assert reviews["INC-2026-0002"]["owners"] == ["duty-two"]
    assert (reviews["INC-2026-0004"]["status"], reviews["INC-2026-0004"]["due"]) == ("waiting", None)
    assert (reviews["INC-2026-0001"]["status"], reviews["INC-2026-0001"]["on_time"]) == ("published", True)


def test_overdue_exits_with_one_where_there_is_one(run_cli: RunCli, records: Path) -> None:
    outcome = run_cli("reviews", "--overdue", repo=records)
    assert outcome.code == 1
    assert "INC-2026-0003" in outcome.out
    assert "INC-2026-0002" not in outcome.out
    assert "5 days late" in outcome.out
    earlier = run_cli("--now", "2026-11-15T23:59+00:00", "reviews", "--overdue", repo=records)
    assert (earlier.code, earlier.out.strip()) == (0, "No review is overdue.")


def test_text(run_cli: RunCli, records: Path) -> None:
    outcome = run_cli("reviews", repo=records)
    assert outcome.code == 0
    assert "4 required reviews: 1 published, 3 to do, 1 overdue." in outcome.out
    assert "because major (before closing)" in outcome.out
    assert "once resolved" in outcome.out
    # a title is shown as it is written, and turns nothing round
    assert "Gone [red]\\u202enwod\\u202c" in outcome.out
    assert "\u202e" not in outcome.out


def test_published_ones_can_be_left_out(run_cli: RunCli, records: Path) -> None:
    found = json.loads(run_cli("reviews", "--open", "--format", "json", repo=records).out)
    assert [review["incident"] for review in found["reviews"]] == [
        "INC-2026-0003",
        "INC-2026-0002",
        "INC-2026-0004",
    ]


def test_restricted_incidents_can_be_left_out(run_cli: RunCli, records: Path) -> None:
    outcome = run_cli("reviews", "--audience", "internal", repo=records)
    assert "INC-2026-0003" in outcome.out
    assert "INC-2026-0004" not in outcome.out


def test_nothing_to_review(run_cli: RunCli, make_repository: MakeRepository) -> None:
    outcome = run_cli("reviews", repo=make_repository())
    assert (outcome.code, outcome.out.strip()) == (0, "No incident needs a review.")
