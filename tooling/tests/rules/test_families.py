"""Children and parents, and what is major, in cases that the rules' own examples leave out."""

from __future__ import annotations

import pytest
from rules.material import INCIDENT, SUBJECTS, CheckChange, CheckFiles, change, found

PARENT, CHILD = "incidents/2026/INC-2026-0002.md", "incidents/2026/INC-2026-0001.md"
OPEN = "# no resolved\n# no closed\n# no restored\n# no mitigated\nstatus: in_progress\n"
MAJOR = {"schema/major.yml": "when: [{priority: [P1], reason: All hands}]\nupdate_every: 45m\n"}
P1 = "impact: high\nurgency: high\n"


@pytest.mark.parametrize(
    ("parent", "left"),
    [("status: resolved", 1), ("status: closed", 1), ("status: cancelled", 0), ("status: in_progress", 0)],
)
def test_only_a_parent_that_is_resolved_leaves_a_child_open(
    check_files: CheckFiles, parent: str, left: int
) -> None:
    child = change(INCIDENT, f"{OPEN}links: {{parent: INC-2026-0002}}")
    result = check_files({PARENT: change(INCIDENT, parent), CHILD: child})
    assert len(found(result, "child-left-open")) == left


@pytest.mark.parametrize("child", ["status: resolved", "status: cancelled"])
def test_a_child_that_is_over_is_not_left_open(check_files: CheckFiles, child: str) -> None:
    text = change(INCIDENT, f"{child}\nlinks: {{parent: INC-2026-0002}}")
    assert not found(check_files({PARENT: INCIDENT, CHILD: text}), "child-left-open")


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ("", 1),
        ("declared: 2026-03-02T08:30+00:00\n", 0),
        ("drill: true\n", 0),
        ("origin: {system: csv, id: a}\n", 0),
        ("origin: {system: alertmanager, id: a, alerted: true}\n", 1),
        ("links: {parent: INC-2026-0002}\n", 0),
        ("links: {parent: INC-2026-0002, apart: Another cause.}\n", 1),
    ],
)
def test_who_has_to_be_declared(check_files: CheckFiles, fields: str, told: int) -> None:
    files = {PARENT: change(INCIDENT, f"{OPEN}{P1}major: true"), CHILD: change(INCIDENT, OPEN + P1 + fields)}
    assert len(found(check_files(files, schema=MAJOR), "major-not-declared")) == told


def test_a_child_of_what_is_not_major_has_to_be_declared(check_files: CheckFiles) -> None:
    files = {PARENT: INCIDENT, CHILD: change(INCIDENT, f"{OPEN}{P1}links: {{parent: INC-2026-0002}}")}
    assert len(found(check_files(files, schema=MAJOR), "major-not-declared")) == 1


def test_the_parents_word_is_the_childs(check_files: CheckFiles) -> None:
    said = "updates: [{at: 2026-11-20T08:50+00:00, status: investigating, text: We look.}]\n"
    child = f"{OPEN}major: true\nlinks: {{parent: INC-2026-0002%s}}"
    parent = change(INCIDENT, OPEN + said)
    together = check_files({PARENT: parent, CHILD: change(INCIDENT, child % "")}, schema=MAJOR)
    assert not found(together, "major-update-overdue")
    apart = check_files({PARENT: parent, CHILD: change(INCIDENT, child % ", apart: Other")}, schema=MAJOR)
    (overdue,) = found(apart, "major-update-overdue")
    assert overdue.path == CHILD


def test_policy_may_make_silence_an_error(check_files: CheckFiles) -> None:
    strict = {"schema/incidentbook.yml": "format: 1\nname: R\nrules: {major-update-overdue: error}\n"}
    files = {CHILD: change(INCIDENT, f"{OPEN}major: true")}
    (overdue,) = found(check_files(files, schema={**MAJOR, **strict}), "major-update-overdue")
    assert overdue.severity.name == "ERROR"


AUTHORITY = "declared-without-authority"
DECLARE = {"schema/major.yml": "declare: [response-lead]\n"}


def test_a_change_gives_nobody_authority_for_itself(check_changed: CheckChange) -> None:
    path, record = SUBJECTS["incident"]
    before = {**DECLARE, path: change(record, OPEN)}
    after = {"schema/major.yml": "declare: [first-responder]\n", path: change(record, f"{OPEN}major: true")}
    assert len(found(check_changed(before, after), AUTHORITY)) == 1


def test_standing_down_and_being_born_major_ask_for_it_too(check_changed: CheckChange) -> None:
    path, record = SUBJECTS["incident"]
    major, plain = change(record, f"{OPEN}major: true"), change(record, OPEN)
    stood_down = check_changed({**DECLARE, path: major}, {**DECLARE, path: plain})
    assert "stood it down" in found(stood_down, AUTHORITY)[0].message


def test_a_new_record_that_is_major_was_declared(check_changed: CheckChange) -> None:
    path, record = SUBJECTS["incident"]
    new = {**DECLARE, path: change(record, f"{OPEN}major: true")}
    assert len(found(check_changed(DECLARE, new), AUTHORITY)) == 1


@pytest.mark.parametrize("more", ["drill: true\n", "origin: {system: csv, id: a}\n"])
def test_a_drill_and_an_import_ask_nobody(check_changed: CheckChange, more: str) -> None:
    path, record = SUBJECTS["incident"]
    before = {**DECLARE, path: change(record, OPEN + more)}
    after = {**DECLARE, path: change(record, f"{OPEN}major: true\n{more}")}
    assert not found(check_changed(before, after), AUTHORITY)


def test_a_step_may_be_taken_again_after_a_reopening(check_files: CheckFiles) -> None:
    calls = [
        f"  - {{at: 2026-03-02T{time}+00:00, kind: hierarchical, to: response-lead, step: all/lead}}\n"
        for time in ("11:07", "11:00", "13:00")
    ]
    again = "reopenings: [{resolved: 2026-03-02T12:00+00:00, reopened: 2026-03-02T12:30+00:00}]\n"

    def told(fields: str, *, state: str = OPEN) -> list[str]:
        result = check_files({CHILD: change(INCIDENT, f"{state}{fields}")})
        return [one.message for one in found(result, "step-taken-twice")]

    twice = "escalations:\n" + "".join(calls)
    assert told(twice + again) == ["`all/lead` was taken at 2026-03-02T11:00+00:00 already"]
    assert len(told(twice)) == 2
    assert told("escalations:\n" + calls[0] + calls[2] + again) == []
    assert told(twice, state="status: closed\n") == []
