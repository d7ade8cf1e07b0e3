"""`incidentbook comment`: what reviewers are told, against real Git and a forge that remembers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ghbed import StandIn
from incidentbook.archive import load_entries, open_repository
from incidentbook.desk.next_steps import Lacking
from incidentbook.diagnostics import Diagnostic, Severity
from incidentbook.markdown.dialect import to_html
from incidentbook.publication import publish
from incidentbook.records import Audience
from incidentbook.reports.comment.gathering import Told, comment_on
from incidentbook.reports.comment.markdown import comment_as_markdown
from incidentbook.reports.comment.touched import Touched, Touches
from incidentbook.reports.comment.unnamed import unnamed, without_unnamed
from testbed import CommitAll, MakeRepository, Outcome, RunCli, git

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
MARKER = "<!-- incidentbook:comment -->"
INCIDENT = """\
---
title: {title}
status: {status}
visibility: {visibility}
services:
  - {{service: checkout, state: partial_outage, from: 2026-11-20T08:00+00:00}}
category: application/deployment
impact: high
urgency: high
reporter: {{channel: alert}}
opened: 2026-11-20T08:00+00:00
{more}
---
Errors began with the roll-out.
"""
RESOLVED = """\
acknowledged: 2026-11-20T08:05+00:00
resolved: 2026-11-20T09:00+00:00
resolved_by: duty-one
assignments:
  - {at: 2026-11-20T08:05+00:00, team: payments, owner: duty-one}
summary: Checkout failed for an hour.
resolution: {code: rolled_back, summary: Rolled the release back., permanence: permanent}"""
HOSTILE = "\"'@everyone #12 GH-7 `id` $(touch x) | </summary><img src=https://evil.example/x.png> \\u202e"


def incident(
    title: str = "Checkout down", status: str = "new", visibility: str = "internal", more: str = "# so far"
) -> str:
    return INCIDENT.format(title=title, status=status, visibility=visibility, more=more)


@pytest.fixture
def records(make_repository: MakeRepository, commit_all: CommitAll) -> Path:
    """A repository with one resolved and one new incident, on a branch of which nothing is changed yet."""
    files = {
        ".gitignore": ".cache/\n",
        "incidents/2026/INC-2026-0001.md": incident("Checkout answers 502", "resolved", more=RESOLVED),
        "incidents/2026/INC-2026-0002.md": incident("Checkout is slow"),
    }
    root = make_repository(files)
    commit_all(root)
    git(root, "switch", "--quiet", "--create", "work")
    return root


Say = Callable[..., Outcome]


@pytest.fixture
def say(run_cli: RunCli, records: Path, monkeypatch: pytest.MonkeyPatch) -> Say:
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)

    def run(revisions: str = "main..", *options: str) -> Outcome:
        return run_cli("comment", revisions, *options, repo=records)

    return run


@pytest.fixture
def forge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    made = StandIn(tmp_path / "bin")
    monkeypatch.setenv("PATH", str(made.folder), prepend=":")
    return made


def write(root: Path, text: str, name: str = "INC-2026-0003") -> None:
    (root / f"incidents/2026/{name}.md").write_text(text, encoding="utf-8")


def comments(forge: StandIn, number: int = 12) -> list[str]:
    return [comment["body"] for comment in forge.state["comments"].get(str(number), [])]


def test_a_new_incident(say: Say, records: Path) -> None:
    write(records, incident("Checkout answers 502 again"))
    outcome = say()
    assert (outcome.code, outcome.err) == (0, "")
    text = outcome.out
    assert text.startswith(f"{MARKER}\n\n### This change touches 1 record; ")
    assert "#### INC-2026-0003: Checkout answers 502 again" in text
    assert "new here, `new`; **P1**, from impact high and urgency high" in text
    assert "- Checkout: partial outage" in text
    assert "- Response **breached**, due 2026-11-20 08:15 UTC (policy `critical`)" in text
    assert "- Resolution **at risk**, due 2026-11-20 12:00 UTC (policy `critical`)" in text
    assert "For <code>in_progress</code> it still lacks" in text
    assert "(`missing-acknowledged`)" in text
    assert "**INC-2026-0001** Checkout answers 502 (resolved, 2026-11-20). Resolved by: Rolled the" in text
    assert "| Incidents opened | 2 | 3 |" in text


def test_a_resolution_moves_figures_that_say_what_they_are_of(say: Say, records: Path) -> None:
    write(records, incident("Checkout is slow", "resolved", more=RESOLVED), "INC-2026-0002")
    text = say().out
    assert "`new` to **`resolved`**" in text
    assert "**resolved**: by duty-one, rolled\\_back, Rolled the release back." in text
    assert "Incidents opened" not in text
    assert "| MTTR, the mean time to restore | 1h (n = 1) | 1h (n = 2) |" in text
    assert "| Response in time | 50.00 % (1 of 2) | 100.00 % (2 of 2) |" in text
    assert "| Downtime of Checkout, weighted | 1h 12m | 18m |" in text
    # the review that must come before closing is asked for as for any other field
    assert "For <code>closed</code> it still lacks" in text


def test_what_is_lacking_is_what_the_check_then_asks(say: Say, run_cli: RunCli, records: Path) -> None:
    write(records, incident("Checkout is slow"), "INC-2026-0002")
    write(records, incident())
    promised = set(re.findall(r"\(`([a-z-]+)`\)", say().out.partition("INC-2026-0003")[2]))
    assert promised
    now = run_cli("check", "incidents/2026/INC-2026-0003.md", "--format", "json", repo=records).out
    write(records, incident(status="in_progress"))
    then = run_cli("check", "incidents/2026/INC-2026-0003.md", "--format", "json", repo=records).out
    codes = [set(re.findall(r'"code": "([a-z-]+)"', out)) for out in (now, then)]
    assert codes[1] - codes[0] == promised


def test_what_the_history_says_is_counted(say: Say, records: Path) -> None:
    """The count is that of `check --base`: a rewritten time is wrong only beside what it was."""
    path = records / "incidents/2026/INC-2026-0001.md"
    path.write_text(path.read_text().replace("resolved: 2026-11-20T09:00", "resolved: 2026-11-20T08:50"))
    assert "1 error" in say().out


MAJOR = """\
update_every: 45m
stakeholders:
  - {name: Board @all, email: board@x.invalid, wants: "One *message*"}
  - {name: Carriers, services: [search]}
"""


def test_a_declaration_says_when_readers_hear_of_it_and_who_wants_to_know(say: Say, records: Path) -> None:
    (records / "schema/major.yml").write_text(MAJOR, encoding="utf-8")
    declared = incident("Checkout is slow", more="major: true\ndeclared: 2026-11-20T08:10+00:00")
    write(records, declared, "INC-2026-0002")
    text = say().out
    assert "- Major incident; next update **overdue**, was due 2026-11-20 08:55 UTC\n" in text
    told = next(line for line in text.splitlines() if line.startswith("- To be told: "))
    assert "Carriers" not in told
    assert "board@" not in text
    assert "@all" not in told
    assert "*message*" not in told.replace("\\*", "")
    assert "next update" not in say("main..", "--audience", "public").out
    write(records, declared.replace("major: true", "major: true\ndrill: true"), "INC-2026-0002")
    assert "To be told" not in say().out


def test_a_deletion_is_counted(say: Say, records: Path) -> None:
    (records / "incidents/2026/INC-2026-0002.md").unlink()
    assert "1 error" in say().out


def test_a_set_priority_says_why(say: Say, records: Path) -> None:
    write(records, incident(more="priority: {value: P3, reason: One *tenant* only}"))
    assert "**P3**, set by the record instead of P1: One \\*tenant\\* only" in say().out


def test_a_deletion_and_an_unreadable_file(say: Say, records: Path) -> None:
    (records / "incidents/2026/INC-2026-0002.md").unlink()
    write(records, "---\ntitle: [\n---\n")
    text = say().out
    assert "**deleted**; it was `new`" in text
    assert "1 file cannot be read as a record; the check says why." in text


def test_a_renumbered_record_is_the_same_record(say: Say, records: Path, commit_all: CommitAll) -> None:
    git(records, "mv", "incidents/2026/INC-2026-0002.md", "incidents/2026/INC-2026-0009.md")
    commit_all(records)
    text = say("main..HEAD").out
    assert "This change touches 1 record;" in text
    assert "#### INC-2026-0009 (was INC-2026-0002): Checkout is slow\n\n- `new`, as before" in text


def test_open_incidents_come_first(say: Say, records: Path) -> None:
    write(records, incident("Still going on"), "INC-2026-0009")
    write(records, incident("Checkout answers 503", "resolved", more=RESOLVED), "INC-2026-0001")
    text = say().out
    assert text.index("INC-2026-0009: ") < text.index("INC-2026-0001: ")


@pytest.mark.parametrize(("audience", "named"), [("internal", False), ("public", False), ("all", True)])
def test_a_restricted_record_is_counted_and_not_named(
    say: Say, records: Path, audience: str, named: bool
) -> None:
    write(records, incident("A secret matter", visibility="restricted"))
    text = say("main..", "--audience", audience).out
    assert ("INC-2026-0003" in text, "A secret matter" in text) == (named, named)
    if not named:
        assert "1 more record that is" in text
        assert "Incidents opened" not in text


def test_a_record_that_becomes_restricted_is_not_named_by_what_it_was(say: Say, records: Path) -> None:
    write(records, incident("Checkout is slow", visibility="restricted"), "INC-2026-0002")
    text = say().out
    assert "INC-2026-0002" not in text
    assert "Checkout is slow" not in text


def test_a_child_of_an_incident_that_others_may_not_know_of(
    say: Say, records: Path, commit_all: CommitAll
) -> None:
    """The check finds that the child was left open, and names the parent; the comment counts that alone."""
    write(records, incident("Zqsecret", "resolved", "restricted", more=RESOLVED), "INC-2026-0004")
    commit_all(records)
    git(records, "branch", "--force", "main")
    write(records, incident("A child", more="links: {parent: INC-2026-0004}"))
    for audience in ("internal", "public"):
        said = say("main..", "--audience", audience).out
        assert "INC-2026-0004" not in said and "secret" not in said


def test_a_finding_that_names_a_record_of_others_is_only_counted(records: Path) -> None:
    write(records, incident("A child"))
    write(records, incident("Zqsecret", "resolved", "restricted", more=RESOLVED), "INC-2026-0004")
    (records / "knowledge/articles").mkdir(parents=True)
    slug = records / "knowledge/articles/keys.md"
    slug.write_text("---\ntitle: Keys\nstatus: draft\ntype: faq\nvisibility: restricted\n---\n")
    archive = open_repository(records)
    load_entries(archive)
    read = publish(archive, Audience.INTERNAL)
    pattern = unnamed((archive, read))
    found = [
        Diagnostic(code, Severity.WARNING, message, "incidents/2026/INC-2026-0003.md")
        for code, message in (
            ("child-left-open", "`INC-2026-0004` is resolved, and this incident that follows it is new"),
            ("a", "the file incidents/2026/INC-2026-0004.review.md lacks an approver"),
            ("b", "the article `keys` is retired"),
            ("c", "`INC-2026-0002` is open, and INC-2026-00040 and monkeys-and-keys-too are others"),
        )
    ]
    told, withheld = without_unnamed(found, pattern)
    assert ([one.code for one in told], withheld) == (["c"], 3)
    assert without_unnamed(found, unnamed((archive, archive))) == (tuple(found), 0)
    after = archive.get("INC-2026-0003")
    assert after is not None
    touched = Touched(after.name, None, read.get("INC-2026-0003"), ())
    comment = comment_on(archive, archive, (), now=NOW, audience=Audience.INTERNAL)
    one = Told(touched, Lacking("in_progress", told), None, withheld)
    text = comment_as_markdown(replace(comment, touches=Touches((touched,), 0, 0), told=(one,)))
    assert "it still lacks 4 things" in text
    assert "- 3 findings about a record that is not for you" in text
    assert re.search(r"INC-2026-0004\b|`keys`", text) is None


def test_the_public_reads_no_internal_field(say: Say, records: Path) -> None:
    more = RESOLVED + "\nupdates:\n  - {at: 2026-11-20T08:30+00:00, status: identified, text: Between us}"
    write(records, incident("Open to all", "resolved", "public", more))
    text = say("main..", "--audience", "public").out
    assert "#### INC-2026-0003: Open to all" in text
    for internal in ("duty-one", "Between us", "Rolled the release back", "policy", "lacks", "INC-2026-0001"):
        assert internal not in text
    assert "Between us" in say().out


def test_text_of_records_is_only_text(say: Say, records: Path) -> None:
    more = f"updates:\n  - {{at: 2026-11-20T08:30+00:00, status: identified, text: '{HOSTILE}'}}".replace(
        "\"'@", '"@'
    )
    title = HOSTILE.replace('"', '\\"').replace("\\u202e", "\\u202e\\n")
    write(records, incident(f'"{title}"', more=more))
    text = say().out
    assert "INC-2026-0003" in text
    page = to_html(text)
    assert set(re.findall(r"<([a-z]\w*)", page)) <= {
        "br", "h3", "h4", "ul", "li", "p", "code", "strong", "details", "summary", "sub", "span", "table",
        "thead", "tbody", "tr", "th", "td",
    }  # fmt: skip
    assert page.count("<summary>") == page.count("</summary>") == text.count("<details>")
    assert re.search(r"@\w|#\d|GH-\d|://", re.sub(r"<[^>]*>", "", page)) is None
    assert "\u202e" not in text


def test_a_long_title_and_many_records_stay_below_the_limit(say: Say, records: Path) -> None:
    for number in range(3, 120):
        write(records, incident("ä" * 10_000, more=many_updates()), f"INC-2026-{number:04}")
    text = say().out
    assert len(text.encode()) <= 65_536
    assert "ä" * 200 not in text
    assert "### This change touches 117 records" in text
    named = len(re.findall(r"^(?:#### |- )INC-2026-", text, re.MULTILINE))
    left = re.search(r"^- and (\d+) more$\n\n</details>\n\n\|", text, re.MULTILINE)
    assert left is not None
    assert named + int(left[1]) == 117


def many_updates() -> str:
    text = "| <b> & `code` @name " * 200
    return "updates:\n" + "".join(
        f"  - {{at: 2026-11-20T08:{minute:02}+00:00, status: identified, text: '{text}'}}\n"
        for minute in range(60)
    )


def test_a_revision_and_the_files_on_disk_say_the_same(
    say: Say, records: Path, commit_all: CommitAll
) -> None:
    write(records, incident())
    on_disk = say().out
    commit_all(records)
    committed = say("main..HEAD").out
    assert committed.partition("<sub>`")[0] == on_disk.partition("<sub>`")[0]
    assert committed == say("main..work").out
    # what happened on the base since then is not this change's
    git(records, "switch", "--quiet", "main")
    write(records, incident("Elsewhere"), "INC-2026-0004")
    commit_all(records, "Another")
    assert say("main..work").out == committed


@pytest.mark.parametrize("revisions", ["main", "..HEAD", "main...HEAD", "..", "--", "-x..HEAD"])
def test_what_is_no_range_is_one_line(say: Say, revisions: str) -> None:
    outcome = say(revisions)
    assert (outcome.code, outcome.out) == (2, "")
    assert "Traceback" not in outcome.err


def test_a_missing_base_says_what_to_do(say: Say) -> None:
    outcome = say("origin/main..HEAD")
    assert outcome.code == 2
    assert len(outcome.err.strip().splitlines()) == 1


def test_there_is_one_comment_and_it_is_written_anew(say: Say, records: Path, forge: StandIn) -> None:
    write(records, incident())
    assert say("main..", "--pull-request", "12").code == 0
    (first,) = comments(forge)
    assert first.strip() == say().out.strip()
    before = len(forge.calls)
    say("main..", "--pull-request", "12")
    assert not [call for call in forge.calls[before:] if call["input"]]
    write(records, incident(status="in_progress"))
    say("main..", "--pull-request", "12")
    (second,) = comments(forge)
    assert "For <code>resolved</code>" in second


def test_a_comment_of_somebody_else_is_left_alone(
    say: Say, records: Path, forge: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(records, incident())
    monkeypatch.setenv("GH_STAND_IN_USER", "stranger")
    say("main..", "--pull-request", "12")
    theirs = comments(forge)[0]
    monkeypatch.delenv("GH_STAND_IN_USER")
    write(records, incident(status="in_progress"))
    say("main..", "--pull-request", "12")
    assert comments(forge)[0] == theirs
    assert len(comments(forge)) == 2


def test_nothing_is_posted_of_a_change_without_records(say: Say, records: Path, forge: StandIn) -> None:
    (records / "schema/teams.yml").write_text("teams: []\n", encoding="utf-8")
    assert say("main..", "--pull-request", "12").out == f"{MARKER}\n\nThis change touches no record.\n"
    assert comments(forge) == []
    # but what was said before is taken back
    write(records, incident())
    say("main..", "--pull-request", "12")
    (records / "incidents/2026/INC-2026-0003.md").unlink()
    say("main..", "--pull-request", "12")
    assert comments(forge) == [f"{MARKER}\n\nThis change touches no record."]


def test_of_two_comments_one_is_kept(say: Say, records: Path, forge: StandIn) -> None:
    write(records, incident())
    say("main..", "--pull-request", "12")
    state = forge.state
    state["comments"]["12"].append({**state["comments"]["12"][0], "id": 99})
    forge.write(state)
    say("main..", "--pull-request", "12")
    kept, other = comments(forge)
    assert "INC-2026-0003" in kept
    assert other == f"{MARKER}\n\nThe comment above is the one that is kept."


def test_a_forge_that_refuses_keeps_nothing_from_being_printed(
    say: Say, records: Path, forge: StandIn
) -> None:
    write(records, incident())
    forge.refuse("HTTP 403: Resource not accessible by integration")
    outcome = say("main..", "--pull-request", "12")
    assert outcome.code == 2
    assert "INC-2026-0003" in outcome.out
    assert outcome.err.startswith("incidentbook: gh: HTTP 403")


def test_links_lead_to_what_was_there_before(
    say: Say, records: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(records, incident("Checkout answers 502 again"))
    monkeypatch.setenv("GITHUB_SERVER_URL", "https://forge.example")
    monkeypatch.setenv("GITHUB_REPOSITORY", "harbourline/records")
    base = git(records, "rev-parse", "main").strip()
    address = f"https://forge.example/harbourline/records/blob/{base}/incidents/2026/INC-2026-0001.md"
    assert f"[INC-2026-0001]({address})" in say().out
