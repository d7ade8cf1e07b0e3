"""Records that nobody would write: no rule breaks down over them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rules.material import INCIDENT, NOW, OTHERS, SCHEMA, SUBJECTS, CheckFiles, codes, found

from incidentbook.archive import load_archive
from incidentbook.gitrepo import open_working_tree
from incidentbook.records import KINDS
from incidentbook.rules import RULES, examination
from incidentbook.rules.cases import RecordCase
from incidentbook.rules.engine import check
from incidentbook.rules.registry import Finding, RecordRule
from incidentbook.source import render_document
from testbed import write_files

TIMES = st.sampled_from(
    [
        "1970-01-01T00:00+14:00",
        "2199-12-31T23:59-12:00",
        "2026-03-02T08:20+00:00",
        "2026-03-02T08:20:30.123456+05:45",
        "2024-02-29T12:00Z",
        "2026-10-25T02:30+02:00",
    ]
)
DAYS = st.sampled_from(["1970-01-01", "2199-12-31", "2026-03-02"])
WORDS = st.sampled_from(
    ["checkout", "nothing-known", "shop", "first-responder", "a.b", "P1", "x" * 300, "é\u202e", "TODO"]
)
INCIDENTS = st.sampled_from(["INC-2026-0001", "INC-2026-0002", "INC-2026-9999", "INC-2026-123456"])
PROBLEMS = st.sampled_from(["PRB-2026-0001", "PRB-2026-0002", "PRB-2026-9999"])


def some(**parts: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=parts)


def lists(part: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(part, max_size=3)


UPDATE = st.fixed_dictionaries(
    {"at": TIMES, "status": st.sampled_from(["investigating", "resolved"]), "text": WORDS},
    optional={"id": WORDS, "corrects": WORDS, "by": WORDS},
)
SERVICE = st.fixed_dictionaries(
    {
        "service": st.sampled_from(["checkout", "old-shop", "unknown"]),
        "state": st.sampled_from(["major_outage", "operational"]),
    },
    optional={"from": TIMES, "to": TIMES},
)
LINKS = some(
    problem=PROBLEMS,
    known_error=PROBLEMS,
    articles=lists(st.sampled_from(["restart-the-queue", "gone"])),
    duplicate_of=INCIDENTS,
    parent=INCIDENTS,
    earlier=lists(INCIDENTS),
    outside=lists(st.fixed_dictionaries({"type": WORDS, "url": WORDS})),
)
ACTION = st.fixed_dictionaries(
    {"title": WORDS},
    optional={
        "owner": WORDS,
        "due": DAYS,
        "state": st.sampled_from(["open", "done", "dropped"]),
        "done": DAYS,
        "evidence": WORDS,
    },
)
FIELDS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "incident": some(
        major=st.booleans(),
        drill=st.booleans(),
        services=lists(SERVICE),
        category=st.sampled_from(["application", "application/deployment", "telephone", "x/y"]),
        impact=st.sampled_from(["high", "medium", "low"]),
        urgency=st.sampled_from(["high", "medium", "low"]),
        priority=st.one_of(WORDS, st.fixed_dictionaries({"value": WORDS}, optional={"reason": WORDS})),
        reporter=some(channel=st.sampled_from(["alert", "x"]), handle=WORDS, name=WORDS),
        assignments=lists(st.fixed_dictionaries({"at": TIMES}, optional={"team": WORDS, "owner": WORDS})),
        roles=some(incident_manager=WORDS, team=lists(WORDS)),
        holds=lists(st.fixed_dictionaries({"from": TIMES, "reason": WORDS}, optional={"to": TIMES})),
        reopenings=lists(st.fixed_dictionaries({"resolved": TIMES, "reopened": TIMES})),
        steps=lists(st.fixed_dictionaries({"at": TIMES, "text": WORDS})),
        updates=lists(UPDATE),
        resolution=some(code=WORDS, summary=WORDS, permanence=st.sampled_from(["temporary", "permanent"])),
        links=LINKS,
        overrides=some(
            review_due=st.fixed_dictionaries({"value": TIMES}),
            review_required=st.fixed_dictionaries({"value": st.booleans()}),
            resolution_due=st.fixed_dictionaries({"value": TIMES}),
        ),
        waivers=lists(st.fixed_dictionaries({"rule": WORDS, "reason": WORDS}, optional={"until": DAYS})),
        origin=st.just({"system": "x", "id": "1"}),
        **dict.fromkeys(("started", "detected", "opened", "acknowledged", "mitigated"), TIMES),
        **dict.fromkeys(("restored", "resolved", "closed", "cancelled"), TIMES),
    ),
    "review": some(
        incidents=lists(INCIDENTS),
        facilitator=WORDS,
        authors=lists(WORDS),
        approvers=lists(WORDS),
        started=TIMES,
        published=TIMES,
        actions=lists(ACTION),
        title=WORDS,
    ),
    "problem": some(
        opened=TIMES,
        known_error=TIMES,
        resolved=TIMES,
        closed=TIMES,
        actions=lists(ACTION),
        links=LINKS,
        owner=WORDS,
    ),
    "article": some(
        reviewed=DAYS,
        review_by=DAYS,
        replaced_by=st.sampled_from(["drain-the-pool", "restart-the-queue", "gone"]),
        owner=WORDS,
    ),
    "maintenance": some(
        planned=some(**{"from": TIMES, "to": TIMES}),
        actual=some(**{"from": TIMES, "to": TIMES}),
        services=lists(SERVICE),
        updates=lists(UPDATE),
        announced=TIMES,
        links=LINKS,
    ),
    "handover": some(
        team=WORDS,
        at=TIMES,
        outgoing=WORDS,
        incoming=WORDS,
        items=lists(
            st.fixed_dictionaries(
                {"incident": INCIDENTS},
                optional={"owner": WORDS, "next_step": WORDS, "next_update_due": TIMES},
            )
        ),
        acknowledged=TIMES,
        acknowledged_by=WORDS,
    ),
}
BODIES = st.sampled_from(
    ["", "## Summary\n\n## Actions\n---\n", "INC-2026-0001 and INC-2026-7777", "```\n", "\x1b[2J\u200b"]
)


@pytest.mark.parametrize("kind", sorted(KINDS))
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_no_rule_breaks_down(kind: str, data: st.DataObject) -> None:
    values = {
        "title": "A title",
        "status": data.draw(st.sampled_from([state.value for state in KINDS[kind].states])),
        **({"type": "faq"} if kind == "article" else {}),
        **data.draw(FIELDS[kind]),
    }
    path, _ = SUBJECTS[kind]
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        text = render_document(values, data.draw(BODIES))
        write_files(root, {**SCHEMA, **OTHERS, path: text})
        result = check(load_archive(open_working_tree(root)), now=NOW)
    assert [d.message for d in found(result, "rule-failed")] == []
    assert all(d.span is None or (d.span.line >= 1 and d.span.column >= 1) for d in result.diagnostics)


@pytest.mark.parametrize("now", [datetime(1970, 1, 1, tzinfo=UTC), datetime(2199, 12, 31, tzinfo=UTC)])
def test_any_time_may_be_now(check_files: CheckFiles, now: datetime) -> None:
    files = {**OTHERS, **dict(SUBJECTS.values())}
    assert "rule-failed" not in codes(check_files(files, now=now))


def test_a_rule_that_breaks_down_hides_no_other(
    check_files: CheckFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    def find(case: RecordCase[Any]) -> Iterator[Finding]:
        raise ZeroDivisionError("over " + case.entry.id)
        yield

    broken = RecordRule(
        code="missing-owner",
        family="lifecycle",
        severity=RULES["missing-owner"].severity,
        text="",
        find=find,
    )
    rules = examination._record_rules
    monkeypatch.setattr(examination, "_record_rules", lambda kind, status: (broken, *rules(kind, status)))
    path = "incidents/2026/INC-2026-0001.md"
    result = check_files({path: INCIDENT.replace("services:\n  - {", "x-services:\n  - {")})
    assert codes(result) == ["rule-failed", "missing-services"]
    assert (
        result.diagnostics[0].message
        == "the rule `missing-owner` broke down: ZeroDivisionError: over INC-2026-0001"
    )
