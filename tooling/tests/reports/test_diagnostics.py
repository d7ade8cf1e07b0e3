"""Diagnostics as a terminal, a program and GitHub get them."""

from __future__ import annotations

import json

import pytest

from incidentbook.diagnostics import Diagnostic, Severity, Span
from incidentbook.reports.diagnostics import github as diagnostics_github
from incidentbook.reports.diagnostics import json as diagnostics_json
from incidentbook.reports.diagnostics import text as diagnostics_text

PATH = "incidents/2026/INC-2026-0042.md"


def diagnostic(
    span: Span | None = None,
    message: str = "`urgency` is `hihg`",
    help_: str | None = None,
    severity: Severity = Severity.ERROR,
    path: str = PATH,
) -> Diagnostic:
    return Diagnostic("unknown-value", severity, message, path, span, help_)


def text(source: str | None, *diagnostics: Diagnostic, colour: bool = False) -> list[str]:
    return list(diagnostics_text.render(diagnostics, 3, lambda _: source, colour=colour))


def marked(source: str, span: Span) -> tuple[str, str]:
    """The source line and the line of carets below it, without their margins."""
    lines = text(source, diagnostic(span))
    return lines[2].partition("| ")[2], lines[3].partition("| ")[2]


def test_a_block_reads_like_a_compilers() -> None:
    source = "---\ntitle: x\nurgency: hihg\n"
    lines = text(source, diagnostic(Span(3, 10, 3, 14), help_="did you mean `high`?"))
    assert "\n".join(lines) == (
        "incidents/2026/INC-2026-0042.md:3:10: error[unknown-value]: `urgency` is `hihg`\n"
        "   |\n"
        " 3 | urgency: hihg\n"
        "   |          ^^^^\n"
        "   = help: did you mean `high`?\n"
        "\n"
        "3 records checked: 1 error, 0 warnings, 0 notes"
    )


def test_without_a_place_there_is_no_line() -> None:
    assert text(None, diagnostic(help_="do it")) == [
        f"{PATH}: error[unknown-value]: `urgency` is `hihg`",
        "   = help: do it",
        "",
        "3 records checked: 1 error, 0 warnings, 0 notes",
    ]


def test_a_place_that_is_no_longer_there_is_only_named() -> None:
    assert text("one line", diagnostic(Span(7, 1, 7, 2)))[1] == ""


def test_the_margin_is_as_wide_as_the_number() -> None:
    lines = text("\n" * 1233 + "key: value", diagnostic(Span(1234, 1, 1234, 4)))
    assert lines[1:4] == ["      |", " 1234 | key: value", "      | ^^^"]


def test_tabs_are_as_wide_above_as_below() -> None:
    assert marked("\tkey:\tvalue", Span(1, 7, 1, 12)) == ("    key:    value", " " * 12 + "^^^^^")


def test_wide_characters_take_two_columns() -> None:
    line, carets = marked("題名: 注文が失敗", Span(1, 5, 1, 7))
    assert line == "題名: 注文が失敗"
    assert carets == " " * 6 + "^^^^"


def test_combining_characters_take_none() -> None:
    assert marked("e\u0301e\u0301 x", Span(1, 6, 1, 7))[1] == "   ^"


@pytest.mark.parametrize("at", [1, 50, 500, 9_000, 9_991])
def test_a_long_line_is_cut_around_the_place(at: int) -> None:
    source = "".join(chr(97 + number % 26) for number in range(10_000))
    line, carets = marked(source, Span(1, at, 1, at + 5))
    start, end = carets.index("^"), len(carets)
    assert len(line) <= 110
    assert line[start:end] == source[at - 1 : at + 4]


def test_a_long_place_is_cut_too() -> None:
    line, carets = marked("k: " + "x" * 10_000, Span(1, 4, 1, 10_004))
    assert len(line) <= 110
    assert line.endswith("…")
    assert len(carets) == len(line)


def test_a_place_over_several_lines_is_marked_on_the_first() -> None:
    assert marked("  - title: x\n    due: y", Span(1, 5, 2, 11)) == ("  - title: x", "    ^^^^^^^^")


def test_an_empty_place_is_marked_all_the_same() -> None:
    assert marked("", Span(1, 1, 1, 1)) == ("", "^")


def test_what_a_terminal_would_obey_is_spelled_out() -> None:
    evil = "\x1b[2J\x1b]0;owned\x07\u202eabc\u200b\x9b1m\x7f\r"
    lines = text(f"title: {evil}", diagnostic(Span(1, 8, 1, 12), message=evil, help_=evil, path=evil))
    for character in evil:
        if not character.isprintable():
            assert character not in "\n".join(lines)
    assert "\\x1b[2J" in lines[0]
    assert "\\u202e" in lines[0]


def test_a_message_is_one_line() -> None:
    assert "a\\x0ab" in text(None, diagnostic(message="a\nb"))[0]


def test_colour_only_when_asked() -> None:
    span = Span(1, 1, 1, 2)
    assert "\x1b" not in "".join(text("ab", diagnostic(span)))
    coloured = "".join(text("ab", diagnostic(span), colour=True))
    assert "\x1b[31m" in coloured
    assert coloured.count("\x1b[0m") >= 4


@pytest.mark.parametrize(
    ("severities", "summary"),
    [
        ([], "3 records checked: 0 errors, 0 warnings, 0 notes"),
        (["error", "error", "warning", "note"], "3 records checked: 2 errors, 1 warning, 1 note"),
        (["note"] * 1200, "3 records checked: 0 errors, 0 warnings, 1,200 notes"),
    ],
)
def test_the_summary_counts(severities: list[str], summary: str) -> None:
    assert summary in text(None, *(diagnostic(severity=Severity(s)) for s in severities))


def test_json_has_these_keys_and_no_others() -> None:
    found = [
        diagnostic(Span(3, 10, 3, 14), help_="did you mean `high`?"),
        diagnostic(None, severity=Severity.WARNING),
        diagnostic(None, severity=Severity.NOTE),
    ]
    assert json.loads(diagnostics_json.render(found, 7)) == {
        "diagnostics": [
            {
                "code": "unknown-value",
                "severity": "error",
                "message": "`urgency` is `hihg`",
                "path": PATH,
                "line": 3,
                "column": 10,
                "end_line": 3,
                "end_column": 14,
                "help": "did you mean `high`?",
            },
            *(
                {
                    "code": "unknown-value",
                    "severity": severity,
                    "message": "`urgency` is `hihg`",
                    "path": PATH,
                    "line": None,
                    "column": None,
                    "end_line": None,
                    "end_column": None,
                    "help": None,
                }
                for severity in ("warning", "note")
            ),
        ],
        "summary": {"records": 7, "errors": 1, "warnings": 1},
    }


def github(*found: Diagnostic, prefix: str = "") -> list[str]:
    return list(diagnostics_github.render(found, prefix=prefix))


def test_github_gets_a_command_a_diagnostic() -> None:
    assert github(
        diagnostic(Span(3, 10, 3, 14), help_="did you mean `high`?"),
        diagnostic(Span(3, 10, 5, 2), severity=Severity.WARNING),
        diagnostic(None, severity=Severity.NOTE),
    ) == [
        f"::error file={PATH},line=3,endLine=3,col=10,endColumn=13,title=unknown-value"
        "::`urgency` is `hihg`%0Ahelp: did you mean `high`?",
        f"::warning file={PATH},line=3,endLine=5,title=unknown-value::`urgency` is `hihg`",
        f"::notice file={PATH},title=unknown-value::`urgency` is `hihg`",
    ]


def test_github_escapes_as_its_toolkit_does() -> None:
    (line,) = github(diagnostic(message="100 % of a:b, c::d", path="incidents/a, b: 100 %.md"))
    assert line == ("::error file=incidents/a%2C b%3A 100 %25.md,title=unknown-value::100 %25 of a:b, c::d")


def test_nobody_smuggles_a_command_past_github() -> None:
    (line,) = github(diagnostic(message="a\n::error::b\r::stop-commands::x", path="a\n::warning::b.md"))
    assert "\n" not in line
    assert "\r" not in line


def test_github_counts_paths_from_the_checkout() -> None:
    assert github(diagnostic(None), prefix="records/")[0].startswith(f"::error file=records/{PATH},")


def test_github_gets_errors_first() -> None:
    """It shows ten annotations a step and sort, and drops the rest."""
    found = [
        diagnostic(Span(line, 1, line, 2), severity=severity)
        for line, severity in enumerate((Severity.NOTE, Severity.ERROR, Severity.WARNING, Severity.ERROR), 1)
    ]
    lines = list(diagnostics_github.render(found))
    assert [(line.split(" ")[0], line.partition("line=")[2][0]) for line in lines] == [
        ("::error", "2"),
        ("::error", "4"),
        ("::warning", "3"),
        ("::notice", "1"),
    ]


def test_a_file_name_cannot_steer_the_log_that_shows_it() -> None:
    (line,) = diagnostics_github.render([diagnostic(path="incidents/2026/\x1b[31mred.md")])
    assert "\x1b" not in line


def test_many_are_counted_by_code_below_the_summary() -> None:
    def of(code: str, severity: Severity) -> Diagnostic:
        return Diagnostic(code, severity, "m", PATH)

    few = [of("missing-owner", Severity.WARNING)] * 50
    assert text(None, *few)[-1].startswith("3 records checked")
    many = [*few * 30, of("wrong-year", Severity.ERROR), of("empty-file", Severity.ERROR)]
    assert text(None, *many)[-5:] == [
        "3 records checked: 2 errors, 1,500 warnings, 0 notes",
        "",
        " 1,500 warning[missing-owner]",
        "     1 error[empty-file]",
        "     1 error[wrong-year]",
    ]
