"""Working time: how much of it lies between two instants, and when an amount of it will have passed."""

from incidentbook.worktime.calendar import HORIZON, WorkCalendar
from incidentbook.worktime.closed import ClosedDays, is_known_region, known_regions
from incidentbook.worktime.week import InvalidWeekError, Week, read_week, week_faults

__all__ = [
    "HORIZON",
    "ClosedDays",
    "InvalidWeekError",
    "Week",
    "WorkCalendar",
    "is_known_region",
    "known_regions",
    "read_week",
    "week_faults",
]
