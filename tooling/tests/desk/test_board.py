"""What is on the board, and in which order."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from incidentbook.archive import load_archive
from incidentbook.desk.board import Board, board, open_incidents
from incidentbook.gitrepo import open_working_tree
from testbed import SCHEMA, MakeRepository

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
TEAMS = SCHEMA["schema/teams.yml"].replace(
    "members: [duty-two]}", "members: [duty-two], rotation: {since: 2026-11-02, order: [duty-two]}}"
)


def incident(words: str, status: str = "in_progress", level: str = "low", opened: str = "11:00") -> str:
    return (
        f"---\ntitle: Trouble\nstatus: {status}\nservices: [{{service: checkout, state: partial_outage}}]\n"
        f"impact: {level}\nurgency: {level}\nopened: 2026-11-20T{opened}+00:00\n"
        f"acknowledged: 2026-11-20T{opened}+00:00\n{words}---\n"
    )


OWNED = "assignments: [{at: 2026-11-20T11:00+00:00, team: payments, owner: duty-one}]\n"
FILES = {
    "incidents/2026/INC-2026-0001.md": incident(OWNED),
    "incidents/2026/INC-2026-0002.md": incident(OWNED + "major: true\n", level="high", opened="08:30"),
    "incidents/2026/INC-2026-0003.md": incident(
        OWNED + "holds: [{from: 2026-11-20T11:30+00:00, reason: vendor}]\n", "on_hold", opened="09:00"
    ),
    "incidents/2026/INC-2026-0004.md": incident("", level="high", opened="07:00"),
    "incidents/2026/INC-2026-0005.md": incident("drill: true\n"),
    "incidents/2026/INC-2026-0006.md": incident("resolved: 2026-11-20T11:30+00:00\n", "resolved"),
    "incidents/2026/INC-2026-0007.md": "---\ntitle: [\n---\n",
    "incidents/2026/MNT-2026-0001.md": "---\ntitle: Now\nstatus: in_progress\n"
    "actual: {from: 2026-11-20T11:00+00:00}\n---\n",
    "incidents/2026/MNT-2026-0002.md": "---\ntitle: Next\nstatus: scheduled\n"
    "planned: {from: 2026-11-22T11:00+00:00, to: 2026-11-22T12:00+00:00}\n---\n",
    "incidents/2026/MNT-2026-0003.md": "---\ntitle: Far\nstatus: scheduled\n"
    "planned: {from: 2027-02-22T11:00+00:00, to: 2027-02-22T12:00+00:00}\n---\n",
    "knowledge/problems/PRB-2026-0001.md": "---\ntitle: Cause\nstatus: open\nactions:\n"
    "  - {title: Late, due: 2026-11-19, owner: duty-one}\n  - {title: Soon, due: 2026-11-25}\n"
    "  - {title: Far, due: 2027-01-25}\n  - {title: Done, due: 2026-11-19, state: done}\n---\n",
    "handovers/2026/HND-2026-0001.md": "---\nstatus: written\nat: 2026-11-20T11:40Z\nincoming: duty-two\n"
    "items:\n  - {incident: INC-2026-0001, next_update_due: 2026-11-20T12:30+00:00}\n---\n",
}


@pytest.fixture
def seen(make_repository: MakeRepository) -> Board:
    root = make_repository({"schema/teams.yml": TEAMS, "schema/major.yml": "update_every: 45m\n", **FILES})
    return board(load_archive(open_working_tree(root)), NOW)


def test_open_incidents_stand_by_soonest_breach(seen: Board) -> None:
    """One that is breached comes first, one whose clock is paused last; what does not count is left out."""
    assert [one.entry.id for one in seen.incidents] == [
        *("INC-2026-0004", "INC-2026-0002", "INC-2026-0001", "INC-2026-0003")
    ]
    breached, risky, running, held = seen.incidents
    assert (breached.is_breached, risky.is_at_risk, running.is_at_risk) == (True, True, False)
    assert held.hold is not None and held.hold.reason == "vendor" and held.clocks[0].paused


def test_who_has_it_and_whether_anybody_on_shift_does(seen: Board) -> None:
    ownerless, owned, *_ = seen.incidents
    assert (ownerless.owner, ownerless.team, ownerless.off_shift) == (None, "payments", True)
    assert (owned.owner, owned.team, owned.off_shift) == ("duty-one", "payments", False)


def test_the_next_update_is_what_the_policy_or_a_handover_promised(seen: Board) -> None:
    due = {one.entry.id: one.next_update for one in seen.incidents}
    assert due["INC-2026-0002"] == datetime(2026, 11, 20, 9, 15, tzinfo=UTC)
    assert due["INC-2026-0001"] == datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
    assert due["INC-2026-0003"] is None


def test_a_promise_is_kept_once_readers_have_heard(make_repository: MakeRepository) -> None:
    said = OWNED + "updates: [{at: 2026-11-20T11:50+00:00, status: identified, text: Found.}]\n"
    files = {**FILES, "incidents/2026/INC-2026-0001.md": incident(said)}
    archive = load_archive(open_working_tree(make_repository({"schema/teams.yml": TEAMS, **files})))
    assert {one.entry.id: one.next_update for one in open_incidents(archive, NOW)}["INC-2026-0001"] is None


def test_the_rest_of_the_board(seen: Board) -> None:
    assert [(duty.team, duty.who) for duty in seen.on_call] == [("desk", "duty-two")]
    assert [entry.id for entry in seen.waiting] == ["HND-2026-0001"]
    assert [(one.action.title, one.overdue) for one in seen.actions] == [("Late", True), ("Soon", False)]
    assert [entry.record.title for entry in seen.running] == ["Now"]
    assert [entry.record.title for entry in seen.coming] == ["Next"]
    assert seen.unreadable == 1
    assert seen.counts == {
        "open": 4, "major": 1, "breached": 1, "at_risk": 1, "on_hold": 1, "off_shift": 1,
    }  # fmt: skip


def test_of_one_team(make_repository: MakeRepository) -> None:
    archive = load_archive(open_working_tree(make_repository(FILES)))
    assert open_incidents(archive, NOW, "desk") == ()
    assert len(open_incidents(archive, NOW, "payments")) == 4


def note(number: int, at: str, due: str) -> dict[str, str]:
    return {
        f"handovers/2026/HND-2026-{number:04}.md": f"---\nstatus: written\nat: 2026-11-20T{at}Z\n"
        f"items: [{{incident: INC-2026-0001, next_update_due: 2026-11-20T{due}Z}}]\n---\n"
    }


def test_the_last_promise_is_the_one_that_counts(make_repository: MakeRepository) -> None:
    files = {**FILES, **note(1, "11:40", "12:30"), **note(2, "11:50", "13:30"), **note(3, "12:10", "14:00")}
    archive = load_archive(open_working_tree(make_repository(files)))
    first = {one.entry.id: one for one in open_incidents(archive, NOW)}["INC-2026-0001"]
    assert first.next_update == first.promised == datetime(2026, 11, 20, 13, 30, tzinfo=UTC)


@pytest.mark.parametrize(("apart", "kept"), [("", True), (", apart: Another cause", False)])
def test_an_update_of_a_parent_that_is_followed_keeps_the_promise(
    make_repository: MakeRepository, apart: str, *, kept: bool
) -> None:
    child = incident(OWNED + f"links: {{parent: INC-2026-0004{apart}}}\n")
    parent = incident(
        "updates: [{at: 2026-11-20T11:50+00:00, status: identified, text: Found.}]\n", level="high"
    )
    files = {**FILES, "incidents/2026/INC-2026-0001.md": child, "incidents/2026/INC-2026-0004.md": parent}
    archive = load_archive(open_working_tree(make_repository(files)))
    due = {one.entry.id: one.next_update for one in open_incidents(archive, NOW)}["INC-2026-0001"]
    assert (due is None) is kept
