"""`incidentbook intake alert` opens, updates, restores and reopens records, each alert once."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from ghbed import StandIn
from incidentbook.archive import load_archive
from incidentbook.gitrepo import open_revision
from incidentbook.intake.branches import branch_name
from incidentbook.records import Incident
from incidentbook.rules.origins import is_imported
from intakebed import (
    FIRING,
    HOSTILE,
    RESOLVED,
    alertmanager,
    dispatched,
    findings,
    grafana_legacy,
    incident,
    opsgenie,
    pagerduty,
    payload_file,
    repository_with_remote,
)
from testbed import SCHEMA, MakeRepository, Outcome, RunCli, git, write_files

ID = "INC-2026-0001"
PATH = f"incidents/2026/{ID}.md"
RESOLVING = """\
bot: deploy-bot
alerts: {resolves: true, resolution_code: fixed, team: desk, category: application/defect}
"""


@pytest.fixture
def root(make_repository: MakeRepository) -> Path:
    return make_repository()


@pytest.fixture
def gh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    stand_in = StandIn(tmp_path / "bin")
    monkeypatch.setenv("PATH", f"{stand_in.folder}:{os.environ['PATH']}")
    return stand_in


def take_in(run_cli: RunCli, root: Path, payload: Any, *options: str) -> Outcome:
    outcome = run_cli("intake", "alert", payload_file(root.parent, payload), *options, repo=root)
    assert outcome.code == 0, outcome
    return outcome


@pytest.mark.parametrize("wrap", [lambda payload: payload, dispatched])
@pytest.mark.parametrize("name", FIRING)
def test_each_system_opens_restores_and_comes_once(root: Path, run_cli: RunCli, name: str, wrap: Any) -> None:
    take_in(run_cli, root, wrap(FIRING[name]))
    opened = incident(root)
    assert (opened.status, [one.service for one in opened.services]) == ("new", ["checkout"])
    assert opened.reporter is not None and opened.reporter.channel == "alert"
    assert opened.origin is not None and opened.origin.system == name.partition("-")[0]
    before = (root / PATH).read_bytes()
    assert "nothing to do" in take_in(run_cli, root, wrap(FIRING[name])).out
    assert (root / PATH).read_bytes() == before
    take_in(run_cli, root, wrap(RESOLVED[name]))
    over = incident(root)
    assert over.restored is not None and over.status == "new" and len(over.steps) == 1
    assert not is_imported(opened) and not is_imported(over)
    before = (root / PATH).read_bytes()
    assert "nothing to do" in take_in(run_cli, root, wrap(RESOLVED[name])).out
    assert (root / PATH).read_bytes() == before
    assert findings(root) == []
    assert len(list(root.glob("incidents/*/*.md"))) == 1


def test_the_whole_record(root: Path, run_cli: RunCli) -> None:
    (root / "schema/intake.yml").write_text("alerts: {category: application/defect}\n")
    outcome = take_in(run_cli, root, alertmanager(team="x"))
    assert (
        (root / PATH).read_text()
        == """\
---
# yaml-language-server: $schema=../../schema/json/incident.schema.json
title: Checkout answers 502
status: new
services:
  - {service: checkout, state: major_outage, from: 2026-11-20T11:50+00:00}
category: application/defect
impact: high
urgency: high
detected: 2026-11-20T11:50+00:00
opened: 2026-11-20T12:00+00:00
reporter:
  channel: alert
  name: Alertmanager
links:
  outside:
    - {type: alert, url: 'http://metrics.harbourline.example/graph?g0.expr=up', title: Alertmanager}
origin:
  system: alertmanager
  id: a1bc48475b20e73d
  url: http://metrics.harbourline.example/graph?g0.expr=up
  alerted: true
  digest: c4720929bfb77cbe-4619e3c154c70157
  state_at: 2026-11-20T11:50+00:00
---
Alertmanager says:

```text
One request in five fails.

severity: critical

alertname: CheckoutErrors
service: checkout
severity: critical
team: x
```
"""
    )
    assert outcome.out.splitlines()[:2] == [
        "Alertmanager, firing: Checkout answers 502",
        f"{ID}: opened; {PATH}",
    ]


def test_a_changed_severity_or_text_adds_a_step(root: Path, run_cli: RunCli) -> None:
    take_in(run_cli, root, alertmanager(severity="warning"))
    take_in(run_cli, root, alertmanager(severity="critical", summary="Checkout is gone"))
    (step,) = incident(root).steps
    assert step.text == (
        "Alertmanager: severity is now `critical`; it says now:\n\n"
        "```text\nCheckout is gone\n\nOne request in five fails.\n```"
    )
    assert (
        "nothing to do"
        in take_in(run_cli, root, alertmanager(severity="critical", summary="Checkout is gone")).out
    )
    assert len(incident(root).steps) == 1


def test_a_severity_that_alone_changed_is_all_that_is_said(root: Path, run_cli: RunCli) -> None:
    take_in(run_cli, root, pagerduty(priority="P2"))
    take_in(run_cli, root, pagerduty(priority="P`1"))
    assert [step.text for step in incident(root).steps] == ["PagerDuty: severity is now `` P`1 ``"]


def at(clock: str) -> str:
    return f"2026-11-20T{clock}:00Z"


LIFE = {
    "triggered": pagerduty(at=at("09:00")),
    "over": pagerduty(status="resolved", at=at("09:20")),
    "again": pagerduty(event="incident.reopened", at=at("09:30")),
    "over again": pagerduty(status="resolved", at=at("09:40")),
    "words": pagerduty(event="incident.priority_updated", priority="P1", at=at("09:10")),
}


def restored(root: Path) -> str | None:
    found = incident(root).restored
    return f"{found:%H:%M}" if found else None


def test_a_clearing_that_comes_late_changes_nothing(root: Path, run_cli: RunCli) -> None:
    for turn, known in (("triggered", None), ("over", "09:20"), ("again", None)):
        take_in(run_cli, root, LIFE[turn])
        assert restored(root) == known, turn
    before = (root / PATH).read_bytes()
    for late in ("over", "triggered", "words", "again"):
        assert "nothing to do" in take_in(run_cli, root, LIFE[late]).out, late
    assert (root / PATH).read_bytes() == before
    take_in(run_cli, root, LIFE["over again"])
    assert restored(root) == "09:40"
    before = (root / PATH).read_bytes()
    for turn, message in LIFE.items():
        assert "nothing to do" in take_in(run_cli, root, message).out, turn
    assert (root / PATH).read_bytes() == before
    assert findings(root) == []


def test_news_without_a_state_make_no_state_late(root: Path, run_cli: RunCli) -> None:
    """Deliveries pass each other: the acknowledgement of 09:05 comes after the priority of 09:10."""
    take_in(run_cli, root, LIFE["triggered"])
    take_in(run_cli, root, LIFE["words"])
    take_in(run_cli, root, pagerduty(status="acknowledged", priority="P1", at=at("09:05")))
    assert incident(root).acknowledged is not None


def test_a_clearing_from_before_a_person_reopened_it_is_late(root: Path, run_cli: RunCli) -> None:
    take_in(run_cli, root, LIFE["triggered"])
    again = "reopenings: [{resolved: 2026-11-20T09:10+00:00, reopened: 2026-11-20T09:25+00:00, reason: x}]"
    text = (root / PATH).read_text().replace("status: new", f"status: in_progress\n{again}")
    (root / PATH).write_text(text)
    assert "told late" in take_in(run_cli, root, LIFE["over"]).out
    # nobody has it, which the check finds
    run_cli("intake", "alert", payload_file(root.parent, LIFE["over again"]), repo=root)
    assert restored(root) == "09:40"


def test_a_clock_that_is_ahead_makes_nothing_late(root: Path, run_cli: RunCli) -> None:
    take_in(run_cli, root, pagerduty(at="2031-01-01T00:00:00Z"))
    found = incident(root)
    assert found.origin is not None and found.origin.state_at == found.opened


def test_what_is_resolved_and_fires_again_is_said_once(root: Path, run_cli: RunCli) -> None:
    (root / "schema/intake.yml").write_text(RESOLVING.replace("resolves:", "reopens: false, resolves:"))
    for turn in ("triggered", "over", "again", "again", "over", "triggered"):
        take_in(run_cli, root, LIFE[turn])
    found = incident(root)
    assert found.status == "resolved"
    assert [step.text for step in found.steps] == [
        "PagerDuty: the alert has cleared, says Shop duty engineer.",
        "PagerDuty fires again, though this is resolved.",
    ]


def test_acknowledged_is_written_once(root: Path, run_cli: RunCli) -> None:
    take_in(run_cli, root, pagerduty())
    take_in(run_cli, root, pagerduty(status="acknowledged"))
    take_in(run_cli, root, pagerduty(status="acknowledged"))
    found = incident(root)
    assert found.acknowledged is not None and found.acknowledged.isoformat() == "2026-11-20T11:55:29+00:00"
    assert [step.text for step in found.steps] == ["PagerDuty: acknowledged by Shop duty engineer"]
    assert findings(root) == []


def test_an_acknowledgement_that_comes_first_opens_it(root: Path, run_cli: RunCli) -> None:
    take_in(run_cli, root, opsgenie(action="Acknowledge"))
    assert incident(root).acknowledged is not None


def test_it_fires_again_while_open(root: Path, run_cli: RunCli) -> None:
    take_in(run_cli, root, alertmanager())
    take_in(run_cli, root, alertmanager(status="resolved", ends="2026-11-20T11:55:00Z"))
    late = take_in(run_cli, root, alertmanager())
    assert "told late" in late.out, "the first delivery came twice"
    take_in(run_cli, root, alertmanager(starts="2026-11-20T11:57:00Z"))
    found = incident(root)
    assert found.restored is None and [step.text for step in found.steps][-1] == "Alertmanager: fires again"
    assert findings(root) == []


def test_resolution_by_policy_is_whole(root: Path, run_cli: RunCli) -> None:
    (root / "schema/intake.yml").write_text(RESOLVING)
    take_in(run_cli, root, alertmanager(severity="warning"))
    take_in(run_cli, root, alertmanager(severity="warning", status="resolved", ends="2026-11-20T11:58:00Z"))
    found = incident(root)
    assert (found.status, found.resolved_by) == ("resolved", "deploy-bot")
    assert found.resolution is not None and "after 8 minutes" in (found.resolution.summary or "")
    assert [(one.team, one.owner) for one in found.assignments] == [("payments", "deploy-bot")]
    assert findings(root, strict=True) == []
    take_in(run_cli, root, alertmanager(severity="warning", starts="2026-11-20T11:59:00Z"))
    again = incident(root)
    assert (again.status, again.resolved, again.resolution) == ("in_progress", None, None)
    assert [one.resolved.isoformat() for one in again.reopenings] == ["2026-11-20T11:58:00+00:00"]
    assert findings(root, strict=True) == []


def test_policy_resolves_nothing_that_somebody_has_taken(root: Path, run_cli: RunCli) -> None:
    (root / "schema/intake.yml").write_text(RESOLVING)
    take_in(run_cli, root, pagerduty(status="acknowledged"))
    take_in(run_cli, root, pagerduty(status="resolved"))
    found = incident(root)
    assert (found.status, found.restored is not None) == ("new", True)


def closed(id_: str = ID) -> str:
    return """\
---
title: Checkout answers 502
status: closed
services:
  - {service: checkout, state: partial_outage}
category: application/defect
impact: high
urgency: high
detected: 2026-11-19T10:00+00:00
opened: 2026-11-19T10:00+00:00
acknowledged: 2026-11-19T10:05+00:00
resolved: 2026-11-19T11:00+00:00
closed: 2026-11-19T12:00+00:00
reporter: {channel: alert}
summary: It failed.
assignments:
  - {at: 2026-11-19T10:05+00:00, team: payments, owner: duty-one}
resolved_by: duty-one
closed_by: duty-two
resolution: {code: fixed, summary: Fixed., permanence: permanent}
confirmation: {confirmed: true}
origin: {system: alertmanager, id: a1bc48475b20e73d}
---
"""


def test_after_closing_a_new_record_names_the_earlier(root: Path, run_cli: RunCli) -> None:
    write_files(root, {PATH: closed()})
    assert "nothing to do" in take_in(run_cli, root, alertmanager(starts="2026-11-19T10:00:00Z")).out
    assert "nothing to do" in take_in(run_cli, root, alertmanager(status="resolved")).out
    take_in(run_cli, root, alertmanager())
    take_in(run_cli, root, alertmanager())
    found = incident(root, "INC-2026-0002")
    assert found.links is not None and found.links.earlier == (ID,)
    assert (root / PATH).read_text() == closed()
    assert len(list(root.glob("incidents/*/*.md"))) == 2


def test_rules_of_the_repository(root: Path, run_cli: RunCli) -> None:
    (root / "schema/intake.yml").write_text("""\
alerts:
  severities:
    - {severity: [Critical], impact: medium, urgency: low}
  rules:
    - {name: "*watchdog*", ignore: true}
    - {system: grafana, services: [database]}
    - {labels: {alertname: Checkout*, service: "*"}, services: [search],
       state: degraded_performance, category: security}
""")
    assert "ignore" in take_in(run_cli, root, alertmanager(summary="The Watchdog [1]")).out
    assert list(root.glob("incidents/*/*.md")) == []
    take_in(run_cli, root, alertmanager())
    found = incident(root)
    assert [(one.service, one.state) for one in found.services] == [("search", "degraded_performance")]
    assert (found.category, found.impact, found.urgency) == ("security", "medium", "low")


def test_what_is_assumed_is_said(root: Path, run_cli: RunCli) -> None:
    outcome = take_in(run_cli, root, alertmanager(severity="odd", service="unknown"))
    for said in (
        "severity `odd` has no meaning in schema/intake.yml",
        "no service",
        "category: `application`",
    ):
        assert said in outcome.out
    assert (incident(root).impact, incident(root).urgency) == ("medium", "medium")


def test_without_a_channel_of_this_name_it_still_passes(root: Path, run_cli: RunCli) -> None:
    without = SCHEMA["schema/categories.yml"].replace("  - {id: alert, name: Alert}\n", "")
    (root / "schema/categories.yml").write_text(without)
    take_in(run_cli, root, alertmanager())
    assert findings(root) == []


@pytest.mark.parametrize("options", [(), ("--commit",)])
def test_hostile_words_stay_words(tmp_path: Path, run_cli: RunCli, options: tuple[str, ...]) -> None:
    root = repository_with_remote(tmp_path)
    payload = alertmanager(summary=HOSTILE, severity=HOSTILE, instance=HOSTILE, fingerprint=HOSTILE)
    payload["alerts"][0]["annotations"]["description"] = f"``` {HOSTILE}\n```\n---\n" * 100
    payload["alerts"][0]["generatorURL"] = "javascript:alert(1)"
    payload["externalURL"] = "http://x/\"onload='y'"
    outcome = take_in(run_cli, root, payload, *options)
    assert "\x1b" not in outcome.out and "\u202e" not in outcome.out
    if options:
        (branch,) = git(root, "for-each-ref", "--format=%(refname:short)", "refs/heads/intake").split()
        git(root, "merge", "--quiet", "--ff-only", branch)
        message = git(root, "log", "-1", "--format=%B")
        assert message.strip() == f"Log {ID}, as Alertmanager told"
    assert findings(root) == []
    assert incident(root).status == "new"
    before = (root / PATH).read_bytes()
    take_in(run_cli, root, payload)
    assert (root / PATH).read_bytes() == before


def test_a_record_that_cannot_be_read_gets_no_twin(root: Path, run_cli: RunCli) -> None:
    take_in(run_cli, root, alertmanager())
    broken = (root / PATH).read_text().replace("title: Checkout", "title: [Checkout")
    (root / PATH).write_text(broken)
    assert "cannot be read" in take_in(run_cli, root, alertmanager()).out
    assert [path.name for path in root.glob("incidents/*/*.md")] == [f"{ID}.md"]


def test_of_several_alerts_each_has_its_record(root: Path, run_cli: RunCli) -> None:
    payload = alertmanager()
    payload["alerts"].append({**payload["alerts"][0], "fingerprint": "b", "status": "resolved"})
    payload["alerts"].append({**payload["alerts"][0], "fingerprint": "c"})
    outcome = take_in(run_cli, root, payload)
    assert sorted(path.name for path in root.glob("incidents/*/*.md")) == [f"{ID}.md", "INC-2026-0002.md"]
    assert outcome.out.count("nothing to do") == 1


# Groups.

KEY = '{}/{team="shop"}:{alertname="CheckoutErrors"}'


def group(*members: tuple[str, ...], **fields: Any) -> dict[str, Any]:
    """One message of one group, of alerts that are written as instance and time, with `!` once over."""
    payload = alertmanager(group=KEY) | fields
    (pattern,) = payload["alerts"]
    payload["alerts"] = [_member(pattern, *member) for member in members]
    return payload


def _member(pattern: Any, name: str, since: str, until: str | None = None, **labels: str) -> dict[str, Any]:
    return {
        **pattern,
        "status": "resolved" if until else "firing",
        "fingerprint": f"f{name}",
        "labels": {**pattern["labels"], "instance": name, **labels},
        "startsAt": at(since),
        "endsAt": at(until) if until else "0001-01-01T00:00:00Z",
    }


def ids(root: Path) -> list[str]:
    return sorted(path.stem for path in root.glob("incidents/*/*.md"))


def test_a_group_is_one_incident_from_the_first_to_the_last_of_its_alerts(
    root: Path, run_cli: RunCli
) -> None:
    first = group(("a", "09:00"))
    more = group(("a", "09:00"), ("b", "09:05"), ("c", "09:06"))
    fewer = group(("a", "09:00", "09:20"), ("b", "09:05", "09:21"), ("c", "09:06"))
    for turn in (first, first, more, more, fewer, first, more):
        take_in(run_cli, root, turn)
    found = incident(root)
    assert (ids(root), restored(root)) == ([ID], None)
    assert f"{found.detected:%H:%M}" == "09:00"
    grown, shrunk = (step.text for step in found.steps)
    assert [line for line in grown.splitlines() if "instance" in line] == [
        f"Checkout answers 502 (instance: {name})" for name in "abc"
    ]
    assert shrunk == "Alertmanager: it says now:\n\n```text\nOne request in five fails.\n```"
    over = group(("c", "09:06", "09:30"))
    take_in(run_cli, root, over)
    assert restored(root) == "09:30"
    assert incident(root).steps[-1].text.startswith("Alertmanager: all alerts of the group have cleared.")
    before = (root / PATH).read_bytes()
    for late in (first, more, fewer, over):
        assert "nothing to do" in take_in(run_cli, root, late).out
    assert (root / PATH).read_bytes() == before
    take_in(run_cli, root, group(("b", "09:40")))
    assert (ids(root), restored(root)) == ([ID], None)
    take_in(run_cli, root, over)
    assert restored(root) is None, "it came late"
    assert findings(root) == []


def test_a_storm_is_one_incident_as_bad_as_the_worst_of_it(root: Path, run_cli: RunCli) -> None:
    members = [(f"{n:03}", "09:00") for n in range(100)]
    payload = group(*members)
    payload["alerts"][7]["labels"] |= {"severity": "critical", "service": "search"}
    for one in (*payload["alerts"][:7], *payload["alerts"][8:]):
        one["labels"]["severity"] = "warning"
    outcome = take_in(run_cli, root, payload)
    found = incident(root)
    assert ids(root) == [ID] and "one incident of 100 alerts" in outcome.out
    assert {one.service for one in found.services} == {"checkout", "search"}
    assert (found.impact, found.urgency) == ("high", "high")
    assert "and 50 more" in (root / PATH).read_text()
    assert findings(root) == []


def test_alerts_of_another_group_or_another_alertmanager_are_others(root: Path, run_cli: RunCli) -> None:
    take_in(run_cli, root, group(("a", "09:00")))
    take_in(run_cli, root, group(("b", "09:00"), groupKey="{}:{}"))
    take_in(run_cli, root, group(("c", "09:00"), externalURL="http://elsewhere.harbourline.example"))
    assert len(ids(root)) == 3


def test_what_is_ignored_holds_up_no_group(root: Path, run_cli: RunCli) -> None:
    (root / "schema/intake.yml").write_text("alerts: {rules: [{labels: {instance: dog}, ignore: true}]}\n")
    take_in(run_cli, root, group(("dog", "08:00"), ("a", "09:00")))
    assert f"{incident(root).detected:%H:%M}" == "09:00"
    outcome = take_in(run_cli, root, group(("dog", "08:00"), ("a", "09:00", "09:20")))
    assert (restored(root), ids(root)) == ("09:20", [ID])
    assert "says to ignore it" in outcome.out


def test_a_group_of_which_some_were_left_out_has_not_cleared(root: Path, run_cli: RunCli) -> None:
    take_in(run_cli, root, group(("a", "09:00"), truncatedAlerts=3))
    outcome = take_in(run_cli, root, group(("a", "09:00", "09:20"), truncatedAlerts=3))
    assert restored(root) is None and "others were left out" in outcome.out


def test_each_by_itself_where_that_is_chosen_but_no_storm(root: Path, run_cli: RunCli) -> None:
    (root / "schema/intake.yml").write_text("alerts: {group: false, most: 3}\n")
    storm = group(*((str(n), "09:00") for n in range(5)))
    outcome = take_in(run_cli, root, storm)
    assert len(ids(root)) == 3 and outcome.out.count("`alerts.most`") == 2
    # what is known already counts for nothing
    take_in(run_cli, root, storm)
    assert len(ids(root)) == 5


def test_an_unknown_message_is_one_line_and_writes_nothing(root: Path, run_cli: RunCli) -> None:
    outcome = run_cli("intake", "alert", payload_file(root.parent, {"hello": [1, 2]}), repo=root)
    assert outcome.code == 2
    assert outcome.err.count("\n") == 1 and "Alertmanager: `alerts`" in outcome.err
    assert not (root / "incidents").exists()
    assert run_cli("intake", "alert", root / "none.json", repo=root).code == 2


# On branches.


def branches(root: Path, where: str = "refs/heads/intake") -> list[str]:
    return git(root, "for-each-ref", "--format=%(refname)", where).split()


def on_branch(root: Path, branch: str, id_: str = ID) -> Incident:
    entry = load_archive(open_revision(root, branch)).get(id_)
    assert entry is not None and entry.diagnostics == ()
    record = entry.record
    assert isinstance(record, Incident)
    return record


def test_a_branch_past_the_working_tree(tmp_path: Path, run_cli: RunCli) -> None:
    root = repository_with_remote(tmp_path)
    (root / "half-done.md").write_text("Not yet.")
    (root / "schema/teams.yml").write_text("teams: [\n")
    status = git(root, "status", "--porcelain")
    head = git(root, "rev-parse", "HEAD")
    take_in(run_cli, root, alertmanager(), "--commit")
    assert (git(root, "status", "--porcelain"), git(root, "rev-parse", "HEAD")) == (status, head)
    (branch,) = branches(root)
    assert git(root, "diff", "--name-only", "HEAD", branch).split() == [PATH]
    take_in(run_cli, root, alertmanager(), "--commit")
    assert git(root, "rev-list", "--count", f"HEAD..{branch}").strip() == "1"
    take_in(run_cli, root, alertmanager(status="resolved", ends="2026-11-20T11:58:00Z"), "--commit")
    assert git(root, "rev-list", "--count", f"HEAD..{branch}").strip() == "2"
    assert on_branch(root, branch).restored is not None
    assert branches(root) == [branch] and branches(root, "refs/remotes/origin/intake") == []


def clone(root: Path, folder: Path, *options: str) -> Path:
    git(folder.parent, "clone", "--quiet", *options, f"file://{root.parent / 'remote.git'}", str(folder))
    for key, value in (("user.name", "Runner"), ("user.email", "two@example.invalid")):
        git(folder, "config", key, value)
    return folder


def test_a_second_runner_finds_what_the_first_pushed(tmp_path: Path, run_cli: RunCli, gh: StandIn) -> None:
    """Each delivery of a webhook runs in a fresh clone, which has the main branch alone."""
    root = repository_with_remote(tmp_path)
    only_main = ("--single-branch", "--branch", "main")
    first, second = clone(root, tmp_path / "one", *only_main), clone(root, tmp_path / "two", *only_main)
    take_in(run_cli, first, alertmanager(), "--pr")
    take_in(run_cli, second, alertmanager(), "--pr")
    take_in(run_cli, second, alertmanager(fingerprint="other"), "--pr")
    third = clone(root, tmp_path / "three", *only_main)
    take_in(run_cli, third, alertmanager(status="resolved", ends="2026-11-20T11:58:00Z"), "--pr")
    remote = sorted(branches(tmp_path / "remote.git"))
    assert len(remote) == 2
    (mine,) = [name for name in remote if name in branches(first)]
    assert on_branch(third, mine.replace("refs/heads", "refs/remotes/origin")).restored is not None
    pulls = gh.state["pulls"]
    assert [pull["head"]["ref"] for pull in pulls] == [
        name.removeprefix("refs/heads/") for name in (mine, *(set(remote) - {mine}))
    ]
    assert [pull["title"] for pull in pulls] == [
        f"{ID}: Checkout answers 502",
        "INC-2026-0002: Checkout answers 502",
    ]
    assert pulls[0]["base"]["ref"] == "main"


@pytest.mark.parametrize("how", ["merge", "squash"])
def test_after_merging_it_goes_on_from_main(tmp_path: Path, run_cli: RunCli, how: str) -> None:
    root = repository_with_remote(tmp_path)
    take_in(run_cli, root, alertmanager(), "--push")
    (branch,) = branches(root)
    git(root, "merge", "--quiet", *(["--squash"] if how == "squash" else ["--no-ff"]), branch)
    text = (root / PATH).read_text().replace("impact: high", "impact: low")
    if how == "squash":
        git(root, "commit", "--quiet", "--message", "Merged")
    (root / PATH).write_text(text)
    git(root, "commit", "--quiet", "--all", "--message", "Lower the impact")
    git(root, "push", "--quiet", "origin", "main")
    assert "nothing to do" in take_in(run_cli, root, alertmanager(), "--push").out
    assert branches(root) == [branch]
    over = alertmanager(status="resolved", ends="2026-11-20T11:58:00Z")
    take_in(run_cli, root, over, "--push")
    take_in(run_cli, root, over, "--push")
    assert sorted(branches(tmp_path / "remote.git")) == [branch, f"{branch}-2"]
    found = on_branch(root, f"{branch}-2")
    assert (found.impact, found.restored is not None) == ("low", True)


def test_steps_that_failed_are_made_up_for(tmp_path: Path, run_cli: RunCli, gh: StandIn) -> None:
    root = repository_with_remote(tmp_path)
    take_in(run_cli, root, alertmanager(), "--commit")
    assert branches(tmp_path / "remote.git") == []
    assert "pushed to origin" in take_in(run_cli, root, alertmanager(), "--push").out
    assert branches(tmp_path / "remote.git") == branches(root)
    assert "pushed" not in take_in(run_cli, root, alertmanager(), "--push").out
    assert "opened" in take_in(run_cli, root, alertmanager(), "--pr").out
    assert "is open" in take_in(run_cli, root, alertmanager(), "--pr").out
    assert len(gh.state["pulls"]) == 1


def test_what_people_refused_is_over_until_it_fires_anew(
    tmp_path: Path, run_cli: RunCli, gh: StandIn
) -> None:
    root = repository_with_remote(tmp_path)
    take_in(run_cli, root, alertmanager(), "--pr")
    gh.end_pull(gh.state["pulls"][0]["number"], "2026-11-20T11:55:00Z", merged=False)
    over = alertmanager(status="resolved", ends="2026-11-20T11:56:00Z")
    for payload, says in ((alertmanager(), "closed by somebody"), (over, "no record here is of it")):
        assert says in take_in(run_cli, clone(root, tmp_path / says[:6]), payload, "--pr").out
    assert len(gh.state["pulls"]) == 1
    again = alertmanager(starts="2026-11-20T11:57:00Z")
    for _ in range(2):
        take_in(run_cli, root, again, "--pr")
    first, second = (pull["head"]["ref"] for pull in gh.state["pulls"])
    assert second == f"{first}-2"
    assert on_branch(root, second, "INC-2026-0002").detected is not None
    assert git(root, "diff", "--name-only", f"main...{second}").split() == ["incidents/2026/INC-2026-0002.md"]
    # where the refused branch is gone, too, its number stays taken
    gh.end_pull(gh.state["pulls"][1]["number"], "2026-11-20T11:58:00Z", merged=False)
    for branch in (first, second):
        git(root, "push", "--quiet", "origin", "--delete", branch)
    fresh = clone(root, tmp_path / "fresh")
    assert "closed by somebody" in take_in(run_cli, fresh, again, "--pr").out
    take_in(run_cli, fresh, alertmanager(starts="2026-11-20T11:59:00Z"), "--pr")
    assert gh.state["pulls"][2]["head"]["ref"] == f"{first}-3"


@pytest.mark.parametrize("how", ["merge", "squash"])
def test_after_a_merge_that_deleted_the_branch_it_goes_on(
    tmp_path: Path, run_cli: RunCli, gh: StandIn, how: str
) -> None:
    root = repository_with_remote(tmp_path)
    take_in(run_cli, root, alertmanager(), "--pr")
    (pull,) = gh.state["pulls"]
    branch = pull["head"]["ref"]
    git(root, "merge", "--quiet", *(["--squash"] if how == "squash" else ["--no-ff"]), branch)
    if how == "squash":
        git(root, "commit", "--quiet", "--message", "Merged")
    git(root, "push", "--quiet", "origin", "main", f":{branch}")
    gh.end_pull(pull["number"], "2026-11-20T11:59:30Z", merged=True)
    fresh = clone(root, tmp_path / "fresh")
    over = alertmanager(status="resolved", ends="2026-11-20T11:58:00Z")
    for _ in range(2):
        take_in(run_cli, fresh, over, "--pr")
    assert [one["head"]["ref"] for one in gh.state["pulls"]] == [branch, f"{branch}-2"]
    assert gh.state["pulls"][1]["state"] == "open"
    assert on_branch(fresh, f"{branch}-2").restored is not None


def test_a_merge_that_this_clone_has_not_seen_is_no_refusal(
    tmp_path: Path, run_cli: RunCli, gh: StandIn
) -> None:
    root = repository_with_remote(tmp_path)
    take_in(run_cli, root, alertmanager(), "--pr")
    gh.end_pull(gh.state["pulls"][0]["number"], "2026-11-20T11:57:00Z", merged=True)
    assert "was merged" in take_in(run_cli, root, alertmanager(), "--pr").out
    assert len(gh.state["pulls"]) == 1
    take_in(run_cli, root, alertmanager(status="resolved", ends="2026-11-20T11:58:00Z"), "--pr")
    assert [pull["state"] for pull in gh.state["pulls"]] == ["closed", "open"]
    assert [path.name for path in root.glob("incidents/*/*.md")] == []


# At the same moment.


def outrun(here: Path, other: Path, branch: str) -> None:
    """Let another clone push a branch between the moment when this one looks and the one when it pushes."""
    hook = here / ".git" / "hooks" / "pre-push"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(
        '#!/bin/sh\nrm -f "$0"\nunset GIT_DIR GIT_WORK_TREE\n'
        f"exec git -C '{other}' push --quiet origin '{branch}'\n"
    )
    hook.chmod(0o755)


def test_the_same_alert_twice_at_once_is_one_record(tmp_path: Path, run_cli: RunCli, gh: StandIn) -> None:
    root = repository_with_remote(tmp_path)
    one, two = clone(root, tmp_path / "one"), clone(root, tmp_path / "two")
    take_in(run_cli, one, alertmanager(), "--commit")
    (branch,) = branches(one)
    outrun(two, one, branch.removeprefix("refs/heads/"))
    taken = take_in(run_cli, two, alertmanager(summary="Checkout is gone"), "--pr")
    assert "was quicker" in taken.out and "says more" in taken.out
    assert branches(tmp_path / "remote.git") == [branch]
    assert git(two, "rev-list", "--count", f"main..{branch}").strip() == "2"
    found = on_branch(two, branch)
    assert found.title == "Checkout answers 502" and "Checkout is gone" in found.steps[0].text
    assert len(gh.state["pulls"]) == 1


@pytest.mark.parametrize("yields", [True, False])
def test_two_alerts_at_once_get_two_numbers(
    tmp_path: Path, run_cli: RunCli, gh: StandIn, yields: bool
) -> None:
    """The branch whose name is later yields: whichever pushes first, exactly one of them moves."""
    root = repository_with_remote(tmp_path)
    one, two = clone(root, tmp_path / "one"), clone(root, tmp_path / "two")
    prints = sorted(("a", "b"), key=lambda text: branch_name("alertmanager", text), reverse=not yields)
    first, second = (alertmanager(fingerprint=text) for text in prints)
    take_in(run_cli, one, first, "--commit")
    (branch,) = branches(one)
    outrun(two, one, branch.removeprefix("refs/heads/"))
    taken = take_in(run_cli, two, second, "--pr")
    assert ("is now INC-2026-0002" in taken.out) == yields
    assert ("is now INC-2026-0002" in take_in(run_cli, one, first, "--pr").out) == (not yields)
    assert sorted(pull["title"].partition(":")[0] for pull in gh.state["pulls"]) == [ID, "INC-2026-0002"]
    git(one, "fetch", "--quiet", "origin", "+refs/heads/*:refs/remotes/origin/*")
    for pull in gh.state["pulls"]:
        git(one, "merge", "--quiet", "--no-edit", f"origin/{pull['head']['ref']}")
    assert sorted(path.stem for path in one.glob("incidents/*/*.md")) == [ID, "INC-2026-0002"]
    assert findings(one) == []


def test_who_comes_later_yields_to_a_pull_request(tmp_path: Path, run_cli: RunCli, gh: StandIn) -> None:
    root = repository_with_remote(tmp_path)
    one, two = clone(root, tmp_path / "one"), clone(root, tmp_path / "two")
    early, late = sorted(("a", "b"), key=lambda text: branch_name("alertmanager", text))
    take_in(run_cli, two, alertmanager(fingerprint=early), "--commit")
    take_in(run_cli, one, alertmanager(fingerprint=late), "--pr")
    taken = take_in(run_cli, two, alertmanager(fingerprint=early), "--pr")
    assert "INC-2026-0001 is now INC-2026-0002" in taken.out
    assert [pull["title"].partition(":")[0] for pull in gh.state["pulls"]] == [ID, "INC-2026-0002"]


def test_of_a_restricted_record_only_its_id_goes_out(tmp_path: Path, run_cli: RunCli, gh: StandIn) -> None:
    root = repository_with_remote(tmp_path)
    settings = (root / "schema/incidentbook.yml").read_text()
    write_files(root, {"schema/incidentbook.yml": f"{settings}\ndefaults: {{visibility: restricted}}\n"})
    git(root, "commit", "--quiet", "--all", "--message", "Restrict")
    take_in(run_cli, root, alertmanager(severity="canary-two", summary="canary-one"), "--pr")
    (pull,) = gh.state["pulls"]
    assert pull["title"] == ID and "canary" not in json.dumps(gh.calls)
    assert on_branch(root, pull["head"]["ref"]).visibility == "restricted"


def test_a_pull_request_calls_nobody_and_closes_nothing(tmp_path: Path, run_cli: RunCli, gh: StandIn) -> None:
    root = repository_with_remote(tmp_path)
    take_in(
        run_cli, root, alertmanager(summary="@everyone Fixes #1, closes https://x.example/1 GH-2 `x`"), "--pr"
    )
    (pull,) = gh.state["pulls"]
    for calling in ("@everyone", "#1", "https://", "GH-2"):
        assert calling not in pull["title"]
    outside_fences = pull["body"].split("```")[0::2]
    assert "everyone" not in "".join(outside_fences)
    assert all(HOSTILE not in json.dumps(call["arguments"]) for call in gh.calls)
    assert "Assumed" in pull["body"]


def test_without_a_remote_it_says_so(root: Path, run_cli: RunCli, commit_all: Any) -> None:
    commit_all(root)
    outcome = run_cli("intake", "alert", payload_file(root.parent, alertmanager()), "--push", repo=root)
    assert (outcome.code, outcome.err.count("\n")) == (2, 1)
    assert "git remote add origin" in outcome.err
    assert branches(root) == []


def test_a_forge_that_refuses_leaves_the_branch_for_the_next_run(
    tmp_path: Path, run_cli: RunCli, gh: StandIn
) -> None:
    root = repository_with_remote(tmp_path)
    state = gh.state
    gh.refuse("HTTP 503: down")
    outcome = run_cli("intake", "alert", payload_file(tmp_path, grafana_legacy()), "--pr", repo=root)
    assert outcome.code == 2 and "HTTP 503" in outcome.err
    assert branches(tmp_path / "remote.git") == branches(root) != []
    gh.write(state)
    assert "opened" in take_in(run_cli, root, grafana_legacy(), "--pr").out


def test_each_turn_keeps_what_history_asks_for(tmp_path: Path, run_cli: RunCli) -> None:
    """No turn of an alert may rewrite a time, leave out a reopening, or move where none may."""
    root = repository_with_remote(tmp_path)
    (root / "schema/intake.yml").write_text(RESOLVING)
    turns = (
        alertmanager(severity="warning"),
        alertmanager(severity="warning", summary="Something else"),
        alertmanager(severity="warning", status="resolved", ends="2026-11-20T11:58:00Z"),
        alertmanager(severity="warning", starts="2026-11-20T11:59:00Z"),
        pagerduty(),
        pagerduty(status="acknowledged"),
        pagerduty(status="resolved"),
    )
    for turn in turns:
        git(root, "add", "--all")
        git(root, "commit", "--quiet", "--message", "Turn")
        take_in(run_cli, root, turn)
        checked = run_cli("check", "--base", "HEAD", repo=root)
        assert checked.code == 0, checked.out
    assert incident(root).status == "in_progress" and incident(root).corrections[0].field == "restored"
