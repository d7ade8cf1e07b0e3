"""CDEvents: what `log --format cdevents` writes is what CDEvents says they are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from incidentbook.archive import load_archive, load_entries
from incidentbook.gitrepo import open_working_tree
from incidentbook.history import EventType, events
from incidentbook.publication import publish, publish_events
from incidentbook.records import Audience
from incidentbook.reports.log.cdevents import log_as_cdevents
from testbed import CommitAll, MakeRepository

SCHEMA = json.loads((Path(__file__).parent / "published" / "cdevents-0.5.schema.json").read_text("utf-8"))

INCIDENT = """\
---
title: Checkout fails "for some"
status: closed
visibility: public
services:
  - {service: database, state: partial_outage}
  - {service: checkout, state: partial_outage}
impact: high
urgency: high
reporter: {channel: alert, handle: duty-two}
started: 2026-11-19T13:50+00:00
detected: 2026-11-19T14:00+00:00
opened: 2026-11-19T15:05+01:00
acknowledged: 2026-11-19T14:10+00:00
assignments:
  - {at: 2026-11-19T14:10+00:00, team: desk, owner: duty-one}
  - {at: 2026-11-19T14:12+00:00, team: payments}
updates:
  - {at: 2026-11-19T14:30+00:00, status: identified, text: We know why, visibility: public, by: duty-one}
  - {at: 2026-11-19T14:40+00:00, status: identified, text: Between us}
holds:
  - {from: 2026-11-19T14:31+00:00, to: 2026-11-19T14:35+00:00, reason: vendor}
mitigated: 2026-11-19T14:50+00:00
resolved: 2026-11-19T16:00+00:00
resolved_by: duty-one
reopenings:
  - {resolved: 2026-11-19T15:00+00:00, reopened: 2026-11-19T15:30+00:00, reason: It came back}
resolution: {code: fixed, summary: A new disk, permanence: permanent}
closed: 2026-11-20T10:00+00:00
closed_by: duty-one
---
Body.
"""
CANCELLED = """\
---
title: Not one
status: cancelled
opened: 2026-11-19T14:05+00:00
cancelled: 2026-11-19T14:08+00:00
cancel_reason: Twice
links: {duplicate_of: INC-2026-0001}
---
"""
PROBLEM = """\
---
title: Disks fill up
status: closed
opened: 2026-11-19T14:05+00:00
known_error: 2026-11-19T15:05+00:00
resolved: 2026-11-19T16:05+00:00
closed: 2026-11-19T17:05+00:00
---
"""
MAINTENANCE = """\
---
title: New disks
status: completed
planned: {from: 2026-11-19T14:05+00:00, to: 2026-11-19T15:05+00:00}
updates:
  - {at: 2026-11-19T14:30+00:00, status: in_progress, text: Begun}
---
"""


@pytest.fixture
def root(make_repository: MakeRepository, commit_all: CommitAll) -> Path:
    root = make_repository(
        {
            "incidents/2026/INC-2026-0001.md": INCIDENT.replace("impact: high", "impact: low"),
            "incidents/2026/INC-2026-0002.md": CANCELLED,
            "incidents/2026/MNT-2026-0001.md": MAINTENANCE,
            "knowledge/problems/PRB-2026-0001.md": PROBLEM,
        }
    )
    commit_all(root)
    (root / "incidents/2026/INC-2026-0001.md").write_text(INCIDENT)
    commit_all(root, "Raise it")
    return root


def validated(text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(text)
    validator = Draft202012Validator(SCHEMA, format_checker=FormatChecker())
    for event in found:
        assert [error.message for error in validator.iter_errors(event)] == []
    return found


def of_type(found: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    return [event for event in found if event["context"]["type"].startswith(f"dev.cdevents.{name}.")]


@pytest.mark.parametrize("url", [None, "https://status.example.invalid/ops"])
def test_every_event_is_one_of_theirs(root: Path, url: str | None) -> None:
    settings = root / "schema" / "incidentbook.yml"
    settings.write_text(settings.read_text() + (f"url: {url}\n" if url else ""))
    archive = load_archive(open_working_tree(root))
    found = validated(log_as_cdevents(events(root), archive))
    assert {event["context"]["type"] for event in found} == set(
        SCHEMA["properties"]["context"]["properties"]["type"]["enum"]
    )
    assert len({event["context"]["id"] for event in found}) == len(found)
    detected, reported = of_type(found, "incident.detected")[0], of_type(found, "incident.reported")[0]
    assert detected["context"]["timestamp"] == "2026-11-19T14:00:00.000Z"
    assert reported["context"]["timestamp"] == "2026-11-19T14:05:00.000Z"
    ticket = f"{url}/incidents/INC-2026-0001/" if url else "urn:uuid:"
    assert reported["subject"]["content"]["ticketURI"].startswith(ticket)
    assert reported["context"]["source"] == (f"{url}/" if url else "/incidentbook/Testbed")
    assert reported["subject"]["content"]["service"]["id"] == "database"
    resolved = of_type(found, "incident.resolved")
    assert [one["context"]["timestamp"][11:16] for one in resolved] == ["15:00", "16:00"]
    closed = of_type(found, "ticket.closed")
    assert {one["subject"]["id"]: one["subject"]["content"]["resolution"] for one in closed} == {
        "INC-2026-0001": "completed",
        "INC-2026-0002": "duplicate",
        "PRB-2026-0001": "completed",
    }
    told = {event["customData"]["incidentbook"]["type"] for event in found}
    assert {EventType.ASSIGNED, EventType.PRIORITY_RAISED, EventType.HELD, EventType.REOPENED} <= told
    raised = next(one for one in found if one["customData"]["incidentbook"]["type"] == "priority_raised")
    assert raised["subject"]["content"]["priority"] == "P1"
    assert not any(one["subject"]["id"].startswith("MNT") for one in found)


def test_the_same_event_has_the_same_id(root: Path) -> None:
    archive = load_archive(open_working_tree(root))
    whole = {one["context"]["id"]: one for one in json.loads(log_as_cdevents(events(root), archive))}
    later = json.loads(log_as_cdevents(events(root, "HEAD~1"), archive))
    assert later
    assert all(whole[one["context"]["id"]] == one for one in later)


def test_the_public_learns_of_no_person_and_of_nothing_hidden(root: Path) -> None:
    archive = load_archive(open_working_tree(root))
    load_entries(archive)
    published = publish(archive, Audience.PUBLIC)
    text = log_as_cdevents(publish_events(events(root), published), published)
    found = validated(text)
    for hidden in (
        "duty-",
        "desk",
        "payments",
        "database",
        "Between us",
        "vendor",
        "example.invalid",
        "A new disk",
    ):
        assert hidden not in text, hidden
    assert {event["subject"]["id"] for event in found} == {"INC-2026-0001"}
    assert of_type(found, "ticket.created")[0]["subject"]["content"]["creator"] == "Testbed"
    assert "We know why" in text


def test_the_schema_refuses_what_is_none_of_theirs() -> None:
    validator = Draft202012Validator(SCHEMA)
    Draft202012Validator.check_schema(SCHEMA)
    event = {
        "context": {
            "specversion": "0.5.0",
            "id": "1",
            "source": "/x",
            "type": "dev.cdevents.incident.reported.0.3.0",
            "timestamp": "2026-11-19T14:05:00Z",
        },
        "subject": {"id": "1", "content": {"environment": {"id": "production"}}},
    }
    assert [error.message for error in validator.iter_errors(event)] == ["'ticketURI' is a required property"]
