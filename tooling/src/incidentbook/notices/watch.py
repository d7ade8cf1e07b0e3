"""What of the records wants attention at one moment: who must do what, and by when."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, time
from typing import Any

from incidentbook.archive import Records
from incidentbook.clocks import ClockName
from incidentbook.notices.incident_wants import clock_wants, escalation_wants, handover_wants, update_wants
from incidentbook.notices.upkeep_wants import action_wants, article_wants, maintenance_wants, review_wants
from incidentbook.notices.want import Attention, Found, Moment, Want
from incidentbook.records import Handover, Incident
from incidentbook.taxonomy import Taxonomy


def wanting_attention(records: Records[Any], now: datetime) -> tuple[Attention, ...]:
    """Return every record that wants attention: what incidents want first, then what is late, by due time.

    These are clocks of open incidents at risk or breached, overdue updates of major ones, escalation steps
    that nobody took, handovers that nobody acknowledged, overdue reviews, overdue actions of reviews and
    problems, published articles past their review day, and maintenance that should have begun or ended.
    """
    moment = Moment(records, now, records.taxonomy.day_of(now))
    found: dict[str, list[Found]] = {}
    for look in _LOOKS:
        for name, want in look(moment):
            found.setdefault(name.lead_incident or name.id, []).append((name, want))
    every = (_attention(id_, wants, records) for id_, wants in found.items())
    return tuple(sorted(every, key=lambda one: (*_order(one.wants[0], records), one.record)))


def _order(want: Want, records: Records[Any]) -> tuple[bool, int, float, str]:
    """What incidents want before everything else: an article can wait for an outage."""
    due, zone = want.due, records.taxonomy.zone
    instant = due if isinstance(due, datetime) else datetime.combine(due, time(), zone)
    return want.key.partition("-")[0] not in _FIRST, -want.level, instant.timestamp(), want.key


_FIRST = frozenset({*ClockName, "update", "escalation", "handover"})


def _attention(id_: str, found: Sequence[Found], records: Records[Any]) -> Attention:
    wants = tuple(sorted((want for _, want in found), key=lambda want: _order(want, records)))
    # a review whose incident is gone, or may not be read, stands for itself
    entry = records.get(id_) or records.get(found[0][0].id)
    assert entry is not None  # noqa: S101  it was found among these records
    record = entry.record
    said = [record.status.replace("_", " ")]
    priority = records.taxonomy.priority_of(record) if isinstance(record, Incident) else None
    title = record.title or (_shift(record, records.taxonomy) if isinstance(record, Handover) else id_)
    return Attention(id_, entry.kind, title, ", ".join(filter(None, (priority, *said))), entry.path, wants)


def _shift(note: Handover, taxonomy: Taxonomy) -> str:
    team = taxonomy.team(note.team) if note.team else None
    return f"Handover of {(team.name if team else note.team) or 'all teams'}"


_LOOKS: tuple[Callable[[Moment], Iterator[Found]], ...] = (
    clock_wants,
    update_wants,
    escalation_wants,
    handover_wants,
    review_wants,
    action_wants,
    article_wants,
    maintenance_wants,
)
"""Everything that is looked for: one more is one more function."""
