"""Every rule's page holds an example that it flags, at the line it points at, and one that it does not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rules.material import OTHERS, SUBJECTS, CheckChange, CheckFiles, change, codes, found

import incidentbook
from incidentbook.records import KINDS
from incidentbook.rules import FAMILIES, RULES, Rule
from incidentbook.rules.documentation import (
    EXAMPLE,
    HERE,
    INSTEAD,
    SECTIONS,
    Snippet,
    moments,
    sections,
    snippets,
)
from incidentbook.rules.guards.guard import GUARDS

WORDS_ONLY = {
    *("not-text", "file-too-large", "symlinked-record", "unreadable-file", "rule-failed"),
    *("missing-schema-file", "missing-policy-file"),
}
"""Rules whose example cannot be a text; test_bad_input.py has them both ways."""

OF_CHANGES = {code for code, rule in RULES.items() if rule.family.startswith("history: ")}
OF_ONE_STATE = sorted(set(RULES) - WORDS_ONLY - OF_CHANGES)


def files_of(rule: Rule, examples: list[Snippet]) -> dict[str, str]:
    """Turn the snippets of a section into the files of a repository."""
    kind = next((name for name in KINDS if name in rule.kinds), "incident")
    path, record = SUBJECTS[kind]
    files = dict(OTHERS)
    for snippet in examples:
        if snippet.path is not None:
            files[snippet.path] = snippet.text
        elif snippet.language == "yaml":
            record = change(record, snippet.text)
        else:
            record = record[: record.index("\n---\n") + 5] + snippet.text
    if any(snippet.path is None for snippet in examples):
        files[path] = record
    return files


def files_of_change(rule: Rule, section: str) -> tuple[dict[str, str], dict[str, str]]:
    """Turn an example of a change into the files before it, and those after it."""
    before_text, after_text = moments(section)
    assert after_text is not None, f"{rule.code} says nothing of what was and what is"
    kind = next((name for name in KINDS if name in rule.kinds), "incident")
    path, record = SUBJECTS[kind]
    before = dict(OTHERS)
    parts = list(snippets(before_text))
    record = change(record, "\n".join(part.text for part in parts if part.path is None))
    if any(part.path is None for part in parts):
        before[path] = record
    after = dict(before)
    before |= {part.path: part.text for part in parts if part.path is not None}
    after |= {path: text for path, text in before.items() if path.startswith("schema/")}
    parts = list(snippets(after_text))
    fields = [part.text for part in parts if part.path is None]
    if fields:
        after[path] = change(record, "\n".join(fields))
    elif rule.code in {"record-deleted", "deletion-explained"}:
        del after[path]
    return before, after | {part.path: part.text for part in parts if part.path is not None}


def guard_of(code: str) -> str | None:
    """The guard that has to be asked for a rule to speak, if one has."""
    return next((name for name, guard in GUARDS.items() if guard.code == code), None)


@pytest.mark.parametrize("code", sorted(OF_CHANGES))
def test_flags_its_change(code: str, check_changed: CheckChange) -> None:
    rule = RULES[code]
    before, after = files_of_change(rule, sections(rule.documentation)[EXAMPLE])

    flagged = found(check_changed(before, after, only=guard_of(code)), code)

    assert flagged, f"{code} does not flag its own example"
    pointed_at = [
        (path, number)
        for path, text in after.items()
        for number, line in enumerate(text.splitlines(), start=1)
        if HERE in line
    ]
    if pointed_at:
        assert pointed_at == [(d.path, d.span.line if d.span else None) for d in flagged]


@pytest.mark.parametrize("code", sorted(OF_CHANGES))
def test_does_not_flag_its_other_change(code: str, check_changed: CheckChange) -> None:
    rule = RULES[code]
    before, after = files_of_change(rule, sections(rule.documentation)[INSTEAD])

    result = check_changed(before, after, only=guard_of(code))

    assert code not in codes(result)
    assert "rule-failed" not in codes(result)


@pytest.mark.parametrize("code", sorted(RULES))
def test_page_is_whole(code: str) -> None:
    assert tuple(sections(RULES[code].documentation)) == SECTIONS
    assert all(sections(RULES[code].documentation).values())


@pytest.mark.parametrize("code", OF_ONE_STATE)
def test_flags_its_example(code: str, check_files: CheckFiles) -> None:
    rule = RULES[code]
    page = sections(rule.documentation)
    bad = files_of(rule, list(snippets(page[EXAMPLE])))

    flagged = found(check_files(bad), code)

    assert flagged, f"{code} does not flag its own example"
    pointed_at = [
        (path, number)
        for path, text in bad.items()
        for number, line in enumerate(text.splitlines(), start=1)
        if HERE in line
    ]
    if pointed_at:
        assert pointed_at == [(d.path, d.span.line if d.span else None) for d in flagged]


@pytest.mark.parametrize("code", OF_ONE_STATE)
def test_does_not_flag_its_alternative(code: str, check_files: CheckFiles) -> None:
    rule = RULES[code]
    good = files_of(rule, list(snippets(sections(rule.documentation)[INSTEAD])))

    result = check_files(good)

    assert code not in codes(result)


@pytest.mark.parametrize("kind", list(SUBJECTS))
def test_records_that_examples_change_are_clean(kind: str, check_files: CheckFiles) -> None:
    path, record = SUBJECTS[kind]
    assert codes(check_files({**OTHERS, path: record})) == []


def test_every_rule_belongs_to_a_family() -> None:
    families = {module.__name__.partition(".rules.")[2].replace(".", ": ") for module in FAMILIES}
    assert {rule.family for rule in RULES.values()} == families


def test_whatever_reading_a_file_finds_has_its_page() -> None:
    package = Path(incidentbook.__file__).parent
    named = {
        code
        for room in ("source", "archive", "taxonomy")
        for path in (package / room).glob("*.py")
        for code in re.findall(r'"([a-z]+(?:-[a-z]+)+)"', path.read_text(encoding="utf-8"))
    }
    assert named - {"utf-8"} - set(RULES) == set()
