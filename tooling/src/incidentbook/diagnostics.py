"""What is wrong with a record or a configuration file, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a diagnostic weighs; only errors (and warnings under `--strict`) fail a check."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open stretch of text: lines and columns count from 1, in characters."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding about one place.

    `path` is relative to the repository, with forward slashes. `span` is None where no
    line can be named (a file that is missing, or cannot be decoded at all).
    """

    code: str
    severity: Severity
    message: str
    path: str
    span: Span | None = None
    help: str | None = None

    def sort_key(self) -> tuple[str, int, int, str, str]:
        """Order of output: by path, then place, then code, then message."""
        line, column = (self.span.line, self.span.column) if self.span else (0, 0)
        return (self.path, line, column, self.code, self.message)


class IncidentbookError(Exception):
    """The tool cannot go on; the message is one line for a person, the CLI exits with 2."""
