"""Diagnostics in the formats of others, held against what those have published."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import jsonschema
import pytest
import xmlschema

from incidentbook.diagnostics import Diagnostic, Severity, Span
from incidentbook.reports.diagnostics import gitlab as diagnostics_gitlab
from incidentbook.reports.diagnostics import junit as diagnostics_junit
from incidentbook.reports.diagnostics import sarif as diagnostics_sarif
from incidentbook.reports.diagnostics.fingerprints import fingerprints

PUBLISHED = Path(__file__).parent / "published"
PATH = "incidents/2026/INC-2026-0042.md"
SOURCE = "---\ntitle: 題名 🛟 x\nurgency: hihg\n---\n"
EVIL = (
    "\x00\x07\x1b[31m\ud800\ufffe\uffff\u202e]]><!--&\"'</failure>\n{0} [a](javascript:alert(1)) \U0001f6df"
)


def diagnostic(
    span: Span | None = None,
    message: str = "`urgency` is `hihg`",
    help_: str | None = None,
    severity: Severity = Severity.ERROR,
    path: str = PATH,
    code: str = "unknown-value",
) -> Diagnostic:
    return Diagnostic(code, severity, message, path, span, help_)


FOUND = [
    diagnostic(Span(3, 10, 3, 14), help_="did you mean `high`?"),
    diagnostic(Span(2, 8, 3, 2), severity=Severity.WARNING, code="empty-heading"),
    diagnostic(None, severity=Severity.NOTE, path="incidents/2026/INC-2026-0041.md"),  # it was deleted
    diagnostic(Span(1, 1, 1, 1), EVIL, EVIL, path="incidents/2026/a b#1 100%?[x] 題名:\x1b.md"),
    diagnostic(Span(900, 70, 900, 80), code="no-such-rule", path="schema/incidentbook.yml"),
]


def source(_path: str) -> str | None:
    return SOURCE


def sarif(*found: Diagnostic, prefix: str = "", text: str | None = SOURCE) -> Any:
    return json.loads(
        diagnostics_sarif.render(
            found, lambda _: text, version="0.1.0", url="https://tool.example/", prefix=prefix
        )
    )


def junit(*found: Diagnostic, checked: tuple[str, ...] = (PATH,), strict: bool = False) -> str:
    return "\n".join(diagnostics_junit.render(found, checked, strict=strict))


def gitlab(*found: Diagnostic, prefix: str = "", text: str | None = SOURCE) -> Any:
    return json.loads(diagnostics_gitlab.render(found, lambda _: text, prefix=prefix))


def assert_is_sarif(log: Any) -> None:
    schema = json.loads((PUBLISHED / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
    jsonschema.Draft7Validator(schema).validate(log)


def assert_is_code_quality(report: Any) -> None:
    schema = json.loads((PUBLISHED / "gitlab-code-quality.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(report)


def assert_is_junit(text: str) -> None:
    xmlschema.XMLSchema(PUBLISHED / "junit-10.xsd").validate(text)


@pytest.mark.parametrize("found", [[], FOUND], ids=["nothing", "everything"])
def test_each_format_is_as_published(found: list[Diagnostic]) -> None:
    assert_is_sarif(sarif(*found))
    assert_is_code_quality(gitlab(*found))
    assert_is_junit(junit(*found))
    assert_is_junit(junit(*found, strict=True))


def test_the_published_schemas_refuse_what_they_should() -> None:
    """A validator that accepts anything would prove nothing."""
    log = sarif(*FOUND)
    log["runs"][0]["results"][0]["level"] = "critical"
    with pytest.raises(jsonschema.ValidationError):
        assert_is_sarif(log)
    report = gitlab(*FOUND)
    del report[0]["fingerprint"]
    with pytest.raises(jsonschema.ValidationError):
        assert_is_code_quality(report)
    with pytest.raises(xmlschema.XMLSchemaValidationError):
        assert_is_junit(junit(*FOUND).replace("<failure", "<fault").replace("</failure", "</fault"))


def test_sarif_tells_tool_rules_and_places() -> None:
    (run,) = sarif(*FOUND)["runs"]
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("incidentbook", "0.1.0")
    assert driver["informationUri"] == "https://tool.example/"
    assert [rule["id"] for rule in driver["rules"]] == ["empty-heading", "no-such-rule", "unknown-value"]
    assert run["columnKind"] == "unicodeCodePoints"
    known = driver["rules"][2]
    assert known["defaultConfiguration"] == {"level": "error"}
    assert "## Use instead" in known["help"]["markdown"]
    assert "\n" not in known["shortDescription"]["text"]
    for result in run["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    first, second, deleted, *_ = run["results"]
    assert first["level"] == "error"
    assert first["message"]["text"] == "`urgency` is `hihg`\nhelp: did you mean `high`?"
    assert first["locations"][0]["physicalLocation"]["region"] == {
        "startLine": 3,
        "startColumn": 10,
        "endLine": 3,
        "endColumn": 14,
    }
    assert second["locations"][0]["physicalLocation"]["region"]["endLine"] == 3
    assert (second["level"], deleted["level"]) == ("warning", "note")
    assert deleted["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "incidents/2026/INC-2026-0041.md"},
        "region": {"startLine": 1},
    }


def test_sarif_without_an_address_of_the_tool() -> None:
    text = diagnostics_sarif.render(FOUND, source, version="0.1.0", url=None)
    assert_is_sarif(json.loads(text))
    assert "informationUri" not in text


def test_sarif_paths_are_uris_from_the_root_of_the_checkout() -> None:
    log = sarif(*FOUND, prefix="our records/")
    for result, one in zip(log["runs"][0]["results"], FOUND, strict=True):
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        parts = urlsplit(uri)
        assert (parts.scheme, parts.netloc, parts.query, parts.fragment) == ("", "", "", "")
        assert uri.isascii()
        assert unquote(uri) == "our records/" + one.path


def test_no_message_makes_a_link_or_steers_a_terminal() -> None:
    texts = [
        json.dumps(sarif(*FOUND)["runs"][0]["results"], ensure_ascii=False),
        json.dumps(gitlab(*FOUND), ensure_ascii=False),
        junit(*FOUND),
    ]
    assert "](" not in texts[0]
    for text in texts:
        assert all(character.isprintable() or character in "\n\ufffe\uffff" for character in text)
        assert "\\u001b" not in text
    # XML forbids even these two
    assert not {"\ufffe", "\uffff"} & set(texts[2])


def test_junit_has_a_test_for_every_file() -> None:
    clean = "incidents/2026/INC-2026-0007.md"
    root = ElementTree.fromstring(junit(*FOUND, checked=(PATH, clean)))
    (suite,) = root
    assert suite.attrib == {
        "name": "incidentbook check",
        "tests": "5",
        "failures": "3",
        "errors": "0",
        "skipped": "0",
    }
    cases = {(case.attrib["classname"], case.attrib["name"]): case for case in suite}
    assert len(cases) == 5
    assert list(cases["incidents/2026", "INC-2026-0007.md"]) == []
    failure, output = cases["incidents/2026", "INC-2026-0042.md"]
    assert failure.attrib == {"type": "unknown-value", "message": "`urgency` is `hihg`"}
    assert failure.text == (
        f"{PATH}:3:10: error[unknown-value]: `urgency` is `hihg`\n  help: did you mean `high`?"
    )
    assert (output.tag, output.text) == (
        "system-out",
        f"{PATH}:2:8: warning[empty-heading]: `urgency` is `hihg`",
    )
    (deleted,) = cases["incidents/2026", "INC-2026-0041.md"]
    assert deleted.tag == "system-out"
    assert cases["schema", "incidentbook.yml"][0].tag == "failure"


def test_junit_fails_where_the_check_does() -> None:
    warned = diagnostic(severity=Severity.WARNING)
    noted = diagnostic(severity=Severity.NOTE)
    assert 'failures="0"' in junit(warned, noted)
    assert 'failures="1"' in junit(warned, noted, strict=True)
    assert 'failures="0"' in junit(noted, strict=True)


def test_junit_has_one_failure_a_test() -> None:
    root = ElementTree.fromstring(junit(diagnostic(), diagnostic(Span(3, 1, 3, 2), "another")))
    (failure,) = root.iter("failure")
    assert failure.attrib["message"] == "`urgency` is `hihg` (and 1 more)"
    assert failure.text is not None
    assert "another" in failure.text


def test_gitlab_gets_what_its_table_says() -> None:
    first, second, deleted, *_ = gitlab(*FOUND, prefix="records/")
    assert first == {
        "description": "`urgency` is `hihg` (help: did you mean `high`?)",
        "check_name": "unknown-value",
        "fingerprint": first["fingerprint"],
        "severity": "major",
        "location": {"path": f"records/{PATH}", "lines": {"begin": 3}},
    }
    assert (second["severity"], deleted["severity"]) == ("minor", "info")
    assert deleted["location"]["lines"] == {"begin": 1}


def test_a_finding_keeps_its_fingerprint_when_its_line_moves() -> None:
    here = diagnostic(Span(3, 10, 3, 14), "the review is 4 days late")
    moved = diagnostic(Span(5, 12, 5, 16), "the review is 11 days late")
    below = "---\n# a comment\n# another\ntitle: x\nurgency:   hihg\n---\n"
    assert fingerprints([here], source) == fingerprints([moved], lambda _: below)
    assert sarif(here)["runs"][0]["results"][0]["partialFingerprints"] == {
        "incidentbook/v1": gitlab(here)[0]["fingerprint"]
    }


def test_two_findings_never_share_a_fingerprint() -> None:
    """GitLab shows only the first of those that do."""
    same = [diagnostic(Span(3, 10, 3, 14))] * 3
    others = [
        diagnostic(Span(3, 10, 3, 14), code="wrong-year"),
        diagnostic(Span(3, 10, 3, 14), path="incidents/2026/INC-2026-0043.md"),
        diagnostic(Span(3, 1, 3, 8)),
        diagnostic(Span(3, 10, 3, 14), "`urgency` is `hgih`"),
        diagnostic(None),
    ]
    assert len(set(fingerprints([*same, *others], source))) == 8
