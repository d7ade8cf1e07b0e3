"""What wants attention, told from records and a time alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from incidentbook.archive import open_repository
from incidentbook.notices import Level, wanting_attention
from testbed import NEW_INCIDENT, MakeRepository

INCIDENT = """\
---
title: Checkout down
status: {status}
impact: high
urgency: high
{more}
opened: 2026-11-20T08:00+00:00
---
"""
PROBLEM = """\
---
title: Slow disks
status: open
actions:
  - {title: Replace them, owner: duty-one, due: 2026-11-18}
  - {title: Tell the vendor, due: 2026-11-20}
  - {title: Done already, due: 2026-11-01, state: done, done: 2026-11-02}
---
"""
ARTICLE = "---\ntitle: Restart\nstatus: {}\ntype: how-to\nreview_by: 2026-11-{}\nowner: duty-two\n---\nSo.\n"
MAINTENANCE = """\
---
title: New disks
status: {}
planned: {{from: 2026-11-20T08:00+00:00, to: 2026-11-20T10:00+00:00}}
---
"""


DIGEST = re.compile(r"-[0-9a-f]{12}$")
Wants = dict[str, list[tuple[str, Level]]]
FindWants = Callable[[dict[str, str], str], Wants]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture
def wants(make_repository: MakeRepository) -> FindWants:
    """What each record wants at a time: {record: [(key, level)]}, actions without the rest of their key."""

    def find(files: dict[str, str], now: str) -> Wants:
        found = wanting_attention(open_repository(make_repository(files)), at(now))
        return {one.record: [(DIGEST.sub("", want.key), want.level) for want in one.wants] for one in found}

    return find


def incident(status: str = "new", more: str = "reporter: {channel: alert}") -> dict[str, str]:
    return {"incidents/2026/INC-2026-0001.md": INCIDENT.format(status=status, more=more)}


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-20T08:05", []),
        ("2026-11-20T08:12", [("response", Level.AT_RISK)]),
        ("2026-11-20T08:16", [("response", Level.LATE)]),
        ("2026-11-20T11:30", [("response", Level.LATE), ("resolution", Level.AT_RISK)]),
    ],
)
def test_clocks_of_open_incidents(wants: FindWants, now: str, expected: list[tuple[str, Level]]) -> None:
    assert wants(incident(), now).get("INC-2026-0001", []) == expected


@pytest.mark.parametrize(
    "more", ["drill: true", "links: {duplicate_of: INC-2026-0009}", "acknowledged: 2026-11-20T08:05+00:00"]
)
def test_clocks_that_do_not_run_want_nothing(wants: FindWants, more: str) -> None:
    assert wants(incident(more=more), "2026-11-20T08:30") == {}


def test_a_review_and_its_actions_belong_to_the_incident(wants: FindWants) -> None:
    files = incident("resolved", "major: true\nresolved: 2026-11-02T10:00+00:00")
    files["incidents/2026/INC-2026-0001.md"] = files["incidents/2026/INC-2026-0001.md"].replace(
        "opened: 2026-11-20", "opened: 2026-11-02"
    )
    assert wants(files, "2026-11-07T23:00") == {}
    assert wants(files, "2026-11-08T12:00") == {"INC-2026-0001": [("review", Level.LATE)]}
    files["incidents/2026/INC-2026-0001.review.md"] = (
        "---\nstatus: draft\nactions:\n  - {title: Learn, due: 2026-11-06}\n---\n"
    )
    assert wants(files, "2026-11-08T12:00") == {
        "INC-2026-0001": [("action", Level.LATE), ("review", Level.LATE)]
    }


def test_only_open_actions_past_their_day(wants: FindWants) -> None:
    files = {"knowledge/problems/PRB-2026-0001.md": PROBLEM}
    assert wants(files, "2026-11-18T23:00") == {}
    assert wants(files, "2026-11-20T23:00") == {"PRB-2026-0001": [("action", Level.LATE)]}
    assert wants(files, "2026-11-21T00:00") == {"PRB-2026-0001": [("action", Level.LATE)] * 2}


def test_only_published_articles_past_their_day(wants: FindWants) -> None:
    files = {
        "knowledge/articles/late.md": ARTICLE.format("published", "19"),
        "knowledge/articles/today.md": ARTICLE.format("published", "20"),
        "knowledge/articles/draft.md": ARTICLE.format("draft", "01"),
    }
    assert wants(files, "2026-11-20T12:00") == {"late": [("article", Level.LATE)]}


@pytest.mark.parametrize(
    ("status", "now", "expected"),
    [
        ("scheduled", "2026-11-20T08:10", {}),
        ("scheduled", "2026-11-20T08:15", {"MNT-2026-0001": [("maintenance-start", Level.LATE)]}),
        ("in_progress", "2026-11-20T09:59", {}),
        ("in_progress", "2026-11-20T10:20", {"MNT-2026-0001": [("maintenance-end", Level.LATE)]}),
        ("completed", "2026-11-21T10:20", {}),
        ("cancelled", "2026-11-21T10:20", {}),
    ],
)
def test_maintenance_that_is_late(wants: FindWants, status: str, now: str, expected: Wants) -> None:
    assert wants({"incidents/2026/MNT-2026-0001.md": MAINTENANCE.format(status)}, now) == expected


def test_running_clocks_come_before_all_else(wants: FindWants) -> None:
    files = {**incident(), "knowledge/articles/late.md": ARTICLE.format("published", "01")}
    assert list(wants(files, "2026-11-20T08:12")) == ["INC-2026-0001", "late"]


def test_an_untouched_new_incident_is_everybodys(make_repository: MakeRepository) -> None:
    root = make_repository({"incidents/2026/INC-2026-0001.md": NEW_INCIDENT})
    (found,) = wanting_attention(open_repository(root), at("2026-11-20T12:00"))
    assert [(want.who, want.team) for want in found.wants] == [((), None)] * 2
    assert found.wants[0].path == "incidents/2026/INC-2026-0001.md"


def test_silence_about_a_major_incident_wants_a_word(wants: FindWants) -> None:
    said = "updates:\n  - {at: 2026-11-20T09:00+00:00, status: investigating, text: We look.}"
    files = {
        "schema/major.yml": "update_every: 45m\n",
        "incidents/2026/INC-2026-0001.md": INCIDENT.format(
            status="in_progress", more=f"major: true\nacknowledged: 2026-11-20T08:05+00:00\n{said}"
        ),
    }
    assert wants(files, "2026-11-20T09:45") == {}
    assert wants(files, "2026-11-20T09:46") == {"INC-2026-0001": [("update", Level.LATE)]}


def test_a_drill_wants_no_word(wants: FindWants) -> None:
    more = "major: true\ndrill: true\nacknowledged: 2026-11-20T08:05+00:00"
    files = {
        "schema/major.yml": "update_every: 45m\n",
        "incidents/2026/INC-2026-0001.md": INCIDENT.format(status="in_progress", more=more),
    }
    assert wants(files, "2026-11-20T11:59") == {}
