"""Required reviews as JSON, for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from incidentbook.clocks import ReviewDuty
from incidentbook.source import Origin


def reviews_as_json(duties: Sequence[ReviewDuty], *, now: datetime, origin: Origin) -> str:
    """Render required reviews with the reason, the due time and the state of each."""
    document = {
        "reviews": [duty_as_value(duty) for duty in duties],
        "summary": {
            "required": len(duties),
            "published": sum(duty.is_done for duty in duties),
            "overdue": sum(duty.overdue for duty in duties),
        },
        "now": now.isoformat(),
        "revision": origin.revision,
        "dirty": origin.dirty,
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def duty_as_value(duty: ReviewDuty) -> dict[str, Any]:
    """One required review, ready for JSON."""
    return {
        "incident": duty.incident.id,
        "title": duty.incident.record.title,
        "path": duty.incident.path,
        "review": duty.review.id if duty.review else None,
        "review_path": duty.review.path if duty.review else None,
        "status": duty.status,
        "required_because": list(duty.required_because),
        "required_by_record": duty.overridden,
        "before_closing": duty.before_closing,
        "due": duty.due.isoformat() if duty.due else None,
        "due_day": duty.due_day.isoformat() if duty.due_day else None,
        "overdue": duty.overdue,
        "published": duty.published.isoformat() if duty.published else None,
        "on_time": duty.is_on_time,
        "owners": list(duty.owners),
        "team": duty.team,
    }
