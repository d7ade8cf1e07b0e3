"""Exported tables as CSV, JSON and Parquet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from enum import Enum
from types import MappingProxyType
from typing import Any

from incidentbook.diagnostics import IncidentbookError
from incidentbook.reports.export.columns import Column, Exported, Kind, Value

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "'")
"""What makes a spreadsheet compute a cell instead of showing it; the apostrophe is the guard itself."""


class ParquetNotInstalledError(IncidentbookError):
    """Parquet was asked for, and what writes it is not installed."""

    def __init__(self) -> None:
        super().__init__("Parquet needs pyarrow: pip install pyarrow")


def as_csv(exported: Exported) -> bytes:
    """Write RFC 4180 in UTF-8 with line feeds; missing values are empty.

    Text that a spreadsheet would take for a formula gets an apostrophe before it, as does text
    that begins with one: who reads the file by a program takes one leading apostrophe away.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(column.name for column in exported.columns)
    for row in exported.rows:
        writer.writerow(_cell(column, value) for column, value in zip(exported.columns, row, strict=True))
    return out.getvalue().encode("utf-8", "replace")


def _cell(column: Column[Any], value: Value) -> str:
    if value is None:
        return ""
    if column.kind is Kind.TEXT:
        text = _text(value)
        return f"'{text}" if text.startswith(FORMULA_STARTS) else text
    plain = _plain(value)
    return str(plain).lower() if isinstance(plain, bool) else str(plain)


def as_json(exported: Exported) -> bytes:
    """Write an array of objects, one a row; missing values are null."""
    names = [column.name for column in exported.columns]
    rows = (
        json.dumps(dict(zip(names, map(_plain, row), strict=True)), ensure_ascii=False, allow_nan=False)
        for row in exported.rows
    )
    body = ",\n".join(rows)
    return (f"[\n{body}\n]\n" if body else "[]\n").encode("utf-8", "replace")


def as_parquet(exported: Exported) -> bytes:
    """Write one row group of typed columns; the file's metadata hold revision, clock and audience.

    Raises ParquetNotInstalledError.
    """
    try:
        import pyarrow as pa  # noqa: PLC0415
        import pyarrow.parquet as pq  # noqa: PLC0415
    except ImportError:
        raise ParquetNotInstalledError from None
    types = {
        Kind.TEXT: pa.string(),
        Kind.COUNT: pa.int64(),
        Kind.SECONDS: pa.float64(),
        Kind.FLAG: pa.bool_(),
        Kind.TIME: pa.timestamp("us", tz="UTC"),
        Kind.DAY: pa.date32(),
    }
    schema = pa.schema(
        [(column.name, types[column.kind]) for column in exported.columns],
        metadata={f"incidentbook.{name}": value for name, value in exported.about.items()},
    )
    cells = zip(*exported.rows, strict=True) if exported.rows else ((),) * len(exported.columns)
    arrays = [
        pa.array([_typed(column, value) for value in values], types[column.kind])
        for column, values in zip(exported.columns, cells, strict=True)
    ]
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(arrays, schema=schema), sink)
    return sink.getvalue()


def _typed(column: Column[Any], value: Value) -> Value:
    if value is None:
        return None
    if column.kind is Kind.TEXT:
        return _text(value).encode("utf-8", "replace").decode()
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def _text(value: Value) -> str:
    return str(value.value) if isinstance(value, Enum) else str(value)


def _plain(value: Value) -> str | int | float | bool | None:
    """Put a value as JSON and CSV have it: times in UTC, whole numbers without a fraction."""
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case Enum():
            return str(value.value)
        case float() if value.is_integer():
            return int(value)
    return value


FORMATS: Mapping[str, Callable[[Exported], bytes]] = MappingProxyType(
    {"csv": as_csv, "json": as_json, "parquet": as_parquet}
)
"""How a table is written, by the format's name."""
