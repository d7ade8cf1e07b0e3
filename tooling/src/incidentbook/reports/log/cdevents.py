"""The event stream as CDEvents: what its incident and ticket events have a word for, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from incidentbook.archive import RecordEntry, Records
from incidentbook.feeds.addresses import Addresses
from incidentbook.history import Event, EventType
from incidentbook.history.story import moment
from incidentbook.publication.urls import path_of
from incidentbook.records import Incident, Problem
from incidentbook.taxonomy import Taxonomy

VERSION = "0.5.0"
"""The version of the specification: <https://cdevents.dev/>."""

_INCIDENT, _TICKET = "dev.cdevents.incident.{}.0.3.0", "dev.cdevents.ticket.{}.0.2.0"

_PREDICATES: Mapping[EventType, tuple[str, ...]] = MappingProxyType(
    {
        EventType.DETECTED: (_INCIDENT.format("detected"),),
        EventType.OPENED: (_INCIDENT.format("reported"), _TICKET.format("created")),
        EventType.RESOLVED: (_INCIDENT.format("resolved"), _TICKET.format("updated")),
        EventType.PROBLEM_OPENED: (_TICKET.format("created"),),
        EventType.CLOSED: (_TICKET.format("closed"),),
        EventType.CANCELLED: (_TICKET.format("closed"),),
        EventType.PROBLEM_CLOSED: (_TICKET.format("closed"),),
    }
    | dict.fromkeys(
        (
            *(EventType.ACKNOWLEDGED, EventType.ASSIGNED, EventType.REASSIGNED, EventType.PRIORITY_RAISED),
            *(EventType.PRIORITY_LOWERED, EventType.MAJOR_DECLARED, EventType.MAJOR_STOOD_DOWN),
            *(EventType.HELD, EventType.RESUMED, EventType.ESCALATED, EventType.UPDATE_POSTED),
            *(EventType.UPDATE_CORRECTED, EventType.MITIGATED, EventType.RESTORED, EventType.REOPENED),
            *(EventType.KNOWN_ERROR_RECORDED, EventType.PROBLEM_RESOLVED),
        ),
        (_TICKET.format("updated"),),
    )
)
"""What CDEvents calls each type of event, if anything: an incident is a disturbance and a ticket at once."""

_KINDS = ("incident", "problem")
"""A maintenance has updates, too, and is no ticket."""

_ENVIRONMENT = {"id": "production"}
"""An incident of ours is one of what users use; CDEvents wants the environment named."""


@dataclass(frozen=True)
class _Source:
    """Where events come from, and what is known of the records that they are of."""

    records: Records[Any]
    addresses: Addresses

    @property
    def taxonomy(self) -> Taxonomy:
        return self.records.taxonomy

    @property
    def uri(self) -> str:
        """The site, else a name made of the repository's: a URI reference without a host."""
        return self.addresses.base or f"/incidentbook/{quote(self.taxonomy.settings.name, safe='')}"

    def entry(self, event: Event) -> RecordEntry[Any] | None:
        """The record as it is now, if it is there and can be read."""
        entry: RecordEntry[Any] | None = self.records.get(event.known_as.id)
        return entry if entry is not None and entry.readable else None

    def ticket(self, event: Event) -> str:
        """The address of the record's page, else a name that is none of a place."""
        if not self.addresses.base:
            return Addresses.urn("record", event.known_as.id)
        return self.addresses.of_page(path_of(event.known_as), "")


def log_as_cdevents(events: Sequence[Event], records: Records[Any]) -> str:
    """Render events as a JSON list of CDEvents; those that it has no word for are left out.

    An event's `id` is made of what it is: the same one has the same whenever it is asked for.
    """
    settings = records.taxonomy.settings
    source = _Source(records, Addresses.of(settings.url, settings.name))
    return json.dumps(list(_cdevents(events, source)), indent=2, ensure_ascii=False)


def _cdevents(events: Iterable[Event], source: _Source) -> Iterator[dict[str, Any]]:
    for event in events:
        entry = source.entry(event)
        at = moment(event, source.taxonomy.zone)
        if entry is None or at is None or event.known_as.kind not in _KINDS:
            continue
        for type_ in _PREDICATES.get(event.type, ()):
            make = _CONTENTS[type_.split(".")[2], type_.split(".")[3]]
            yield {
                "context": {
                    "specversion": VERSION,
                    "id": Addresses.uid("cdevent", type_, event.known_as.id, *event.happening.key),
                    "source": source.uri,
                    "type": type_,
                    "timestamp": _timestamp(at),
                },
                "subject": {
                    "id": event.known_as.id,
                    "source": source.uri,
                    "content": make(event, entry.record, source),
                },
                "customData": {
                    "incidentbook": {"type": event.type.value, "detail": dict(event.happening.detail)}
                },
                "customDataContentType": "application/json",
            }


def _timestamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _incident(event: Event, record: Incident, source: _Source) -> dict[str, Any]:
    description = event.happening.detail.get("text") or record.title
    content: dict[str, Any] = {"description": description, "environment": _ENVIRONMENT}
    if record.services:  # CDEvents has room for one
        content["service"] = {"id": record.services[0].service, "source": source.uri}
    return content


def _reported(event: Event, record: Incident, source: _Source) -> dict[str, Any]:
    return {**_incident(event, record, source), "ticketURI": source.ticket(event)}


def _ticket(event: Event, record: Incident | Problem, source: _Source) -> dict[str, Any]:
    detail = event.happening.detail
    content: dict[str, Any] = {
        "summary": record.title,
        "ticketType": event.known_as.kind,
        "uri": source.ticket(event),
    }
    if "team" in detail:
        content["group"] = detail["team"]
    if "owner" in detail:
        content["assignees"] = [detail["owner"]]
    if event.type in (EventType.PRIORITY_RAISED, EventType.PRIORITY_LOWERED):
        content["priority"] = detail["to"]
    return content


def _created(event: Event, record: Incident | Problem, source: _Source) -> dict[str, Any]:
    reporter = record.reporter if isinstance(record, Incident) else None
    creator = (reporter.handle or reporter.name or reporter.channel) if reporter else None
    # an audience that may not know of people is told which organisation it was
    return {
        **_ticket(event, record, source),
        "creator": creator or source.taxonomy.settings.name or "unknown",
    }


def _updated(event: Event, record: Incident | Problem, source: _Source) -> dict[str, Any]:
    by = event.happening.detail.get("by")
    return {**_ticket(event, record, source), **({"updatedBy": by} if by else {})}


def _closed(event: Event, record: Incident | Problem, source: _Source) -> dict[str, Any]:
    is_duplicate = record.links is not None and isinstance(record, Incident) and record.links.duplicate_of
    cancelled = "duplicate" if is_duplicate else "withdrawn"
    resolution = cancelled if event.type is EventType.CANCELLED else "completed"
    return {**_updated(event, record, source), "resolution": resolution}


_CONTENTS: Mapping[tuple[str, str], Callable[[Event, Any, _Source], dict[str, Any]]] = MappingProxyType(
    {
        ("incident", "detected"): _incident,
        ("incident", "reported"): _reported,
        ("incident", "resolved"): _incident,
        ("ticket", "created"): _created,
        ("ticket", "updated"): _updated,
        ("ticket", "closed"): _closed,
    }
)
