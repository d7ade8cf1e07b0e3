"""What wants attention, told from records and a time alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

import click
import pytest

from incidentbook.archive import open_repository
from incidentbook.cli import app
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


PATHS = """\
paths:
  - id: all
    name: Everything
    steps:
      - {id: third-line, kind: functional, to: "vendor: `x` <!-- y -->", silence: 30m}
"""


def test_a_step_that_nobody_took_wants_a_call(make_repository: MakeRepository, wants: FindWants) -> None:
    more = (
        "acknowledged: 2026-11-20T08:05+00:00\nassignments: [{at: 2026-11-20T08:05+00:00, owner: duty-one}]"
    )
    files = {**incident("in_progress", more), "schema/escalation.yml": PATHS}
    assert wants(files, "2026-11-20T08:34") == {}
    assert wants(files, "2026-11-20T08:36") == {"INC-2026-0001": [("escalation", Level.LATE)]}
    (found,) = wanting_attention(open_repository(make_repository(files)), at("2026-11-20T08:36"))
    (want,) = found.wants
    assert (want.calls, want.who, want.due) == (
        "vendor: `x` <!-- y -->",
        ("duty-one",),
        at("2026-11-20T08:35"),
    )
    assert want.subject == "functional to vendor: `x` <!-- y -->, for no sign of work for 30m"
    assert re.fullmatch("escalation-[0-9a-f]{12}", want.key)
    taken = (
        more + "\nescalations: [{at: 2026-11-20T08:40+00:00, kind: functional, to: x, step: all/third-line}]"
    )
    files |= incident("in_progress", taken)
    assert wants(files, "2026-11-20T09:30") == {}


HANDOVER = "---\nstatus: {}\nat: 2026-11-20T06:00+00:00\noutgoing: duty-one\nincoming: duty-two\n{}---\n"


def test_a_note_that_nobody_took_over_wants_its_reader(
    make_repository: MakeRepository, wants: FindWants
) -> None:
    files = {"handovers/2026/HND-2026-0001.md": HANDOVER.format("written", "")}
    assert wants(files, "2026-11-20T07:00") == {}
    assert wants(files, "2026-11-20T07:01") == {"HND-2026-0001": [("handover", Level.LATE)]}
    (found,) = wanting_attention(open_repository(make_repository(files)), at("2026-11-20T07:01"))
    assert (found.title, found.wants[0].who) == ("Handover of all teams", ("duty-two",))
    done = HANDOVER.format("acknowledged", "acknowledged: 2026-11-20T06:05+00:00\n")
    assert wants({"handovers/2026/HND-2026-0001.md": done}, "2026-11-20T12:00") == {}
    later = HANDOVER.format("written", "").replace("T06:00", "T07:30")
    assert wants({**files, "handovers/2026/HND-2026-0002.md": later}, "2026-11-20T07:45") == {}


def test_every_verb_that_is_named_is_there(make_repository: MakeRepository) -> None:
    """What people are told to type must work: each command, each option, in what is said of anything."""
    files = {
        **incident(more="major: true"),
        "schema/major.yml": "update_every: 45m\n",
        "schema/escalation.yml": PATHS,
        "handovers/2026/HND-2026-0001.md": HANDOVER.format("written", ""),
        "knowledge/problems/PRB-2026-0001.md": PROBLEM,
        "knowledge/articles/late.md": ARTICLE.format("published", "01"),
        "incidents/2026/MNT-2026-0001.md": MAINTENANCE.format("scheduled"),
        "incidents/2026/MNT-2026-0002.md": MAINTENANCE.format("in_progress"),
        "incidents/2026/INC-2026-0002.md": INCIDENT.format(
            status="closed", more="major: true\nresolved: 2026-11-02T10:00+00:00"
        ).replace("opened: 2026-11-20", "opened: 2026-11-02"),
    }
    found = wanting_attention(open_repository(make_repository(files)), at("2026-11-20T12:30"))
    said = [want.do for one in found for want in one.wants]
    commands = [command for text in said for command in re.findall("`(incidentbook [^`]+)`", text)]
    assert len(commands) >= len(said)
    for command in commands:
        words = command.split()[1:]
        verb: click.Command = app
        while isinstance(verb, click.Group):
            inner = verb.get_command(click.Context(verb), words[0]) if words else None
            if inner is None:
                break
            verb, words = inner, words[1:]
        assert verb is not app, command
        known = {name for option in verb.params for name in option.opts}
        assert {word for word in words if word.startswith("-")} <= known, command
