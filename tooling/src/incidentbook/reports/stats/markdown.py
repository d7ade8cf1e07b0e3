"""Figures as Markdown, for job summaries and comments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import tzinfo

from incidentbook.markdown.literal import literal
from incidentbook.metrics import Availability, Comparison, Statistics
from incidentbook.records import ServiceState
from incidentbook.reports.stats import tables as words
from incidentbook.reports.stats.tables import StatsTable


def stats_as_markdown(
    statistics: Statistics,
    availability: Availability,
    *,
    name: str,
    zone: tzinfo,
    comparison: Comparison | None = None,
) -> str:
    """Write figures as tables; what records say is text, and neither markup nor HTML nor a mention."""
    blocks = [
        f"### {literal(words.heading(statistics, name, zone))}",
        literal(words.origin(statistics, zone)),
    ]
    blocks += [_table(table) for table in words.tables(statistics)]
    if comparison is not None:
        blocks += [f"#### {literal(words.comparison_heading(comparison, zone))}"]
        blocks += [_table(words.comparison_table(comparison)), literal(words.comparison_note())]
    blocks += [_list(words.lines(statistics, availability, zone)), _list(words.notes(statistics))]
    return "\n\n".join(block for block in blocks if block)


def availability_as_markdown(
    statistics: Statistics,
    availability: Availability,
    weights: Mapping[ServiceState, float],
    *,
    name: str,
    zone: tzinfo,
) -> str:
    """Write availability as a table; `statistics` tell whose and of when it is."""
    blocks = [
        f"### {literal(words.availability_heading(availability, name, zone))}",
        literal(words.origin(statistics, zone)),
        _table(words.availability_table(availability)),
        _list(words.availability_notes(availability, weights)),
    ]
    return "\n\n".join(blocks)


def _table(table: StatsTable) -> str:
    return "\n".join(_rows(table))


def _rows(table: StatsTable) -> Iterator[str]:
    aligned = [":---" if at < table.keys else "---:" for at in range(len(table.headings))]
    yield f"| {' | '.join(map(literal, table.headings))} |"
    yield f"| {' | '.join(aligned)} |"
    for row in table.rows:
        cells = (f"**{literal(cell.text)}**" if cell.is_bad else literal(cell.text) for cell in row)
        yield f"| {' | '.join(cells)} |"


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {literal(line)}" for line in lines)
