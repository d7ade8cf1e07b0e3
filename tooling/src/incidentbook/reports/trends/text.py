"""One look at the records as text, for a terminal or a pipe."""

from __future__ import annotations

from collections.abc import Iterator

from rich import box
from rich.console import Group as Stack
from rich.console import RenderableType
from rich.table import Table as RichTable
from rich.text import Text

from incidentbook.reports.stats.words import printable
from incidentbook.reports.trends import words
from incidentbook.taxonomy import Taxonomy
from incidentbook.trends import Trends, Trial

_BROKEN = frozenset({"Name", "Title", "Of past ones that lasted so long"})


def trends_as_text(trends: Trends, taxonomy: Taxonomy, *, explain: bool) -> RenderableType:
    """Lay out what was found; with `explain` every series, and the scores of the forecast."""
    return Stack(*_parts(trends, taxonomy, explain=explain))


def _parts(trends: Trends, taxonomy: Taxonomy, *, explain: bool) -> Iterator[RenderableType]:
    if trends.is_empty:
        yield Text(printable(words.nothing(trends, taxonomy.settings.name)))
        return
    zone, rising, outlook = taxonomy.zone, trends.rising, trends.outlook
    yield Text(printable(words.heading(trends, taxonomy.settings.name)), "bold")
    yield Text(words.origin(trends, zone), "dim")
    yield Text(f"\n{words.rising_heading(rising)}", "bold")
    yield from _table(words.rising_table(rising, every=explain))
    yield from _notes(words.rising_notes(rising, zone))
    if outlook is None:
        return
    yield Text(f"\n{words.outlook_heading(outlook)}", "bold")
    yield from _table(words.outlook_table(outlook, taxonomy))
    if explain and isinstance(trends.trial, Trial):
        yield Text("\nThe forecast, tried", "bold")
        yield from _table(words.trial_table(trends.trial))
    yield from _notes(words.outlook_notes(outlook, trends.trial))


def _notes(lines: Iterator[str]) -> Iterator[Text]:
    for line in lines:
        yield Text(printable(line), "dim")


def _table(content: words.Table) -> Iterator[RenderableType]:
    if not content.rows:
        return
    table = RichTable(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    last = len(content.headings) - 1
    for at, heading in enumerate(content.headings):
        is_words = at < content.keys or (at == last and content.keys > 1)
        # what somebody wrote may be broken, figures may not
        table.add_column(
            heading,
            justify="left" if is_words else "right",
            overflow="fold",
            no_wrap=heading not in _BROKEN,
        )
    for at, row in enumerate(content.rows):
        table.add_row(*(Text(printable(cell)) for cell in row), style="red" if at in content.bad else "")
    yield table
