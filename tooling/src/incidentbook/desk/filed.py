"""What a record of any kind is filed under: services, team, owner, priority, time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

from incidentbook.archive import RecordEntry, Records
from incidentbook.desk.words import current_owner, current_team
from incidentbook.publication.standing import is_open, start_of
from incidentbook.records import KINDS, Article, Handover, Incident, Maintenance, Problem, Record, Review
from incidentbook.taxonomy import Taxonomy


@dataclass(frozen=True, slots=True)
class Filed:
    """One record with what it is looked for by; `at` is when it began, or was written."""

    entry: RecordEntry[Any]
    title: str
    state: str
    is_open: bool
    services: tuple[str, ...]
    category: str | None
    priority: str | None
    team: str | None
    owner: str | None
    at: datetime | None
    is_major: bool


def filed(entry: RecordEntry[Any], records: Records[Any]) -> Filed:
    """Take from a record what it is filed under; a review is filed as its lead incident is."""
    record: Record = entry.record
    lead = _lead(entry, records)
    told = lead.record if lead is not None else record
    taxonomy = records.taxonomy
    return Filed(
        entry=entry,
        title=title_of(entry, records),
        state=str(record.status),
        is_open=_is_open(entry),
        services=_services(told, taxonomy),
        category=getattr(told, "category", None),
        priority=taxonomy.priority_of(told) if isinstance(told, Incident) else None,
        team=current_team(told) if isinstance(told, Incident) else getattr(record, "team", None),
        owner=_owner(record),
        at=_moment(record, taxonomy),
        is_major=isinstance(told, Incident) and told.major,
    )


def title_of(entry: RecordEntry[Any], records: Records[Any]) -> str:
    """What a record is called; a review without a title is that of its incident, a handover of its team."""
    record = entry.record
    if record.title:
        return str(record.title)
    if isinstance(record, Handover):
        return f"Handover of {record.team or 'all teams'}"
    lead = _lead(entry, records)
    return f"Review of {lead.record.title}" if lead is not None else f"Review of {entry.name.lead_incident}"


def _lead(entry: RecordEntry[Any], records: Records[Any]) -> RecordEntry[Incident] | None:
    lead = records.get(entry.name.lead_incident) if entry.name.lead_incident else None
    return lead if lead is not None and lead.readable else None


def _is_open(entry: RecordEntry[Any]) -> bool:
    if isinstance(entry.record, Incident):
        return is_open(entry.record)
    return entry.record.status in KINDS[entry.kind].open_states


def _services(record: Record, taxonomy: Taxonomy) -> tuple[str, ...]:
    match record:
        case Incident() | Maintenance():
            named = [impact.service for impact in record.services]
        case Problem() | Article():
            named = list(record.services)
        case _:
            named = []
    at = record.opened if isinstance(record, Incident) else None
    return tuple(dict.fromkeys(taxonomy.service_key(service, at) for service in named))


def _owner(record: Record) -> str | None:
    match record:
        case Incident():
            return current_owner(record)
        case Review():
            return record.facilitator or next(iter(record.authors), None)
        case Handover():
            return record.incoming
    return record.owner


def _moment(record: Record, taxonomy: Taxonomy) -> datetime | None:
    match record:
        case Incident():
            return start_of(record)
        case Problem():
            return record.opened
        case Review():
            return record.started or record.published
        case Maintenance():
            window = record.actual or record.planned
            return window.from_ if window else record.announced
        case Handover():
            return record.at
    return (
        datetime.combine(record.reviewed, time(), taxonomy.zone).astimezone(UTC) if record.reviewed else None
    )
