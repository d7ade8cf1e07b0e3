"""However somebody lays out a record by hand: a change keeps every comment and what it does not name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from changebed import assert_only_that
from hypothesis import given, settings
from hypothesis import strategies as st

from incidentbook.desk.change import Change
from incidentbook.source import read_document

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
EARLY, LATER = "2026-11-20T08:05+00:00", "2026-11-20T08:30+00:00"

RECORD: Mapping[str, Any] = {
    "title": "Gate: C2",
    "status": "in_progress",
    "services": [{"service": "search", "state": "partial_outage"}, {"service": "gates", "state": "x, y"}],
    "opened": EARLY,
    "assignments": [{"at": EARLY, "team": "desk"}],
    "holds": [],
    "escalations": [],
    "steps": [{"at": EARLY, "text": "It's # here"}, {"at": LATER, "text": 'So "it" [is]', "by": "duty-one"}],
    "reporter": {"channel": "phone", "name": "a: b"},
    "links": {"parent": "INC-2026-0009", "apart": "Alone, {so}", "articles": ["restart"], "earlier": []},
    "resolution": {"code": "fixed", "summary": "Gone"},
    "category": "application/defect",
}

PARTS: Mapping[str, Change] = {
    "values": Change(
        said="x", values={"status": "resolved", "mitigated": AT, "reporter": {"channel": "chat"}}
    ),
    "removed": Change(said="x", values={"resolution": None, "holds": None}),
    "added": Change(
        said="x",
        added={
            "assignments": [{"at": AT, "team": "payments", "owner": "duty-one"}],
            "escalations": [{"at": AT, "to": "payments"}],
            "steps": [{"at": AT, "text": "Two\n\nlines # of it"}, {"at": AT, "text": "{One}"}],
            "services": [{"service": "gates", "state": "operational"}],
        },
    ),
    "nested": Change(
        said="x",
        nested={
            ("links",): {
                "parent": "INC-2026-0008",
                "apart": None,
                "articles": ["restart", "b"],
                "problem": "P",
            },
            ("services", 0): {"to": AT},
            ("steps", 1): {"text": "Other", "by": None},
        },
    ),
}


PLAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9+/_. -]|:(?! ))*")


class Hand:
    """Somebody who writes YAML in a way of their own."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.comments = 0

    def one_of(self, *choices: str) -> str:
        return self.draw(st.sampled_from(choices))

    def comment(self) -> str:
        self.comments += 1
        return f"# c{self.comments}" + self.one_of("", ", a: b", " {x", ' "y', "]", ",", " # twice", " - z")

    def beside(self) -> str:
        """What stands behind a value on its line, to its end."""
        return (self.one_of(" ", "   ") + self.comment() if self.one_of("", "c") else "") + "\n"

    def between(self, indent: str) -> str:
        """Lines above a key or entry, or below the last."""
        lines = self.one_of("", "", "", "\n", "c", "\nc", "c\n")
        return "".join(indent + self.comment() + "\n" if line == "c" else "\n" for line in lines.splitlines())

    def text(self, value: str) -> str:
        single = "'" + value.replace("'", "''") + "'"
        double = '"' + value.replace('"', '\\"') + '"'
        return self.one_of(single, double, value if PLAIN.fullmatch(value) else single)

    def inside(self, value: Any, indent: str) -> str:
        """A value in braces, on one line or several."""
        if isinstance(value, str):
            return self.text(value)
        parts = (
            [f"{key}: {self.inside(part, indent + ' ')}" for key, part in value.items()]
            if isinstance(value, dict)
            else [self.inside(part, indent + " ") for part in value]
        )
        opening, closing = "{}" if isinstance(value, dict) else "[]"
        ends = [","] * (len(parts) - 1) + [self.one_of("", ",")] if parts else []
        if self.one_of("one line", "lines") == "one line":
            blank = self.one_of("", " ")
            return opening + blank + " ".join(map("".join, zip(parts, ends, strict=True))) + blank + closing
        lines = [
            f"{indent} {part}{end}{self.beside()}{self.between(indent)}"
            for part, end in zip(parts, ends, strict=True)
        ]
        return f"{opening}{self.beside()}{''.join(lines)}{indent}{self.one_of('', ' ')}{closing}"

    def after_colon(self, value: Any, indent: str) -> str:
        """A value behind its key or dash, to the end of its last line."""
        inner = indent + self.one_of(" ", "  ", "    ")
        if isinstance(value, str):
            if self.one_of("", "", "|") and not value.startswith("2026"):
                return f" |-{self.beside()}{inner}{value}\n"
            return f" {self.text(value)}{self.beside()}"
        if not value and self.one_of("", "nothing"):
            return self.beside() + self.between(inner)
        if not value or self.one_of("braces", "lines") == "braces":
            return f" {self.inside(value, inner)}{self.beside()}"
        return self.beside() + self.on_lines(value, inner) + self.between(inner)

    def on_lines(self, value: Any, indent: str) -> str:
        if isinstance(value, dict):
            return "".join(
                f"{self.between(indent)}{indent}{key}:{self.after_colon(part, indent)}"
                for key, part in value.items()
            )
        return "".join(f"{self.between(indent)}{indent}-{self.entry(part, indent)}" for part in value)

    def entry(self, value: Any, indent: str) -> str:
        """An entry of a list, behind its dash."""
        if isinstance(value, dict) and self.one_of("", "keys"):
            blanks = self.one_of(" ", "   ")
            lines = self.on_lines(value, f"{indent} {blanks}")
            first = lines.lstrip(" ")
            return blanks + first if not first.startswith(("#", "\n")) else "\n" + lines
        return f" {self.inside(value, indent + '   ')}{self.beside()}"


@st.composite
def layouts(draw: st.DrawFn) -> str:
    hand = Hand(draw)
    text = hand.between("") + "".join(
        f"{key}:{hand.after_colon(value, '')}{hand.between('')}" for key, value in RECORD.items()
    )
    return f"---\n{text}---\nBody   stays.\n".replace("\n", draw(st.sampled_from(["\n", "\r\n"])))


@settings(max_examples=150, deadline=None)
@given(layouts(), st.sampled_from(sorted(PARTS)))
def test_any_layout(text: str, part: str) -> None:
    before = read_document("incidents/2026/INC-2026-0001.md", text.encode())
    assert before.diagnostics == ()
    assert {key: value or [] for key, value in (before.values or {}).items()}.keys() == RECORD.keys()
    after = assert_only_that(before, PARTS[part], part)
    assert ("\r\n" in text) == ("\r\n" in after.text) == ("\n" not in after.text.replace("\r\n", ""))
