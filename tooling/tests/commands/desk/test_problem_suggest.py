"""`problem suggest`: what recurs without a problem record, and the command that would record it."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from incidentbook.commands.desk.problem_suggest import run
from incidentbook.commands.session import Session
from incidentbook.records import Audience
from testbed import MakeRepository

TITLE = "Checkout's pool; $(reboot) `now` is empty"


def incident(day: int, title: str = TITLE, extra: str = "") -> str:
    return (
        f"---\ntitle: {json.dumps(title)}\nstatus: resolved\nopened: 2026-11-{day:02}T08:00+00:00\n"
        f"resolved: 2026-11-{day:02}T10:00+00:00\n"
        f"services: [{{service: checkout, state: partial_outage}}]\n{extra}---\n"
    )


@pytest.fixture
def root(make_repository: MakeRepository) -> Path:
    files = {f"incidents/2026/INC-2026-{n:04}.md": incident(n) for n in (1, 2, 3)}
    hidden = {"incidents/2026/INC-2026-0004.md": incident(4, extra="visibility: restricted\n")}
    return make_repository({**files, **hidden})


def test_a_group_comes_with_its_evidence_and_a_command(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(Session(root)) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"4 times: {TITLE}\n")
    assert "from 2026-11-01 to 2026-11-04, 8h in all" in out
    assert "most touch Checkout" in out
    assert out.rstrip().endswith("1 group in the last 90 days.")
    (command,) = [line for line in out.splitlines() if "problem new" in line]
    assert shlex.split(command) == [
        *("incidentbook", "problem", "new", "-m", f"Recurring: {TITLE}"),
        *(part for number in range(1, 5) for part in ("--from", f"INC-2026-{number:04}")),
    ]


def test_json_has_the_same(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(Session(root), format_="json", audience=Audience.INTERNAL) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["audience"] == "internal"
    (group,) = told["groups"]
    assert [one["id"] for one in group["incidents"]] == ["INC-2026-0001", "INC-2026-0002", "INC-2026-0003"]
    assert group["lost_seconds"] == 6 * 3600
    assert group["services"] == ["checkout"]
    assert group["problem"] is None


def test_nothing_that_recurs_is_said(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(Session(root), days=5) == 0
    assert capsys.readouterr().out == "Nothing recurred in the last 5 days that has no problem record.\n"
    assert run(Session(root), least=5) == 0
    assert "Nothing recurred" in capsys.readouterr().out


def test_a_problem_is_not_called_by_its_colours(
    make_repository: MakeRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    title = "Drum \x1b[31mjammed\x1b[0m at the quay"
    root = make_repository({f"incidents/2026/INC-2026-{n:04}.md": incident(n, title) for n in (1, 2, 3)})
    assert run(Session(root)) == 0
    out = capsys.readouterr().out
    (command,) = [line for line in out.splitlines() if "problem new" in line]
    assert shlex.split(command)[4] == "Recurring: Drum jammed at the quay"
    assert "31m" not in out.partition("most say")[2].partition("\n")[0]
    assert "\x1b" not in out
