"""When readers were promised to hear more of an incident, as shift notes say it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from incidentbook.archive import RecordEntry, Records
from incidentbook.clocks.cadence import last_word
from incidentbook.records import Incident


def promised_update(entry: RecordEntry[Incident], records: Records[Any], now: datetime) -> datetime | None:
    """By when readers were promised to hear more; None where nobody promised it, or where they have heard.

    The last promise counts, for it is the one that was said instead of those before. What is said of a
    larger incident is said of those that follow it.
    """
    larger = (one.record for one in records.followed_by(entry.id))
    said = last_word(entry.record, *larger, until=now)
    promises = [
        (source.record.at, source.name.sort_key(), item.next_update_due)
        for relation, source in records.backlinks(entry.id)
        if relation == "handover" and source.record.at is not None and source.record.at <= now
        for item in source.record.items
        if item.incident == entry.id and item.next_update_due is not None
    ]
    at, _, due = max(promises, default=(None, None, None))
    return due if at is not None and (said is None or at > said) else None
