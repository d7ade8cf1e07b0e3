"""How often readers hear of an open major incident: when the next update is due."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from incidentbook.archive import RecordEntry, Records
from incidentbook.clocks.standing import LeftOut, left_out_of_measures
from incidentbook.records import KINDS, Incident
from incidentbook.taxonomy import Taxonomy


def last_word(incident: Incident, *larger: Incident, until: datetime | None = None) -> datetime | None:
    """When readers last heard of an incident, in its own updates or in those of what it follows.

    None where nobody said anything. What is dated after `until` is not said yet.
    """
    said = (update.at for one in (incident, *larger) for update in one.updates)
    return max((at for at in said if until is None or at <= until), default=None)


def next_update_due(
    incident: Incident, taxonomy: Taxonomy, *larger: Incident, until: datetime | None = None
) -> datetime | None:
    """When readers must hear of an incident again; None where nobody promised that.

    It is promised of open major incidents, by `update_every` in schema/major.yml: so long after the last
    update, and no sooner than so long after the incident was declared major, or opened, or reopened.
    `larger` are the incidents that it follows: their updates are its own. A drill keeps the beat, a
    duplicate leaves it to the incident that it repeats.
    """
    every = taxonomy.major.update_every
    if every is None or not incident.major or not _is_going_on(incident):
        return None
    begun = incident.declared or incident.opened
    reopened = (again.reopened for again in incident.reopenings)
    known = (begun, last_word(incident, *larger, until=until), *reopened)
    since = max((at for at in known if at is not None), default=None)
    return since + every if since is not None else None


def _is_going_on(incident: Incident) -> bool:
    return incident.status in KINDS["incident"].open_states and (
        left_out_of_measures(incident) in (None, LeftOut.DRILL)
    )


def update_due(entry: RecordEntry[Incident], records: Records[Any], now: datetime) -> datetime | None:
    """When readers must hear of an incident again, by what was said until now, of it and of its parent."""
    if not entry.record.major:
        return None
    larger: Iterable[Incident] = (one.record for one in records.followed_by(entry.id))
    return next_update_due(entry.record, records.taxonomy, *larger, until=now)
