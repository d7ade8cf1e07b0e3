"""What time brings: SLA clocks, and when a review is due."""

from incidentbook.clocks.cadence import last_word, next_update_due, update_due
from incidentbook.clocks.calendars import calendar_of
from incidentbook.clocks.case import SlaCase, sla_case
from incidentbook.clocks.escalations import DueStep, due_steps, due_steps_of, last_sign
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
    when_used,
)
from incidentbook.clocks.standing import LeftOut, is_done, left_out_of_measures, resolution_of

__all__ = [
    "REOPENED",
    "Assessment",
    "Clock",
    "ClockName",
    "ClockState",
    "DueStep",
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
    "due_steps",
    "due_steps_of",
    "is_done",
    "last_sign",
    "last_word",
    "left_out_of_measures",
    "next_update_due",
    "obstacles",
    "owed_on_either_side",
    "resolution_of",
    "review_duties",
    "review_duty",
    "sla_case",
    "touches",
    "update_due",
    "when_used",
]
