"""An incident of another system in our terms, before it has an ID here."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from pydantic_core import PydanticCustomError

from incidentbook.diagnostics import Diagnostic, Severity, Span
from incidentbook.records.fields import parse_instant

BAD_ROW, LEFT_OUT, KEPT = "import-bad-row", "import-left-out", "import-kept"
"""Codes: a row that does not come in; a value that does not; a value here that the source has otherwise."""

_BREAK = re.compile(r"[ \t]*<br[ \t]*/?>[ \t]*\n?", re.IGNORECASE)
_PARAGRAPH = re.compile(r"[ \t]*</p>\s*(<p>)?[ \t]*|<p>[ \t]*", re.IGNORECASE)
_LINE_END = re.compile("\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
_UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_TRAILING = re.compile(r"[^\S\n]+$", re.MULTILINE)


@dataclass(frozen=True)
class ForeignService:
    """A service as the other system names it."""

    name: str
    definition: str | None = None


@dataclass(frozen=True)
class ForeignImpact:
    """One foreign service in one state; without times it holds as long as the incident."""

    service: ForeignService
    state: str
    from_: datetime | None = None
    to: datetime | None = None


@dataclass(frozen=True)
class Foreign:
    """One incident or maintenance, mapped.

    `values` are the fields of the record but for `services`, whose keys only the catalogue knows.
    `filed` is when it was logged: its year is the year of the ID, and records come in by it.
    """

    kind: str
    line: int
    origin: Mapping[str, str]
    filed: datetime
    values: Mapping[str, Any]
    services: tuple[ForeignImpact, ...] = ()
    revised: datetime | None = None


@dataclass
class Log:
    """What is said while rows are read: each complaint with its line, and what is only counted."""

    source: str
    diagnostics: list[Diagnostic] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    _said: set[Diagnostic] = field(default_factory=set)

    def refuse(self, line: int, message: str, help_: str | None = None) -> None:
        """Say that a row does not come in."""
        self._add(BAD_ROW, Severity.ERROR, line, message, help_)

    def leave_out(self, line: int, message: str, help_: str | None = None) -> None:
        """Say that a part of a row does not come in."""
        self._add(LEFT_OUT, Severity.WARNING, line, message, help_)

    def keep(self, line: int, message: str) -> None:
        """Say that a record here stays as it is."""
        self._add(KEPT, Severity.NOTE, line, message, None)

    def count(self, remark: str) -> None:
        """Count what would be tedious to read for each row."""
        self.counts[remark] += 1

    def _add(self, code: str, severity: Severity, line: int, message: str, help_: str | None) -> None:
        found = Diagnostic(code, severity, message, self.source, Span(line, 1, line, 1), help_)
        # a value that two fields of ours are made of is complained of once
        if found not in self._said:
            self._said.add(found)
            self.diagnostics.append(found)


class Fields:
    """One foreign object, read by people who do not trust it."""

    def __init__(self, values: Mapping[str, Any], line: int, log: Log, where: str = "") -> None:
        self._values = values
        self.where = where
        self.line = line
        self.log = log

    def text(self, *keys: str) -> str | None:
        """The first of these that holds any text, on one line."""
        for key in keys:
            found = self._text(key)
            if found:
                return " ".join(found.split())
        return None

    def prose(self, *keys: str) -> str | None:
        """The first of these that holds any text, with its lines."""
        return next((found for key in keys if (found := self._text(key))), None)

    def word(self, key: str) -> str:
        """One of the other system's words, however it is spelt: `In progress` is `in_progress`."""
        value = self._values.get(key)
        return "" if value is None else "_".join(printable(value).lower().replace("-", " ").split())

    def instant(self, *keys: str) -> datetime | None:
        """The first of these that is a time, in UTC; one that is none is reported."""
        for key in keys:
            value = self._values.get(key)
            if value in (None, ""):
                continue
            try:
                given = parse_instant(value.strip() if isinstance(value, str) else value)
                # again, because in UTC it may lie in another year
                return parse_instant(given.astimezone(UTC).isoformat())
            except PydanticCustomError as error:
                self.leave_out(key, f"is {quote(value)}: {error.message()}")
        return None

    def items(self, *keys: str) -> list[Any]:
        """The first of these that is a list."""
        for key in keys:
            value = self._values.get(key)
            if isinstance(value, list):
                return value
            if value not in (None, ""):
                self.leave_out(key, f"is {quote(value)}: expected a list")
        return []

    def has(self, key: str) -> bool:
        """Tell whether anything stands there."""
        value = self._values.get(key)
        return value not in (None, "", [], {}) and value is not False

    def present(self) -> list[str]:
        """The keys that hold anything."""
        return [key for key in self._values if self.has(key)]

    def leave_out(self, key: str, problem: str) -> None:
        """Report that one value does not come in."""
        self.log.leave_out(self.line, f"{self.where}`{printable(key)}` {problem}; left out")

    def _text(self, key: str) -> str | None:
        value = self._values.get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if isinstance(value, str):
            return clean_text(value) or None
        if value is not None:
            self.leave_out(key, f"is {quote(value)}: expected text")
        return None


def clean_text(text: str) -> str:
    """Text as it can stand in a record: plain line ends, nothing unprintable, HTML breaks as lines.

    Other HTML stays: a record's Markdown may hold it, and whatever shows a record sanitises it.
    """
    text = _LINE_END.sub("\n", text)
    text = _PARAGRAPH.sub("\n\n", _BREAK.sub("\n", text))
    text = _TRAILING.sub("", _UNPRINTABLE.sub("", text))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def printable(text: object) -> str:
    """Text that can be shown on one line of a terminal."""
    return " ".join(clean_text(str(text)).split())


def quote(value: object) -> str:
    """A value as a message shows it."""
    text = printable(value)
    return f"`{text[:57]}...`" if len(text) > 60 else f"`{text}`"
