"""Pydantic's complaints in words a person can act on at 03:00."""

from __future__ import annotations

import pytest

from incidentbook.records import Incident
from incidentbook.records.incident import Level
from incidentbook.source import read_document, read_shape

HEAD = "---\ntitle: A\nstatus: new\n"


def shape(rest: str) -> tuple[Incident | None, list[tuple[str, int | None, str, str | None]]]:
    document = read_document("a.md", f"{HEAD}{rest}---\n".encode())
    assert document.values is not None
    incident, found = read_shape(document, Incident, document.values)
    return incident, [
        (item.code, item.span.line if item.span else None, item.message, item.help) for item in found
    ]


@pytest.mark.parametrize(
    ("rest", "code", "message", "help_"),
    [
        (
            "urgency: hihg\n",
            "unknown-value",
            "`urgency` is `hihg`; expected one of high, medium, low",
            "did you mean `high`?",
        ),
        ("titel: B\n", "unknown-key", "`titel` is not a field here", "did you mean `title`?"),
        ("zzz: B\n", "unknown-key", "`zzz` is not a field here", None),
        ("summary: 12\n", "wrong-type", "`summary` is the number 12; expected text", "put quotes around it"),
        ("major: yes\n", "wrong-type", "`major` is `yes`; expected true or false", "did you mean `true`?"),
        ("holds: soon\n", "wrong-type", "`holds` is `soon`; expected a list", "put `- ` before it"),
        ("reporter: me\n", "wrong-type", "`reporter` is `me`; expected fields (`key: value`)", None),
        ("affected: {count: 1.5}\n", "wrong-type", None, None),
        (
            "services: [{state: major_outage}]\n",
            "missing-key",
            "`services[0].service` is missing",
            "add `service:`",
        ),
        (
            "opened: 2026-11-21 14:05\n",
            "naive-time",
            "`opened` has no offset from UTC: `2026-11-21 14:05`",
            None,
        ),
        ("opened: 2026-02-31T10:00+00:00\n", "invalid-time", None, None),
        ("opened: 1628-08-10T12:00Z\n", "invalid-time", None, None),
        ("opened: 9999-08-10T12:00Z\n", "invalid-time", None, None),
        ("opened: yesterday\n", "invalid-time", None, None),
        ("opened: 20261121\n", "invalid-time", None, None),
        ("opened: 2023-04-12:11:00:30:00\n", "invalid-time", None, None),
        ("category: A/B/C\n", "invalid-value", None, None),
        ("links: {problem: ../../etc/passwd}\n", "invalid-value", None, None),
        ("summary: ''\n", "invalid-value", "`summary` is empty", None),
        (
            "opened: true\n",
            "invalid-time",
            "`opened` is `true`; expected a time such as 2026-11-21T14:05+00:00",
            None,
        ),
        (
            "impact: [high]\n",
            "unknown-value",
            "`impact` is `[high]`; expected one of high, medium, low",
            None,
        ),
        ("opened: {at: 0o17,  by: ~}\n", "invalid-time", None, None),
        ("affected: {count: 1_000}\n", "wrong-type", None, None),
        ("summary: 0x1F\n", "wrong-type", "`summary` is the number 0x1F; expected text", None),
        ("summary: 1.50\n", "wrong-type", "`summary` is the number 1.50; expected text", None),
        (
            "opened: 2026-11-21T14:05+99:00\n",
            "invalid-time",
            "`opened` is `2026-11-21T14:05+99:00`; not a time: the offset is out of range; "
            "expected hours to 23 and minutes to 59",
            None,
        ),
        ("opened: 2026-11-21T14:05+05:75\n", "invalid-time", None, None),
        ("satisfaction: {score: 9}\n", "invalid-value", None, None),
    ],
)
def test_each_fault_has_its_code_place_and_words(
    rest: str, code: str, message: str | None, help_: str | None
) -> None:
    incident, found = shape(rest)
    assert [(item[0], item[1]) for item in found] == [(code, 4)]
    assert incident is not None, "one fault must not take the record away"
    if message:
        assert found[0][2] == message
    if help_:
        assert found[0][3] == help_


def test_a_naive_time_comes_with_its_fix() -> None:
    _, found = shape("opened: 2026-11-21 14:05\n")
    assert found[0][3] is not None
    assert "`2026-11-21T14:05+00:00`" in found[0][3]


def test_what_fits_is_kept_when_something_else_does_not() -> None:
    incident, found = shape(
        "impact: high\nurgency: soon\nholds:\n"
        "  - {from: 2026-11-21T10:00+00:00, reason: vendor}\n"
        "  - {frm: x}\n"
        "opened: 2026-11-21T14:05\n"
    )
    assert incident is not None
    assert incident.impact is Level.HIGH
    assert incident.urgency is None
    assert len(incident.holds) == 1
    assert {item[0] for item in found} == {"unknown-value", "missing-key", "unknown-key", "naive-time"}


def test_without_a_state_there_is_no_incident() -> None:
    document = read_document("a.md", b"---\ntitle: A\nstatus: nwe\n---\n")
    assert document.values is not None
    incident, found = read_shape(document, Incident, document.values)
    assert incident is None
    assert [item.code for item in found] == ["unknown-value"]


def test_a_suggestion_knows_the_fields_of_nested_parts() -> None:
    _, found = shape("services:\n  - {servce: checkout, service: checkout, state: operational}\n")
    assert found[0][3] == "did you mean `service`?"


def test_a_stored_priority_may_be_written_short() -> None:
    incident, found = shape("priority: P2\n")
    assert found == []
    assert incident is not None
    assert incident.priority is not None
    assert (incident.priority.value, incident.priority.reason) == ("P2", None)


def test_a_value_is_quoted_as_the_file_has_it_on_one_line() -> None:
    _, found = shape("opened:\n  - 0o17\n  - no\n")
    assert found[0][2].startswith("`opened` is `- 0o17 - no`;")


@pytest.mark.parametrize("word", ["date", "desc", "when"])
def test_a_word_that_is_like_nothing_gets_no_suggestion(word: str) -> None:
    assert shape(f"{word}: B\n")[1] == [("unknown-key", 4, f"`{word}` is not a field here", None)]


@pytest.mark.parametrize(
    ("front_matter", "codes"),
    [
        ("title: !!x A\nstatus: new\n", ["yaml-tag"]),
        ("title: A\nstatus: !!x new\n", ["yaml-tag"]),
        ("title: A\nstatus: new\nvisibility: !!x public\n", ["yaml-tag"]),
        ("title: A\nstatus: new\nservices: [{service: !x a, state: !y b}]\n", ["yaml-tag", "yaml-tag"]),
        ("title:\nstatus: new\n", ["missing-key"]),
        ("status: !!x new\n", ["yaml-tag", "missing-key"]),
        ("title: A\nstatus: new\nservices: [{state: !x a}]\n", ["yaml-tag", "missing-key"]),
    ],
)
def test_what_the_parser_could_not_take_is_not_missing_too(front_matter: str, codes: list[str]) -> None:
    document = read_document("a.md", f"---\n{front_matter}---\n".encode())
    values = {key: value for key, value in (document.values or {}).items() if value is not None}
    _, found = read_shape(document, Incident, values)
    assert [item.code for item in (*document.diagnostics, *found)] == codes
