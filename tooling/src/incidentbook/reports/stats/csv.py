"""Figures as CSV, for spreadsheets: one row for the whole and one a group."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from incidentbook.metrics import Availability, Comparison, Keys, Statistics
from incidentbook.metrics.values import availability_values, change_values, figure_values

_NO_COLUMN = frozenset({"left_out", "unit"})
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What begins with these is computed by spreadsheets."""


def stats_as_csv(statistics: Statistics) -> str:
    """Render figures, one column each; a cell is empty where there is nothing to measure."""
    whole = figure_values(statistics.overall, statistics.goals)
    rows: list[tuple[str, Keys, dict[str, Any]]] = [("overall", (None,) * len(statistics.by), whole)]
    rows += [("group", group.key, figure_values(group.figures, group.goals)) for group in statistics.groups]
    flat = [
        {"row": kind, **dict(zip(statistics.by, key, strict=True)), **dict(_flat(values))}
        for kind, key, values in rows
    ]
    return _text(flat)


def availability_as_csv(availability: Availability) -> str:
    """Render availability, one row for the page and one a service."""
    values = availability_values(availability)
    window = {"from": values["from"], "to": values["to"]}
    rows = [{"row": "page", "service": None, **window, **dict(_flat(values["page_detail"]))}]
    rows += [
        {"row": "service", "service": key, **window, **dict(_flat(detail))}
        for key, detail in values["service_details"].items()
    ]
    return _text(rows)


def comparison_as_csv(comparison: Comparison) -> str:
    """Render two periods, one row a figure."""
    return _text(change_values(change) for change in comparison.changes)


def _flat(values: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        if key in _NO_COLUMN:
            continue
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{key}_")
        else:
            yield before + key, value


def _text(rows: Iterable[Mapping[str, Any]]) -> str:
    rows = list(rows)
    columns = dict.fromkeys(column for row in rows for column in row)
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(columns), lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows({column: _cell(value) for column, value in row.items()} for row in rows)
    return text.getvalue().removesuffix("\n")


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return value
