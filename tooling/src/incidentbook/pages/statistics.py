"""The page of figures: how often, how long, and whether promises were kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from markupsafe import Markup

from incidentbook import charts
from incidentbook.metrics import (
    MEASURES,
    DurationFigure,
    DurationMeasure,
    Figures,
    Group,
    Statistics,
    measure,
)
from incidentbook.pages import times, urls
from incidentbook.pages.page import Content, Page, TocItem
from incidentbook.pages.site import Site
from incidentbook.pages.uptime import percent

CHARTED_MONTHS = 24

_LEFT_OUT = {
    "cancelled": ("cancelled", "cancelled"),
    "duplicate": ("duplicate", "duplicates"),
    "drill": ("drill", "drills"),
    "unreadable": ("unreadable", "unreadable"),
    "no_time": ("without a time", "without a time"),
}
_ROUND_HOURS = (0.5, 1, 2, 4, 6, 8, 12, 24, 48, 96, 144, 240, 480, 960, 1920, 4320, 8640)
_NO_SAMPLE = {
    "no_start": "without a start time",
    "still_open": "still open",
    "no_end": "without an end time",
    "end_before_start": "with an end before the start",
}


@dataclass(frozen=True)
class FigureRow:
    """One group's figures, ready to show; `href` leads to its incidents where there is such a page."""

    name: str
    href: str | None
    figures: Figures


def index(site: Site) -> Page:
    """Plan the page of figures."""
    return Page(
        path=urls.STATISTICS,
        kind="statistics",
        title="Statistics",
        description=f"How often services of {site.name} failed, how long, and whether promises were kept.",
        make=lambda: _content(site),
        single=True,
    )


def _content(site: Site) -> Content:
    by_month = measure(site.published, now=site.now, by="month")
    by_service = measure(site.published, now=site.now, by="service")
    by_priority = measure(site.published, now=site.now, by="priority")
    tables = (
        ("by-priority", "By priority", "Priority", _rows(by_priority, site)),
        ("by-service", "By service", "Service", _rows(by_service, site)),
        ("by-month", "By month", "Month", tuple(reversed(_rows(by_month, site)))),
    )
    overall = by_month.overall
    toc = [TocItem("overall", "Overall")]
    if overall.incidents:
        toc.extend(TocItem(id_, title) for id_, title, _, _ in tables)
    return site.fill(
        "statistics.html",
        urls.STATISTICS,
        toc,
        overall=overall,
        measures=[
            (one, overall.durations[one.name], why_not(overall.durations[one.name])) for one in MEASURES
        ],
        tables=tables,
        pictures=_pictures(by_month),
        left_out=words_of_left_out(by_month.left_out),
        seconds=seconds,
        percent=percent,
        shows_sla=any(a.met + a.breached + a.running for a in overall.sla.values()),
    )


def seconds(value: float | None) -> str:
    """A figure in words; a dash where there is none."""
    return "–" if value is None else times.duration_words(timedelta(seconds=value))  # noqa: RUF001


def why_not(figure: DurationFigure) -> str:
    """How many incidents gave no sample, and why."""
    return ", ".join(
        f"{count:,} {_NO_SAMPLE.get(reason, reason)}" for reason, count in figure.left_out.items()
    )


def words_of_left_out(left_out: Mapping[str, int]) -> str:
    """`2 cancelled, 1 drill`; empty where nothing was left out."""
    return ", ".join(
        f"{count:,} {_LEFT_OUT.get(reason, (reason, reason))[count != 1]}"
        for reason, count in left_out.items()
    )


def _rows(statistics: Statistics, site: Site) -> tuple[FigureRow, ...]:
    rows = [_row(group, statistics.by[0], site) for group in statistics.groups]
    if statistics.by[0] == "service":
        rows.sort(key=lambda row: (row.href is None, row.name.casefold()))
    return tuple(rows)


def _row(group: Group, by: str, site: Site) -> FigureRow:
    key = group.key[0]
    if key is None:
        return FigureRow("Not said", None, group.figures)
    if by == "month":
        href = urls.month_path(key) if group.figures.incidents else None
        return FigureRow(times.month_words(key), href, group.figures)
    if by == "service":
        known = site.taxonomy.service(key) is not None
        return FigureRow(site.service_name(key), urls.service_path(key) if known else None, group.figures)
    priority = next((one for one in site.taxonomy.priorities if one.id == key), None)
    return FigureRow(f"{key} {priority.name}" if priority else key, None, group.figures)


def _pictures(by_month: Statistics) -> tuple[Markup, ...]:
    months = [group for group in by_month.groups if group.key[0] is not None][-CHARTED_MONTHS:]
    if len(months) < 2:
        return ()
    restore = next(one for one in MEASURES if one.name == "time_to_restore")
    drawings = (
        charts.columns(_counts(months), "Incidents by month", lambda value: f"{value:g}"),
        charts.columns(
            _medians(months, restore), "Median time to restore, by month", _axis_hours, _round_hours
        ),
    )
    return tuple(Markup(drawing) for drawing in drawings)  # noqa: S704 -- charts escapes its words


def _counts(months: Sequence[Group]) -> list[charts.Column]:
    return [
        charts.Column(
            times.month_words(group.key[0] or "", short=True),
            float(group.figures.incidents),
            f"{times.month_words(group.key[0] or '')}: {group.figures.incidents} incidents",
        )
        for group in months
    ]


def _medians(months: Sequence[Group], restore: DurationMeasure) -> list[charts.Column]:
    columns = []
    for group in months:
        summary = group.figures.durations[restore.name].summary
        hours = summary.median_s / 3600 if summary.median_s is not None else None
        words = f"{times.month_words(group.key[0] or '')}: {seconds(summary.median_s)} (n = {summary.n})"
        columns.append(charts.Column(times.month_words(group.key[0] or "", short=True), hours, words))
    return columns


def _round_hours(hours: float) -> float:
    return next((top for top in _ROUND_HOURS if hours <= top), hours)


def _axis_hours(hours: float) -> str:
    return "0" if hours == 0 else times.duration_words(timedelta(hours=hours))
