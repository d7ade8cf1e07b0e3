"""A verb changes what it must: every other line of a hand-written file is as its writer left it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from changebed import assert_only_that
from lifebed import BY, FIRST, incident

from incidentbook.archive import Archive, Entry, open_repository
from incidentbook.desk.change import Change, RefusedError, changed_record, changed_text
from incidentbook.desk.life import acknowledged, cancelled, held, mitigated, resumed
from incidentbook.desk.life_assigning import assigned
from incidentbook.desk.life_closing import closed, confirmed, worked_on_again
from incidentbook.desk.life_links import Ties, linked
from incidentbook.desk.life_resolving import Outcome, resolved
from incidentbook.desk.life_updates import Message, told
from incidentbook.intake.verdict import Answer
from incidentbook.records.incident import Permanence
from incidentbook.source import Document, read_document
from testbed import REPOSITORY_ROOT, Corpus, MakeRepository, RunCli

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
OUTCOME = Outcome(
    summary="Gone: {1, 2}", code="fixed", permanence=Permanence.PERMANENT, told="It was # down."
)


def changes(entry: Entry[Any], archive: Archive) -> Iterator[tuple[str, Change]]:
    """Every change that a verb would make of an incident, where the verb is allowed."""
    id_, incident, taxonomy = entry.id, entry.record, archive.taxonomy
    who = taxonomy.people[0].handle
    reason = taxonomy.hold_reasons[0].id
    code = taxonomy.resolution_codes[0].id
    outcome = Outcome(summary=OUTCOME.summary, code=code, permanence=OUTCOME.permanence, told=OUTCOME.told)
    links = (entry.document.values or {}).get("links") or {}
    message = Message(text="Two lines:\n\n- one # of them", public=str(incident.visibility) != "restricted")
    verbs: dict[str, Callable[[], Change]] = {
        "ack": lambda: acknowledged(id_, incident, who, AT, None, taxonomy),
        "assign": lambda: assigned(id_, incident, AT, None, who, taxonomy),
        "hold": lambda: held(id_, incident, AT, reason, "Case 4711, by noon", taxonomy),
        "resume": lambda: resumed(id_, incident, AT),
        "mitigate": lambda: mitigated(id_, incident, who, AT, "Moved: load"),
        "update": lambda: told(id_, incident, message, who, AT, taxonomy),
        "resolve": lambda: resolved(id_, incident, who, AT, outcome, {}, taxonomy),
        "reopen": lambda: worked_on_again(entry, who, AT, "Back."),
        "confirm": lambda: confirmed(entry, Answer(True, 3, "Thanks"), "A guest", who, AT, taxonomy),
        "close": lambda: closed(id_, incident, who, AT, taxonomy, unconfirmed=True),
        "cancel": lambda: cancelled(id_, incident, AT, "None at all."),
        "link": lambda: linked(
            id_, links, Ties(caused_by_change="Job: 7", outside=("chat=https://a.example",)), archive
        ),
    }
    for verb, make in verbs.items():
        try:
            yield verb, make()
        except RefusedError:
            continue


def test_every_verb_on_every_sample() -> None:
    archive = open_repository(REPOSITORY_ROOT)
    seen = set()
    for entry in archive.of_kind("incident"):
        for verb, change in changes(entry, archive):
            assert_only_that(entry.document, change, verb)
            assert changed_record(entry.document, "incident", change) is not None
            seen.add(verb)
    assert seen == {
        *("ack", "assign", "hold", "resume", "mitigate", "update", "resolve", "reopen", "confirm", "close"),
        *("cancel", "link"),
    }


def test_changes_of_every_sort_on_imported_files(
    corpus: Corpus, make_repository: MakeRepository, run_cli: RunCli
) -> None:
    root = make_repository()
    feed = root / "feed.jsonl"
    lines = corpus("github-status/incidents.jsonl").read_text(encoding="utf-8").splitlines()
    feed.write_text("\n".join(lines[::8]), encoding="utf-8")
    assert run_cli("import", "statuspage", feed, repo=root).code in (0, 1)
    archive, count = open_repository(root), 0
    for entry in archive.of_kind("incident"):
        change = Change(
            said="what verbs do, allowed or not",
            values={"mitigated": AT, "summary": "It was: # down.", "resolution": {"code": "fixed"}},
            added={
                "updates": [{"id": "u99", "at": AT, "status": "resolved", "text": "Two\n\nlines"}],
                "steps": [{"at": AT, "text": "Moved: load"}],
            },
            nested={
                ("links",): {
                    "problem": "PRB-2026-0001",
                    "outside": [{"type": "chat", "url": "https://a.example"}],
                },
                **({("services", 0): {"to": AT}} if entry.record.services else {}),
            },
        )
        assert_only_that(entry.document, change, "everything")
        count += 1
    assert count > 80


HAND_WRITTEN = """\
---
# written by hand at night

title:   "Gate: C2"     # as the harbour office said
status: in_progress     # since the call
services: [ {service: search, state: major_outage} ]   # only one
"impact": 'high'
urgency: high

opened: 2026-11-20T08:00+00:00
acknowledged: 2026-11-20T08:05+00:00
assignments:
    # the night shift
    -   at: 2026-11-20T08:05+00:00
        team: desk     # not ours
        owner: duty-two

holds:
- {from: 2026-11-20T08:10+00:00, to: 2026-11-20T08:20+00:00, reason: user} # asked
links: {outside: [{type: chat, url: "https://a.example/1"}], articles: []}   # the room
reporter: {channel: phone}
category: application/defect
---

Body   stays.\t
"""


@pytest.fixture(scope="module")
def by_hand(tmp_path_factory: pytest.TempPathFactory) -> Document:
    return read_document("incidents/2026/INC-2026-0001.md", HAND_WRITTEN.encode())


def test_a_file_of_odd_layout_keeps_it(by_hand: Document) -> None:
    change = Change(
        said="all at once",
        values={"status": "on_hold", "mitigated": AT},
        added={
            "assignments": [{"at": AT, "team": "payments", "owner": "duty-one"}],
            "holds": [{"from": AT, "reason": "vendor"}],
        },
        nested={("links",): {"problem": "PRB-2026-0001", "articles": ["restart"]}},
    )
    text = changed_text(by_hand, "incident", change)
    added = [line for line in text.split("\n") if line not in HAND_WRITTEN.split("\n")]
    assert added == [
        "status: on_hold     # since the call",
        "mitigated: 2026-11-20T12:00+00:00",
        "    - {at: 2026-11-20T12:00+00:00, team: payments, owner: duty-one}",
        "- {from: 2026-11-20T12:00+00:00, reason: vendor}",
        'links: {outside: [{type: chat, url: "https://a.example/1"}], articles: [restart], '
        "problem: PRB-2026-0001}   # the room",
    ]
    gone = [line for line in HAND_WRITTEN.split("\n") if line not in text.split("\n")]
    assert [line.partition(":")[0] for line in gone] == ["status", "links"]


IN_BRACES = """\
---
title: Gate
status: in_progress   # since the call
services: [ {service: search, state: 'major_outage'}, # one
  {"service": checkout, state: partial_outage,} ]   # flow, two lines
opened: 2026-11-20T08:00+00:00
assignments: [{at: 2026-11-20T08:05+00:00, team: logistics}]  # agreed by phone
holds:   # none yet
escalations: [ # nobody
  ]   # called
steps:
  - {at: 2026-11-20T08:10+00:00, text: "Looked: [up]"}
  # after the look

updates: [
    {at: 2026-11-20T08:12+00:00, text: "a, b: {c}", status: identified},   # written in a train

    {at: 2026-11-20T08:13+00:00, text: 'it''s # here', status: identified}   # and there,
    # nothing more
]
links:
  # none yet
resolution:
  code: fixed      # said the vendor
  summary: |       # as he wrote
    Two # lines:
    of text.
  permanence: temporary
# how bad
impact: high
---
Body.
"""


def test_lists_in_braces_and_empty_ones_keep_comments_and_quotes() -> None:
    before = read_document("incidents/2026/INC-2026-0001.md", IN_BRACES.encode())
    change = Change(
        said="everything",
        values={"status": "resolved", "resolution": {"code": "fixed", "summary": "Gone.", "workaround": "B"}},
        added={
            "services": [{"service": "checkout", "state": "major_outage"}],
            "assignments": [{"at": AT, "team": "payments, too"}],
            "holds": [{"from": AT, "reason": "vendor"}],
            "escalations": [{"at": AT, "to": "payments"}],
            "steps": [{"at": AT, "text": "One\n\ntwo"}],
            "updates": [{"at": AT, "text": 'One "a"\n\ntwo # x', "status": "resolved"}],
        },
        nested={("links",): {"earlier": ["INC-2026-0003"]}},
    )
    text = assert_only_that(before, change, "everything").text
    assert [line for line in text.split("\n") if line not in IN_BRACES.split("\n")] == [
        "status: resolved   # since the call",
        '  {"service": checkout, state: partial_outage,}, {service: checkout, state: major_outage} ]'
        "   # flow, two lines",
        "assignments: [{at: 2026-11-20T08:05+00:00, team: logistics}, "
        "{at: 2026-11-20T12:00+00:00, team: 'payments, too'}]  # agreed by phone",
        "  - {from: 2026-11-20T12:00+00:00, reason: vendor}",
        "escalations: # nobody",
        "  # called",
        "  - {at: 2026-11-20T12:00+00:00, to: payments}",
        "  - at: 2026-11-20T12:00+00:00",
        "    text: |-",
        "      One",
        "      two",
        "    {at: 2026-11-20T08:13+00:00, text: 'it''s # here', status: identified},   # and there,",
        '    {at: 2026-11-20T12:00+00:00, text: "One \\"a\\"\\n\\ntwo # x", status: resolved}',
        "  earlier:",
        "    - INC-2026-0003",
        "  summary: Gone.       # as he wrote",
        "  workaround: B",
    ]
    assert "  # after the look\n  - at: 2026-11-20T12:00" in text
    assert "    # nothing more\n    {at: 2026-11-20T12:00" in text


def test_what_is_removed_leaves_its_comments() -> None:
    before = read_document("incidents/2026/INC-2026-0001.md", IN_BRACES.encode())
    gone = Change(
        said="x", values={"resolution": None, "assignments": None}, nested={("resolution",): {"code": None}}
    )
    text = assert_only_that(before, gone, "gone").text
    assert "\n# agreed by phone\nholds:" in text
    assert "\n# said the vendor\n# as he wrote\n# how bad\n" in text


def test_a_link_that_goes_takes_nothing_with_it() -> None:
    links = (
        "links:\n  # the harbour's\n  parent: 'INC-2026-0002'   # same cable\n"
        "  apart: Alone.  # agreed\n  problem: X # p\n"
    )
    before = read_document("a.md", f"---\n{links}---\n".encode())
    change = Change(said="x", nested={("links",): {"parent": "INC-2026-0003", "apart": None}})
    after = links.replace("'INC-2026-0002'", "INC-2026-0003").replace(
        "  apart: Alone.  # agreed", "  # agreed"
    )
    assert changed_text(before, "incident", change) == f"---\n{after}---\n"


@pytest.mark.parametrize(
    "front", ["{title: A, status: new} # mine\n", "  title: A\n\n  # mine\n  status: new\n"]
)
def test_a_layout_that_cannot_keep_its_comments_is_refused(front: str) -> None:
    line = front[: front.index("# mine")].count("\n") + 2
    before = read_document("incidents/2026/INC-2026-0001.md", f"---\n{front}---\n".encode())
    change = Change(said="x", values={"status": "closed"})
    with pytest.raises(RefusedError, match=rf"without losing the comment in line {line};") as refusal:
        changed_text(before, "incident", change)
    assert str(refusal.value).endswith("instead:\n  incidentbook edit INC-2026-0001")
    plain = read_document(before.path, before.text.replace("# mine", "").encode())
    assert read_document("a.md", changed_text(plain, "incident", change).encode()).values == {
        "title": "A",
        "status": "closed",
    }


def test_a_comment_is_never_lost_at_the_command_line(
    make_repository: MakeRepository, run_cli: RunCli
) -> None:
    text = incident("in_progress", "links:\n  # none yet\n").replace(
        "services:\n"
        "  - {service: checkout, state: partial_outage, from: 2026-11-20T10:00+00:00}   # all tills",
        "services: [{service: checkout, state: partial_outage, # one\n"
        "  from: 2026-11-20T10:00+00:00}]   # all tills",
    )
    assert text.count("#") == 3
    root = make_repository({FIRST: text, FIRST.replace("1.md", "2.md"): incident("new")})
    for verb in (
        ("update", "1", "-m", "Worse.", "--service", "checkout=major_outage"),
        ("link", "1", "--outside", "chat=https://chat.example/1"),
    ):
        assert run_cli(*verb, *BY, repo=root).code == 0
    after = (root / FIRST).read_text(encoding="utf-8")
    assert all(comment in after for comment in ("# one\n", "]   # all tills\n", "  # none yet\n"))


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_line_ends_stay(newline: str) -> None:
    document = read_document("incidents/2026/INC-2026-0001.md", HAND_WRITTEN.replace("\n", newline).encode())
    change = Change(
        said="x", added={"holds": [{"from": AT, "reason": "vendor"}]}, nested={("holds", 0): {"note": "a"}}
    )
    text = changed_text(document, "incident", change)
    assert text.count("\r\n") == (text.count("\n") if newline == "\r\n" else 0)


def test_the_last_link_that_goes_takes_the_key_with_it(by_hand: Document) -> None:
    gone = Change(said="x", nested={("links",): {"outside": None, "articles": None}})
    assert "links" not in changed_text(by_hand, "incident", gone)


def test_a_refusal_names_the_verb_that_is_allowed() -> None:
    error = RefusedError("INC-2026-0001 is closed", ["new --earlier INC-2026-0001"])
    assert str(error).split("\n") == [
        "INC-2026-0001 is closed; nothing was written",
        "instead:",
        "  incidentbook new --earlier INC-2026-0001",
    ]
