"""Figures as Markdown, for job summaries and comments."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import tzinfo

from incidentbook.metrics import Availability, Comparison, Statistics
from incidentbook.records import ServiceState
from incidentbook.reports import stats_tables as words
from incidentbook.reports.stats_tables import StatsTable
from incidentbook.reports.stats_words import printable

_MARKUP = re.compile(r"([\\`*_\[\]|~#>!])")


def stats_as_markdown(
    statistics: Statistics,
    availability: Availability,
    *,
    name: str,
    zone: tzinfo,
    comparison: Comparison | None = None,
) -> str:
    """Write figures as tables; what records say is text, and neither markup nor HTML nor a mention."""
    blocks = [f"### {plain(words.heading(statistics, name, zone))}", plain(words.origin(statistics, zone))]
    blocks += [_table(table) for table in words.tables(statistics)]
    if comparison is not None:
        blocks += [f"#### {plain(words.comparison_heading(comparison, zone))}"]
        blocks += [_table(words.comparison_table(comparison)), plain(words.comparison_note())]
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
        f"### {plain(words.availability_heading(availability, name, zone))}",
        plain(words.origin(statistics, zone)),
        _table(words.availability_table(availability)),
        _list(words.availability_notes(availability, weights)),
    ]
    return "\n\n".join(blocks)


def plain(text: str) -> str:
    """Let text be nothing but text in GitHub's Markdown, also within a table."""
    escaped = _MARKUP.sub(r"\\\1", html.escape(printable(text), quote=False).replace("&gt;", ">"))
    # a mention writes to people, and a bare address becomes a link
    return escaped.replace("@", "&#64;").replace("://", "&#58;//").replace("www.", "www&#46;")


def _table(table: StatsTable) -> str:
    return "\n".join(_rows(table))


def _rows(table: StatsTable) -> Iterator[str]:
    aligned = [":---" if at < table.keys else "---:" for at in range(len(table.headings))]
    yield f"| {' | '.join(map(plain, table.headings))} |"
    yield f"| {' | '.join(aligned)} |"
    for row in table.rows:
        cells = (f"**{plain(cell.text)}**" if cell.is_bad else plain(cell.text) for cell in row)
        yield f"| {' | '.join(cells)} |"


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {plain(line)}" for line in lines)
