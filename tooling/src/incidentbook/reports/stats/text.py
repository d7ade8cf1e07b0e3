"""Figures as text, for a terminal of 80 columns or a pipe."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import tzinfo

from rich import box
from rich.cells import cell_len, set_cell_size
from rich.console import Console, ConsoleOptions, RenderableType
from rich.console import Group as Stack
from rich.segment import Segment
from rich.style import Style
from rich.table import Table
from rich.text import Text

from incidentbook.metrics import Availability, Comparison, Statistics
from incidentbook.records import ServiceState
from incidentbook.reports.stats import tables as words
from incidentbook.reports.stats.tables import Cell, StatsTable
from incidentbook.reports.stats.words import printable

_DIM = "dim"
_MANY = 400


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


def _table(content: StatsTable) -> RenderableType:
    if len(content.rows) > _MANY:
        return _Lines(content)
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


class _Lines:
    """A table of very many rows, one line each: rich takes a second for every thousand."""

    def __init__(self, content: StatsTable) -> None:
        rows = [content.headings, *(tuple(printable(cell.text) for cell in row) for row in content.rows)]
        self._widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
        self._rows = rows
        self._keys = content.keys

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Segment]:
        head, *rows = (self._line(row) for row in self._rows)
        yield Segment(f"{head}\n", Style(bold=True))
        yield Segment(f"{'─' * cell_len(head)}\n")
        yield Segment("".join(f"{row}\n" for row in rows))

    def _line(self, row: Sequence[str]) -> str:
        return "   ".join(
            set_cell_size(text, width) if at < self._keys else " " * (width - cell_len(text)) + text
            for at, (text, width) in enumerate(zip(row, self._widths, strict=True))
        )


def _cell(cell: Cell) -> Text:
    return Text(printable(cell.text), "red" if cell.is_bad else _DIM if cell.is_quiet else "")
