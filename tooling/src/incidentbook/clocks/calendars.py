"""The calendars of `schema/calendars.yml`, ready to count in."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from incidentbook.taxonomy import Taxonomy
from incidentbook.worktime import ClosedDays, InvalidWeekError, WorkCalendar, read_week

_Hours = tuple[tuple[str, tuple[str, ...]], ...]


def calendar_of(taxonomy: Taxonomy, key: str, at: datetime | None = None) -> WorkCalendar:
    """Return the calendar of this key that was in force at a time, else the newest.

    A calendar that is unknown, or that cannot be counted in, counts every hour: the check of
    `schema/` says so, and everything else goes on.
    """
    zone = taxonomy.settings.zone
    calendar = taxonomy.calendar(key, at) or taxonomy.calendar(key)
    if calendar is None:
        return _build(zone, (), ClosedDays())
    hours = tuple((weekday, tuple(spans)) for weekday, spans in sorted(calendar.hours.items()))
    closed = calendar.holidays
    days = ClosedDays(closed.country, closed.region, frozenset(closed.days)) if closed else ClosedDays()
    return _build(calendar.zone or zone, hours, days)


# Remembered by what a calendar is made of: laying out a year takes milliseconds, and 25,000
# incidents ask for the same few calendars.
@lru_cache(maxsize=64)
def _build(zone: str, hours: _Hours, closed: ClosedDays) -> WorkCalendar:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        zone = "UTC"
    try:
        week = read_week(dict(hours)) if hours else None
    except InvalidWeekError:
        week = None
    return WorkCalendar(zone, week, closed)
