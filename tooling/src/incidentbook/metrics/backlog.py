"""Which incidents were open at a moment, whatever became of them since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from incidentbook.clocks import is_done, resolution_of
from incidentbook.metrics.dimensions import opening_of
from incidentbook.metrics.summary import Summary
from incidentbook.records import Incident

Spans = tuple[tuple[datetime, datetime | None], ...]
"""From, and to (itself outside; None while it lasts)."""


@dataclass(frozen=True, slots=True)
class Backlog:
    """The incidents that were open at a moment, and how long they had been; `oldest` is an ID.

    `at` is None for a group of time that has no end, being of incidents without a time.
    """

    at: datetime | None
    count: int
    age: Summary
    oldest: str | None


def open_spans(incident: Incident) -> Spans | None:
    """Return when an incident was open, half-open; None where that cannot be told.

    It is open from its opening to its resolution, else its closing, and again from each reopening
    on: so the backlog of a past month can be computed from the record as it stands today.
    """
    start = opening_of(incident)
    if start is None:
        return None
    end = (resolution_of(incident) or incident.closed) if is_done(incident) else None
    if end is None and is_done(incident):
        return None
    spans = []
    for reopening in sorted(incident.reopenings, key=lambda one: one.reopened):
        spans.append((start, reopening.resolved))
        start = reopening.reopened
    return (*spans, (start, end))
