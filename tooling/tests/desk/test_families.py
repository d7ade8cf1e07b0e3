"""Who follows a larger incident, and what its resolution makes of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import TypeAdapter

from incidentbook.archive import Archive, open_repository
from incidentbook.desk.change import changed_text
from incidentbook.desk.families import children_following, with_parent
from incidentbook.records import Incident
from testbed import MakeRepository

INCIDENT = TypeAdapter(Incident)
RECORD = "---\ntitle: T\nstatus: {}\nopened: 2026-11-20T08:00+00:00\nlinks: {}\n---\n"


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-20T{text}").replace(tzinfo=UTC)


def family(make: MakeRepository, *members: tuple[str, str]) -> Archive:
    files = {
        f"incidents/2026/INC-2026-{number:04d}.md": RECORD.format(status, links)
        for number, (status, links) in enumerate(members, 1)
    }
    return open_repository(make(files))


def ids(entries: Any) -> list[str]:
    return [entry.id[-1] for entry in entries]


def test_open_children_follow_and_theirs_in_turn(make_repository: MakeRepository) -> None:
    archive = family(
        make_repository,
        ("in_progress", "{}"),
        ("new", "{parent: INC-2026-0001}"),
        ("resolved", "{parent: INC-2026-0001}"),
        ("new", "{parent: INC-2026-0001, apart: Another cause}"),
        ("on_hold", "{parent: INC-2026-0002}"),
        ("new", "{parent: INC-2026-0004}"),
        ("assigned", "{parent: INC-2026-0003}"),
    )
    assert ids(children_following(archive, "INC-2026-0001")) == ["2", "5", "7"]
    assert ids(archive.followed_by("INC-2026-0005")) == ["2", "1"]
    assert ids(archive.followed_by("INC-2026-0004")) == []
    assert ids(archive.followed_by("INC-2026-0006")) == ["4"]
    assert ids(archive.followed_by("INC-2026-0099")) == []


def test_a_circle_and_a_lost_parent_end(make_repository: MakeRepository) -> None:
    archive = family(
        make_repository,
        ("new", "{parent: INC-2026-0002}"),
        ("new", "{parent: INC-2026-0001}"),
        ("new", "{parent: INC-2026-0003}"),
        ("new", "{parent: INC-2026-0088}"),
    )
    assert ids(archive.followed_by("INC-2026-0001")) == ["2"]
    assert ids(children_following(archive, "INC-2026-0001")) == ["2"]
    assert ids(archive.followed_by("INC-2026-0003")) == []
    assert ids(archive.followed_by("INC-2026-0004")) == []


PARENT: dict[str, Any] = {
    "title": "Parent",
    "status": "resolved",
    "summary": "All payments failed.",
    "opened": at("08:00"),
    "restored": at("09:00"),
    "resolved": at("09:30"),
    "assignments": [{"at": at("08:05"), "team": "payments", "owner": "duty-one"}],
    "resolution": {"code": "fixed", "summary": "Rolled back.", "permanence": "temporary"},
}
CHILD: dict[str, Any] = {"title": "Child", "status": "new", "opened": at("08:10")}


def resolved(child: dict[str, Any] | None = None, parent: dict[str, Any] | None = None) -> Any:
    made = [
        INCIDENT.validate_python({**known, **(more or {})})
        for known, more in ((CHILD, child), (PARENT, parent))
    ]
    return with_parent(made[0], "INC-2026-0001", made[1], at("09:31"), "duty-two")


def test_a_child_gets_what_it_needs_and_lacks() -> None:
    change = resolved()
    assert change.said == "resolved with INC-2026-0001"
    assert change.values == {
        "status": "resolved",
        "resolved": at("09:30"),
        "acknowledged": at("09:30"),
        "restored": at("09:00"),
        "resolved_by": "duty-two",
        "summary": "All payments failed.",
        "resolution": {
            "code": "fixed",
            "summary": "Resolved with INC-2026-0001: Rolled back.",
            "permanence": "temporary",
        },
    }
    assert change.added == {"assignments": [{"at": at("09:30"), "team": "payments", "owner": "duty-one"}]}
    assert change.nested == {}


def test_what_a_child_says_itself_stays() -> None:
    own = {
        "summary": "Tills only.",
        "acknowledged": at("08:20"),
        "restored": at("08:50"),
        "assignments": [{"at": at("08:20"), "team": "desk", "owner": "duty-three"}],
        "resolution": {"workaround": "Pay at the desk."},
        "holds": [
            {"from": at("08:30"), "to": at("08:40"), "reason": "user"},
            {"from": at("08:45"), "reason": "vendor"},
        ],
    }
    change = resolved(own)
    assert not {"acknowledged", "restored", "summary"} & change.values.keys()
    assert change.values["resolution"]["workaround"] == "Pay at the desk."
    assert change.added == {}
    assert change.nested == {("holds", 1): {"to": at("09:30")}}


def test_a_child_that_was_logged_later_is_not_resolved_before_it_was_opened() -> None:
    late = resolved({"opened": at("09:31"), "started": at("09:10")})
    assert late.values["resolved"] == at("09:31")
    assert "acknowledged" not in late.values
    assert "restored" not in late.values


@pytest.mark.parametrize(
    ("child", "parent", "known"),
    [
        ("internal", "restricted", False),
        ("public", "restricted", False),
        ("restricted", "restricted", True),
        ("public", "internal", True),  # a resolution is internal, whatever the record is
    ],
)
def test_a_resolution_says_nothing_of_a_parent_that_its_readers_may_not_know(
    child: str, parent: str, known: bool
) -> None:
    summary = resolved({"visibility": child}, {"visibility": parent}).values["resolution"]["summary"]
    assert summary == ("Resolved with INC-2026-0001: Rolled back." if known else "Resolved.")


@pytest.mark.parametrize(
    ("child", "parent", "told"),
    [
        ("public", "internal", "Child: resolved."),
        ("internal", "restricted", "Child: resolved."),
        ("internal", "internal", "All payments failed."),
        ("internal", "public", "All payments failed."),
    ],
)
def test_a_summary_says_nothing_of_a_parent_that_its_readers_may_not_know(
    child: str, parent: str, told: str
) -> None:
    assert resolved({"visibility": child}, {"visibility": parent}).values["summary"] == told
    silent = resolved({"visibility": child}, {"visibility": parent, "summary": None}).values["summary"]
    expected = "part of a larger incident, and over with it" if "failed" in told else "resolved"
    assert silent == f"Child: {expected}."


def test_the_record_of_a_child_passes_the_checks(make_repository: MakeRepository) -> None:
    files = {
        "incidents/2026/INC-2026-0001.md": "---\ntitle: Parent\nstatus: resolved\n"
        "opened: 2026-11-20T08:00+00:00\nacknowledged: 2026-11-20T08:05+00:00\n"
        "resolved: 2026-11-20T09:30+00:00\nlinks: {problem: PRB-2026-0001}\n"
        "services: [{service: checkout, state: partial_outage}]\ncategory: application/defect\nimpact: low\n"
        "urgency: low\nreporter: {channel: alert}\nassignments:\n"
        "  - {at: 2026-11-20T08:05+00:00, team: payments, owner: duty-one}\nresolved_by: duty-one\n"
        "resolution: {code: fixed, summary: Rolled back., permanence: temporary}\n---\n",
        "incidents/2026/INC-2026-0002.md": "---\ntitle: Child # of the larger one\nstatus: on_hold\n"
        "summary: The same.\n"
        "opened: 2026-11-20T08:10+00:00\nacknowledged: 2026-11-20T08:12+00:00\n"
        "services: [{service: search, state: partial_outage}]\ncategory: application/defect\nimpact: low\n"
        "urgency: low\nreporter: {channel: alert}\nassignments:\n"
        "  - {at: 2026-11-20T08:12+00:00, team: payments, owner: duty-one}\n"
        "holds:\n  - {from: 2026-11-20T08:20+00:00, reason: vendor}\nlinks: {parent: INC-2026-0001}\n---\n",
        "knowledge/problems/PRB-2026-0001.md": "---\ntitle: P\nstatus: open\nopened: 2026-11-20T08:20+00:00\n"
        "owner: duty-one\nservices: [checkout]\n---\n",
    }
    archive = open_repository(make_repository(files))
    parent, child = archive.get("INC-2026-0001"), archive.get("INC-2026-0002")
    assert parent is not None and child is not None
    change = with_parent(child.record, parent.id, parent.record, at("09:31"), "duty-one")
    text = changed_text(child.document, "incident", change)
    assert "title: Child # of the larger one\n" in text
    from incidentbook.desk.judging import judge  # noqa: PLC0415

    judgement = judge(archive, {child.path: text.encode()}, at("10:00"))
    assert [found.code for found in judgement.new] == []
    # without its parent's problem nobody would follow a temporary resolution up
    alone = text.replace("parent: INC-2026-0001", "parent: INC-2026-0001, apart: It was another cause")
    found = [one.code for one in judge(archive, {child.path: alone.encode()}, at("10:00")).errors]
    assert found == ["temporary-without-follow-up"]
