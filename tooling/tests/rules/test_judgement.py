"""What a repository or a record may make of a rule."""

from __future__ import annotations

import pytest
from rules.material import INCIDENT, PROBLEM, REVIEW, SCHEMA, CheckFiles, change, codes, found

from incidentbook.diagnostics import Severity

PATH = "incidents/2026/INC-2026-0001.md"
NO_OWNER = "assignments:\n  - {at: 2026-03-02T08:25+00:00, team: shop}"


def settings(lines: str) -> dict[str, str]:
    return {"schema/incidentbook.yml": SCHEMA["schema/incidentbook.yml"] + lines}


@pytest.mark.parametrize("level", ["error", "warning", "note"])
def test_a_repository_sets_another_severity(check_files: CheckFiles, level: str) -> None:
    result = check_files(
        {PATH: change(INCIDENT, NO_OWNER)}, schema=settings(f"rules: {{missing-owner: {level}}}\n")
    )
    assert [(d.code, d.severity.value) for d in result.diagnostics] == [("missing-owner", level)]


def test_a_repository_turns_a_rule_off(check_files: CheckFiles) -> None:
    result = check_files({PATH: change(INCIDENT, NO_OWNER)}, schema=settings("rules: {missing-owner: off}\n"))
    assert codes(result) == []


def test_a_severity_for_what_reading_finds(check_files: CheckFiles) -> None:
    result = check_files(
        {PATH: change(INCIDENT, "imapct: high")}, schema=settings("rules: {unknown-key: note}\n")
    )
    assert [(d.code, d.severity) for d in result.diagnostics] == [("unknown-key", Severity.NOTE)]


def test_a_rule_that_does_not_exist_is_told_where_it_is_named(check_files: CheckFiles) -> None:
    result = check_files({}, schema=settings("rules:\n  missing-owner: note\n  mising-owner: off\n"))
    (only,) = result.diagnostics
    assert (only.code, only.path, only.span and only.span.line) == (
        "unknown-rule",
        "schema/incidentbook.yml",
        5,
    )
    assert only.help == "did you mean `missing-owner`?"


def test_what_an_import_lacks_is_a_warning(check_files: CheckFiles) -> None:
    imported = change(INCIDENT, NO_OWNER + "\norigin: {system: statuspage, id: abc}")
    result = check_files({PATH: imported})
    assert [(d.code, d.severity) for d in result.diagnostics] == [("missing-owner", Severity.WARNING)]


def test_what_an_alert_opened_is_no_import_though_its_system_is_imported_from(
    check_files: CheckFiles,
) -> None:
    opened = change(INCIDENT, NO_OWNER + "\norigin: {system: statuspage, id: abc, alerted: true}")
    result = check_files({PATH: opened})
    assert [(d.code, d.severity) for d in result.diagnostics] == [("missing-owner", Severity.ERROR)]


@pytest.mark.parametrize(
    ("level", "expected"), [("note", [Severity.NOTE]), ("off", []), ("error", [Severity.ERROR])]
)
def test_a_repository_sets_how_much_that_weighs(
    check_files: CheckFiles, level: str, expected: list[Severity]
) -> None:
    imported = change(INCIDENT, NO_OWNER + "\norigin: {system: statuspage, id: abc}")
    result = check_files({PATH: imported}, schema=settings(f"imported: {level}\n"))
    assert [d.severity for d in result.diagnostics] == expected


def test_a_warning_is_never_raised_by_that(check_files: CheckFiles) -> None:
    imported = change(INCIDENT, "services: []\norigin: {system: statuspage, id: abc}")
    result = check_files({PATH: imported}, schema=settings("imported: error\n"))
    assert [d.severity for d in result.diagnostics] == [Severity.WARNING]


def test_what_is_no_shortcoming_of_the_source_stays_an_error(check_files: CheckFiles) -> None:
    fields = "imapct: high\nlinks: {problem: PRB-2026-0777}\norigin: {system: statuspage, id: abc}"
    imported = change(INCIDENT, fields).replace("carts survived", "https://u:h4rb0ur-s1de@host.example/")
    result = check_files({PATH: imported})
    assert {d.code: d.severity for d in result.diagnostics} == {
        "unknown-key": Severity.ERROR,
        "dangling-reference": Severity.ERROR,
        "credential": Severity.ERROR,
    }


def test_what_an_alert_opened_is_no_import(check_files: CheckFiles) -> None:
    alerted = change(INCIDENT, NO_OWNER + "\norigin: {system: alertmanager, id: abc}")
    assert [d.severity for d in check_files({PATH: alerted}).diagnostics] == [Severity.ERROR]


def test_a_draft_may_be_unfinished(check_files: CheckFiles) -> None:
    fields = "status: draft\n# no published\nactions:\n  - {title: Alert on the pool}"
    draft = change(REVIEW, fields).replace("See above.", "TODO")
    result = check_files({PATH: INCIDENT, PATH.replace(".md", ".review.md"): draft})
    assert {d.code: d.severity for d in result.diagnostics} == {
        "action-without-owner": Severity.WARNING,
        "action-without-due": Severity.WARNING,
        "empty-heading": Severity.NOTE,
    }


def test_a_waiver_sets_one_rule_aside_on_one_record(check_files: CheckFiles) -> None:
    waived = change(INCIDENT, "services: []\nwaivers:\n  - {rule: missing-services, reason: The telephone.}")
    other = PATH.replace("0001", "0002")
    result = check_files({PATH: waived, other: change(INCIDENT, "services: []")})
    assert [(d.code, d.path) for d in result.diagnostics] == [("missing-services", other)]


def test_a_waiver_reaches_what_needs_other_records(check_files: CheckFiles) -> None:
    fields = (
        "links: {problem: PRB-2026-0777}\nwaivers:\n  - {rule: dangling-reference, reason: Deleted by law.}"
    )
    assert codes(check_files({PATH: change(INCIDENT, fields)})) == []


def test_a_waiver_reaches_attachments(check_files: CheckFiles) -> None:
    fields = "waivers:\n  - {rule: credential-in-file, reason: Made up for the rehearsal.}"
    files = {PATH: change(INCIDENT, fields), PATH[:-3] + "/log.txt": "https://u:h4rb0ur-s1de@host.example/"}
    assert codes(check_files(files)) == []


def test_a_waiver_without_effect_is_told(check_files: CheckFiles) -> None:
    waived = change(INCIDENT, "waivers:\n  - {rule: missing-services, reason: The telephone.}")
    (only,) = check_files({PATH: waived}).diagnostics
    assert (only.code, only.severity) == ("waiver-without-effect", Severity.WARNING)
    assert only.span is not None
    assert waived.splitlines()[only.span.line - 1].startswith("  - {rule: missing-services")


@pytest.mark.parametrize(
    ("until", "expected"),
    [("2026-11-19", ["missing-services", "waiver-expired"]), ("2026-11-20", []), ("2026-11-21", [])],
)
def test_a_waiver_holds_through_its_last_day(
    check_files: CheckFiles, until: str, expected: list[str]
) -> None:
    fields = f"services: []\nwaivers:\n  - {{rule: missing-services, reason: Later., until: {until}}}"
    assert sorted(codes(check_files({PATH: change(INCIDENT, fields)}))) == expected


def test_a_waiver_of_an_unknown_rule(check_files: CheckFiles) -> None:
    waived = change(INCIDENT, "services: []\nwaivers:\n  - {rule: missing-servces, reason: The telephone.}")
    result = check_files({PATH: waived})
    assert codes(result) == ["missing-services", "unknown-rule"]
    assert found(result, "unknown-rule")[0].help == "did you mean `missing-services`?"


def test_problems_take_waivers_too(check_files: CheckFiles) -> None:
    fields = "status: open\n# no owner\n# no known_error\n# no resolved\n# no closed\n"
    waiver = "waivers:\n  - {rule: missing-problem-owner, reason: Being decided.}"
    assert codes(check_files({"knowledge/problems/PRB-2026-0003.md": change(PROBLEM, fields + waiver)})) == []
