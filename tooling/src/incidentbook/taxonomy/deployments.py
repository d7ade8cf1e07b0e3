"""How often something was deployed: schema/deployments.csv, which a delivery pipeline may write."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date

from pydantic_core import PydanticCustomError

from incidentbook.diagnostics import Diagnostic, Severity, Span
from incidentbook.records.fields import parse_day

PATH = "schema/deployments.csv"
"""Where the counts lie in a records repository."""

COLUMNS = ("day", "service", "deployments")
_HELP = "a line is `2026-10-01,checkout,14`; the service may be empty"


@dataclass(frozen=True, slots=True)
class Deployments:
    """How often a service, or all of them (None), was deployed on a day, or in the time it stands for."""

    day: date
    service: str | None
    count: int


def read_deployments(path: str, data: bytes) -> tuple[tuple[Deployments, ...], tuple[Diagnostic, ...]]:
    """Read a CSV file with the columns day, service and deployments; a bad line is told and left out."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return (), (_fault(path, None, "the file is not UTF-8"),)
    rows = csv.reader(io.StringIO(text, newline=""))
    found: list[Deployments] = []
    faults: list[Diagnostic] = []
    try:
        header = tuple(name.strip().lower() for name in next(rows, []))
        if header != COLUMNS:
            return (), (_fault(path, 1, f"the first line must be `{','.join(COLUMNS)}`"),)
        for row in rows:
            if any(cell.strip() for cell in row):
                try:
                    found.append(_row(row))
                except ValueError as error:
                    faults.append(_fault(path, rows.line_num, str(error)))
    except csv.Error as error:
        faults.append(_fault(path, rows.line_num, str(error)))
    return tuple(found), tuple(faults)


def _row(row: list[str]) -> Deployments:
    if len(row) != len(COLUMNS):
        message = f"the line has {len(row)} columns; expected {len(COLUMNS)}"
        raise ValueError(message)
    day, service, count = (cell.strip() for cell in row)
    if not (count.isascii() and count.isdigit()):
        message = f"`{count}` is no count of deployments"
        raise ValueError(message)
    try:
        return Deployments(parse_day(day), service or None, int(count))
    except PydanticCustomError as error:
        message = f"`{day}`: {error.message()}"
        raise ValueError(message) from None


def _fault(path: str, line: int | None, message: str) -> Diagnostic:
    span = Span(line, 1, line, 1) if line else None
    return Diagnostic("bad-deployments", Severity.ERROR, message, path, span, _HELP)
