"""Issues, comments and pull requests go to `gh` whole, and nothing of them is an argument."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ghbed import StandIn
from incidentbook.forge import Forge, ForgeError, ForgeNotFoundError

HOSTILE = 'Checkout "down" `id` $(touch /tmp/owned)\n--method DELETE; \\ \x1b[31m ' + "x" * 10_000


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    made = StandIn(tmp_path / "bin")
    monkeypatch.setenv("PATH", str(made.folder), prepend=":")
    return made


def test_an_issue_is_opened_changed_closed_and_opened_again(stand_in: StandIn, tmp_path: Path) -> None:
    forge = Forge(tmp_path)
    opened = forge.create_issue("Clock at risk", "first", ["incidentbook"])
    other = forge.create_issue("Something else", "", ["question"])
    assert forge.issues("incidentbook") == (opened,)
    changed = forge.edit_issue(opened.number, title="Clock breached", body="second")
    assert (changed.title, changed.body, changed.is_open) == ("Clock breached", "second", True)
    assert not forge.close_issue(opened.number).is_open
    assert [issue.is_open for issue in forge.issues("incidentbook")] == [False]
    assert forge.reopen_issue(opened.number).is_open
    assert forge.issue(other.number) == other


def test_only_what_is_given_is_changed(stand_in: StandIn, tmp_path: Path) -> None:
    forge = Forge(tmp_path)
    number = forge.create_issue("Title", "body").number
    assert forge.edit_issue(number, body="other").title == "Title"
    assert json.loads(stand_in.calls[-1]["input"]) == {"body": "other"}


def test_issues_come_from_every_page(stand_in: StandIn, tmp_path: Path) -> None:
    forge = Forge(tmp_path)
    for number in range(3):
        forge.create_issue(f"Issue {number}", "", ["incidentbook"])
    state = stand_in.state
    template = state["issues"][0]
    state["issues"] = [{**template, "number": number} for number in range(1, 206)]
    stand_in.write(state)
    assert [issue.number for issue in forge.issues("incidentbook")] == list(range(1, 206))


def test_a_comment_is_written_and_written_anew(stand_in: StandIn, tmp_path: Path) -> None:
    forge = Forge(tmp_path)
    number = forge.create_issue("Title", "body").number
    comment = forge.comment(number, HOSTILE)
    assert forge.comments(number) == (comment,)
    assert forge.edit_comment(comment.id, "calm").body == "calm"
    assert [found.body for found in forge.comments(number)] == ["calm"]


def test_a_pull_request_is_found_by_its_branch(stand_in: StandIn, tmp_path: Path) -> None:
    forge = Forge(tmp_path)
    assert forge.pull_requests("intake/alert-1") == ()
    made = forge.create_pull_request("intake/alert-1", HOSTILE, HOSTILE, forge.default_branch())
    assert made.title == HOSTILE
    assert forge.pull_requests("intake/alert-1") == (made,)
    assert forge.pull_requests("intake/alert-2") == ()


def test_a_merged_pull_request_is_no_refused_one(stand_in: StandIn, tmp_path: Path) -> None:
    forge = Forge(tmp_path)
    first, second = (
        forge.create_pull_request(branch, "Title", "", "main").number for branch in ("intake/a", "intake/b")
    )
    assert not forge.pull_requests("intake/a")[0].is_refused
    stand_in.end_pull(first, "2026-11-20T12:00:00Z", merged=True)
    stand_in.end_pull(second, "2026-11-20T12:00:00Z", merged=False)
    (merged,), (refused,) = forge.pull_requests("intake/a"), forge.pull_requests("intake/b")
    assert (merged.is_open, merged.is_refused, refused.is_refused) == (False, False, True)
    assert refused.closed_at == merged.merged_at == datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_open_issues_alone(stand_in: StandIn, tmp_path: Path) -> None:
    forge = Forge(tmp_path)
    first, second = (forge.create_issue(title, "", ["incident"]) for title in ("One", "Two"))
    forge.close_issue(first.number)
    assert forge.issues("incident", state="open") == (second,)


def test_what_a_person_wrote_is_never_an_argument(stand_in: StandIn, tmp_path: Path) -> None:
    forge = Forge(tmp_path)
    number = forge.create_issue(HOSTILE, HOSTILE).number
    forge.comment(number, HOSTILE)
    assert forge.issue(number).title == HOSTILE
    assert all(HOSTILE not in " ".join(call["arguments"]) for call in stand_in.calls)
    assert {call["arguments"][0] for call in stand_in.calls} == {"api"}


def test_a_refusal_is_one_line_and_says_what_to_do(stand_in: StandIn, tmp_path: Path) -> None:
    stand_in.refuse("HTTP 403: Resource not accessible by integration\nmore")
    with pytest.raises(ForgeError) as raised:
        Forge(tmp_path).issues("incidentbook")
    expected = "gh: HTTP 403: Resource not accessible by integration; `gh auth status` says who is let in"
    assert str(raised.value) == expected


def test_without_gh_on_the_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ForgeNotFoundError, match="gh was not found"):
        Forge(tmp_path).issues("incidentbook")


def test_an_answer_that_is_no_json_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "gh"
    program.write_text("#!/bin/sh\necho '<html>'\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    with pytest.raises(ForgeError, match="no JSON"):
        Forge(tmp_path).default_branch()


def test_the_account_that_speaks(stand_in: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forge = Forge(tmp_path)
    assert forge.create_issue("Title", "body").author == forge.account == "incidentbook[bot]"
    monkeypatch.setenv("GH_STAND_IN_USER", "somebody")
    assert forge.account == "incidentbook[bot]"
    assert Forge(tmp_path).account == "somebody"
