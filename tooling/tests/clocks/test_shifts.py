"""Whether whoever has an open incident is on shift."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from incidentbook.archive import load_archive
from incidentbook.clocks.shifts import OffShift, last_handover, off_shift
from incidentbook.gitrepo import open_working_tree
from testbed import SCHEMA, MakeRepository

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
PATH = "incidents/2026/INC-2026-0001.md"
ROTATION = "rotation: {turn: day, at: '08:00', since: 2026-11-01, order: [duty-three, duty-one]}"
TEAMS = SCHEMA["schema/teams.yml"].replace("members: [duty-one]}", f"members: [duty-one], {ROTATION}}}")
INCIDENT = """\
---
title: Checkout answers 502
status: in_progress
services: [{service: checkout, state: partial_outage}]
impact: low
urgency: low
opened: 2026-11-20T09:00+00:00
acknowledged: 2026-11-20T09:05+00:00
assignments:
  - {at: 2026-11-20T09:05+00:00, team: payments, owner: duty-two}
---
"""
NOTE = "---\nstatus: written\n{}---\n"


def judged(make: MakeRepository, text: str = INCIDENT, teams: str = TEAMS, **notes: str) -> OffShift | None:
    files = {f"handovers/2026/{name.replace('_', '-')}.md": NOTE.format(note) for name, note in notes.items()}
    archive = load_archive(open_working_tree(make({"schema/teams.yml": teams, PATH: text, **files})))
    assert [found.message for found in archive.diagnostics] == []
    return off_shift(archive.incidents[0].record, archive, NOW)


def on_duty(make: MakeRepository) -> str:
    found = judged(make)
    assert found is not None and found.duty is not None
    return found.duty.who


def test_another_is_on_call(make_repository: MakeRepository) -> None:
    found = judged(make_repository)
    assert found is not None and found.duty is not None
    assert (found.owner, found.team, found.duty.who) == ("duty-two", "payments", "duty-one")


def test_who_is_on_call_has_it(make_repository: MakeRepository) -> None:
    who = on_duty(make_repository)
    assert judged(make_repository, INCIDENT.replace("owner: duty-two", f"owner: {who}")) is None


def test_without_a_rotation_any_owner_will_do(make_repository: MakeRepository) -> None:
    assert judged(make_repository, teams=SCHEMA["schema/teams.yml"]) is None


@pytest.mark.parametrize(
    ("note", "is_fine"),
    [
        ("team: payments\nat: 2026-11-20T08:10+00:00\nincoming: duty-two\n", True),
        ("at: 2026-11-20T07:55+00:00\nincoming: duty-two\n", True),
        (
            "at: 2026-11-20T08:10+00:00\nincoming: duty-one\n"
            "items: [{incident: INC-2026-0001, owner: duty-two}]\n",
            True,
        ),
        ("team: desk\nat: 2026-11-20T08:10+00:00\nincoming: duty-two\n", False),
        ("team: payments\nat: 2026-11-19T08:10+00:00\nincoming: duty-two\n", False),
        ("team: payments\nat: 2026-11-20T12:01+00:00\nincoming: duty-two\n", False),
        ("team: payments\nat: 2026-11-20T08:10+00:00\nincoming: duty-one\n", False),
    ],
    ids=["to the owner", "for all teams", "the item", "another team", "yesterday", "to come", "another"],
)
def test_a_handover_of_this_turn_counts(make_repository: MakeRepository, note: str, *, is_fine: bool) -> None:
    assert (judged(make_repository, HND_2026_0001=note) is None) == is_fine


def test_only_the_last_handover_counts(make_repository: MakeRepository) -> None:
    to = "team: payments\nat: 2026-11-20T0{}:10+00:00\nincoming: {}\n"
    notes = {"HND_2026_0002": to.format(8, "duty-two"), "HND_2026_0001": to.format(9, "duty-one")}
    assert judged(make_repository, **notes) is not None


def test_a_role_in_a_major_incident_is_a_shift(make_repository: MakeRepository) -> None:
    roles = "roles: {incident_manager: duty-one, team: [duty-two]}\nassignments"
    assert judged(make_repository, INCIDENT.replace("assignments", roles)) is not None
    assert judged(make_repository, INCIDENT.replace("assignments", f"major: true\n{roles}")) is None


def test_nobody_owns_it(make_repository: MakeRepository) -> None:
    found = judged(make_repository, INCIDENT.replace(", owner: duty-two", ""))
    assert found is not None
    assert found.owner is None


@pytest.mark.parametrize(("opened", "is_fine"), [("11:50", True), ("09:00", False)])
def test_a_new_one_waits_while_its_response_clock_has_time(
    make_repository: MakeRepository, opened: str, *, is_fine: bool
) -> None:
    text = INCIDENT.replace("in_progress", "new").replace("09:00", opened)
    text = text[: text.index("acknowledged")] + "---\n"
    assert (judged(make_repository, text) is None) == is_fine
    # where nobody could be named, nobody is missed
    assert judged(make_repository, text, teams=SCHEMA["schema/teams.yml"]) is None


def test_the_last_handover_of_a_team_is_its_own_or_one_of_all(make_repository: MakeRepository) -> None:
    files = {
        "handovers/2026/HND-2026-0001.md": NOTE.format("team: payments\nat: 2026-11-20T08:10+00:00\n"),
        "handovers/2026/HND-2026-0002.md": NOTE.format("at: 2026-11-20T09:10+00:00\n"),
        "handovers/2026/HND-2026-0003.md": NOTE.format("team: desk\nat: 2026-11-20T10:10+00:00\n"),
        "handovers/2026/HND-2026-0004.md": NOTE.format("team: nobody-knows\n"),
    }
    archive = load_archive(open_working_tree(Path(make_repository(files))))
    found = {team: last_handover(archive, team, NOW) for team in ("payments", "desk", None, "nobody-knows")}
    assert {team: entry.id for team, entry in found.items() if entry} == {
        "payments": "HND-2026-0002",
        "desk": "HND-2026-0003",
        None: "HND-2026-0002",
        "nobody-knows": "HND-2026-0002",
    }
