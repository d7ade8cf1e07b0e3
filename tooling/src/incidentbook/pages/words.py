"""What states are called on the site, and in which tone they are shown."""

from __future__ import annotations

from enum import StrEnum

_LABELS = {
    "in_progress": "In progress",
    "on_hold": "On hold",
    "in_review": "In review",
    "known_error": "Known error",
    "degraded_performance": "Degraded performance",
    "partial_outage": "Partial outage",
    "major_outage": "Major outage",
    "under_maintenance": "Under maintenance",
    "postmortem": "Review published",
    "how-to": "How-to",
    "faq": "FAQ",
    "at_risk": "At risk",
    "p1": "Priority 1",
    "data_loss": "Data loss",
    "resolution_breached": "Resolution target missed",
    "first_line": "First line",
}

_TONES = {
    # incidents
    "new": "bad",
    "assigned": "warn",
    "in_progress": "busy",
    "on_hold": "hold",
    "resolved": "good",
    "closed": "quiet",
    "cancelled": "quiet",
    # services and days
    "operational": "good",
    "degraded_performance": "degraded",
    "partial_outage": "partial",
    "major_outage": "major",
    "under_maintenance": "busy",
    # updates
    "investigating": "bad",
    "identified": "warn",
    "monitoring": "busy",
    "scheduled": "busy",
    "verifying": "busy",
    "completed": "good",
    "postmortem": "quiet",
    # reviews and articles
    "draft": "warn",
    "in_review": "busy",
    "published": "good",
    "retired": "quiet",
    "missing": "bad",
    # problems and actions
    "open": "warn",
    "known_error": "hold",
    "done": "good",
    "dropped": "quiet",
    # clocks
    "met": "good",
    "breached": "bad",
    "running": "busy",
    "at_risk": "warn",
    "paused": "hold",
    # priorities
    "P1": "p1",
    "P2": "p2",
    "P3": "p3",
}


def label(state: str | StrEnum) -> str:
    """`in_progress` as `In progress`."""
    key = str(state)
    return _LABELS.get(key) or key.replace("_", " ").capitalize()


def tone(state: str | StrEnum) -> str:
    """The class of colour and sign that a state is shown in; `quiet` for what has none."""
    key = str(state)
    return _TONES.get(key) or ("rank" if key[:1] == "P" and key[1:].isdigit() else "quiet")
