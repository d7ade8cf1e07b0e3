"""Figures as text, for a terminal of 80 columns or a pipe."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo

from rich import box
from rich.console import Group as Stack
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from incidentbook.clocks import ClockName
from incidentbook.metrics import DIMENSIONS, MEASURES, Availability, Figures, Statistics
from incidentbook.reports.stats_words import NONE, counts, duration, percent, plural, printable

_WHOSE = {"public": "public records", "internal": "public and internal records", "all": "all records"}
_DIM = "dim"


def stats_as_text(
    statistics: Statistics, availability: Availability, *, name: str, zone: tzinfo
) -> RenderableType:
    """Lay figures out as tables; `name` is whose records these are, `zone` that of dates."""
    parts: list[RenderableType] = [_heading(statistics, name, zone), Text(), _durations(statistics.overall)]
    if statistics.overall.incidents:
        parts += [Text(), _levels(statistics.overall)]
    if statistics.by:
        parts += [Text(), _groups(statistics)]
    parts += [Text(), *_footnotes(statistics, availability, zone)]
    return Stack(*parts)


def _heading(statistics: Statistics, name: str, zone: tzinfo) -> Text:
    first, last = statistics.from_, statistics.to
    period = "whenever opened"
    if first and last:
        period = f"opened from {_day(first, zone)} until before {_day(last, zone)}"
    elif first:
        period = f"opened from {_day(first, zone)} on"
    elif last:
        period = f"opened before {_day(last, zone)}"
    figures = statistics.overall
    number = plural(figures.incidents, "incident")
    more = {"open": figures.open, "major": figures.major, "reopened": figures.reopened}
    if any(more.values()):
        number += f" ({counts({what: count for what, count in more.items() if count})})"
    text = Text(f"{printable(name)}: {number}, {period}", "bold")
    whose = _WHOSE[statistics.audience or "all"]
    commit = f", commit {statistics.revision[:12]}" if statistics.revision else ""
    text.append(f"\nof {whose}, as of {_minute(statistics.now, zone)}{commit}", "not bold dim")
    return text


def _durations(figures: Figures) -> Table:
    table = _table("Measure", "n", "mean", "median", "p90", "total")
    for measure in MEASURES:
        summary = figures.durations[measure.name].summary
        acronym = f" ({measure.acronym})" if measure.acronym else ""
        table.add_row(
            measure.title + acronym,
            str(summary.n),
            duration(summary.mean_s),
            duration(summary.median_s),
            duration(summary.p90_s),
            duration(summary.total_s),
        )
    return table


def _levels(figures: Figures) -> Table:
    table = _table("Service level", "met", "breached", "running", "attainment")
    for name, attainment in figures.sla.items():
        table.add_row(
            str(name).capitalize(),
            str(attainment.met),
            Text(str(attainment.breached), "red" if attainment.breached else ""),
            str(attainment.running),
            percent(attainment.share),
        )
    return table


def _groups(statistics: Statistics) -> Table:
    titles = [DIMENSIONS[dimension].title for dimension in statistics.by]
    table = _table(*titles, "n", "MTTA", "MTTR", "median", "p90", "response", "resolution", keys=len(titles))
    for group in statistics.groups:
        figures = group.figures
        restore = figures.durations["time_to_restore"].summary
        table.add_row(
            *(printable(part) if part is not None else Text(NONE, _DIM) for part in group.key),
            str(figures.incidents),
            duration(figures.durations["time_to_acknowledge"].summary.mean_s),
            duration(restore.mean_s),
            duration(restore.median_s),
            duration(restore.p90_s),
            percent(figures.sla[ClockName.RESPONSE].share, 1),
            percent(figures.sla[ClockName.RESOLUTION].share, 1),
        )
    return table


def _footnotes(statistics: Statistics, availability: Availability, zone: tzinfo) -> Iterator[Text]:
    first, last = availability.window
    if last > first:
        window = f"{_day(first, zone)} to {_minute(last, zone)}"
        yield Text(f"Availability of the page, {window}: {percent(availability.page)}")
    if statistics.left_out:
        yield Text(f"Left out of every figure: {counts(statistics.left_out)}.", _DIM)
    for measure in MEASURES:
        left_out = statistics.overall.durations[measure.name].left_out
        if left_out:
            yield Text(f"Left out of {measure.title.lower()}: {counts(left_out)}.", _DIM)
    without = {name: figure.without for name, figure in statistics.overall.sla.items() if figure.without}
    if without:
        numbers = ", ".join(f"{count} from {name}" for name, count in without.items())
        yield Text(f"Without a clock, and left out of attainment: {numbers}.", _DIM)
    if len(statistics.by) and any("service" in by for by in statistics.by):
        yield Text("An incident counts once for each of its services.", _DIM)


def _table(*headings: str, keys: int = 1) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    for position, heading in enumerate(headings):
        is_key = position < keys
        table.add_column(heading, justify="left" if is_key else "right", overflow="fold", no_wrap=not is_key)
    return table


def _day(instant: datetime, zone: tzinfo) -> str:
    local = instant.astimezone(zone)
    midnight = local.time() == datetime.min.time()
    return f"{local:%Y-%m-%d}" if midnight else _minute(instant, zone)


def _minute(instant: datetime, zone: tzinfo) -> str:
    return f"{instant.astimezone(zone):%Y-%m-%d %H:%M %Z}"
