"""The status board on terminals: narrow, without colour, without signs, with hostile titles."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime

import pytest
from rich.cells import cell_len
from rich.console import Console

from incidentbook.archive import Archive, load_archive
from incidentbook.desk.board import board
from incidentbook.gitrepo import open_working_tree
from incidentbook.reports.status.json import status_as_json
from incidentbook.reports.status.text import status_as_text
from testbed import REPOSITORY_ROOT, SCHEMA, MakeRepository

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOSTILE = "\\x1b]0;owned\\x07\\x1b[2J\\x9b31m[red]big[/red]\\n\\u202edeliver " + "wide \u6f22\u5b57 " * 2000
RECORD = f"""\
---
title: "{HOSTILE}"
status: on_hold
services: [{{service: checkout, state: partial_outage}}]
impact: high
urgency: high
opened: 2026-11-20T08:30+00:00
acknowledged: 2026-11-20T08:31+00:00
assignments: [{{at: 2026-11-20T08:31+00:00, team: payments, owner: duty-one}}]
holds: [{{from: 2026-11-20T09:00+00:00, reason: vendor, note: "{HOSTILE}"}}]
---
"""


def hostile(make: MakeRepository) -> Archive:
    teams = SCHEMA["schema/teams.yml"].replace("name: Payments", f'name: "{HOSTILE[:60]}"')
    return load_archive(
        open_working_tree(make({"schema/teams.yml": teams, "incidents/2026/INC-2026-0001.md": RECORD}))
    )


def drawn(
    archive: Archive, now: datetime, columns: int, *, ascii_only: bool = False, color: bool = False
) -> str:
    out = io.StringIO()
    console = Console(
        file=out, width=columns, markup=False, emoji=False, highlight=False, force_terminal=color,
        no_color=not color, soft_wrap=True,
    )  # fmt: skip
    console.print(
        status_as_text(board(archive, now), archive.taxonomy, columns=columns, ascii_only=ascii_only)
    )
    return out.getvalue()


@pytest.fixture(scope="module")
def sample() -> Archive:
    return load_archive(open_working_tree(REPOSITORY_ROOT))


@pytest.mark.parametrize("columns", [60, 80, 200])
@pytest.mark.parametrize("ascii_only", [False, True])
def test_no_line_is_wider_than_the_terminal(sample: Archive, columns: int, *, ascii_only: bool) -> None:
    now = sample.taxonomy.settings.now
    assert now is not None
    text = drawn(sample, now, columns, ascii_only=ascii_only)
    assert max(cell_len(line) for line in text.splitlines()) <= columns
    for words in ("INC-2026-0026", "On call", "Reviews due", "Actions due", "Maintenance now"):
        assert words in text
    assert not ascii_only or text.isascii()


def test_the_sample_says_what_presses(sample: Archive) -> None:
    now = sample.taxonomy.settings.now
    assert now is not None
    lines = drawn(sample, now, 80).splitlines()
    assert lines[1] == "4 open incidents: 1 major, 1 at risk, 1 on hold"
    assert lines[3].startswith("? INC-2026-0026 P1 major")
    assert any("83 %  at risk, due in 20m" in line for line in lines)


@pytest.mark.parametrize("columns", [40, 60, 100])
def test_what_people_wrote_is_no_command_to_a_terminal(make_repository: MakeRepository, columns: int) -> None:
    archive = hostile(make_repository)
    text = drawn(archive, NOW, columns)
    assert not any(char in text for char in "\x1b\x07\x9b\u202e\r")
    assert "\\u001b" in text
    assert "[red]" in drawn(archive, NOW, 100), "no markup of ours is read into a title"
    assert max(cell_len(line) for line in text.splitlines()) <= columns
    title = next(line for line in text.splitlines() if "]0;owned" in line)
    assert title.endswith("…")


def test_colours_are_ours_alone(make_repository: MakeRepository) -> None:
    text = drawn(hostile(make_repository), NOW, 80, color=True)
    assert "\x1b[" in text
    assert "\x1b]0;" not in text and "\x1b[2J" not in text


def test_json_is_ascii(make_repository: MakeRepository) -> None:
    archive = hostile(make_repository)
    text = status_as_json(board(archive, NOW), origin=archive.tree, audience=None)
    assert text.isascii() and "\x1b" not in text
    (one,) = json.loads(text)["incidents"]
    assert one["title"].startswith("\x1b]0;owned")
    assert one["hold"]["reason"] == "vendor"


def test_nothing_is_open(make_repository: MakeRepository) -> None:
    text = drawn(load_archive(open_working_tree(make_repository())), NOW, 80)
    assert text == "Testbed, 2026-11-20 12:00 UTC\nNo incident is open.\n"
