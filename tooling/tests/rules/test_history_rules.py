"""What the rules between two revisions let pass, and what they do not, beyond the examples on their pages."""

from __future__ import annotations

from pathlib import Path

import pytest
from rules.material import INCIDENT, NOW, OTHERS, PROBLEM, REVIEW, SCHEMA, CheckChange, change, codes, found

from incidentbook.archive import load_archive
from incidentbook.diagnostics import Diagnostic
from incidentbook.gitrepo import open_working_tree
from incidentbook.records.seal import owned, sealed
from incidentbook.rules import RULES
from incidentbook.rules.guards.guard import GUARDS
from incidentbook.rules.history.comparing import check_change
from incidentbook.rules.history.moves import MOVES
from incidentbook.rules.registry import ChangeRule
from incidentbook.source import read_document
from testbed import CommitAll, git, write_files

ONE = "incidents/2026/INC-2026-0001.md"
REVIEWED = "incidents/2026/INC-2026-0001.review.md"
OPEN = change(
    INCIDENT,
    "status: in_progress\n# no resolved\n# no closed\n# no closed_by\n# no resolved_by\n# no resolution\n"
    "# no confirmation\n# no restored",
)
RESOLVED = change(INCIDENT, "status: resolved\n# no closed\n# no closed_by\n# no confirmation")
CANCELLED = change(OPEN, "status: cancelled\ncancelled: 2026-03-02T09:00+00:00\ncancel_reason: A test alert.")
OF_CHANGES = {code for code, rule in RULES.items() if rule.family.startswith("history: ")}


def told(result: object) -> list[str]:
    """What the rules about changes found; a lag is there in every record of the past."""
    diagnostics: tuple[Diagnostic, ...] = result.diagnostics  # type: ignore[attr-defined]
    return [d.code for d in diagnostics if d.code in OF_CHANGES - {"backdated-time"}]


def test_a_life_by_allowed_moves_is_no_fault(check_changed: CheckChange) -> None:
    hold = "holds:\n  - {from: 2026-11-20T08:40+00:00, %sreason: waiting-vendor}"
    on_hold = change(OPEN, "status: on_hold\n" + hold % "")
    back = change(OPEN, hold % "to: 2026-11-20T08:50+00:00, ")
    reopened = change(
        OPEN,
        "reopenings:\n"
        "  - {resolved: 2026-03-02T09:30+00:00, reopened: 2026-03-02T11:00+00:00, reason: It came back.}",
    )
    for before, after in (
        (change(OPEN, "status: new"), OPEN),
        (OPEN, on_hold),
        (on_hold, back),
        (OPEN, RESOLVED),
        (RESOLVED, reopened),
        (RESOLVED, INCIDENT),
        (OPEN, INCIDENT),
        (OPEN, CANCELLED),
    ):
        assert told(check_changed({ONE: before}, {ONE: after})) == []


@pytest.mark.parametrize("state", ["new", "assigned", "in_progress", "on_hold", "resolved", "cancelled"])
@pytest.mark.parametrize("record", [INCIDENT, CANCELLED])
def test_what_is_final_stays(record: str, state: str, check_changed: CheckChange) -> None:
    result = check_changed({ONE: record}, {ONE: change(record, f"status: {state}")})
    assert ("forbidden-move" in codes(result)) == (f"status: {state}\n" not in record)


def test_resolved_is_cancelled_only_through_a_reopening(check_changed: CheckChange) -> None:
    reopening = (
        "reopenings:\n  - {resolved: 2026-03-02T09:30+00:00, reopened: 2026-03-02T11:00+00:00, reason: No.}"
    )
    assert "forbidden-move" in told(check_changed({ONE: RESOLVED}, {ONE: CANCELLED}))
    assert told(check_changed({ONE: RESOLVED}, {ONE: change(CANCELLED, reopening)})) == []


def test_every_state_of_every_kind_has_its_moves() -> None:
    from incidentbook.records import KINDS  # noqa: PLC0415

    for kind, moves in MOVES.items():
        states = {state.value for state in KINDS[kind].states}
        assert set(moves) == states
        assert all(targets <= states for targets in moves.values())


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("links: {problem: PRB-2026-0001}", []),
        ("satisfaction: {score: 4}", []),
        ("confirmation: {confirmed: true, at: 2026-03-05T12:00+00:00}", []),
        ("summary: One order in five failed for an hour and a half.", []),
        ("x-ticket: 17", []),
        ("mitigated: 2026-03-02T09:10+00:00", ["closed-record-changed"]),
        ("# no mitigated", ["closed-record-changed"]),
        ("services: []", ["closed-record-changed"]),
        ("assignments: []", ["closed-record-changed"]),
        ("opened: 2026-03-02T08:21+00:00\ncorrections: [{field: opened, reason: The log.}]", []),
        (
            "opened: 2026-03-02T08:21+00:00\ncorrections: [{field: closed, reason: The log.}]",
            ["closed-record-changed"],
        ),
    ],
)
def test_a_closed_incident_hardly_changes(
    fields: str, expected: list[str], check_changed: CheckChange
) -> None:
    assert (
        told(check_changed({**OTHERS, ONE: INCIDENT}, {**OTHERS, ONE: change(INCIDENT, fields)})) == expected
    )


def test_an_old_correction_does_not_excuse_a_new_change(check_changed: CheckChange) -> None:
    correction = "corrections: [{field: opened, reason: The log.}]"
    before = change(INCIDENT, correction)
    after = change(INCIDENT, f"opened: 2026-03-02T08:21+00:00\n{correction}")
    assert told(check_changed({ONE: before}, {ONE: after})) == ["closed-record-changed"]


@pytest.mark.parametrize(
    ("before", "fields", "expected"),
    [
        (OPEN, "started: 2026-03-02T08:00+00:00\ndetected: 2026-03-02T08:10+00:00", []),
        (RESOLVED, "started: 2026-03-02T08:00+00:00", ["time-rewritten"]),
        (OPEN, "acknowledged: 2026-03-02T08:22+00:00", ["time-rewritten"]),
        (OPEN, "# no acknowledged", ["time-rewritten"]),
        (change(OPEN, "# no acknowledged"), "acknowledged: 2026-11-20T08:22+00:00", []),
        (OPEN, "acknowledged: 2026-03-02T09:25+01:00", []),
        (RESOLVED, "resolved: 2026-03-02T09:29+00:00", ["time-rewritten"]),
    ],
)
def test_which_times_may_change(
    before: str, fields: str, expected: list[str], check_changed: CheckChange
) -> None:
    assert told(check_changed({ONE: before}, {ONE: change(before, fields)})) == expected


HOLD = "holds:\n  - {from: 2026-03-02T08:30+00:00, to: 2026-03-02T08:40+00:00, reason: waiting-vendor}"
REOPENING = (
    "reopenings:\n  - {resolved: 2026-03-02T08:42+00:00, reopened: 2026-03-02T08:45+00:00, reason: Back.}"
)
ESCALATION = "escalations:\n  - {at: 2026-03-02T08:40+00:00, kind: hierarchical, to: response-lead}"
ASSIGNED = "assignments:\n  - {at: 2026-03-02T08:25+00:00, team: shop, owner: first-responder}"
STEPS = (
    "steps:\n"
    "  - {at: 2026-03-02T08:41+00:00, by: first-responder, text: Looked.}\n"
    "  - {at: 2026-03-02T08:41+00:00, by: second-reader, text: Asked.}"
)


@pytest.mark.parametrize(
    ("entries", "was", "is_", "expected"),
    [
        (HOLD, "T08:40", "T08:50", ["entry-rewritten"]),
        (HOLD, "waiting-vendor", "waiting-user", ["entry-rewritten"]),
        (HOLD, "vendor}", "vendor, note: Their ticket is 7.}", []),
        (
            HOLD.replace(" to: 2026-03-02T08:40+00:00,", ""),
            "+00:00, r",
            "+00:00, to: 2026-03-02T08:40Z, r",
            [],
        ),
        (HOLD, " to: 2026-03-02T08:40+00:00,", "", ["entry-rewritten"]),
        (REOPENING, "T08:45", "T08:47", ["entry-rewritten"]),
        (REOPENING, "Back.", "It came back.", []),
        (ESCALATION, "response-lead", "second-reader", ["entry-rewritten"]),
        (ESCALATION, "hierarchical", "functional", ["entry-rewritten"]),
        (ASSIGNED, "first-responder", "second-reader", ["entry-rewritten"]),
        (ASSIGNED.replace(", owner: first-responder", ""), "shop}", "shop, owner: first-responder}", []),
        (STEPS, "Looked.", "Looked at the roll-out.", []),
        (STEPS, "by: first-responder", "by: front-desk", ["entry-rewritten"]),
    ],
)
def test_what_may_become_of_entries(
    entries: str, was: str, is_: str, expected: list[str], check_changed: CheckChange
) -> None:
    before = change(OPEN, entries)
    assert was in before
    found_ = told(check_changed({ONE: before}, {ONE: before.replace(was, is_)}))
    assert [code for code in found_ if code != "changed-after-breach"] == expected
    field = entries.partition(":")[0]
    excused = change(before.replace(was, is_), f"corrections: [{{field: {field}, reason: It was wrong.}}]")
    assert told(check_changed({ONE: before}, {ONE: excused})) == []


def test_entries_of_one_time_are_known_by_what_they_say(check_changed: CheckChange) -> None:
    head, one, two = STEPS.split("\n")
    before, after = change(OPEN, STEPS), change(OPEN, "\n".join((head, two, one)))
    assert told(check_changed({ONE: before}, {ONE: after})) == []


def test_a_false_alarm_that_was_resolved_is_told_how_to_be_cancelled(check_changed: CheckChange) -> None:
    (move,) = found(check_changed({ONE: RESOLVED}, {ONE: CANCELLED}), "forbidden-move")
    assert "false alarm" in (move.help or "")
    assert "reopenings" in (move.help or "")


UPDATES = (
    "  - {id: a, at: 2026-03-02T08:30+00:00, status: investigating, text: We look into it.}",
    "  - {at: 2026-03-02T08:40+00:00, status: identified, text: It is the roll-out., visibility: public}",
)


def posted(*updates: str) -> str:
    return change(OPEN, "updates:\n" + "\n".join(updates)) if updates else OPEN


@pytest.mark.parametrize(
    ("updates", "expected"),
    [
        ((*UPDATES, "  - {at: 2026-03-02T09:00+00:00, status: monitoring, text: Back.}"), []),
        (("  - {at: 2026-03-02T08:20+00:00, status: monitoring, text: Early.}", *UPDATES), []),
        ((UPDATES[0].replace("id: a, ", "id: a, by: first-responder, "), UPDATES[1]), []),
        ((UPDATES[0], UPDATES[1].replace("{at", "{id: b, at")), []),
        (UPDATES[:1], ["update-rewritten"]),
        (UPDATES[1:], ["update-rewritten"]),
        ((), ["update-rewritten", "update-rewritten"]),
        ((UPDATES[0].replace("id: a, ", ""), UPDATES[1]), ["update-rewritten"]),
        ((UPDATES[0], UPDATES[1].replace("08:40", "08:35")), ["update-rewritten"]),
        ((UPDATES[0], UPDATES[1].replace("identified", "monitoring")), ["update-rewritten"]),
        ((UPDATES[0], UPDATES[1].replace("public", "internal")), ["update-rewritten"]),
        ((UPDATES[0].replace("}", ", visibility: public}"), UPDATES[1]), ["made-public"]),
    ],
)
def test_what_may_become_of_updates(
    updates: tuple[str, ...], expected: list[str], check_changed: CheckChange
) -> None:
    assert told(check_changed({ONE: posted(*UPDATES)}, {ONE: posted(*updates)})) == expected


def test_a_correction_lets_its_update_be_edited_and_not_be_removed(check_changed: CheckChange) -> None:
    correction = "  - {at: 2026-03-02T09:00+00:00, status: identified, text: It was not., corrects: a}"
    edited = UPDATES[0].replace("We look into it.", "(withdrawn)")
    assert told(check_changed({ONE: posted(*UPDATES)}, {ONE: posted(edited, UPDATES[1], correction)})) == []
    assert told(check_changed({ONE: posted(*UPDATES)}, {ONE: posted(UPDATES[1], correction)})) == [
        "update-rewritten"
    ]


A = "  - {id: u3, at: 2026-03-02T08:50+00:00, status: monitoring, text: Better., visibility: public}"
B = "  - {id: u3, at: 2026-03-02T08:49+00:00, status: monitoring, text: Rolled back., visibility: public}"
MORE = "  - {id: u9, at: 2026-03-02T08:55+00:00, status: monitoring, text: Well., corrects: u3}"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ((A,), (B, A.replace("u3", "u4")), []),  # what the merge driver makes of two that took one ID
        ((A, MORE), (B, A.replace("u3", "u4"), MORE.replace("s: u3", "s: u4")), []),
        ((A, MORE), (B, A.replace("u3", "u4"), MORE), ["update-rewritten"]),
        ((A,), (A.replace("u3", "u4"),), ["update-rewritten"]),  # nobody needed the ID
        ((A,), (B, A.replace("u3", "u4").replace("Better.", "Worse.")), ["update-rewritten"]),
    ],
)
def test_an_update_may_make_way_for_another_of_its_id(
    before: tuple[str, ...], after: tuple[str, ...], expected: list[str], check_changed: CheckChange
) -> None:
    assert told(check_changed({ONE: posted(*before)}, {ONE: posted(*after)})) == expected


@pytest.mark.parametrize(
    ("edit", "visibility", "expected"),
    [
        (("We look into it.", "(withdrawn)"), "public", []),
        (("We look into it.", "(withdrawn)"), "internal", ["update-rewritten"]),
        (("investigating", "monitoring"), "public", ["update-rewritten"]),
        (("08:30", "08:01"), "public", ["update-rewritten"]),
        (("by: first-responder", "by: front-desk"), "public", ["update-rewritten"]),
        (("visibility: public", "visibility: internal"), "public", ["update-rewritten"]),
    ],
)
def test_a_correction_excuses_the_text_alone_and_for_its_readers(
    edit: tuple[str, str], visibility: str, expected: list[str], check_changed: CheckChange
) -> None:
    told_ = UPDATES[0].replace("}", ", by: first-responder, visibility: public}")
    correction = (
        "  - {at: 2026-03-02T09:00+00:00, status: identified, text: It was not., corrects: a, "
        f"visibility: {visibility}}}"
    )
    before, after = posted(told_), posted(told_.replace(*edit), correction)
    assert told(check_changed({ONE: before}, {ONE: after})) == expected


def test_what_was_corrected_once_is_corrected_again(check_changed: CheckChange) -> None:
    first = "  - {at: 2026-03-02T09:00+00:00, status: identified, text: It was not., corrects: a}"
    again = "  - {at: 2026-03-02T09:30+00:00, status: identified, text: Nor was it that., corrects: a}"
    edited = UPDATES[0].replace("We look into it.", "(withdrawn)")
    before = posted(UPDATES[0], first)
    assert told(check_changed({ONE: before}, {ONE: posted(edited, first, again)})) == []
    assert told(check_changed({ONE: before}, {ONE: posted(edited, first)})) == ["update-rewritten"]


def imported(record: str, system: str = "statuspage") -> str:
    """The record as an import would have written it."""
    values = read_document(ONE, record.encode()).values or {}
    origin = sealed({"system": system, "id": "abc"}, owned("incident", values))
    return change(record, f"origin: {{system: {system}, id: abc, digest: {origin['digest']}}}")


@pytest.mark.parametrize("level", ["warning", "note"])
def test_what_the_source_of_an_import_rewrote_weighs_no_more_than_what_it_lacks(
    level: str, check_changed: CheckChange
) -> None:
    settings = {"schema/incidentbook.yml": f"format: 1\nname: Rules\nimported: {level}\n"}
    other = posted(UPDATES[0].replace("We look into it.", "We looked."))
    cases = (
        (imported(posted(UPDATES[0])), imported(other), level),
        (imported(posted(UPDATES[0])), imported(OPEN), level),
        # rewritten by hand, taken for an import by hand, or opened by an alert
        (imported(posted(UPDATES[0])), imported(posted(UPDATES[0])).replace("look into", "miss"), "error"),
        (posted(UPDATES[0]), imported(other), "error"),
        (imported(posted(UPDATES[0]), "pagerduty"), imported(other, "pagerduty"), "error"),
    )
    for before, after, severity in cases:
        result = check_changed({ONE: before, **settings}, {ONE: after, **settings})
        assert [d.severity.value for d in found(result, "update-rewritten")] == [severity]


def test_an_import_does_not_give_away_what_was_restricted(check_changed: CheckChange) -> None:
    secret = imported(posted(UPDATES[0].replace("}", ", visibility: restricted}")))
    result = check_changed({ONE: secret}, {ONE: imported(posted(UPDATES[0]))})
    assert [d.severity.value for d in found(result, "restricted-made-readable")] == ["error"]


@pytest.mark.parametrize(
    ("was", "is_", "expected"),
    [
        ("public", "internal", ["published-withdrawn"]),
        ("public", "restricted", ["published-withdrawn"]),
        ("internal", "restricted", []),
    ],
)
def test_a_record_that_is_withdrawn_is_told(
    was: str, is_: str, expected: list[str], check_changed: CheckChange
) -> None:
    record = posted(UPDATES[1])
    result = check_changed(
        {ONE: change(record, f"visibility: {was}")}, {ONE: change(record, f"visibility: {is_}")}
    )
    assert told(result) == expected


def test_a_public_record_that_told_nothing_may_be_withdrawn(check_changed: CheckChange) -> None:
    record = posted(UPDATES[0])  # internal
    result = check_changed({ONE: change(record, "visibility: public")}, {ONE: record})
    assert told(result) == []


def test_a_restricted_update_is_not_given_away(check_changed: CheckChange) -> None:
    secret = UPDATES[0].replace("}", ", visibility: restricted}")
    assert told(check_changed({ONE: posted(secret)}, {ONE: posted(UPDATES[0])})) == [
        "restricted-made-readable"
    ]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("impact: high\nurgency: high", []),  # raised: nothing is won
        ("overrides:\n  resolution_due: {value: 2026-03-03T08:00+00:00}", ["changed-after-breach"]),
        ("overrides:\n  resolution_due: {value: 2026-03-03T08:00+00:00, reason: Agreed with the shop.}", []),
        ("opened: 2026-03-02T12:00+00:00", ["time-rewritten", "changed-after-breach"]),
        ("drill: true", ["changed-after-breach"]),
        ("drill: true\ncorrections: [{field: drill, reason: The alert was part of the exercise.}]", []),
        ("links: {duplicate_of: INC-2026-0002}", ["changed-after-breach"]),
        ("links: {parent: INC-2026-0002}", []),  # it counts as before
        (
            "links: {duplicate_of: INC-2026-0002}\n"
            "corrections: [{field: links.duplicate_of, reason: Both alerts were of one roll-out.}]",
            [],
        ),
        (
            "reopenings:\n"
            "  - {resolved: 2026-03-02T09:00+00:00, reopened: 2026-03-02T13:00+00:00, reason: No.}",
            ["changed-after-breach"],
        ),
    ],
)
def test_what_counts_after_a_breach(fields: str, expected: list[str], check_changed: CheckChange) -> None:
    late = change(RESOLVED, "resolved: 2026-03-02T14:30+00:00\nrestored: 2026-03-02T14:30+00:00")
    found_ = told(check_changed({ONE: late}, {ONE: change(late, fields)}))
    assert sorted(found_) == sorted(expected)


@pytest.mark.parametrize(
    ("before", "at", "expected"),
    [
        (OPEN, "2026-11-20T06:05", []),
        (RESOLVED, "2026-11-20T06:05", ["changed-after-breach"]),
        (OPEN, "2026-11-18T06:05", ["changed-after-breach"]),
    ],
)
def test_an_acknowledgement_is_filled_in_while_the_work_goes_on(
    before: str, at: str, expected: list[str], check_changed: CheckChange
) -> None:
    day = at[:10]
    times = f"opened: {day}T05:20+00:00\nstarted: {day}T05:10+00:00\ndetected: {day}T05:15+00:00"
    if before is RESOLVED:
        times += f"\nresolved: {day}T06:30+00:00\nrestored: {day}T06:28+00:00"
    record = change(before, f"{times}\n# no acknowledged\n# no mitigated")
    result = check_changed({ONE: record}, {ONE: change(record, f"acknowledged: {at}+00:00")})
    assert told(result) == expected


def test_a_reopening_that_was_one_is_no_advantage(check_changed: CheckChange) -> None:
    late = change(RESOLVED, "resolved: 2026-03-02T14:30+00:00\nrestored: 2026-03-02T14:30+00:00")
    again = change(
        OPEN,
        "reopenings:\n"
        "  - {resolved: 2026-03-02T14:30+00:00, reopened: 2026-03-02T15:00+00:00, reason: It came back.}",
    )
    assert told(check_changed({ONE: late}, {ONE: again})) == []


def test_what_is_cancelled_as_a_duplicate_says_why_by_itself(check_changed: CheckChange) -> None:
    repeated = change(CANCELLED, "links: {duplicate_of: INC-2026-0002}")
    assert told(check_changed({**OTHERS, ONE: OPEN}, {**OTHERS, ONE: repeated})) == []


def test_the_date_of_a_commit_that_somebody_set_changes_nothing(tmp_path: Path) -> None:
    """A deed of the morning, committed at ten and dated to before it was due, and to long ago."""
    open_ = change(
        OPEN,
        "impact: high\nurgency: high\nopened: 2026-11-20T05:20+00:00\nacknowledged: 2026-11-20T05:25+00:00\n"
        "started: 2026-11-20T05:10+00:00\ndetected: 2026-11-20T05:10+00:00\n# no mitigated",
    )
    write_files(tmp_path, {**SCHEMA, ONE: open_})
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--quiet", "--message", "Open")
    held = "holds:\n  - {from: 2026-11-20T06:00+00:00, to: 2026-11-20T08:00+00:00, reason: waiting-vendor}"
    write_files(tmp_path, {ONE: change(open_, held)})
    git(tmp_path, "commit", "--quiet", "--all", "--message", "Hold")
    for date in ("2026-11-20T10:00:00+00:00", "2026-11-20T06:00:00+00:00", "2026-11-10T06:00:00+00:00"):
        git(tmp_path, "commit", "--quiet", "--amend", "--no-edit", f"--date={date}")
        result = check_change(load_archive(open_working_tree(tmp_path)), "HEAD~1", now=NOW.replace(hour=12))
        assert told(result) == ["changed-after-breach"]


def test_a_commit_that_was_dated_long_ago_is_told_with_the_lag(tmp_path: Path, commit_all: CommitAll) -> None:
    write_files(tmp_path, {**SCHEMA, ONE: change(OPEN, "# no acknowledged")})
    commit_all(tmp_path)
    write_files(tmp_path, {ONE: OPEN})
    git(
        tmp_path, "commit", "--quiet", "--all", "--date=2026-03-02T08:26:00+00:00", "--message", "Acknowledge"
    )
    result = check_change(load_archive(open_working_tree(tmp_path)), "HEAD~1", now=NOW.replace(hour=12))
    (lag,) = found(result, "backdated-time")
    assert "which gives 2026-03-02T08:26+00:00 as its date" in lag.message


def test_who_has_it_may_be_corrected_without_a_lag(tmp_path: Path, commit_all: CommitAll) -> None:
    had = "assignments:\n  - {at: 2026-03-02T08:25+00:00, team: web, owner: %s}"
    write_files(tmp_path, {**SCHEMA, ONE: change(OPEN, had % "duty-web")})
    commit_all(tmp_path)
    write_files(tmp_path, {ONE: change(OPEN, had % "response-lead")})
    result = check_change(load_archive(open_working_tree(tmp_path)), "HEAD", now=NOW.replace(hour=12))
    assert found(result, "backdated-time") == []


def test_a_hold_that_begins_after_the_breach_hides_nothing(check_changed: CheckChange) -> None:
    holding = change(
        OPEN, "status: on_hold\nholds:\n  - {from: 2026-11-20T08:50+00:00, reason: waiting-vendor}"
    )
    assert told(check_changed({ONE: OPEN}, {ONE: holding})) == []


def test_a_problem_that_was_closed_is_final(check_changed: CheckChange) -> None:
    path = "knowledge/problems/PRB-2026-0003.md"
    result = check_changed({path: PROBLEM}, {path: change(PROBLEM, "status: open")})
    assert "forbidden-move" in codes(result)


# Who wrote what.


def review_of(root: Path, steps: list[tuple[str, str, str]]) -> list[str]:
    """Commit versions of a review, each by an author with a message, and check the last."""
    write_files(root, {**SCHEMA, ONE: INCIDENT})
    git(root, "init", "--quiet", "--initial-branch=main")
    for email, message, text in steps:
        write_files(root, {REVIEWED: text})
        git(root, "add", "--all")
        git(root, "commit", "--quiet", f"--author=Somebody <{email}>", "--message", message)
    result = check_change(load_archive(open_working_tree(root)), "HEAD~1", now=NOW)
    return [f"{d.code}: {d.message}" for d in result.diagnostics if d.code in OF_CHANGES - {"backdated-time"}]


DRAFT = change(REVIEW, "status: in_review\nauthors: [front-desk]\n# no approvers\n# no published")
REWRITTEN = DRAFT.replace("for 85 minutes", "for an hour and a half")
APPROVED = change(
    REWRITTEN, "status: published\napprovers: [second-reader]\npublished: 2026-03-06T15:00+00:00"
)


@pytest.mark.parametrize(
    ("writer", "message", "flagged"),
    [
        ("one@example.invalid", "Write", False),
        ("two@example.invalid", "Write", True),
        ("TWO@Example.Invalid", "Write", True),
        ("one@example.invalid", "Write\n\nCo-authored-by: Second <two@example.invalid>", True),
        ("one@example.invalid", "Write\n\nCo-Authored-By: Third <three@example.invalid>", False),
    ],
)
def test_an_approver_who_wrote_the_text_is_found_in_git(
    writer: str, message: str, flagged: bool, tmp_path: Path
) -> None:
    steps = [
        ("one@example.invalid", "Begin", DRAFT),
        (writer, message, REWRITTEN),
        ("two@example.invalid", "Approve", APPROVED),
    ]
    said = review_of(tmp_path, steps)
    assert [line.partition(":")[0] for line in said] == (["approved-by-its-writer"] if flagged else [])


def test_a_bot_writes_for_whom_it_names(tmp_path: Path) -> None:
    people = SCHEMA["schema/people.yml"] + "  - {handle: helper, bot: true, emails: [bot@example.invalid]}\n"
    write_files(tmp_path, {"schema/people.yml": people})
    for trailer, expected in (("two", ["approved-by-its-writer"]), ("one", [])):
        root = tmp_path / trailer
        write_files(root, {**SCHEMA, "schema/people.yml": people, ONE: INCIDENT})
        git(root, "init", "--quiet", "--initial-branch=main")
        for email, message, text in (
            ("bot@example.invalid", f"Write\n\nCo-authored-by: X <{trailer}@example.invalid>", REWRITTEN),
            ("two@example.invalid", "Approve", APPROVED),
        ):
            write_files(root, {REVIEWED: text})
            git(root, "add", "--all")
            git(root, "commit", "--quiet", f"--author=Somebody <{email}>", "--message", message)
        result = check_change(load_archive(open_working_tree(root)), "HEAD~1", now=NOW)
        assert told(result) == expected


@pytest.mark.parametrize(
    ("was", "is_", "said"),
    [
        ("[two@example.invalid]", "[two@example.invalid], bot: true", "was a person and is a bot"),
        ("[two@example.invalid]", "[]", "and is nobody's"),
        ("[three@example.invalid]", "[three@example.invalid, two@example.invalid]", None),  # the first counts
        ("[one@example.invalid]", "[one@example.invalid, two@example.invalid]", "and is `first-responder`'s"),
    ],
)
def test_nobody_becomes_another_by_the_change_that_is_judged(
    was: str, is_: str, said: str | None, tmp_path: Path
) -> None:
    people = SCHEMA["schema/people.yml"]
    assert was in people
    write_files(tmp_path, {**SCHEMA, ONE: INCIDENT, REVIEWED: DRAFT})
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--quiet", "--message", "Begin")
    for text in (REWRITTEN, APPROVED):
        write_files(tmp_path, {REVIEWED: text, "schema/people.yml": people.replace(was, is_)})
        git(tmp_path, "commit", "--quiet", "--all", "--author=X <two@example.invalid>", "--message", "Write")
    result = check_change(load_archive(open_working_tree(tmp_path)), "HEAD~2", now=NOW)
    assert "approved-by-its-writer" in told(result)
    messages = [d.message for d in found(result, "author-redefined")]
    assert len(messages) == (said is not None)
    assert said is None or said in messages[0]


def test_a_new_bot_writes_for_itself_until_the_base_knows_it(tmp_path: Path) -> None:
    new = SCHEMA["schema/people.yml"] + "  - {handle: helper, bot: true, emails: [four@example.invalid]}\n"
    approved = APPROVED.replace("second-reader", "helper")
    write_files(tmp_path, {**SCHEMA, ONE: INCIDENT, REVIEWED: DRAFT})
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--quiet", "--message", "Begin")
    write_files(tmp_path, {REVIEWED: approved, "schema/people.yml": new})
    git(tmp_path, "commit", "--quiet", "--all", "--author=X <four@example.invalid>", "--message", "Write")
    result = check_change(load_archive(open_working_tree(tmp_path)), "HEAD~1", now=NOW)
    assert "approved-by-its-writer" in told(result)


def test_whoever_resolved_is_no_bot_by_the_change_that_closes(check_changed: CheckChange) -> None:
    people = SCHEMA["schema/people.yml"]
    bot = people.replace("[one@example.invalid]", "[one@example.invalid], bot: true")
    closed = change(INCIDENT, "resolved_by: first-responder\nclosed_by: first-responder\n# no confirmation")
    before = change(closed, "status: resolved\n# no closed\n# no closed_by")
    result = check_changed(
        {ONE: before, "schema/people.yml": people}, {ONE: closed, "schema/people.yml": bot}
    )
    assert told(result) == ["closed-by-resolver", "author-redefined"]


PUBLISHED = change(
    APPROVED,
    "contributing_factors: [No gauge.]\n"
    "actions:\n"
    "  - {id: a, title: Watch the pool, owner: first-responder, due: 2026-04-01, state: open}\n"
    "  - {title: Write it down, state: open}",
)


@pytest.mark.parametrize(
    ("was", "is_", "flagged"),
    [
        ("hour and a half", "hour", "body"),
        ("hour and a half", "hour\nand a half", None),
        ("No gauge.", "Nobody looked.", "contributing_factors"),
        ("2026-04-01", "2026-12-24", "actions"),
        ("owner: first-responder", "owner: front-desk", "actions"),
        ("\n  - {title: Write it down, state: open}", "", "actions"),
        ("Write it down, state: open}", "Write it down, owner: front-desk, state: open}", None),
        ("2026-04-01, state: open}", "2026-04-01, state: done, done: 2026-04-01, evidence: T7}", None),
    ],
)
def test_what_may_become_of_a_published_review(
    was: str, is_: str, flagged: str | None, check_changed: CheckChange
) -> None:
    files = {**OTHERS, ONE: INCIDENT}
    assert was in PUBLISHED
    after = PUBLISHED.replace(was, is_)
    excuses = (
        ("", True),
        (f"corrections: [{{field: {flagged}, reason: It was wrong.}}]", False),
        ("corrections: [{field: title, reason: It was wrong.}]", True),
        ("approvers: [second-reader, response-lead]", False),
    )
    for excuse, counts in excuses:
        result = check_changed({**files, REVIEWED: PUBLISHED}, {**files, REVIEWED: change(after, excuse)})
        expected = ["published-review-rewritten"] if flagged and counts else []
        assert [code for code in told(result) if code != "approved-by-its-writer"] == expected


WAIVED = "waivers: [{rule: time-rewritten, reason: The call log says so., by: response-lead}]"


@pytest.mark.parametrize(
    ("before", "waiver", "expected", "why"),
    [
        ("# no waivers", WAIVED, ["change-waived"], None),
        (WAIVED, WAIVED, ["time-rewritten"], "it was given for an earlier change"),
        (WAIVED, WAIVED.replace("call log", "phone"), ["change-waived"], None),
        ("# no waivers", WAIVED.replace(", by: response-lead", ""), ["time-rewritten"], "it needs `by`"),
        ("# no waivers", WAIVED.replace("response-lead", "nobody"), ["time-rewritten"], "it needs `by`"),
    ],
)
def test_a_waiver_of_a_rule_about_changes_counts_once(
    before: str, waiver: str, expected: list[str], why: str | None, check_changed: CheckChange
) -> None:
    was, is_ = change(OPEN, before), change(OPEN, f"acknowledged: 2026-03-02T08:22+00:00\n{waiver}")
    result = check_changed({ONE: was}, {ONE: is_})
    assert told(result) == expected
    (said,) = found(result, expected[0])
    assert (why or "the reason given") in (said.help or "")
    if why is None:
        assert said.severity.value == "note"
        assert said.message.startswith(
            "`response-lead` waived `time-rewritten`, which found: `acknowledged` was"
        )


def test_an_unknown_author_is_told_once(tmp_path: Path, commit_all: CommitAll) -> None:
    steps = [
        ("one@example.invalid", "Begin", DRAFT),
        ("stranger@example.invalid", "Write", REWRITTEN),
    ]
    assert [line.partition(":")[0] for line in review_of(tmp_path, steps)] == ["unknown-author"]


def test_claims_are_held_against_the_commit_that_first_made_them(tmp_path: Path) -> None:
    """A time that one commit claims, another changes back and a third repeats is as old as its claim."""
    write_files(tmp_path, {**SCHEMA, ONE: change(OPEN, "opened: 2026-11-20T07:00+00:00\n# no acknowledged")})
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--quiet", "--message", "Open")
    for at in ("2026-11-20T09:30", "2026-11-20T10:30"):
        write_files(
            tmp_path, {ONE: change(OPEN, f"opened: 2026-11-20T07:00+00:00\nacknowledged: {at}+00:00")}
        )
        git(tmp_path, "commit", "--quiet", "--all", "--message", "Acknowledge")
    result = check_change(load_archive(open_working_tree(tmp_path)), "HEAD~2", now=NOW)
    messages = [d.message for d in found(result, "time-after-commit")]
    assert len(messages) == 1
    assert "30 min after commit" in messages[0]
    assert git(tmp_path, "rev-parse", "HEAD")[:7] in messages[0]


def test_a_pinned_clock_says_nothing_of_commits(check_changed: CheckChange) -> None:
    pinned = {"schema/incidentbook.yml": "format: 1\nname: Rules\nnow: 2026-11-20T09:00+00:00\n"}
    before = change(OPEN, "# no acknowledged")
    after = change(OPEN, "acknowledged: 2026-11-20T11:40+00:00")
    result = check_changed({ONE: before, **pinned}, {ONE: after, **pinned})
    assert not {"backdated-time", "time-after-commit"} & set(codes(result))


def test_each_rule_can_be_turned_off(check_changed: CheckChange) -> None:
    guards = {guard.code for guard in GUARDS.values()}
    rules = "".join(f"  {code}: off\n" for code in sorted(OF_CHANGES - guards))
    settings = {"schema/incidentbook.yml": f"format: 1\nname: Rules\nrules:\n{rules}"}
    other = change(INCIDENT, "status: new\nimpact: high\nassignments: []\nopened: 2026-03-02T08:00+00:00")
    assert told(check_changed({ONE: INCIDENT, **settings}, {ONE: other, **settings})) == []
    assert told(check_changed({ONE: INCIDENT, **settings}, {**settings})) == []


def test_rules_about_changes_say_on_what_kinds_they_are_asked() -> None:
    for code in OF_CHANGES:
        rule = RULES[code]
        assert not isinstance(rule, ChangeRule) or rule.kinds
