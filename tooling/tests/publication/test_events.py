"""Which events an audience may read, and what of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from historybed import Bed

from incidentbook.archive import load_archive, load_entries
from incidentbook.gitrepo import open_working_tree
from incidentbook.history import Event, events
from incidentbook.publication import publish, publish_events
from incidentbook.records import Audience
from incidentbook.reports.log.json import log_as_json

OPEN, INSIDE, SECRET, GONE = (f"incidents/2026/INC-2026-000{number}.md" for number in (1, 2, 3, 4))


def incident(visibility: str, *lines: str, title: str = "Checkout fails") -> str:
    head = f"---\ntitle: {title}\nstatus: new\nvisibility: {visibility}\nopened: 2026-11-19T14:05+00:00"
    return "\n".join([head, *lines, "---", "What was seen.", ""])


FULL = (
    "acknowledged: 2026-11-19T14:10+00:00",
    "assignments:",
    "  - {at: 2026-11-19T14:10+00:00, team: desk, owner: duty-two}",
    "holds:",
    "  - {from: 2026-11-19T14:31+00:00, reason: vendor}",
    "updates:",
    "  - {id: u1, at: 2026-11-19T14:30+00:00, status: identified, text: Said, visibility: public}",
    "  - {id: u2, at: 2026-11-19T14:32+00:00, status: identified, text: Between us, by: duty-one}",
    "  - {id: u3, at: 2026-11-19T14:33+00:00, status: identified, text: Under seal, visibility: restricted}",
)
WITHDRAWN = (
    "updates:",
    "  - {id: u9, at: 2026-11-19T14:06+00:00, status: identified, text: Wrong, visibility: public}",
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    bed = Bed(tmp_path / "records")
    low, high = ("impact: low", "urgency: low"), ("impact: high", "urgency: high")
    bed.commit("logged", {
        OPEN: incident("public", *low, *WITHDRAWN, title="First title"),
        INSIDE: incident("internal"), SECRET: incident("restricted", "acknowledged: 2026-11-19T14:10+00:00"),
        GONE: incident("public", title="Taken back"),
    })  # fmt: skip
    bed.commit("more", {OPEN: incident("public", *high, *FULL), GONE: None})
    bed.write()
    return bed.root


def published(root: Path, audience: Audience) -> tuple[Event, ...]:
    archive = load_archive(open_working_tree(root))
    load_entries(archive)
    return publish_events(events(root), publish(archive, audience))


def test_the_public_sees_what_the_published_record_tells_today(root: Path) -> None:
    found = published(root, Audience.PUBLIC)
    assert [(event.type.value, event.record.id, dict(event.happening.detail)) for event in found] == [
        ("opened", "INC-2026-0001", {"title": "Checkout fails"}),
        ("acknowledged", "INC-2026-0001", {}),
        ("update_posted", "INC-2026-0001", {"status": "identified", "text": "Said", "visibility": "public"}),
    ]
    assert {event.commit for event in found} == {None}
    text = log_as_json(found, base=None, head=None, shallow=False, audience=Audience.PUBLIC)
    for hidden in ("duty", "Between us", "Under seal", "Wrong", "Taken back", "First title", "P4", "@"):
        assert hidden not in text, hidden


def test_the_organisation_sees_more_and_nothing_restricted(root: Path) -> None:
    found = published(root, Audience.INTERNAL)
    assert {event.record.id for event in found} == {"INC-2026-0001", "INC-2026-0002"}
    types = [event.type.value for event in found if event.record.id == "INC-2026-0001"]
    assert types == [
        "opened", "acknowledged", "assigned", "held", "update_posted", "update_posted", "priority_raised",
    ]  # fmt: skip
    assert all(event.commit is not None for event in found)
    text = json.dumps([dict(event.happening.detail) for event in found])
    assert "duty-two" in text
    assert "Between us" in text
    assert "Under seal" not in text


def test_what_is_not_committed_is_not_for_the_public(root: Path) -> None:
    (root / OPEN).write_text(incident("public", "mitigated: 2026-11-19T15:00+00:00"))
    assert "mitigated" not in {event.type.value for event in published(root, Audience.PUBLIC)}
    assert "mitigated" in {event.type.value for event in published(root, Audience.INTERNAL)}


def test_a_record_that_was_renumbered_is_shown_by_its_name_today(tmp_path: Path) -> None:
    bed = Bed(tmp_path / "renumbered")
    body = "\n".join(f"Line {number}" for number in range(40))
    text = incident("public").replace("What was seen.", body)
    bed.commit("logged", {SECRET: text})
    bed.commit("moved", {SECRET: None, OPEN: text})
    bed.commit("reused", {SECRET: incident("restricted").replace("14:05", "18:00")})
    bed.write()
    assert [(one.type.value, one.record.id) for one in published(bed.root, Audience.PUBLIC)] == [
        ("opened", "INC-2026-0001")
    ]
    assert [one.type.value for one in published(bed.root, Audience.INTERNAL)] == ["opened", "renumbered"]
