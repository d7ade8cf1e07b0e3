"""A verb changes what it must: every other line of a hand-written file is as its writer left it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from incidentbook.archive import Archive, Entry, open_repository
from incidentbook.desk.change import Change, RefusedError, changed_record, changed_text
from incidentbook.desk.life import acknowledged, cancelled, held, mitigated, resumed
from incidentbook.desk.life_assigning import assigned
from incidentbook.desk.life_closing import closed, confirmed, worked_on_again
from incidentbook.desk.life_links import Ties, linked
from incidentbook.desk.life_resolving import Outcome, resolved
from incidentbook.desk.life_updates import Message, told
from incidentbook.edits.blocks import key_blocks, lines_of
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


def assert_only_that(before: Document, change: Change, verb: str) -> None:
    """What the change does not name stands where it stood, byte for byte."""
    after = read_document(before.path, changed_text(before, "incident", change).encode())
    assert after.diagnostics == before.diagnostics, verb
    touched = {*change.values, *change.added, *(str(place[0]) for place in change.nested)}
    was, is_ = _blocks(before), _blocks(after)
    assert [key for key in is_ if key in was] == [key for key in was if key in is_], verb
    for key, lines in was.items():
        if key not in touched:
            assert is_[key] == lines, f"{verb} of {before.path} changed `{key}`"
        elif key in change.added and key not in change.values and _is_block(before, key):
            assert is_[key].startswith(lines.rstrip("\n")), f"{verb} of {before.path} rewrote `{key}`"
    comments = [line for line in before.text.splitlines() if line.lstrip().startswith("#")]
    assert [line for line in after.text.splitlines() if line in comments] == comments, verb
    assert after.body == before.body, verb


def _blocks(document: Document) -> Mapping[str, str]:
    lines = lines_of(document.text)
    return {key: "".join(lines[start:end]) for key, (start, end) in (key_blocks(document) or {}).items()}


def _is_block(document: Document, key: str) -> bool:
    values = (document.values or {}).get(key)
    return bool(values) and document.key_span(key).line < document.span(key, 0).line


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
