"""What states are called on the site, and in which tone they are shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from markupsafe import Markup, escape

from incidentbook.records import ServiceState

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
    # incidents: how far the work is, never how bad the trouble is; that is for services and priorities
    "new": "busy",
    "assigned": "busy",
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
    "investigating": "busy",
    "identified": "busy",
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
    # handovers
    "written": "warn",
    "acknowledged": "good",
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


_CODE = re.compile(r"`([^`]+)`")


def label(state: str | StrEnum) -> str:
    """`in_progress` as `In progress`."""
    key = str(state)
    return _LABELS.get(key) or key.replace("_", " ").capitalize()


def tone(state: str | StrEnum) -> str:
    """The class of colour and sign that a state is shown in; `quiet` for what has none."""
    key = str(state)
    return _TONES.get(key) or ("rank" if key[:1] == "P" and key[1:].isdigit() else "quiet")


def at_worst(state: str) -> str:
    """What is said of a service beside its state now, where it was worse."""
    return f"at worst: {label(state)}"


def with_code(text: str) -> Markup:
    """A line of plain words in which what stands between backticks is code, and nothing else is Markdown."""
    safe = escape(text)
    # a plain string: what is put into a Markup would be escaped as well
    return Markup(_CODE.sub(r"<code>\1</code>", str(safe))) if "`" in safe else safe  # noqa: S704 -- escaped here


def counted(weights: Mapping[ServiceState, float], *, maintenance: bool) -> str:
    """Say what availability counts, from the weight of each state and whether maintenance counts."""
    worst_first = sorted(weights, key=lambda state: -weights[state])
    lost = [_share_words(state, weights[state]) for state in worst_first if weights[state] > 0]
    spared = [label(state).lower() for state in worst_first if weights[state] == 0 and state != "operational"]
    if not maintenance:
        spared.append("maintenance")
    parts = [", ".join(lost)] if lost else []
    if spared:
        names = " and ".join(filter(None, (", ".join(spared[:-1]), spared[-1])))
        parts.append(f"{names} {'does' if len(spared) == 1 else 'do'} not count")
    return f"In availability, {'; '.join(parts)}."


def _share_words(state: ServiceState, share: float) -> str:
    name = label(state).lower()
    return f"{name} counts in full" if share == 1 else f"{name} counts by {share * 100:g}\u00a0%"
