"""The moves of an incident's life: what each changes, and when it is refused."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from incidentbook.desk.change import Change, RefusedError
from incidentbook.records import Incident, IncidentStatus

OPEN = frozenset(
    {IncidentStatus.NEW, IncidentStatus.ASSIGNED, IncidentStatus.IN_PROGRESS, IncidentStatus.ON_HOLD}
)


def require(id_: str, incident: Incident, allowed: Collection[IncidentStatus], wish: str) -> None:
    """Refuse a move that a state does not allow, naming the verb that would be. Raises RefusedError."""
    if incident.status in allowed:
        return
    instead = {
        IncidentStatus.ON_HOLD: (f"resume {id_}",),
        IncidentStatus.RESOLVED: (f"reopen {id_} -m WHY", f"close {id_}"),
        IncidentStatus.CLOSED: (f"new --earlier {id_}",),
        IncidentStatus.CANCELLED: ("new",),
    }.get(incident.status, ())
    state = incident.status.replace("_", " ")
    raise RefusedError(f"{id_} is {state}, and cannot be {wish}", instead)


def acknowledged(id_: str, incident: Incident, who: str, at: datetime, team: str | None) -> Change:
    """Somebody takes it. Raises RefusedError where somebody has, or nobody can any more."""
    require(id_, incident, OPEN, "acknowledged")
    if incident.acknowledged is not None:
        owner = next((one.owner for one in reversed(incident.assignments) if one.owner), None)
        has = f"by {owner} " if owner else ""
        said = f"{id_} was acknowledged {has}at {incident.acknowledged.isoformat(timespec='minutes')}"
        raise RefusedError(said, (f"assign {id_} --owner {who}",))
    assignment = {"at": at, **({"team": team} if team else {}), "owner": who}
    return Change(
        said=f"acknowledged by {who}",
        values={"acknowledged": at, "status": IncidentStatus.IN_PROGRESS.value},
        added={"assignments": [assignment]},
    )
