"""`incidentbook intake form|answer|confirmations`: from a report on an issue to the reporter's last word."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from ghbed import StandIn
from incidentbook.archive import open_repository
from intakebed import HOSTILE, findings, incident, payload_file, repository_with_remote
from testbed import MakeRepository, Outcome, RunCli, git, write_files

ID = "INC-2026-0001"
PATH = f"incidents/2026/{ID}.md"
URL = "https://forge.example/harbourline/records/issues/12"
BODY = """\
### What does not work?

checkout: Checkout, search: Search

### How wide is it?

high: All or most

### How pressing is it?

medium

### What sort of thing is it?

application/defect: Defect

### Since when?

2026-11-20 11:30 +01:00

### Where?

_No response_

### What do you see?

The button does nothing.

### How pressing is it?

low
"""


def issue(body: str = BODY, title: str = "Cannot pay") -> dict[str, Any]:
    return {
        "action": "opened",
        "issue": {
            "number": 12,
            "title": title,
            "body": body,
            "user": {"login": "guest-7", "id": 77, "type": "User"},
            "html_url": URL,
            "created_at": "2026-11-20T11:58:00Z",
            "state": "open",
            "labels": [{"name": "incident"}],
        },
        "repository": {"full_name": "harbourline/records"},
    }


def comment(text: str, *, user: int = 77, id_: int = 501, at: str = "2026-11-20T11:59:00Z") -> dict[str, Any]:
    return {
        "action": "created",
        "issue": issue()["issue"],
        "comment": {
            "id": id_,
            "body": text,
            "user": {"login": "guest-7" if user == 77 else "passer-by", "id": user, "type": "User"},
            "created_at": at,
        },
    }


@pytest.fixture
def gh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    stand_in = StandIn(tmp_path / "bin")
    monkeypatch.setenv("PATH", f"{stand_in.folder}:{os.environ['PATH']}")
    state = stand_in.state
    opened = issue()["issue"]
    state["issues"].append({**opened, "user": {"login": "guest-7"}})
    state["last"] = 100
    stand_in.write(state)
    return stand_in


def take_in(run_cli: RunCli, root: Path, verb: str, payload: Any, *options: str) -> Outcome:
    outcome = run_cli("intake", verb, payload_file(root.parent, payload), *options, repo=root)
    assert outcome.code == 0, outcome
    return outcome


# The form.


def test_a_form_becomes_a_record(make_repository: MakeRepository, run_cli: RunCli) -> None:
    root = make_repository()
    outcome = take_in(run_cli, root, "form", issue())
    assert (
        (root / PATH).read_text()
        == f"""\
---
# yaml-language-server: $schema=../../schema/json/incident.schema.json
title: Cannot pay
status: new
symptoms:
  - The button does nothing.
services:
  - {{service: checkout, state: degraded_performance}}
  - {{service: search, state: degraded_performance}}
category: application/defect
impact: high
urgency: medium
started: 2026-11-20T11:30+01:00
opened: 2026-11-20T11:58+00:00
reporter:
  name: guest-7
origin:
  system: github
  id: "12"
  url: {URL}
---
```text
The button does nothing.

### How pressing is it?

low
```
""".replace('"12"', "'12'")
    )
    assert findings(root) == []
    assert f"{ID}: opened" in outcome.out
    assert "here already" in take_in(run_cli, root, "form", issue(title="Edited")).out
    assert len(list(root.glob("incidents/*/*.md"))) == 1


def test_a_bare_form_needs_no_issue(make_repository: MakeRepository, run_cli: RunCli, tmp_path: Path) -> None:
    root = make_repository()
    (tmp_path / "form.md").write_text(BODY.replace("\n", "\r\n"), newline="")
    for _ in range(2):
        assert run_cli("intake", "form", tmp_path / "form.md", repo=root).code == 0
    found = incident(root)
    assert found.title == "The button does nothing."
    assert found.origin is not None and found.origin.system == "form"
    assert len(list(root.glob("incidents/*/*.md"))) == 1


def test_what_the_form_leaves_out_is_assumed_and_said(
    make_repository: MakeRepository, run_cli: RunCli
) -> None:
    root = make_repository()
    body = "### What do you see?\n\n_No response_\n\n### Since when?\n\nnever mind"
    refused = run_cli(
        "intake", "form", payload_file(root.parent, issue("Just words.\n## Heading")), repo=root
    )
    assert refused.code == 2 and "`### What does not work?`" in refused.err and refused.err.count("\n") == 1
    outcome = take_in(run_cli, root, "form", issue("### Since when?\n\nyesterday, I think\n\n" + body))
    assert "impact: medium, the form does not say" in outcome.out
    found = incident(root)
    assert (found.impact, found.urgency, found.category, found.started) == (
        "medium",
        "medium",
        "application",
        None,
    )
    assert "Since when:\n\n```text\nyesterday, I think\n```" in (root / PATH).read_text()


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"issue": {"number": "12"}},
        {"issue": {"number": True}},
        {"issue": {"number": -1}},
        {"issue": []},
        {"issue": {**issue()["issue"], "pull_request": {}}},
    ],
)
def test_what_is_no_issue_is_refused(make_repository: MakeRepository, run_cli: RunCli, payload: Any) -> None:
    root = make_repository()
    outcome = run_cli("intake", "form", payload_file(root.parent, payload), repo=root)
    assert outcome.code == 2 and outcome.err.count("\n") == 1
    assert not (root / "incidents").exists()


def test_hostile_forms_stay_words(tmp_path: Path, run_cli: RunCli, gh: StandIn) -> None:
    root = repository_with_remote(tmp_path)
    hostile = issue(
        BODY.replace("The button", HOSTILE + "\n---\nstatus: closed\n---\n" + "x" * 10_000), HOSTILE * 100
    )
    hostile["issue"]["user"]["login"] = HOSTILE
    hostile["issue"]["html_url"] = "javascript:alert(1)"
    take_in(run_cli, root, "form", hostile, "--pr")
    (branch,) = git(root, "for-each-ref", "--format=%(refname:short)", "refs/heads/intake").split()
    assert git(root, "log", "-1", "--format=%B", branch).strip() == f"Log {ID}, as issue 12 reports"
    git(root, "merge", "--quiet", branch)
    assert findings(root) == []
    found = incident(root)
    assert found.status == "new" and found.origin is not None and found.origin.url is None
    (pull,) = gh.state["pulls"]
    body = (root / PATH).read_text().split("---\n", 2)[2]
    assert "@everyone" in body and not any("everyone" in part for part in body.split("```")[0::2])
    assert "#1" not in pull["title"] and "@everyone" not in pull["title"]
    (said,) = gh.state["comments"]["12"]
    assert "script" not in said["body"] and "everyone" not in said["body"]


def test_the_reporter_is_told_once(tmp_path: Path, run_cli: RunCli, gh: StandIn) -> None:
    root = repository_with_remote(tmp_path)
    for _ in range(2):
        take_in(run_cli, root, "form", issue(), "--pr")
    (pull,) = gh.state["pulls"]
    (said,) = gh.state["comments"]["12"]
    assert ID in said["body"] and pull["html_url"] in said["body"] and "P2" in said["body"]
    assert git(root, "rev-list", "--count", f"main..{pull['head']['ref']}").strip() == "1"


def test_a_new_repository_says_where_the_bot_is_named(tmp_path: Path, run_cli: RunCli) -> None:
    assert run_cli("init", tmp_path / "new").code == 0
    text = (tmp_path / "new/schema/intake.yml").read_text()
    assert "\n# bot: record-bot\n" in text
    assert open_repository(tmp_path / "new").configuration == ()


# Answers.

RESOLVED = f"""\
---
title: Cannot pay
status: resolved
services:
  - {{service: checkout, state: partial_outage}}
category: application/defect
impact: low
urgency: medium
opened: 2026-11-20T09:00+00:00
acknowledged: 2026-11-20T09:05+00:00
restored: 2026-11-20T10:00+00:00
resolved: 2026-11-20T10:00+00:00
summary: The button did nothing.
reporter: {{channel: phone, name: guest-7}}
assignments:
  - {{at: 2026-11-20T09:05+00:00, team: payments, owner: duty-one}}
resolved_by: duty-one
resolution: {{code: fixed, summary: Fixed the button., permanence: permanent}}
origin: {{system: github, id: "12", url: {URL}}}
---
"""
BOT = "bot: deploy-bot\nconfirmations: {days: 10}\n"


@pytest.fixture
def resolved(tmp_path: Path) -> Path:
    root = repository_with_remote(tmp_path)
    write_files(root, {PATH: RESOLVED, "schema/intake.yml": BOT})
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "Resolve")
    git(root, "push", "--quiet", "origin", "main")
    return root


def test_confirmed_and_rated(resolved: Path, run_cli: RunCli) -> None:
    take_in(run_cli, resolved, "answer", comment("confirmed 5\r\n\r\nQuick, thank you."))
    found = incident(resolved)
    assert found.confirmation is not None and (found.confirmation.confirmed, found.confirmation.by) == (
        True,
        "guest-7",
    )
    assert found.satisfaction is not None
    assert (found.satisfaction.score, found.satisfaction.comment) == (5, "Quick, thank you.")
    assert findings(resolved) == []
    before = (resolved / PATH).read_bytes()
    again = take_in(run_cli, resolved, "answer", comment("confirmed 5\r\n\r\nQuick, thank you."))
    assert "knows it already" in again.out and (resolved / PATH).read_bytes() == before


def test_not_solved_reopens_or_tells_the_team(resolved: Path, run_cli: RunCli) -> None:
    take_in(run_cli, resolved, "answer", comment("Not solved.\n\nStill the same on my phone."))
    found = incident(resolved)
    assert (found.status, found.resolved, found.resolution) == ("in_progress", None, None)
    assert [one.reason for one in found.reopenings] == [
        "The reporter says that it is not solved: Still the same on my phone."
    ]
    assert "Fixed the button." in found.steps[-1].text
    assert findings(resolved) == []
    assert "counts once it is resolved" in take_in(run_cli, resolved, "answer", comment("not solved")).out
    write_files(resolved, {PATH: RESOLVED, "schema/intake.yml": "confirmations: {reopens: false}\n"})
    for _ in range(2):
        take_in(run_cli, resolved, "answer", comment("not solved 2"))
    found = incident(resolved)
    assert (found.status, len(found.steps)) == ("resolved", 1)
    assert found.satisfaction is not None and found.satisfaction.score == 2
    assert findings(resolved) == []


@pytest.mark.parametrize("words", ["confirmed 5", "not solved"])
def test_an_answer_keeps_what_history_asks_for(resolved: Path, run_cli: RunCli, words: str) -> None:
    take_in(run_cli, resolved, "answer", comment(words))
    checked = run_cli("check", "--base", "HEAD", repo=resolved)
    assert checked.code == 0, checked.out


def closed() -> str:
    return RESOLVED.replace("status: resolved", "status: closed").replace(
        "origin:",
        "closed: 2026-11-20T11:00+00:00\nclosed_by: duty-two\nconfirmation: {confirmed: false}\norigin:",
    )


def test_a_closed_record_takes_a_rating_alone(resolved: Path, run_cli: RunCli) -> None:
    write_files(resolved, {PATH: closed()})
    assert "stays as it is" in take_in(run_cli, resolved, "answer", comment("not solved")).out
    assert (resolved / PATH).read_text() == closed()
    take_in(run_cli, resolved, "answer", comment("yes, 4"))
    found = incident(resolved)
    assert found.satisfaction is not None and found.satisfaction.score == 4
    assert found.confirmation is not None and not found.confirmation.confirmed and found.status == "closed"
    assert findings(resolved) == []


@pytest.mark.parametrize(
    ("payload", "says"),
    [
        (comment("confirmed 1", user=78), "not by the one who opened"),
        (
            {
                **comment("confirmed 1"),
                "comment": {"id": 1, "body": "confirmed", "user": {"login": "guest-7"}},
            },
            "not by",
        ),
        (comment("When will it be solved?"), "neither confirms"),
        (comment("> confirmed 5\n\nI was told so."), "neither confirms"),
        ({**comment("confirmed"), "action": "deleted"}, "neither confirms"),
        (
            {**comment("confirmed"), "issue": {**issue()["issue"], "number": 13}},
            "no record here is of issue 13",
        ),
    ],
)
def test_others_and_other_words_change_nothing(
    resolved: Path, run_cli: RunCli, payload: Any, says: str
) -> None:
    assert says in take_in(run_cli, resolved, "answer", payload).out
    assert (resolved / PATH).read_text() == RESOLVED


def test_hostile_answers_stay_words(resolved: Path, run_cli: RunCli) -> None:
    take_in(run_cli, resolved, "answer", comment(f"confirmed 3\n\n{HOSTILE * 100}"))
    assert findings(resolved) == []
    found = incident(resolved)
    assert found.satisfaction is not None and found.satisfaction.comment is not None
    assert "\x1b" not in found.satisfaction.comment and len(found.satisfaction.comment) <= 2000


def test_an_answer_goes_out_as_a_pull_request(resolved: Path, run_cli: RunCli, gh: StandIn) -> None:
    for _ in range(2):
        take_in(run_cli, resolved, "answer", comment("yes 5"), "--pr")
    (pull,) = gh.state["pulls"]
    found = incident(resolved, revision=pull["head"]["ref"])
    assert found.confirmation is not None and found.confirmation.confirmed
    assert (resolved / PATH).read_text() == RESOLVED
    (said,) = gh.state["comments"]["12"]
    assert f"**{ID}** is proposed in {pull['html_url']}" in said["body"]
    assert gh.state["issues"][0]["state"] == "open", "nothing is closed that only waits for a reviewer"
    assert git(resolved, "log", "-1", "--format=%an %s", pull["head"]["ref"]).startswith(
        "First duty engineer INC-2026-0001"
    )


def test_words_without_a_rating_are_kept(resolved: Path, run_cli: RunCli) -> None:
    for _ in range(2):
        take_in(run_cli, resolved, "answer", comment("confirmed\n\nThank you, @team."))
    (step,) = incident(resolved).steps
    assert step.text == "The reporter writes:\n\n```text\nThank you, @team.\n```"
    assert findings(resolved) == []


def test_a_long_no_is_kept_whole(resolved: Path, run_cli: RunCli) -> None:
    take_in(run_cli, resolved, "answer", comment("not solved\n\n" + "Still the same. " * 50 + "\nThe end."))
    found = incident(resolved)
    assert "The end." in found.steps[-1].text and "The end." not in (found.reopenings[0].reason or "")
    assert findings(resolved) == []


def test_no_thanks_where_nothing_is_under_review(resolved: Path, run_cli: RunCli, gh: StandIn) -> None:
    take_in(run_cli, resolved, "answer", comment("yes 5"), "--pr")
    (pull,) = gh.state["pulls"]
    gh.end_pull(pull["number"], "2026-11-20T11:59:30Z", merged=False)
    git(resolved, "push", "--quiet", "origin", "--delete", pull["head"]["ref"])
    state = gh.state
    state["comments"] = {}
    gh.write(state)
    assert "closed by somebody" in take_in(run_cli, resolved, "answer", comment("yes 5"), "--pr").out
    assert gh.state["comments"] == {}
    # a later answer is another one
    later_one = comment("not solved", id_=502, at="2026-11-20T11:59:45Z")
    take_in(run_cli, resolved, "answer", later_one, "--pr")
    assert [one["head"]["ref"] for one in gh.state["pulls"]] == [
        pull["head"]["ref"],
        f"{pull['head']['ref']}-2",
    ]
    assert incident(resolved, revision=gh.state["pulls"][1]["head"]["ref"]).status == "in_progress"


def test_an_early_word_gets_no_thanks(resolved: Path, run_cli: RunCli, gh: StandIn) -> None:
    """A record that waits as new knows nothing of an answer, though its pull request is open."""
    payload = issue()
    payload["issue"]["number"] = 13
    state = gh.state
    state["issues"].append({**payload["issue"], "user": {"login": "guest-7"}})
    gh.write(state)
    take_in(run_cli, resolved, "form", payload, "--pr")
    early = comment("confirmed")
    early["issue"] = payload["issue"]
    assert "counts once it is resolved" in take_in(run_cli, resolved, "answer", early, "--pr").out
    assert len(gh.state["comments"]["13"]) == 1


def test_who_is_not_understood_is_told_once(resolved: Path, run_cli: RunCli, gh: StandIn) -> None:
    for number in (501, 502):
        payload = comment("Yes but it broke again", id_=number)
        assert "neither confirms" in take_in(run_cli, resolved, "answer", payload, "--pr").out
    (said,) = gh.state["comments"]["12"]
    assert "I did not understand" in said["body"] and "`not solved`" in said["body"]
    assert gh.state["pulls"] == []
    write_files(resolved, {PATH: closed()})
    git(resolved, "commit", "--quiet", "--all", "--message", "Close")
    take_in(run_cli, resolved, "answer", comment("Hm.", id_=503), "--pr")
    assert len(gh.state["comments"]["12"]) == 1


def test_the_reporter_of_a_restricted_record_is_told_its_id(
    resolved: Path, run_cli: RunCli, gh: StandIn
) -> None:
    write_files(resolved, {PATH: RESOLVED.replace("status:", "visibility: restricted\nstatus:")})
    git(resolved, "commit", "--quiet", "--all", "--message", "Restrict")
    later(run_cli, resolved, "2026-11-20T11:30+00:00", "--apply")
    take_in(run_cli, resolved, "answer", comment("confirmed 5\n\nThe button works."), "--pr")
    told = json.dumps([gh.state["pulls"], gh.state["comments"]])
    assert told.count(ID) >= 3
    assert not any(word in told for word in ("Cannot pay", "utton", "checkout", "P3"))


# Questions, and silence.


def later(run_cli: RunCli, root: Path, now: str, *options: str) -> Outcome:
    outcome = run_cli("--now", now, "intake", "confirmations", *options, repo=root)
    assert outcome.code == 0, outcome
    return outcome


def test_asked_once_then_closed_after_silence(resolved: Path, run_cli: RunCli, gh: StandIn) -> None:
    assert "to be asked on issue 12" in later(run_cli, resolved, "2026-11-20T12:00+00:00").out
    assert gh.state["comments"] == {}
    later(run_cli, resolved, "2026-11-20T12:00+00:00", "--apply")
    waiting = later(run_cli, resolved, "2026-11-30T11:59+00:00", "--apply")
    assert "from 2026-11-30 12:00 UTC on" in waiting.out
    (asked,) = gh.state["comments"]["12"]
    assert "Does it work again" in asked["body"]
    assert "to be closed as unconfirmed" in later(run_cli, resolved, "2026-11-30T12:00+00:00").out
    assert gh.state["pulls"] == []
    outs = [later(run_cli, resolved, "2026-11-30T12:00+00:00", "--apply").out for _ in range(2)]
    (pull,) = gh.state["pulls"]
    assert f"{ID} waits on branch {pull['head']['ref']}" in outs[1] and "is open" in outs[1]
    found = incident(resolved, revision=pull["head"]["ref"])
    assert (found.status, found.closed_by) == ("closed", "deploy-bot")
    assert found.confirmation is not None and not found.confirmation.confirmed
    assert gh.state["issues"][0]["state"] == "open" and len(gh.state["comments"]["12"]) == 1
    merge(resolved, gh)
    for _ in range(2):
        assert (
            "No resolved incident waits" in later(run_cli, resolved, "2026-11-30T13:00+00:00", "--apply").out
        )
    assert gh.state["issues"][0]["state"] == "closed"
    assert "closed as unconfirmed" in gh.state["comments"]["12"][1]["body"]
    # whoever opens it again is not overruled each night
    state = gh.state
    state["issues"][0]["state"] = "open"
    gh.write(state)
    later(run_cli, resolved, "2026-11-30T14:00+00:00", "--apply")
    assert gh.state["issues"][0]["state"] == "open" and len(gh.state["comments"]["12"]) == 2


def merge(root: Path, gh: StandIn) -> None:
    """Merge the last pull request as a forge does that deletes its branch."""
    pull = gh.state["pulls"][-1]
    git(root, "merge", "--quiet", pull["head"]["ref"])
    git(root, "push", "--quiet", "origin", "main", f":{pull['head']['ref']}")
    git(root, "branch", "--quiet", "-D", pull["head"]["ref"])
    gh.end_pull(pull["number"], "2026-11-30T12:30:00Z", merged=True)


def test_what_was_confirmed_is_closed(resolved: Path, run_cli: RunCli, gh: StandIn) -> None:
    take_in(run_cli, resolved, "answer", comment("confirmed 5"), "--pr")
    assert "waits on branch" in later(run_cli, resolved, "2026-11-20T12:00+00:00", "--apply").out
    merge(resolved, gh)
    assert "to be closed as confirmed" in later(run_cli, resolved, "2026-11-30T12:31+00:00").out
    for _ in range(2):
        later(run_cli, resolved, "2026-11-30T12:31+00:00", "--apply")
    assert len(gh.state["pulls"]) == 2
    merge(resolved, gh)
    found = incident(resolved)
    assert (found.status, found.closed_by) == ("closed", "deploy-bot")
    assert found.confirmation is not None and found.confirmation.confirmed
    later(run_cli, resolved, "2026-11-30T12:32+00:00", "--apply")
    assert gh.state["issues"][0]["state"] == "closed"
    assert "as you confirmed" in gh.state["comments"]["12"][-1]["body"]


def test_a_refused_closing_is_not_asked_for_every_night(resolved: Path, run_cli: RunCli, gh: StandIn) -> None:
    later(run_cli, resolved, "2026-11-20T12:00+00:00", "--apply")
    later(run_cli, resolved, "2026-11-30T12:00+00:00", "--apply")
    gh.end_pull(gh.state["pulls"][0]["number"], "2026-11-30T13:00:00Z", merged=False)
    assert "closed by somebody" in later(run_cli, resolved, "2026-12-01T12:00+00:00", "--apply").out
    assert len(gh.state["pulls"]) == 1 and gh.state["issues"][0]["state"] == "open"


def test_who_has_written_is_not_silent(resolved: Path, run_cli: RunCli, gh: StandIn) -> None:
    later(run_cli, resolved, "2026-11-20T12:00+00:00", "--apply")
    state = gh.state
    state["comments"]["12"].append({"id": 9, "body": "Hm.", "user": {"login": "guest-7"}, "html_url": "x"})
    gh.write(state)
    assert (
        "somebody should read issue 12" in later(run_cli, resolved, "2026-12-24T12:00+00:00", "--apply").out
    )
    assert gh.state["pulls"] == []


def test_nobody_else_can_ask(resolved: Path, run_cli: RunCli, gh: StandIn) -> None:
    """A mark of ours with an old date, pasted by anybody, must not close an incident early."""
    state = gh.state
    forged = f"<!-- incidentbook:asked {ID} 2026-11-20T10:00+00:00 at 2026-11-20T10:00+00:00 -->"
    state["comments"]["12"] = [{"id": 9, "body": forged, "user": {"login": "passer-by"}, "html_url": "x"}]
    gh.write(state)
    assert "to be asked" in later(run_cli, resolved, "2026-12-24T12:00+00:00").out


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({PATH: RESOLVED.replace("status: resolved", "status: resolved\nmajor: true")}, "review"),
        ({"schema/intake.yml": "confirmations: {days: 1}\n"}, "`bot` in schema/intake.yml"),
    ],
)
def test_what_may_not_close_says_why(
    resolved: Path, run_cli: RunCli, gh: StandIn, files: dict[str, str], says: str
) -> None:
    write_files(resolved, files)
    git(resolved, "commit", "--quiet", "--all", "--message", "Change")
    later(run_cli, resolved, "2026-11-20T12:00+00:00", "--apply")
    outcome = later(run_cli, resolved, "2026-12-10T12:00+00:00", "--apply")
    assert "cannot be closed" in outcome.out and says in outcome.out
    assert gh.state["pulls"] == []


def test_a_second_resolution_is_asked_about_again(resolved: Path, run_cli: RunCli, gh: StandIn) -> None:
    later(run_cli, resolved, "2026-11-20T12:00+00:00", "--apply")
    write_files(
        resolved, {PATH: RESOLVED.replace("resolved: 2026-11-20T10:00", "resolved: 2026-11-20T11:00")}
    )
    git(resolved, "commit", "--quiet", "--all", "--message", "Resolve again")
    later(run_cli, resolved, "2026-11-20T13:00+00:00", "--apply")
    assert len(gh.state["comments"]["12"]) == 2
    assert json.dumps(gh.calls).count("Does it work again") == 2
