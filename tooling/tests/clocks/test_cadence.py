"""When readers of a major incident must hear of it again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from pydantic import TypeAdapter

from incidentbook.archive import open_repository
from incidentbook.clocks import last_word, next_update_due, update_due
from incidentbook.records import Incident
from incidentbook.taxonomy import Taxonomy
from testbed import MakeRepository

INCIDENT = TypeAdapter(Incident)
EVERY = timedelta(minutes=45)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-20T{text}Z")


def update(time: str) -> dict[str, Any]:
    return {"at": at(time), "status": "investigating", "text": "We look."}


def incident(**fields: Any) -> Incident:
    known = {"title": "Down", "status": "in_progress", "major": True, "opened": at("08:00")}
    return INCIDENT.validate_python({**known, **fields})


@pytest.fixture
def taxonomy(make_repository: MakeRepository) -> Taxonomy:
    return open_repository(make_repository({"schema/major.yml": "update_every: 45m\n"})).taxonomy


def test_it_counts_from_the_last_update(taxonomy: Taxonomy) -> None:
    one = incident(updates=[update("08:40"), update("08:10")])
    assert next_update_due(one, taxonomy) == at("08:40") + EVERY
    assert last_word(one) == at("08:40")


@pytest.mark.parametrize(
    ("fields", "since"),
    [
        ({}, "08:00"),
        ({"declared": at("09:00")}, "09:00"),
        ({"declared": at("09:00"), "updates": [update("08:30")]}, "09:00"),
        (
            {
                "reopenings": [{"resolved": at("09:00"), "reopened": at("10:00")}],
                "updates": [update("09:05")],
            },
            "10:00",
        ),
    ],
)
def test_it_begins_with_the_opening_the_declaration_or_the_reopening(
    taxonomy: Taxonomy, fields: dict[str, Any], since: str
) -> None:
    assert next_update_due(incident(**fields), taxonomy) == at(since) + EVERY


def test_the_updates_of_a_larger_incident_are_its_own(taxonomy: Taxonomy) -> None:
    larger = incident(updates=[update("09:30")])
    assert next_update_due(incident(updates=[update("08:40")]), taxonomy, larger) == at("09:30") + EVERY
    assert last_word(incident(), larger, until=at("09:00")) is None


@pytest.mark.parametrize(
    "fields",
    [
        {"major": False},
        {"status": "resolved"},
        {"status": "closed"},
        {"status": "cancelled"},
        {"links": {"duplicate_of": "INC-2026-0007"}},
        {"opened": None},
    ],
)
def test_nobody_promised_it(taxonomy: Taxonomy, fields: dict[str, Any]) -> None:
    assert next_update_due(incident(**fields), taxonomy) is None


def test_a_drill_keeps_the_beat(taxonomy: Taxonomy) -> None:
    assert next_update_due(incident(drill=True), taxonomy) == at("08:00") + EVERY


def test_without_an_interval_nothing_is_due(make_repository: MakeRepository) -> None:
    assert next_update_due(incident(), open_repository(make_repository({})).taxonomy) is None


def test_what_is_dated_later_is_not_said_yet_and_who_goes_apart_follows_nobody(
    make_repository: MakeRepository,
) -> None:
    child = "---\ntitle: Child\nstatus: in_progress\nmajor: true\nopened: 2026-11-20T08:00Z\nlinks: {}\n---\n"
    parent = (
        "---\ntitle: Parent\nstatus: in_progress\nopened: 2026-11-20T08:00Z\nupdates:\n"
        "  - {at: 2026-11-20T08:30Z, status: investigating, text: We look.}\n"
        "  - {at: 2026-11-20T11:00Z, status: investigating, text: Not yet.}\n---\n"
    )
    root = make_repository(
        {
            "schema/major.yml": "update_every: 45m\n",
            "incidents/2026/INC-2026-0001.md": parent,
            "incidents/2026/INC-2026-0002.md": child.replace("{}", "{parent: INC-2026-0001}"),
            "incidents/2026/INC-2026-0003.md": child.replace(
                "{}", "{parent: INC-2026-0001, apart: Its own cause}"
            ),
        }
    )
    records = open_repository(root)
    due = {entry.id: update_due(entry, records, at("09:00")) for entry in records.incidents}
    assert due == {
        "INC-2026-0001": None,
        "INC-2026-0002": at("08:30") + EVERY,
        "INC-2026-0003": at("08:00") + EVERY,
    }
