"""One look at the records as Markdown, for job summaries and wikis."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from incidentbook.markdown.literal import literal
from incidentbook.reports.trends import words
from incidentbook.taxonomy import Taxonomy
from incidentbook.trends import Trends, Trial


def trends_as_markdown(trends: Trends, taxonomy: Taxonomy, *, explain: bool) -> str:
    """Write what was found; what records say is text, and neither markup nor HTML nor a mention."""
    return "\n\n".join(block for block in _blocks(trends, taxonomy, explain=explain) if block)


def _blocks(trends: Trends, taxonomy: Taxonomy, *, explain: bool) -> Iterator[str]:
    if trends.is_empty:
        yield literal(words.nothing(trends, taxonomy.settings.name))
        return
    zone, rising, outlook = taxonomy.zone, trends.rising, trends.outlook
    yield f"### {literal(words.heading(trends, taxonomy.settings.name))}"
    yield literal(words.origin(trends, zone))
    yield f"#### {literal(words.rising_heading(rising))}"
    yield _table(words.rising_table(rising, every=explain))
    yield _list(words.rising_notes(rising, zone))
    if outlook is None:
        return
    yield f"#### {literal(words.outlook_heading(outlook))}"
    yield _table(words.outlook_table(outlook, taxonomy))
    if explain and isinstance(trends.trial, Trial):
        yield "#### The forecast, tried"
        yield _table(words.trial_table(trends.trial))
    yield _list(words.outlook_notes(outlook, trends.trial))


def _table(table: words.Table) -> str:
    if not table.rows:
        return ""
    aligned = [":---" if at < table.keys else "---:" for at in range(len(table.headings))]
    rows = (f"| {' | '.join(map(literal, row))} |" for row in (table.headings, *table.rows))
    head, *rest = rows
    return "\n".join([head, f"| {' | '.join(aligned)} |", *rest])


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {literal(line)}" for line in lines)
