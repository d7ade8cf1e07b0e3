"""What happened on a day, in a line each: incidents and maintenance as histories list them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from html import escape
from typing import Any

from markupsafe import Markup

from incidentbook.archive import RecordEntry
from incidentbook.clocks import left_out_of_measures
from incidentbook.pages import times
from incidentbook.pages.site import Site, chip
from incidentbook.pages.words import at_worst
from incidentbook.publication import urls
from incidentbook.publication.standing import (
    IncidentEntry,
    MaintenanceEntry,
    end_of,
    is_open,
    is_running,
    severest,
    start_of,
    window_of,
    worst_of,
)
from incidentbook.records import Incident, IncidentStatus, MaintenanceStatus

_PAST = frozenset({IncidentStatus.RESOLVED, IncidentStatus.CLOSED})
"""What a history takes for granted, so that it says only what is otherwise."""

_MOST_SERVICES = 3


@dataclass(frozen=True)
class Span:
    """When something was going on, as days of the site's zone, both among them."""

    first: date
    last: date


def began_at(entry: RecordEntry[Any], site: Site) -> datetime:
    """When a record of either kind began; now where nobody says."""
    start = start_of(entry.record) if entry.kind == "incident" else window_of(entry.record)[0]
    return start or site.now


def span_of(entry: IncidentEntry, site: Site) -> Span:
    """The days that an incident touched, its services' own times among them.

    What availability does not count (cancelled, duplicate, drill) touches no day but its first.
    """
    incident = entry.record
    start = start_of(incident) or site.now
    if left_out_of_measures(incident) is not None:
        return _days(start, start, site)
    end = end_of(incident) or (site.now if is_open(incident) else start)
    ends = [end, *(one.to for one in incident.services if one.to is not None)]
    return _days(start, min(max(ends), site.now), site)


def window_span(entry: MaintenanceEntry, site: Site) -> Span:
    """The days that a maintenance touches: one that is cancelled, the day for which it was planned."""
    start, end = window_of(entry.record)
    if start is None or entry.record.status is MaintenanceStatus.CANCELLED:
        return _days(start or site.now, start or site.now, site)
    return _days(start, end or max(start, site.now), site)


def _days(start: datetime, end: datetime, site: Site) -> Span:
    first = start.astimezone(site.zone).date()
    # half-open: what ended at midnight did not touch the day that began then
    last = (end - timedelta.resolution).astimezone(site.zone).date() if end > start else first
    return Span(first, max(first, last))


def incident_line(entry: IncidentEntry, site: Site, prefix: str, style: str = "clock") -> str:
    """One incident as an item of a list: when it began, what it was, how bad, how long.

    `style` is that of the time: `clock` under the heading of a day, else `day`.

    There are as many as there are incidents: made of strings, for a template takes five times as long.
    """
    incident = entry.record
    start = start_of(incident)
    began = times.time_tag(start, site.zone, style) if start else ""
    marks, was_worse = _states(incident, site)
    if incident.major:
        marks.append(Markup('<span class="ib-tag ib-tag--strong">Major</span>'))
    if incident.status not in _PAST:
        marks.append(chip(incident.status))
    names = _names((impact.service for impact in incident.services), site)
    about = " · ".join(filter(None, (_id(entry.id), names, _lasted(incident), was_worse)))
    return _line(began, entry, incident.title, "".join(marks), about, prefix)


def _states(incident: Incident, site: Site) -> tuple[list[Markup], str]:
    """The sign of how bad it was, or is now while it is open; and the worst, where that differs."""
    worst = severest(incident) if left_out_of_measures(incident) is None else None
    if worst is None:
        return [], ""
    if not is_open(incident):
        return [chip(worst)], ""
    state = worst_of(incident, site.now)
    return [chip(state)], "" if state == worst else at_worst(worst)


def states_now(entries: Iterable[RecordEntry[Any]], site: Site) -> list[str]:
    """What time alone changes in the lines of these records: how bad each open incident is now."""
    return [
        worst_of(entry.record, site.now)
        for entry in entries
        if entry.kind == "incident" and is_open(entry.record)
    ]


def _lasted(incident: Incident) -> str:
    start, end = start_of(incident), end_of(incident)
    return times.duration_words(end - start) if start and end and end >= start else ""


def _names(keys: Iterable[str], site: Site) -> str:
    names = [name for _, name in site.service_pairs(keys)]
    more = f" and {len(names) - _MOST_SERVICES} more" if len(names) > _MOST_SERVICES else ""
    return escape(", ".join(names[:_MOST_SERVICES]) + more, quote=False)


def _id(id_: str) -> str:
    return f'<span class="ib-id">{escape(id_)}</span>'


def window_line(entry: MaintenanceEntry, site: Site, prefix: str, style: str = "clock") -> str:
    """One maintenance as an item of a list."""
    window = entry.record
    start, end = window_of(window)
    began = times.time_tag(start, site.zone, style) if start else ""
    if is_running(window, site.now):
        mark = chip("under_maintenance", "Under way")
    elif window.status is MaintenanceStatus.COMPLETED:
        mark = chip("under_maintenance", "Maintenance", "quiet")
    else:
        mark = chip(window.status)
    names = _names((impact.service for impact in window.services), site)
    length = times.duration_words(end - start) if start and end and end >= start else ""
    about = " · ".join(filter(None, (_id(entry.id), names, length)))
    return _line(began, entry, window.title, mark, about, prefix)


def _line(began: str, entry: RecordEntry[Any], title: str, marks: str, about: str, prefix: str) -> str:
    return (
        f'<li>{began or "<span></span>"}<div><a href="{prefix}{urls.path_of(entry.name)}">'
        f"{escape(title, quote=False)}</a><small>{about}</small></div><span>{marks}</span></li>"
    )


def listed(entries: Iterable[RecordEntry[Any]], site: Site, prefix: str, style: str = "clock") -> Markup:
    """Records of either kind, a line each."""
    return Markup("".join(_lines(entries, site, prefix, style)))  # noqa: S704 -- escaped where it is made


def _lines(entries: Iterable[RecordEntry[Any]], site: Site, prefix: str, style: str) -> Iterator[str]:
    for entry in entries:
        yield (incident_line if entry.kind == "incident" else window_line)(entry, site, prefix, style)
