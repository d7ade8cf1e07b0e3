"""Whom the records ask to act, and the issues that remind them."""

from incidentbook.notices.tracking import LABEL, Plan, Step, StepKind, duplicates, plan
from incidentbook.notices.want import Attention, Level, Want
from incidentbook.notices.watch import wanting_attention

__all__ = [
    "LABEL",
    "Attention",
    "Level",
    "Plan",
    "Step",
    "StepKind",
    "Want",
    "duplicates",
    "plan",
    "wanting_attention",
]
