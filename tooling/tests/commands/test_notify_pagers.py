"""`notify`: a pager keeps an alert open until it is told that it is over, and is told so of every one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from noticebed import Receiver, receiver
from testbed import GIT_ENVIRONMENT, NEW_INCIDENT, CommitAll, MakeRepository, RunCli, write_files

PATH = "incidents/2026/INC-2026-0001.md"
SETTINGS = """\
timeout: 1s
channels:
  - {id: pager, kind: webhook, url_from: NOTIFY_PAGER, pager: true, digest: daily}
subscriptions:
  - {channels: [pager], priorities: [P1], events: [opened, reopened]}
  - {channels: [pager], due: [response, resolution, review]}
"""
RESOLVED = """\
acknowledged: 2026-11-19T14:09+00:00
resolved: 2026-11-19T15:00+00:00
resolved_by: duty-shop
resolution: {code: fixed, summary: Rolled back., fix: permanent}
"""
NOW = "2026-11-19T14:06+00:00"


def incident(*, status: str = "new", impact: str = "high", more: str = "") -> dict[str, str]:
    text = NEW_INCIDENT.replace("status: new", f"status: {status}").replace(
        "impact: high", f"impact: {impact}"
    )
    return {PATH: text.replace("---\nErr", f"{more}---\nErr")}


@pytest.fixture
def pager(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    with receiver() as found:
        monkeypatch.setenv("NOTIFY_PAGER", found.url)
        yield found


@pytest.fixture
def root(make_repository: MakeRepository, commit_all: CommitAll, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, value in GIT_ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    found = make_repository({"schema/notifications.yml": SETTINGS})
    commit_all(found, "Begin")
    return found


def alerts(pager: Receiver) -> list[tuple[str, bool]]:
    return [(one.body["news"][0]["topic"], one.body["over"]) for one in pager.got]


def test_the_end_is_told_whatever_the_priority_is_by_then(
    run_cli: RunCli, commit_all: CommitAll, root: Path, pager: Receiver
) -> None:
    write_files(root, incident())
    commit_all(root, "Log")
    assert run_cli("--now", NOW, "notify", "HEAD~1..HEAD", repo=root).code == 0
    write_files(root, incident(impact="low"))
    commit_all(root, "It is less than we thought")
    write_files(root, incident(status="resolved", impact="low", more=RESOLVED))
    commit_all(root, "Resolve")
    for _ in range(2):
        told = run_cli("--now", NOW, "notify", "HEAD~2..HEAD", repo=root)
        assert told.code == 0, told
    assert alerts(pager) == [("opened", False), ("resolved", True)]
    assert pager.got[0].body["thread"] == pager.got[1].body["thread"]


def test_an_alert_of_a_clock_is_closed_too(
    run_cli: RunCli, commit_all: CommitAll, root: Path, pager: Receiver
) -> None:
    write_files(root, incident(impact="low"))
    commit_all(root, "Log")
    assert run_cli("--now", "2026-12-19T15:00+00:00", "notify", "--due", repo=root).code == 0
    due = len(pager.got)
    assert {over for _, over in alerts(pager)} == {False}
    write_files(root, incident(status="resolved", impact="low", more=RESOLVED))
    commit_all(root, "Resolve")
    preview = run_cli("--now", NOW, "notify", "HEAD~1..HEAD", "--dry-run", repo=root)
    assert "1 message: 1 to send." in preview.out
    assert run_cli("--now", NOW, "notify", "HEAD~1..HEAD", repo=root).code == 0
    assert alerts(pager)[due:] == [("resolved", True)]


def test_what_is_over_before_anybody_was_told_wakes_nobody(
    run_cli: RunCli, commit_all: CommitAll, root: Path, pager: Receiver
) -> None:
    write_files(root, incident())
    commit_all(root, "Log")
    pager.status = 503
    assert run_cli("--now", NOW, "notify", "HEAD~1..HEAD", repo=root).code == 1
    write_files(root, incident(status="resolved", more=RESOLVED))
    commit_all(root, "Resolve")
    pager.status = 200
    assert run_cli("--now", NOW, "notify", "HEAD~2..HEAD", "--due", repo=root).code == 0
    assert len(pager.got) == 1


def test_many_things_are_as_many_alerts(
    run_cli: RunCli, commit_all: CommitAll, root: Path, pager: Receiver
) -> None:
    names = [f"incidents/2026/INC-2026-{number:04}.md" for number in range(100, 135)]
    write_files(root, dict.fromkeys(names, NEW_INCIDENT))
    commit_all(root, "Storm")
    assert run_cli("--now", NOW, "notify", "HEAD~1..HEAD", repo=root).code == 0
    assert len({one.body["thread"] for one in pager.got}) == len(pager.got) == 35


def test_a_pager_that_is_called_none_is_told_of(
    run_cli: RunCli, commit_all: CommitAll, root: Path, monkeypatch: pytest.MonkeyPatch, pager: Receiver
) -> None:
    import apprise.plugins.pagerduty as pagerduty  # noqa: PLC0415

    for region in pagerduty.PAGERDUTY_API_LOOKUP:
        monkeypatch.setitem(pagerduty.PAGERDUTY_API_LOOKUP, region, pager.url)
    monkeypatch.setenv("NOTIFY_PAGER", f"pagerduty://{'a' * 32}@{'b' * 20}")
    settings = SETTINGS.replace("kind: webhook, ", "").replace(", digest: daily", "")
    write_files(root, {"schema/notifications.yml": settings, **incident()})
    commit_all(root, "Log")
    assert "pager: true" not in run_cli("--now", NOW, "notify", "HEAD~1..HEAD", repo=root).err
    write_files(root, {"schema/notifications.yml": settings.replace(", pager: true", "")})
    assert "lacks `pager: true`" in run_cli("--now", NOW, "notify", "HEAD~1..HEAD", repo=root).err
    assert [one.body["event_action"] for one in pager.got] == ["trigger"]
