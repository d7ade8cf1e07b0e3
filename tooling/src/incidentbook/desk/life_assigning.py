"""Who has an incident from now on."""

from __future__ import annotations

from datetime import datetime

from incidentbook.desk.change import Change
from incidentbook.desk.life import OPEN, handed_over, noted, require, require_begun, spelled
from incidentbook.desk.words import known_person, known_team, team_with
from incidentbook.records import Incident, IncidentStatus
from incidentbook.taxonomy import Taxonomy


def assigned(
    id_: str,
    incident: Incident,
    at: datetime,
    team: str | None,
    owner: str | None,
    taxonomy: Taxonomy,
    who: str | None = None,
    step: str | None = None,
) -> Change:
    """A team or a person gets it, or both. Raises RefusedError where it is over, or UnknownWordError.

    Nobody has acknowledged it by that. A person is assigned in their own team unless it has it already. An
    assignment that is told later, and that another followed, changes nothing of who has it now.
    """
    require(id_, incident, OPEN, "assigned")
    require_begun(id_, incident, at, "assigned")
    handle = known_person(taxonomy, owner, at) if owner else None
    key = known_team(taxonomy, team, at) if team else None
    if handle and not key:
        key = team_with(taxonomy, incident, handle, at)
    added = handed_over(incident, at, key, handle)
    is_new = incident.status is IncidentStatus.NEW
    whom = " and ".join(name for name in (key, handle) if name)
    until = min((one.at for one in incident.assignments if one.at > at), default=None)
    return Change(
        said=f"assigned to {whom}" + (f", until {spelled(until)}" if until and added else ""),
        values={"status": IncidentStatus.ASSIGNED.value} if is_new and added else {},
        added={**added, **noted(who, at, step)},
    )
