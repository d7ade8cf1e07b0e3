"""What schema/major.yml calls major, and who may declare it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import TypeAdapter

from incidentbook.archive import open_repository
from incidentbook.records import Incident
from incidentbook.taxonomy import Taxonomy, may_declare, qualifies, who_may_declare
from testbed import SCHEMA, MakeRepository, RunCli

INCIDENT = TypeAdapter(Incident)
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
FIELDS: dict[str, Any] = {
    "title": "Down",
    "status": "new",
    "impact": "high",
    "urgency": "high",
    "opened": NOW,
    "category": "application/defect",
    "affected": {"count": 500},
    "services": [
        {"service": "find", "state": "major_outage"},
        {"service": "checkout", "state": "partial_outage"},
    ],
}


@pytest.fixture
def taxonomy_of(make_repository: MakeRepository) -> Any:
    def make(major: str) -> Taxonomy:
        people = SCHEMA["schema/people.yml"] + "  - {handle: long-gone, valid_until: 2026-01-01}\n"
        return open_repository(
            make_repository({"schema/major.yml": major, "schema/people.yml": people})
        ).taxonomy

    return make


@pytest.mark.parametrize(
    ("when", "reasons"),
    [
        ("{priority: [P1], reason: All hands}", ("All hands",)),
        ("{priority: [P2]}", ()),
        ("{state: [major_outage]}", ("major outage",)),
        ("{state: [major_outage], service: [checkout]}", ()),
        # an alias is the service
        ("{state: [major_outage], service: [search]}", ("search in major outage",)),
        ("{affected: 500}", ("500 users or more",)),
        ("{affected: 501}", ()),
        ("{category: [application]}", ("category application",)),
        ("{category: [application/deployment]}", ()),
        ("{priority: [P1], affected: 501}", ()),
        ("{}", ()),
    ],
)
def test_every_line_of_an_entry_has_to_fit(taxonomy_of: Any, when: str, reasons: tuple[str, ...]) -> None:
    assert qualifies(INCIDENT.validate_python(FIELDS), taxonomy_of(f"when: [{when}]\n")) == reasons


def test_one_entry_is_enough_and_each_reason_is_said_once(taxonomy_of: Any) -> None:
    major = "when: [{priority: [P1], reason: A}, {affected: 1, reason: A}, {affected: 2, reason: B}]\n"
    assert qualifies(INCIDENT.validate_python(FIELDS), taxonomy_of(major)) == ("A", "B")


def test_who_may(taxonomy_of: Any) -> None:
    some = taxonomy_of("declare: [duty-three, long-gone]\ndeclare_teams: [payments]\n")
    assert who_may_declare(some, NOW) == ("duty-three", "duty-one")
    assert may_declare("duty-one", some, NOW)
    assert not may_declare("duty-two", some, NOW)
    assert not may_declare("long-gone", some, NOW)
    assert may_declare("whoever", taxonomy_of("when: []\n"), NOW)
    # who all have left are not "nobody named"
    assert not may_declare("duty-one", taxonomy_of("declare: [long-gone]\n"), NOW)


def test_what_nobody_defines_is_told(make_repository: MakeRepository, run_cli: RunCli) -> None:
    major = (
        "when: [{priority: [P9], service: [chekout]}]\ndeclare: [duty-on]\ndeclare_teams: [nobody]\n"
        "managers: payment\ncommunications: x\nteam: [y]\nstakeholders: [{name: A, services: [z]}]\n"
    )
    escalation = (
        "paths:\n  - id: all\n    name: All\n    match: {category: [weather]}\n    steps:\n"
        "      - {id: a, kind: functional, to: payment, silence: 1h}\n"
        "      - {id: b, kind: functional, to: 'vendor: card provider', silence: 2h}\n"
        "      - {id: c, kind: functional, to: card provider, silence: 3h}\n"
        "  - {id: all, name: All again}\n"
    )
    root = make_repository({"schema/major.yml": major, "schema/escalation.yml": escalation})
    out = run_cli("check", repo=root).out
    for said in (
        "there is no priority `P9`",
        "there is no service `chekout`",
        "there is no person `duty-on`",
        "there is no team `nobody`",
        "there is no team `payment`",
        "there is no person `x`",
        "there is no person `y`",
        "there is no service `z`",
        "there is no category `weather`",
        "there is no team or person `payment`",
        "there is no team or person `card provider`",
        "`all` is defined twice for the same time",
    ):
        assert said in out
    assert "vendor: card provider" not in out.replace("to: 'vendor: card provider'", "")
