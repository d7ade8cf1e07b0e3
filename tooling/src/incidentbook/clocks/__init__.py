"""What time brings: SLA clocks, and when a review is due."""

from incidentbook.clocks.calendars import calendar_of
from incidentbook.clocks.reviews import DutyStatus, ReviewDuty, review_duties, review_duty
from incidentbook.clocks.sla import Clock, ClockName, ClockState, Pause, clocks_of
from incidentbook.clocks.standing import LeftOut, is_done, left_out_of_measures, resolution_of

__all__ = [
    "Clock",
    "ClockName",
    "ClockState",
    "DutyStatus",
    "LeftOut",
    "Pause",
    "ReviewDuty",
    "calendar_of",
    "clocks_of",
    "is_done",
    "left_out_of_measures",
    "resolution_of",
    "review_duties",
    "review_duty",
]
