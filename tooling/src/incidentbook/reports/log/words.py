"""How an event is said in words, in one line of a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from incidentbook.history import Event, EventType
from incidentbook.reports.stats.words import printable

_WORDS: Mapping[EventType, str] = MappingProxyType(
    {
        EventType.DETECTED: "detected",
        EventType.OPENED: "opened: {title}",
        EventType.ACKNOWLEDGED: "acknowledged",
        EventType.ASSIGNED: "assigned to {whom}",
        EventType.REASSIGNED: "reassigned to {whom}",
        EventType.PRIORITY_RAISED: "priority raised from {from} to {to}: {reason}",
        EventType.PRIORITY_LOWERED: "priority lowered from {from} to {to}: {reason}",
        EventType.MAJOR_DECLARED: "declared a major incident",
        EventType.MAJOR_STOOD_DOWN: "major incident stood down",
        EventType.HELD: "put on hold ({reason}): {text}",
        EventType.RESUMED: "resumed ({reason})",
        EventType.ESCALATED: "escalated to {to} ({kind}): {reason}",
        EventType.UPDATE_POSTED: "update, {status}: {text}",
        EventType.UPDATE_CORRECTED: "correction of update {corrects}, {status}: {text}",
        EventType.MITIGATED: "mitigated",
        EventType.RESTORED: "service restored",
        EventType.RESOLVED: "resolved ({code}): {text}",
        EventType.REOPENED: "reopened: {reason}",
        EventType.CONFIRMED: "confirmation: {answer}",
        EventType.RATED: "rated {score} of 5: {text}",
        EventType.CLOSED: "closed",
        EventType.CANCELLED: "cancelled: {reason}",
        EventType.REVIEW_STARTED: "review started",
        EventType.REVIEW_SUBMITTED: "review submitted",
        EventType.REVIEW_PUBLISHED: "review published",
        EventType.ACTION_OPENED: "action promised: {title}",
        EventType.ACTION_DONE: "action done: {title}",
        EventType.ACTION_DROPPED: "action dropped: {title}: {reason}",
        EventType.PROBLEM_OPENED: "problem opened: {title}",
        EventType.KNOWN_ERROR_RECORDED: "known error recorded",
        EventType.PROBLEM_RESOLVED: "problem resolved",
        EventType.PROBLEM_CLOSED: "problem closed",
        EventType.ARTICLE_DRAFTED: "article drafted: {title}",
        EventType.ARTICLE_PUBLISHED: "article published: {title}",
        EventType.ARTICLE_RETIRED: "article retired in favour of {to}",
        EventType.MAINTENANCE_SCHEDULED: "maintenance scheduled: {title}",
        EventType.MAINTENANCE_STARTED: "maintenance started",
        EventType.MAINTENANCE_COMPLETED: "maintenance completed",
        EventType.MAINTENANCE_CANCELLED: "maintenance cancelled: {reason}",
        EventType.HANDOVER_WRITTEN: "shift handed over to {to}",
        EventType.HANDOVER_ACKNOWLEDGED: "handover acknowledged",
        EventType.RENUMBERED: "renumbered from {from} to {to}",
        EventType.DELETED: "deleted",
        EventType.UNDELETED: "brought back after it was deleted",
    }
)
"""What is said of each type; a part whose detail is missing is left out."""

_PARTS = (
    (" to {to}", "to"),
    *(("in favour of {to}", "to"), ("assigned to {whom}", "whom"), (" of update {corrects}", "corrects")),
    *((" ({reason})", "reason"), (" ({kind})", "kind"), (" ({code})", "code")),
    *((": {title}", "title"), (": {text}", "text"), (": {reason}", "reason")),
)


def in_words(event: Event) -> str:
    """Say what happened, safe for a terminal, and on one line whatever somebody wrote."""
    detail = dict(event.happening.detail)
    if "team" in detail or "owner" in detail:
        detail["whom"] = " / ".join(detail[key] for key in ("team", "owner") if key in detail)
    words = _WORDS[event.type]
    for part, name in _PARTS:
        if part in words and name not in detail:
            words = words.replace(part, "" if not part.startswith("assigned") else "assigned")
    said = words.format_map(detail)
    by = f" ({detail['by']})" if detail.get("by") else ""
    return printable(" ".join(f"{said}{by}".split()))
