"""Links in texts, as the forge would follow them."""

from __future__ import annotations

import pytest
from rules.material import OTHERS, SUBJECTS, CheckFiles, found

PATH, RECORD = SUBJECTS["incident"]


def linking(body: str, extra: str = "") -> dict[str, str | bytes]:
    head = RECORD[: RECORD.index("\n---\n") + 1]
    return {**OTHERS, PATH: f"{head}{extra}---\n{body}"}


@pytest.mark.parametrize(
    "text",
    [
        "![graph](INC-9999/graph.png)",
        "[there][1]\n\n[1]: gone.md",
        '<a href="gone.md">x</a>',
        "[up](../../../../etc/passwd)",
        "[root](/incidents/gone.md)",
        "[a](gone%20file.md)",
        "[two](gone.md#x) words",
    ],
)
def test_links_to_nothing(check_files: CheckFiles, text: str) -> None:
    assert len(found(check_files(linking(text)), "broken-link")) == 1


@pytest.mark.parametrize(
    "text",
    [
        "`[code](gone.md)`",
        "```\n[code](gone.md)\n```",
        "[out](https://x.invalid/gone.md) [mail](mailto:a@x.invalid) <//x.invalid/gone.md>",
        "[other room](../../tooling/gone.py)",
        "[folder](../2026)",
        "[schema](/schema/services.yml)",
        "\\[no link](gone.md)",
    ],
)
def test_what_is_no_broken_link(check_files: CheckFiles, text: str) -> None:
    assert found(check_files(linking(text)), "broken-link") == []


def test_the_place_and_the_near_name_are_told(check_files: CheckFiles) -> None:
    files = linking("One.\n\nSee [it](graphs/errors.pgn) now.\n")
    folder = PATH.rsplit("/", 1)[0]
    files[f"{folder}/graphs/errors.png"] = b"\x89PNG"
    (finding,) = found(check_files(files), "broken-link")
    assert finding.span is not None
    line = str(files[PATH]).splitlines()[finding.span.line - 1]
    assert line[finding.span.column - 1 :].startswith("graphs/errors.pgn")
    assert finding.help == "did you mean `errors.png`?"


def test_texts_of_fields_are_read_too(check_files: CheckFiles) -> None:
    extra = "steps:\n  - {at: 2026-03-02T08:30+00:00, text: 'As [told](gone.md).'}\n"
    base = linking("Words.", extra)
    (finding,) = found(check_files(base), "broken-link")
    assert finding.span is not None
    assert "gone.md" in str(base[PATH]).splitlines()[finding.span.line - 1]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("[x](#what-we-saw)\n\n## What we saw", 0),
        ("[x](#what-we-saw-1)\n\n## What we saw\n\n## What we saw", 0),
        ("[x](#mine)\n\n<a name='mine'></a>", 0),
        ("[x](#%C3%BCberblick)\n\n# Überblick", 0),
        ("[x](#what-we-saw-2)\n\n## What we saw\n\n## What we saw", 1),
        ("[x](#What we saw)\n\n## What we saw", 0),  # no link at all: it has blanks
        ("[x](#saw)\n\n```\n## saw\n```", 1),
        ("Said so.[^a]\n\nAgain.[^a]\n\n[^a]: The note.", 0),
        ("Said so.[^a]\n\n[^a]: The note, see [up](#gone).", 1),
    ],
)
def test_headings(check_files: CheckFiles, text: str, count: int) -> None:
    assert len(found(check_files(linking(text)), "broken-anchor")) == count
