"""What wants attention, as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from incidentbook.notices import Attention, Plan, Want
from incidentbook.records import Audience


def watch_as_json(
    wanting: Sequence[Attention], planned: Plan | None, *, now: datetime, audience: Audience | None
) -> str:
    """Render records that want attention, and what becomes of their issues where those were read."""
    document: dict[str, Any] = {
        "records": [_attention(one) for one in wanting],
        "now": now.isoformat(),
        "audience": audience or "all",
    }
    if planned is not None:
        document["steps"] = [
            {"do": step.kind.value, "record": step.record, "issue": step.number} for step in planned.steps
        ]
        document["postponed"] = planned.postponed
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)


def _attention(attention: Attention) -> dict[str, Any]:
    return {
        "id": attention.record,
        "kind": attention.kind,
        "title": attention.title,
        "path": attention.path,
        "level": attention.level.name.lower(),
        "wants": [_want(want) for want in attention.wants],
    }


def _want(want: Want) -> dict[str, Any]:
    return {
        "key": want.key,
        "level": want.level.name.lower(),
        "what": want.what,
        "subject": want.subject or None,
        "due": want.due.isoformat(),
        "who": list(want.who),
        "team": want.team,
        "do": want.do,
        "path": want.path,
    }
