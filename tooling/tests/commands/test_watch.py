"""`incidentbook watch`, against a forge that remembers."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ghbed import StandIn
from testbed import MakeRepository, Outcome, RunCli

HOSTILE = (
    '"Pay" @everyone #12 `id` $(touch owned) | <img src=x> --> <!-- incidentbook:watch INC-2026-0009 -->'
)
INCIDENT = """\
---
title: '{title}'
status: {status}
visibility: {visibility}
impact: high
urgency: high
opened: 2026-11-20T08:00+00:00
{more}
---
"""
Watch = Callable[..., Outcome]
RISK, LATE, OVER = "2026-11-20T08:12+00:00", "2026-11-20T08:20+00:00", "2026-11-20T08:25+00:00"


def incident(**values: str) -> str:
    defaults = {"title": HOSTILE, "status": "new", "visibility": "internal", "more": "# nobody yet"}
    return INCIDENT.format(**{**defaults, **values})


TAKEN = incident(status="in_progress", more="acknowledged: 2026-11-20T08:22+00:00")


@pytest.fixture
def forge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    made = StandIn(tmp_path / "bin")
    monkeypatch.setenv("PATH", str(made.folder), prepend=":")
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
    return made


@pytest.fixture
def records(make_repository: MakeRepository) -> Path:
    return make_repository({"incidents/2026/INC-2026-0001.md": incident()})


@pytest.fixture
def watch(run_cli: RunCli, records: Path) -> Watch:
    def run(now: str = RISK, *options: str) -> Outcome:
        return run_cli("--now", now, "watch", "--apply", *options, repo=records)

    return run


def write(records: Path, text: str, number: int = 1) -> None:
    (records / f"incidents/2026/INC-2026-{number:04}.md").write_text(text, encoding="utf-8")


def writes(forge: StandIn) -> list[str]:
    """The calls that changed something, as method and path."""
    found = (call["arguments"] for call in forge.calls)
    return [
        f"{arguments[2]} {arguments[3].partition('{repo}/')[2]}"
        for arguments in found
        if arguments[1:2] == ["--method"] and arguments[2] != "GET"
    ]


def test_without_apply_no_forge_is_asked(run_cli: RunCli, records: Path, forge: StandIn) -> None:
    outcome = run_cli("--now", LATE, "watch", repo=records)
    assert (outcome.code, forge.calls) == (0, [])
    assert "Response clock breached" in outcome.out
    later = run_cli("--now", "2026-11-20T08:01+00:00", "watch", repo=records)
    assert (later.code, later.out.splitlines()[0]) == (0, "Nothing wants attention.")


def test_dry_run_reads_and_writes_nothing(run_cli: RunCli, records: Path, forge: StandIn) -> None:
    outcome = run_cli("--now", LATE, "watch", "--dry-run", repo=records)
    assert "Issues: open for INC-2026-0001" in outcome.out
    assert writes(forge) == []


def test_a_whole_life(watch: Watch, records: Path, forge: StandIn) -> None:
    assert watch(RISK).code == 0
    (issue,) = forge.state["issues"]
    assert issue["body"].startswith("<!-- incidentbook:watch INC-2026-0001 -->\n")
    assert [label["name"] for label in issue["labels"]] == ["incidentbook"]
    assert "Response clock at risk" in issue["body"]
    number = str(issue["number"])

    # it gets worse: said to those who follow it
    assert watch(LATE).code == 0
    assert "Response clock breached" in forge.state["issues"][0]["body"]
    assert ["breached" in comment["body"] for comment in forge.state["comments"][number]] == [True]

    # it is over: closed with a word
    write(records, TAKEN)
    assert "close #1" in watch(OVER).out
    assert forge.state["issues"][0]["state"] == "closed"
    assert len(forge.state["comments"][number]) == 2

    # and it comes back
    write(records, incident())
    assert "reopen #1" in watch(LATE).out
    assert forge.state["issues"][0]["state"] == "open"
    assert len(forge.state["issues"]) == 1


@pytest.mark.parametrize("now", [RISK, LATE])
def test_a_second_run_does_nothing(watch: Watch, forge: StandIn, now: str) -> None:
    watch(now)
    before = writes(forge)
    outcome = watch(now)
    assert "Issues: nothing to change." in outcome.out
    assert writes(forge) == before
    # and time alone changes no words
    watch("2026-11-20T08:13+00:00" if now == RISK else "2026-11-20T08:50+00:00")
    assert writes(forge) == before


def test_what_a_record_says_writes_to_nobody(watch: Watch, forge: StandIn) -> None:
    watch()
    issue = forge.state["issues"][0]
    for text in (issue["title"], issue["body"]):
        assert "@everyone" not in text
        assert "#12" not in text
    assert "<img" not in issue["body"]
    assert issue["body"].count("<!-- incidentbook:watch ") == 1


def test_a_title_that_steers_terminals_reaches_no_tracker(
    watch: Watch, forge: StandIn, records: Path
) -> None:
    steering = r'"Pay \e]0;owned\a \x9b2J"'
    write(records, incident().replace(f"'{HOSTILE}'", steering))
    watch()
    assert forge.state["issues"][0]["title"] == r"INC-2026-0001: Pay \u001b]0;owned\u0007 \u009b2J"


def test_an_issue_that_a_person_renamed_and_wrote_into_stays_the_same_issue(
    watch: Watch, forge: StandIn
) -> None:
    watch()
    state = forge.state
    state["issues"][0]["title"] = "Payments are down"
    state["issues"][0]["body"] += "\n\nOn call: second line"
    forge.write(state)
    watch(LATE)
    (issue,) = forge.state["issues"]
    assert issue["title"] == "Payments are down"
    assert "breached" in issue["body"]
    assert issue["body"].endswith("On call: second line")
    before = writes(forge)
    watch(LATE)
    assert writes(forge) == before


def test_an_issue_of_somebody_else_is_not_believed(
    watch: Watch, forge: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GH_STAND_IN_USER", "stranger")
    watch()
    monkeypatch.delenv("GH_STAND_IN_USER")
    watch(LATE)
    theirs, ours = forge.state["issues"]
    assert (theirs["user"]["login"], "at risk" in theirs["body"]) == ("stranger", True)
    assert "breached" in ours["body"]


def test_an_issue_that_a_person_closed_comes_back_only_when_it_gets_worse(
    watch: Watch, forge: StandIn
) -> None:
    watch()
    state = forge.state
    state["issues"][0]["state"] = "closed"
    forge.write(state)
    before = writes(forge)
    watch()
    assert writes(forge) == before
    watch(LATE)
    assert forge.state["issues"][0]["state"] == "open"


def test_two_runs_at_once_leave_one_issue(
    watch: Watch, forge: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # whatever is opened, another run has opened just before
    twice = tmp_path / "twice"
    twice.mkdir()
    script = twice / "gh"
    script.write_text(
        f"#!{sys.executable}\nimport subprocess, sys\n"
        "text = sys.stdin.buffer.read()\n"
        f"call = [{str(forge.folder / 'gh')!r}, *sys.argv[1:]]\n"
        "opens = 'POST' in sys.argv and sys.argv[-3].endswith('/issues')\n"
        "for _ in range(2 if opens else 1):\n"
        "    done = subprocess.run(call, input=text, capture_output=True)\n"
        "sys.stdout.buffer.write(done.stdout)\nsys.exit(done.returncode)\n"
    )
    script.chmod(0o755)
    monkeypatch.setenv("PATH", str(twice), prepend=":")
    assert watch().code == 0
    assert [issue["state"] for issue in forge.state["issues"]] == ["open", "closed"]
    before = writes(forge)
    watch()
    assert writes(forge) == before


def test_what_the_forge_refuses_stops_nothing_else(watch: Watch, records: Path, forge: StandIn) -> None:
    write(records, incident(), 2)
    watch()
    state = forge.state
    first, second = (issue["number"] for issue in state["issues"])
    write(records, TAKEN, 2)
    # somebody deleted the first issue after the list was read: its number leads nowhere
    real = forge.folder / "gh"
    guard = real.read_text().replace(
        "if arguments[:1] !=",
        f"if any(a.endswith('/issues/{first}/comments') for a in arguments):\n"
        "    done('HTTP 410: gone', 1)\nif arguments[:1] !=",
        1,
    )
    real.write_text(guard)
    outcome = watch(OVER)
    assert outcome.code == 2
    assert f"warn for INC-2026-0001 (issue {first}) failed: gh: HTTP 410: gone" in outcome.err
    closed = next(issue for issue in forge.state["issues"] if issue["number"] == second)
    assert closed["state"] == "closed"


def test_a_forge_that_refuses_everything_is_one_line(watch: Watch, forge: StandIn) -> None:
    forge.refuse("HTTP 401: Bad credentials")
    outcome = watch()
    assert outcome.code == 2
    assert outcome.err.strip().splitlines()[-1].startswith("incidentbook: gh: HTTP 401: Bad credentials")


def test_a_restricted_record_is_in_no_issue_unless_asked_for(
    watch: Watch, records: Path, forge: StandIn
) -> None:
    write(records, incident(visibility="restricted"))
    assert "Nothing wants attention." in watch().out
    assert forge.state["issues"] == []
    watch(RISK, "--audience", "all")
    assert len(forge.state["issues"]) == 1


def test_a_record_that_becomes_restricted_is_no_longer_named(
    watch: Watch, records: Path, forge: StandIn
) -> None:
    watch()
    write(records, incident(visibility="restricted"))
    watch()
    (issue,) = forge.state["issues"]
    assert issue["state"] == "closed"
    assert "Pay" not in issue["body"]


def test_no_run_opens_too_many(watch: Watch, records: Path, forge: StandIn) -> None:
    for number in range(1, 34):
        write(records, incident(), number)
    assert "3 more are opened by the next runs" in watch().out
    assert len(forge.state["issues"]) == 30
    watch()
    assert len(forge.state["issues"]) == 33


def test_json_says_who_must_do_what(run_cli: RunCli, records: Path) -> None:
    found = json.loads(run_cli("--now", LATE, "watch", "--format", "json", repo=records).out)
    (record,) = found["records"]
    assert (record["id"], record["level"], record["title"]) == ("INC-2026-0001", "late", HOSTILE)
    assert record["wants"][0]["due"] == "2026-11-20T08:15:00+00:00"
    assert found["audience"] == "internal"


def test_links_lead_to_the_forge_that_runs_it(
    watch: Watch, forge: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_SERVER_URL", "https://forge.example")
    monkeypatch.setenv("GITHUB_REPOSITORY", "harbourline/records")
    watch()
    address = "https://forge.example/harbourline/records/blob/HEAD/incidents/2026/INC-2026-0001.md"
    assert f"[`incidents/2026/INC-2026-0001.md`]({address})" in forge.state["issues"][0]["body"]
