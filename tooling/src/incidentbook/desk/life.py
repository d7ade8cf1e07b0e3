"""The moves of an incident's life: what each changes, and when it is refused."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from incidentbook.desk.change import Change, RefusedError, Values
from incidentbook.desk.words import (
    current_owner,
    current_team,
    known_hold_reason,
    known_team,
    plain_text,
    team_with,
)
from incidentbook.records import Incident, IncidentStatus
from incidentbook.taxonomy import Taxonomy

OPEN = frozenset(
    {IncidentStatus.NEW, IncidentStatus.ASSIGNED, IncidentStatus.IN_PROGRESS, IncidentStatus.ON_HOLD}
)
WORKED_ON = frozenset({IncidentStatus.IN_PROGRESS})

_LATER = frozenset({"closed", "confirmed", "reopened"})
"""What can only be done to an incident that is resolved."""


def require(id_: str, incident: Incident, allowed: Collection[IncidentStatus], wish: str) -> None:
    """Refuse a move that a state does not allow, naming the verb that would be. Raises RefusedError."""
    if incident.status in allowed:
        return
    state = incident.status.replace("_", " ")
    raise RefusedError(f"{id_} is {state}, and cannot be {wish}", _instead(id_, incident, wish))


def _instead(id_: str, incident: Incident, wish: str) -> tuple[str, ...]:
    match incident.status:
        case IncidentStatus.RESOLVED:
            return (f"reopen {id_} -m WHY", *(() if wish == "closed" else (f"close {id_}",)))
        case IncidentStatus.CLOSED:
            return (f"new --earlier {id_}",)
        case IncidentStatus.CANCELLED:
            return ("new",)
    if wish in _LATER:
        return (f"resolve {id_} -m 'What was done' --code KEY --permanent",)
    if incident.acknowledged is None:
        return (f"ack {id_}",)
    if incident.status is IncidentStatus.ON_HOLD:
        return (f"resume {id_}",)
    return (f"hold {id_} --reason KEY", f"resolve {id_} -m 'What was done' --code KEY --permanent")


def acknowledged(
    id_: str, incident: Incident, who: str, at: datetime, team: str | None, taxonomy: Taxonomy
) -> Change:
    """Somebody takes it. Raises RefusedError where somebody has, or nobody can any more."""
    require(id_, incident, OPEN, "acknowledged")
    if incident.acknowledged is not None:
        owner = current_owner(incident)
        has = f"by {owner} " if owner else ""
        said = f"{id_} was acknowledged {has}at {_spelled(incident.acknowledged)}"
        instead = f"update {id_} -m TEXT" if owner == who else f"assign {id_} --owner {who}"
        raise RefusedError(said, (instead,))
    theirs = known_team(taxonomy, team, at) if team else team_with(taxonomy, incident, who, at)
    return Change(
        said=f"acknowledged by {who}",
        values={"acknowledged": at, "status": IncidentStatus.IN_PROGRESS.value},
        added=handed_over(incident, at, theirs, who),
    )


def handed_over(
    incident: Incident, at: datetime, team: str | None, owner: str | None
) -> Mapping[str, list[Values]]:
    """The assignment by which a team or a person has an incident; none where they have it."""
    if (team or current_team(incident), owner) == (current_team(incident), current_owner(incident)):
        return {}
    said = {"at": at, "team": team, "owner": owner}
    return {"assignments": [{key: value for key, value in said.items() if value is not None}]}


def held(
    id_: str, incident: Incident, at: datetime, reason: str, note: str | None, taxonomy: Taxonomy
) -> Change:
    """Nothing can be done for now. Raises RefusedError where nobody works on it, or UnknownWordError."""
    require(id_, incident, WORKED_ON, "put on hold")
    key = known_hold_reason(taxonomy, reason)
    hold = {"from": at, "reason": key, **({"note": plain_text(note, "-m")} if note is not None else {})}
    return Change(
        said=f"on hold: {key}", values={"status": IncidentStatus.ON_HOLD.value}, added={"holds": [hold]}
    )


def resumed(id_: str, incident: Incident, at: datetime) -> Change:
    """Work goes on. Raises RefusedError where it is not on hold."""
    require(id_, incident, {IncidentStatus.ON_HOLD}, "resumed")
    return Change(
        said="work goes on",
        values={"status": IncidentStatus.IN_PROGRESS.value},
        nested=holds_ended(incident, at),
    )


def holds_ended(incident: Incident, at: datetime) -> Mapping[tuple[str | int, ...], Values]:
    """What ends every hold that lasts; there is one, but for records that break a rule."""
    return {("holds", index): {"to": at} for index, hold in enumerate(incident.holds) if hold.to is None}


def mitigated(id_: str, incident: Incident, who: str | None, at: datetime, step: str | None) -> Change:
    """The harm is contained, the work goes on. Raises RefusedError where it was, or it is over."""
    require(id_, incident, OPEN, "mitigated")
    if incident.mitigated is not None:
        said = f"{id_} was mitigated at {_spelled(incident.mitigated)}"
        raise RefusedError(said, (f"update {id_} -m TEXT", f"resolve {id_} -m TEXT --code KEY --permanent"))
    return Change(said="mitigated", values={"mitigated": at}, added=noted(who, at, step))


def noted(who: str | None, at: datetime, text: str | None) -> Mapping[str, list[Values]]:
    """A step of the work, where something is said of it."""
    if text is None:
        return {}
    step: dict[str, Any] = {"at": at, **({"by": who} if who else {}), "text": plain_text(text, "-m")}
    return {"steps": [step]}


def cancelled(id_: str, incident: Incident, at: datetime, reason: str) -> Change:
    """It was no incident. Raises RefusedError where it is over."""
    if incident.status is IncidentStatus.RESOLVED:
        said = f"{id_} is resolved; a false alarm is reopened first, which says so, and then cancelled"
        raise RefusedError(said, (f"reopen {id_} -m WHY", f"cancel {id_} -m WHY"))
    require(id_, incident, OPEN, "cancelled")
    return Change(
        said="cancelled",
        values={
            "status": IncidentStatus.CANCELLED.value,
            "cancelled": at,
            "cancel_reason": plain_text(reason, "-m"),
        },
        nested=holds_ended(incident, at),
    )


def _spelled(at: datetime) -> str:
    return at.isoformat(timespec="minutes")
