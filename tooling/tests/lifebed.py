"""Incidents in each state, for tests of the verbs that lead them through their life."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from incidentbook.archive import open_repository

FIRST = "incidents/2026/INC-2026-0001.md"
BY = ("--by", "duty-one")

_HEAD = """\
---
title: Checkout answers 502
status: {status}
services:
  - {{service: checkout, state: partial_outage, from: 2026-11-20T10:00+00:00}}   # all tills
category: application/deployment
impact: medium
urgency: high
opened: 2026-11-20T10:05+00:00
reporter: {{channel: phone}}
"""
_TAKEN = """\
acknowledged: 2026-11-20T10:10+00:00
assignments:
  - {at: 2026-11-20T10:10+00:00, team: payments, owner: duty-one}
"""
_RESOLVED = """\
summary: Orders failed for an hour.
resolved: 2026-11-20T11:00+00:00
restored: 2026-11-20T10:55+00:00
resolved_by: duty-one
resolution: {code: fixed, summary: Pool made larger., permanence: permanent}
"""
_CLOSED = """\
closed: 2026-11-20T11:30+00:00
closed_by: duty-two
confirmation: {confirmed: true, by: A guest}
"""
_HOLD = "holds:\n  - {from: 2026-11-20T10:20+00:00, reason: vendor}\n"
_OVER = "cancelled: 2026-11-20T10:30+00:00\ncancel_reason: The probe was wrong.\n"

_PARTS = {
    "new": "",
    "assigned": "assignments:\n  - {at: 2026-11-20T10:06+00:00, team: payments}\n",
    "in_progress": _TAKEN,
    "on_hold": _TAKEN + _HOLD,
    "resolved": _TAKEN + _RESOLVED,
    "closed": _TAKEN + _RESOLVED + _CLOSED,
    "cancelled": _OVER,
}
STATES = tuple(_PARTS)


def incident(status: str, more: str = "") -> str:
    """The file of an incident that the check accepts in a state."""
    return f"{_HEAD.format(status=status)}{_PARTS[status]}{more}---\nErrors began with the roll-out.\n"


def record(root: Path, id_: str = "INC-2026-0001") -> Any:
    """The record of an ID, which can be read without a doubt."""
    entry = open_repository(root).get(id_)
    assert entry is not None and entry.diagnostics == ()
    return entry.record
