"""What time brings: SLA clocks, when a review is due, and who is on call."""

from incidentbook.clocks.cadence import last_word, next_update_due, update_due
from incidentbook.clocks.calendars import calendar_of
from incidentbook.clocks.case import SlaCase, sla_case
from incidentbook.clocks.escalations import DueStep, due_steps, due_steps_of, last_sign
from incidentbook.clocks.on_call import Duty, DutyKind, on_call, rota, usual_turn
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
    "Duty",
    "DutyKind",
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
    "on_call",
    "owed_on_either_side",
    "resolution_of",
    "review_duties",
    "review_duty",
    "rota",
    "sla_case",
    "touches",
    "update_due",
    "usual_turn",
    "when_used",
]
