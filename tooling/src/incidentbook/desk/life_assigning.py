"""Who has an incident from now on."""

from __future__ import annotations

from datetime import datetime

from incidentbook.desk.change import Change
from incidentbook.desk.life import OPEN, handed_over, require
from incidentbook.desk.words import known_person, known_team, team_with
from incidentbook.records import Incident, IncidentStatus
from incidentbook.taxonomy import Taxonomy


def assigned(
    id_: str, incident: Incident, at: datetime, team: str | None, owner: str | None, taxonomy: Taxonomy
) -> Change:
    """A team or a person gets it, or both. Raises RefusedError where it is over, or UnknownWordError.

    Nobody has acknowledged it by that. A person is assigned in their own team unless it has it already.
    """
    require(id_, incident, OPEN, "assigned")
    handle = known_person(taxonomy, owner) if owner else None
    key = known_team(taxonomy, team, at) if team else None
    if handle and not key:
        key = team_with(taxonomy, incident, handle, at)
    added = handed_over(incident, at, key, handle)
    is_new = incident.status is IncidentStatus.NEW
    whom = " and ".join(name for name in (key, handle) if name)
    return Change(
        said=f"assigned to {whom}",
        values={"status": IncidentStatus.ASSIGNED.value} if is_new and added else {},
        added=added,
    )
