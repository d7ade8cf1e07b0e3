"""A management report as Markdown, for a pull request, a wiki or a mail."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from incidentbook.reports.management.gathering import ManagementReport
from incidentbook.reports.management.words import WHOSE, of_left_out
from incidentbook.reports.stats.words import commit, plural

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~$]|^[-+]|(?<=^\d)[.)])")


def management_as_markdown(report: ManagementReport) -> str:
    """Render the report in GitHub's dialect; charts become tables of their values."""
    parts = [
        *_opening(report),
        *_figures(report),
        *_services(report),
        *_majors(report),
        *_breaches(report),
        *_causes(report),
        *_late(report),
        *_charts(report),
        *_closing(report),
    ]
    return "\n\n".join(parts) + "\n"


def _opening(report: ManagementReport) -> Iterator[str]:
    yield f"# {_md(report.organisation)}: incidents, {report.period}"
    until = f" (known until {report.known_until})" if report.known_until else ""
    yield f"{report.days[0]} to {report.days[1]}{until}, beside {report.previous}."
    yield " ".join(_md(sentence) for sentence in report.summary)


def _figures(report: ManagementReport) -> Iterator[str]:
    yield "## Figures"
    signs = {True: "met", False: "**missed**", None: ""}
    rows = [
        (
            _md(one.title),
            f"**{_md(one.value)}**" + (f"<br>{_md(one.note)}" if one.note else ""),
            _md(one.before),
            _md(one.movement.words),
            " ".join(filter(None, (_md(one.goal), signs[one.goal_met]))),
        )
        for one in report.headlines
    ]
    yield _table(("Figure", report.period, "Before", "Change", "Goal"), rows)


def _services(report: ManagementReport) -> Iterator[str]:
    if not report.services:
        return
    yield "## Services"
    has_cost = any(row.cost for row in report.services)
    headings = ("Service", "Incidents", "Time lost", "Available", "Goal", "Error budget", "Cost")
    rows = [
        (_md(row.name), str(row.incidents), row.lost, row.available, row.goal, row.left, row.cost)
        for row in report.services
    ]
    last = None if has_cost else -1
    yield _table(headings[:last], [row[:last] for row in rows], numbers=range(1, 7))


def _majors(report: ManagementReport) -> Iterator[str]:
    yield "## Major incidents"
    if not report.majors:
        yield "None."
    for one in report.majors:
        priority = f", {_md(one.priority)}" if one.priority else ""
        yield f"### {one.id}: {_md(one.title)}"
        yield f"{_md(one.services)}{priority}. Opened {one.opened}; {one.lasted}; {one.review}."
        if one.summary:
            yield _md(one.summary)
        if one.causes:
            yield "\n".join(("What made it possible:", "", *(f"- {_md(cause)}" for cause in one.causes)))


def _breaches(report: ManagementReport) -> Iterator[str]:
    if report.breaches is None:
        return
    yield "## Targets missed"
    if not report.breaches:
        yield "None."
        return
    rows = [
        (
            f"{one.id} {_md(one.title)}",
            _md(one.priority),
            one.clock,
            one.opened,
            one.target,
            one.used,
            "<br>".join(map(_md, one.reasons)),
        )
        for one in report.breaches
    ]
    yield _table(("Incident", "Priority", "Target", "Opened", "Allowed", "Used", "Why"), rows)


def _causes(report: ManagementReport) -> Iterator[str]:
    yield "## Recurring causes"
    if not report.causes:
        yield "None: no incident of this period had the cause of another."
    else:
        rows = [
            (
                " ".join(filter(None, (one.id, _md(one.title)))),
                str(one.in_period),
                str(one.in_all),
                one.status,
                _md(one.fix),
                ", ".join(one.incidents),
            )
            for one in report.causes
        ]
        yield _table(
            ("Cause", "In this period", "In all", "Status", "What helps", "Incidents"), rows, numbers=(1, 2)
        )
    if report.categories:
        counted = ", ".join(f"{_md(one.name)} {one.incidents}" for one in report.categories)
        yield f"Most frequent categories: {counted}."


def _late(report: ManagementReport) -> Iterator[str]:
    if report.late_reviews is not None:
        yield "## Reviews overdue"
        yield f"On {report.clock}, whatever the period they belong to."
        rows = [
            (f"{one.incident} {_md(one.title)}", one.due, _days(one.days_late), one.status, _md(one.owner))
            for one in report.late_reviews
        ]
        yield _table(("Incident", "Due", "Late", "Status", "Owner"), rows) if rows else "None."
    if report.late_actions is not None:
        yield "## Actions overdue"
        yield f"On {report.clock}, whatever the period they belong to."
        rows = [
            (_md(one.title), one.source, one.due, _days(one.days_late), _md(one.owner))
            for one in report.late_actions
        ]
        yield _table(("Action", "Promised in", "Due", "Late", "Owner"), rows) if rows else "None."


def _charts(report: ManagementReport) -> Iterator[str]:
    if report.charts:
        yield "## Charts, in figures"
    for chart in report.charts:
        yield f"**{_md(chart.caption)}.** {_md(chart.summary)}"
        rows = [tuple(map(_md, row)) for row in chart.rows]
        yield _table(chart.headings, rows, numbers=range(1, len(chart.headings)))


def _closing(report: ManagementReport) -> Iterator[str]:
    yield "---"
    yield _md(of_left_out(report.left_out))
    revision = commit(report.revision, dirty=report.dirty) or "no commit"
    yield f"{report.tool}, {revision}, clock {report.clock}, of {WHOSE[report.audience]}."


def _days(count: int) -> str:
    return plural(count, "day")


def _md(text: str) -> str:
    """Let text stand for itself: no markup, no link, no name that a forge would notify."""
    return _SPECIAL.sub(r"\\\1", text).replace("&", "&amp;").replace("@", "&#64;").replace("://", ":\\//")


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[int] = ()) -> str:
    rules = ("---:" if at in numbers else "---" for at in range(len(headings)))
    lines = (headings, tuple(rules), *rows)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
