"""What time brings: SLA clocks, and when a review is due."""

from incidentbook.clocks.calendars import calendar_of
from incidentbook.clocks.case import SlaCase, sla_case
from incidentbook.clocks.review_gate import Obstacle, Touch, obstacles, owed_on_either_side, touches
from incidentbook.clocks.reviews import DutyStatus, ReviewDuty, review_duties, review_duty
from incidentbook.clocks.sla import (
    REOPENED,
    Assessment,
    Clock,
    ClockName,
    ClockState,
    NoClock,
    Pause,
    assess,
    clocks_of,
)
from incidentbook.clocks.standing import LeftOut, is_done, left_out_of_measures, resolution_of

__all__ = [
    "REOPENED",
    "Assessment",
    "Clock",
    "ClockName",
    "ClockState",
    "DutyStatus",
    "LeftOut",
    "NoClock",
    "Obstacle",
    "Pause",
    "ReviewDuty",
    "SlaCase",
    "Touch",
    "assess",
    "calendar_of",
    "clocks_of",
    "is_done",
    "left_out_of_measures",
    "obstacles",
    "owed_on_either_side",
    "resolution_of",
    "review_duties",
    "review_duty",
    "sla_case",
    "touches",
]
