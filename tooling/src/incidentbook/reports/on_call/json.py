"""Who is on call as JSON, for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from incidentbook.clocks import Duty
from incidentbook.reports.on_call.gathering import OnCall, fault_of
from incidentbook.source import Origin
from incidentbook.taxonomy import Taxonomy


def on_call_as_json(found: Sequence[OnCall], taxonomy: Taxonomy, at: datetime, origin: Origin) -> str:
    """Render each team with who is on call, who is next, and the rota ahead where one was asked for."""
    document = {
        "at": at.isoformat(),
        "zone": str(taxonomy.zone),
        "teams": [_team(one, taxonomy, at) for one in found],
        "revision": origin.revision,
        "dirty": origin.dirty,
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def _team(one: OnCall, taxonomy: Taxonomy, at: datetime) -> dict[str, Any]:
    return {
        "team": one.team.id,
        "name": one.team.name,
        "on_call": _duty(one.duty, taxonomy, at) if one.duty else None,
        "next": _duty(one.next, taxonomy, one.next.from_) if one.next else None,
        "reached": one.team.on_call,
        "email": one.team.email,
        "rota": [_duty(duty, taxonomy, duty.from_) for duty in one.rota],
    }


def _duty(duty: Duty, taxonomy: Taxonomy, at: datetime) -> dict[str, Any]:
    person = taxonomy.person(duty.who)
    return {
        "who": duty.who,
        "name": person.name if person else None,
        "from": duty.from_.isoformat(),
        "until": duty.until.isoformat(),
        "kind": duty.kind,
        "why": duty.why,
        "fault": fault_of(taxonomy, duty, at) or None,
    }
