"""Figures as text, for a terminal of 80 columns or a pipe."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo

from rich import box
from rich.console import Group as Stack
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from incidentbook.metrics import Availability, Comparison, Statistics
from incidentbook.records import ServiceState
from incidentbook.reports import stats_tables as words
from incidentbook.reports.stats_tables import Cell, StatsTable
from incidentbook.reports.stats_words import printable

_DIM = "dim"


def stats_as_text(
    statistics: Statistics,
    availability: Availability,
    *,
    name: str,
    zone: tzinfo,
    comparison: Comparison | None = None,
) -> RenderableType:
    """Lay figures out as tables; `name` is whose records these are, `zone` that of dates."""
    parts: list[RenderableType] = [_heading(words.heading(statistics, name, zone), statistics, zone)]
    for table in words.tables(statistics):
        parts += [Text(), _table(table)]
    if comparison is not None:
        parts += [Text(), Text(words.comparison_heading(comparison, zone), "bold")]
        parts += [_table(words.comparison_table(comparison)), Text(words.comparison_note(), _DIM)]
    parts += [Text(), *(Text(printable(line)) for line in words.lines(statistics, availability, zone))]
    parts += [Text(printable(note), _DIM) for note in words.notes(statistics)]
    return Stack(*parts)


def availability_as_text(
    statistics: Statistics,
    availability: Availability,
    weights: Mapping[ServiceState, float],
    *,
    name: str,
    zone: tzinfo,
) -> RenderableType:
    """Lay availability out; `statistics` tell whose and of when it is."""
    return Stack(
        _heading(words.availability_heading(availability, name, zone), statistics, zone),
        Text(),
        _table(words.availability_table(availability)),
        Text(),
        *(Text(note, _DIM) for note in words.availability_notes(availability, weights)),
    )


def _heading(text: str, statistics: Statistics, zone: tzinfo) -> Text:
    heading = Text(printable(text), "bold")
    heading.append(f"\n{words.origin(statistics, zone)}", "not bold dim")
    return heading


def _table(content: StatsTable) -> Table:
    # wide tables stand closer, so that more of them fits into a narrow terminal
    is_wide = len(content.headings) > 5 + content.keys
    table = Table(
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        show_edge=False,
        header_style="bold",
        collapse_padding=is_wide,
    )
    for position, heading in enumerate(content.headings):
        is_key = position < content.keys
        table.add_column(heading, justify="left" if is_key else "right", overflow="fold", no_wrap=not is_key)
    for row in content.rows:
        table.add_row(*map(_cell, row))
    return table


def _cell(cell: Cell) -> Text:
    return Text(printable(cell.text), "red" if cell.is_bad else _DIM if cell.is_quiet else "")
