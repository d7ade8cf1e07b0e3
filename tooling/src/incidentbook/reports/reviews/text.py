"""Required reviews as text, for a terminal of 80 columns or a pipe."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rich import box
from rich.console import Group as Stack
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from incidentbook.clocks import DutyStatus, ReviewDuty
from incidentbook.reports.stats.words import plural, printable

_WORDS = {
    DutyStatus.WAITING: "incident open",
    DutyStatus.MISSING: "not begun",
    DutyStatus.DRAFT: "draft",
    DutyStatus.IN_REVIEW: "in review",
    DutyStatus.PUBLISHED: "published",
}


def reviews_as_text(duties: Sequence[ReviewDuty], *, now: datetime, only_overdue: bool) -> RenderableType:
    """Lay required reviews out as a table, the most pressing first."""
    if not duties:
        return Text("No review is overdue." if only_overdue else "No incident needs a review.")
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    for heading, width in (("Incident", 13), ("Title", None), ("Due", 13), ("By", 18)):
        table.add_column(heading, overflow="fold", max_width=width)
    for duty in duties:
        table.add_row(*_row(duty, now))
    overdue = sum(duty.overdue for duty in duties)
    done = sum(duty.is_done for duty in duties)
    count = plural(len(duties), "required review")
    total = count if only_overdue else f"{count}: {done} published, {len(duties) - done} to do"
    return Stack(table, Text(), Text(f"{total}, {overdue} overdue.", "bold"))


def _row(duty: ReviewDuty, now: datetime) -> tuple[Text, ...]:
    faint = "dim" if duty.is_done else ""
    title = Text(printable(duty.incident.record.title), faint)
    title.append(f"\n{_why(duty)}", "dim")
    incident = Text(duty.incident.id, faint)
    incident.append(f"\n{_WORDS[duty.status]}", "red" if duty.overdue else "dim")
    return (
        incident,
        title,
        _due(duty, now, faint),
        Text(", ".join(duty.owners) or (f"team {duty.team}" if duty.team else "nobody"), faint),
    )


def _due(duty: ReviewDuty, now: datetime, style: str) -> Text:
    if duty.due is None or duty.due_day is None:
        return Text("once resolved", style)
    text = Text(duty.due_day.isoformat(), "red" if duty.overdue else style)
    if duty.overdue:
        text.append(f"\n{plural((now - duty.due).days + 1, 'day')} late")
    elif not duty.is_done:
        text.append(f"\nin {plural((duty.due - now).days, 'day')}")
    elif duty.is_on_time is False:
        text.append("\npublished late")
    return text


def _why(duty: ReviewDuty) -> str:
    reasons = [str(trigger).replace("_", " ").replace("p1", "P1") for trigger in duty.required_because]
    if not reasons and duty.overridden is not None:
        return f"because the record asks for it: {printable(duty.overridden)}".removesuffix(": ")
    return "because " + ", ".join(reasons) + (" (before closing)" if duty.before_closing else "")
