"""Drafts for readers: the next update, and the last word."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import takewhile
from typing import Any

from incidentbook.archive import Archive
from incidentbook.clocks import update_due
from incidentbook.desk.drafts.errors import NothingToTellError
from incidentbook.desk.drafts.filling import fill
from incidentbook.desk.drafts.times import at_words
from incidentbook.desk.promises import promised_update
from incidentbook.publication import Published, publish, redact
from incidentbook.publication.standing import IncidentEntry, end_of, said_until, start_of, states_at
from incidentbook.records import KINDS, Audience, Incident
from incidentbook.worktime.lengths import in_two_units

_STATES = {
    "operational": "working",
    "degraded_performance": "working, but worse than usual",
    "partial_outage": "partly down",
    "major_outage": "down",
}


def draft_update(archive: Archive, id_: str, now: datetime, audience: Audience | None = None) -> str:
    """Draft the next update of an open incident, for readers of an audience.

    The audience is that of the record unless it is said. Raises NothingToTellError, BrokenTemplateError.
    """
    published, entry = _published(archive, id_, audience)
    if entry.record.status not in KINDS["incident"].open_states:
        state = entry.record.status.replace("_", " ")
        raise NothingToTellError(
            id_, f"is {state}; `incidentbook draft resolution {id_}` drafts the last word"
        )
    return fill(archive, "update", _values(published, entry, now))


def draft_resolution(archive: Archive, id_: str, now: datetime, audience: Audience | None = None) -> str:
    """Draft what readers are told when an incident is over. Raises as draft_update does."""
    published, entry = _published(archive, id_, audience)
    return fill(archive, "resolution", _values(published, entry, now))


def _published(archive: Archive, id_: str, audience: Audience | None) -> tuple[Published, IncidentEntry]:
    """The incident as its readers see it: what they may not know of cannot get into the draft."""
    own = archive.get(id_)
    assert own is not None  # noqa: S101  whoever asks has found it
    visibility = own.record.visibility
    if visibility is Audience.RESTRICTED:
        raise NothingToTellError(id_, "is restricted: there are no readers to whom a draft could speak")
    published = publish(archive, audience or visibility)
    entry = published.get(id_)
    if entry is None:
        why = "a drill" if own.record.drill else f"`visibility: {visibility}`"
        raise NothingToTellError(
            id_, f"is {why}, which the public does not see; `--audience internal` drafts for colleagues"
        )
    return published, entry


def _values(published: Published, entry: IncidentEntry, now: datetime) -> Mapping[str, Any]:
    """What a template may say: what is public of the record, and for colleagues how it was solved."""
    incident, zone = redact(entry.record, Audience.PUBLIC), published.taxonomy.zone
    start, end = start_of(incident), end_of(incident)
    said = said_until(entry.record.updates, now)
    due = _next_update(entry, published, now)
    return {
        "id": entry.id,
        "audience": published.audience.value,
        "title": incident.title,
        "summary": incident.summary,
        "major": incident.major,
        "services": _services(incident, published, now),
        "since": at_words(start, zone) if start else None,
        "until": at_words(end, zone) if end else None,
        "lasted": in_two_units(end - start) if start and end and end >= start else None,
        "mitigated": at_words(incident.mitigated, zone) if incident.mitigated else None,
        "updates": len(said),
        "last_update": at_words(said[-1].at, zone) if said else None,
        "last_status": said[-1].status.value.replace("_", " ") if said else None,
        "next_update": at_words(due, zone) if due else None,
        **_solution(entry.record, published),
    }


def _next_update(entry: IncidentEntry, published: Published, now: datetime) -> datetime | None:
    """When the update after this one is due: this one keeps what the policy asks for until now.

    Where the policy asks for none, it is what a shift note promised, unless that is over.
    """
    every = published.taxonomy.major.update_every
    if every is not None and update_due(entry, published, now) is not None:
        return now + every
    promised = promised_update(entry, published, now)
    return promised if promised is not None and promised > now else None


def _services(incident: Incident, published: Published, now: datetime) -> list[dict[str, str | None]]:
    found: list[dict[str, str | None]] = []
    for key, state in states_at(incident, now).items():
        service = published.taxonomy.service(key, incident.opened) or published.taxonomy.service(key)
        since = _since(incident, key, state, now)
        found.append(
            {
                "name": service.name if service else key,
                "state": _STATES.get(state, state),
                "since": at_words(since, published.taxonomy.zone) if since else None,
            }
        )
    return found


def _since(incident: Incident, key: str, state: str, now: datetime) -> datetime | None:
    """Since when a service has been in the state that it is in, without a break; None if that is unknown."""
    start = start_of(incident)
    mine = [impact for impact in incident.services if impact.service == key]
    ends = (incident.restored, *(impact.to for impact in mine))
    changes = {at for at in (*(impact.from_ or start for impact in mine), *ends) if at is not None}
    earlier = sorted((at for at in changes if at <= now), reverse=True)
    held = list(takewhile(lambda at: states_at(incident, at)[key] == state, earlier))
    return held[-1] if held else None


def _solution(incident: Incident, published: Published) -> dict[str, str | None]:
    """For the public both are gone already: what they are told of it somebody has to put in their words."""
    resolution = incident.resolution if published.audience is Audience.INTERNAL else None
    return {
        "fix": resolution.summary if resolution else None,
        "workaround": resolution.workaround if resolution else None,
    }
