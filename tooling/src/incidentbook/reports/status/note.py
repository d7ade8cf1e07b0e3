"""A shift note in plain lines: each open incident as it stands, and what was said of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Any

from incidentbook.clocks import Clock
from incidentbook.desk.board import OpenIncident, earliest
from incidentbook.reports.sla.words import minute, roughly
from incidentbook.reports.stats.words import printable


def note_lines(
    incidents: Sequence[OpenIncident],
    items: Mapping[str, Mapping[str, Any]],
    incoming: str,
    *,
    now: datetime,
    zone: tzinfo,
) -> Iterator[str]:
    """Say each incident with its clocks, its next update, its next step and who takes it."""
    if not incidents:
        yield "  No incident is open."
    for one in incidents:
        item = items[one.entry.id]
        yield f"  {heading(one)}"
        for clock in one.clocks:
            yield f"    {clock.name}: {_clock(clock, now)}"
        # what is promised now stands instead of what was promised before
        due = earliest(one.update_due, item.get("next_update_due") or one.promised)
        if due is not None:
            late = " (late)" if due < now else ""
            yield f"    next update by {minute(due, zone)}{late}"
        yield f"    next step: {printable(item.get('next_step') or 'nothing was said')}"
        yield f"    taken by {item.get('owner') or incoming}"


def heading(one: OpenIncident) -> str:
    """An incident in one line: ID, priority, state, title; safe for a terminal."""
    incident = one.entry.record
    words = (one.case.priority or "", "major" if incident.major else "", incident.status.replace("_", " "))
    hold = f" ({one.hold.reason})" if one.hold else ""
    return printable(f"{one.entry.id}  {' '.join(filter(None, words))}{hold}: {incident.title}")


def _clock(clock: Clock, now: datetime) -> str:
    state = clock.state.replace("_", " ")
    if clock.is_breached:
        return f"{state} {roughly(now - clock.due)} ago"
    if clock.paused:
        return state
    return f"{state}, due in {roughly(max(clock.due - now, timedelta(0)))}"
