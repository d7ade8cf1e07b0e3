"""SLA clocks as JSON; what Jira Service Management has too has its name and its shape."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Any

from incidentbook.clocks import Clock, Pause, SlaCase
from incidentbook.reports.sla.words import WITHOUT, exact, minute, reasons_of_case, reasons_of_clock
from incidentbook.source import Origin
from incidentbook.taxonomy import Taxonomy

_MILLISECOND = timedelta(milliseconds=1)


def sla_as_json(
    cases: Sequence[SlaCase],
    *,
    taxonomy: Taxonomy,
    now: datetime,
    origin: Origin,
    audience: str | None,
) -> str:
    """Render the clocks of incidents, in the order given."""
    document = {
        "incidents": [_case(case, taxonomy) for case in cases],
        "now": now.isoformat(),
        "revision": origin.revision,
        "dirty": origin.dirty,
        "audience": audience or "all",
    }
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)


def _case(case: SlaCase, taxonomy: Taxonomy) -> dict[str, Any]:
    incident, policy = case.entry.record, case.assessment.policy
    return {
        "id": case.entry.id,
        "title": incident.title,
        "status": incident.status.value,
        "priority": case.priority,
        "policy": {"id": policy.id, "name": policy.name} if policy else None,
        "clocks": [_clock(case, clock, taxonomy) for clock in case.clocks],
        "updateDue": _date(case.update_due, taxonomy.zone),
        "without": {str(name): WITHOUT[why] for name, why in case.assessment.without.items()},
    }


def _clock(case: SlaCase, clock: Clock, taxonomy: Taxonomy) -> dict[str, Any]:
    zone = taxonomy.zone
    return {
        "name": str(clock.name),
        "state": str(clock.state),
        "startTime": _date(clock.start, zone),
        "stopTime": _date(clock.stop, zone),
        "breachTime": _date(clock.due if clock.is_breached or not clock.paused else None, zone),
        "breached": clock.is_breached,
        "paused": clock.paused,
        "withinCalendarHours": clock.within_hours if not clock.is_stopped else None,
        "goalDuration": _duration(clock.target),
        "elapsedTime": _duration(clock.elapsed),
        "remainingTime": _duration(clock.remaining),
        "due": _date(clock.due, zone),
        "atRiskTime": _date(clock.at_risk_from, zone),
        "calendar": clock.calendar,
        "overridden": clock.overridden,
        "pauses": [_pause(pause, zone) for pause in clock.pauses],
        "reasoning": [
            f"{about}: {words}"
            for about, words in (
                *reasons_of_case(case, taxonomy),
                *reasons_of_clock(case, clock, taxonomy, zone),
            )
        ],
    }


def _pause(pause: Pause, zone: tzinfo) -> dict[str, Any]:
    return {
        "from": _date(pause.from_, zone),
        "to": _date(pause.to, zone),
        "reasons": list(pause.reasons),
        "uncountedTime": _duration(pause.counted),
    }


def _date(instant: datetime | None, zone: tzinfo) -> dict[str, Any] | None:
    if instant is None:
        return None
    return {
        "iso8601": instant.astimezone(zone).isoformat(),
        "friendly": minute(instant, zone),
        "epochMillis": round(instant.timestamp() * 1000),
    }


def _duration(length: timedelta) -> dict[str, Any]:
    friendly = f"-{exact(-length)}" if length < timedelta(0) else exact(length)
    return {"millis": length // _MILLISECOND, "friendly": friendly}
