"""The page of figures: what a team lead opens every Monday."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from incidentbook.charts import Chart, say_time
from incidentbook.metrics import MEASURES, RATES, Figures, Statistics, Trend
from incidentbook.metrics.comparison import LEAST
from incidentbook.pages import times
from incidentbook.pages.attention import AHEAD, attention
from incidentbook.pages.attention import MOST as MOST_DUE
from incidentbook.pages.goals import goal_rows, service_figures
from incidentbook.pages.headlines import headlines, share_words
from incidentbook.pages.measured import Measured, measured
from incidentbook.pages.months import month_of
from incidentbook.pages.page import Content, Page, TocItem
from incidentbook.pages.pictures import drawings
from incidentbook.pages.site import DAYS, Site
from incidentbook.publication import urls

PROBLEMS = 6

_LEFT_OUT = {
    "cancelled": "cancelled",
    "duplicate": "duplicate of another",
    "drill": "drill",
    "unreadable": "unreadable",
    "no_time": "without any time, so in no period",
}
_NO_SAMPLE = {
    "no_start": "without a start time",
    "still_open": "still open",
    "no_end": "without an end time",
    "end_before_start": "with an end before the start",
    "no_failure": "that failed no service",
    "first_failure": "first of their service",
    "part_of_parent": "part of a larger one",
    "not_resolved": "not resolved",
    "no_assignment": "never assigned",
    "no_line": "whose teams have no line",
    "no_resolver": "without a resolver",
    "unknown_handle": "resolved by somebody unknown",
    "not_closed": "not closed",
    "no_confirmation": "silent on whether the user confirmed",
    "not_public": "not public",
}


@dataclass(frozen=True)
class FigureRow:
    """One group's figures, ready to show; `href` leads to its incidents where there is such a page."""

    name: str
    href: str | None
    figures: Figures


@dataclass(frozen=True)
class Recurring:
    """A problem behind several incidents of the year; `incidents` of them."""

    id: str
    incidents: int
    status: str


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
    figures = measured(site)
    inside = _inside(figures) if figures.whole.overall.incidents else {}
    sections = [("overall", f"Last {DAYS} days")]
    if inside:
        if site.internal:
            sections.append(("due", "Due now"))
        sections.append(("patterns", "Patterns"))
        # that no goal is set is for those alone who can set one
        if inside["goals"] or site.internal:
            sections.append(("goals", "Goals"))
        sections.extend((("services", "Services"), ("figures", "All figures")))
    sections.append(("counted", "What is counted"))
    return site.fill(
        "statistics.html",
        urls.STATISTICS,
        [TocItem(id_, title) for id_, title in sections],
        measured=figures,
        days=DAYS,
        whole=figures.whole.overall,
        say_time=say_time,
        share=share_words,
        why_not=why_not,
        left_out=words_of_left_out(figures.whole.left_out),
        left_out_recently=words_of_left_out(figures.current.left_out),
        command=_command(figures),
        **inside,
    )


def _inside(figures: Measured) -> dict[str, Any]:
    """What only a page with incidents has."""
    site = figures.site
    services, quiet = service_figures(figures)
    heads = headlines(figures)
    return {
        "headlines": heads,
        # so many beside each other that the last row is as full as can be
        "columns": min((4, 3, 5), key=lambda columns: -len(heads) % columns),
        "least": LEAST,
        "is_few": _is_few(figures),
        "attention": attention(figures) if site.internal else None,
        "ahead": AHEAD,
        "most_due": MOST_DUE,
        "charts": _drawn(drawings(figures)),
        "problems": _problems(figures),
        "goals": goal_rows(figures),
        "services": services,
        "quiet_services": quiet,
        "has_goals": any(row.budget for row in services),
        "has_cost": any(row.cost for row in services),
        "measures": MEASURES,
        "rates": RATES,
        "scopes": _scopes(figures),
        "by_priority": _by_priority(figures),
        "by_month": _by_month(figures),
        "shows_sla": any(one.met + one.breached + one.running for one in figures.whole.overall.sla.values()),
    }


def _is_few(figures: Measured) -> bool:
    """Whether there are too few incidents in one of the periods to tell a trend of what is counted most."""
    changes = (
        figures.comparison.change(*one) for one in (("incidents", "per_day"), ("time_to_restore", "median"))
    )
    return any(change is not None and change.trend is Trend.TOO_FEW for change in changes)


def _drawn(charts: Iterable[Chart]) -> tuple[Markup, ...]:
    return tuple(Markup(chart.figure()) for chart in charts)  # noqa: S704 -- charts escapes its words


def _scopes(figures: Measured) -> tuple[tuple[str, Statistics], ...]:
    """What the tables of all figures are of."""
    return (
        (f"The last {DAYS} days", figures.current),
        ("Since the first record", figures.whole),
    )


def why_not(left_out: Mapping[str, int]) -> str:
    """How many incidents gave no sample, and why."""
    return ", ".join(f"{count:,} {_NO_SAMPLE.get(reason, reason)}" for reason, count in left_out.items())


def words_of_left_out(left_out: Mapping[str, int]) -> str:
    """`2 cancelled, 1 drill`; empty where nothing was left out."""
    return ", ".join(f"{count:,} {_LEFT_OUT.get(reason, reason)}" for reason, count in left_out.items())


def _problems(figures: Measured) -> tuple[Recurring, ...]:
    """The problems behind most incidents of the year, as far as the reader may see them."""
    found = []
    for group in figures.year_by("problem").groups:
        entry = figures.site.readable(group.key[0])
        if entry is not None and group.figures.incidents:
            found.append(Recurring(entry.id, group.figures.incidents, entry.record.status))
    return tuple(sorted(found, key=lambda one: (-one.incidents, one.id))[:PROBLEMS])


def _by_priority(figures: Measured) -> tuple[FigureRow, ...]:
    names = {one.id: f"{one.id} {one.name}" for one in figures.site.taxonomy.priorities}
    return tuple(
        FigureRow(names.get(group.key[0], group.key[0]) if group.key[0] else "Not said", None, group.figures)
        for group in figures.whole.groups
    )


def _by_month(figures: Measured) -> tuple[FigureRow, ...]:
    """The newest first. A month's page lists what began in it, and its figures count what was opened."""
    site = figures.site
    with_page = {month_of(entry, site) for entry in site.published.incidents}
    return tuple(
        FigureRow(times.month_words(key), urls.month_path(key) if key in with_page else None, group.figures)
        if (key := group.key[0])
        else FigureRow("Not said", None, group.figures)
        for group in reversed(figures.ledger.measure(by="month").groups)
    )


def _command(figures: Measured) -> str:
    """What prints the same figures in a terminal."""
    site, recent = figures.site, figures.recent
    audience = site.published.audience
    from_, to = (at.astimezone(site.zone).date() for at in (recent.from_, recent.to))
    return f"incidentbook stats --from {from_} --to {to} --compare --audience {audience}"
