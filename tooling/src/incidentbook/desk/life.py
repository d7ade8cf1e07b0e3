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
from incidentbook.source import format_instant
from incidentbook.taxonomy import Taxonomy

OPEN = frozenset(
    {IncidentStatus.NEW, IncidentStatus.ASSIGNED, IncidentStatus.IN_PROGRESS, IncidentStatus.ON_HOLD}
)
_WAITS = frozenset({IncidentStatus.NEW, IncidentStatus.ASSIGNED})
"""Where nobody works on it."""

_LATER = frozenset({"closed", "confirmed", "reopened"})
"""What can only be done to an incident that is resolved."""


def require(id_: str, incident: Incident, allowed: Collection[IncidentStatus], wish: str) -> None:
    """Refuse a move that a state does not allow, naming the verb that would be. Raises RefusedError."""
    if incident.status in allowed:
        return
    state = incident.status.replace("_", " ")
    raise RefusedError(f"{id_} is {state}, and cannot be {wish}", _instead(id_, incident, wish))


def require_begun(id_: str, incident: Incident, at: datetime, wish: str) -> None:
    """Refuse a deed before the incident began, as far as one knows. Raises RefusedError."""
    known = (incident.started, incident.detected, incident.opened, *(one.from_ for one in incident.services))
    first = min((time for time in known if time is not None), default=at)
    if at < first:
        raise RefusedError(
            f"{id_} began at {spelled(first)} at the earliest, as far as it says, and cannot be {wish} at "
            f"{spelled(at)}",
            (f"set {id_} --started TIME",),
        )


def _instead(id_: str, incident: Incident, wish: str) -> tuple[str, ...]:
    resolve = f"resolve {id_} -m 'What was done' --code KEY --permanent"
    match incident.status:
        case IncidentStatus.RESOLVED:
            over = f"close {id_}" if incident.confirmation else f"confirm {id_} --user WHO"
            return (f"reopen {id_} -m WHY", *(() if wish == "closed" else (over,)))
        case IncidentStatus.CLOSED:
            return (f"new --earlier {id_}",)
        case IncidentStatus.CANCELLED:
            return ("new",)
    if wish in _LATER:
        return (resolve,)
    match incident.status:
        case IncidentStatus.NEW | IncidentStatus.ASSIGNED:
            return (f"ack {id_}",)
        case IncidentStatus.ON_HOLD:
            return (f"resume {id_}",)
    return (f"hold {id_} --reason KEY", resolve)


def acknowledged(
    id_: str,
    incident: Incident,
    who: str,
    at: datetime,
    team: str | None,
    taxonomy: Taxonomy,
    step: str | None = None,
) -> Change:
    """Somebody takes it, who works on it from now on; the first who did stays the first.

    Raises RefusedError where somebody works on it, or nobody can any more.
    """
    require(id_, incident, OPEN, "acknowledged")
    require_begun(id_, incident, at, "acknowledged")
    if incident.acknowledged is not None and incident.status not in _WAITS:
        _refuse_second(id_, incident, incident.acknowledged, who)
    theirs = known_team(taxonomy, team, at) if team else team_with(taxonomy, incident, who, at)
    first = {"acknowledged": at} if incident.acknowledged is None else {}
    return Change(
        said=f"acknowledged by {who}" if first else f"taken up by {who}",
        values={**first, "status": IncidentStatus.IN_PROGRESS.value},
        added={**handed_over(incident, at, theirs, who), **noted(who, at, step)},
    )


def _refuse_second(id_: str, incident: Incident, at: datetime, who: str) -> None:
    owner = current_owner(incident)
    has = f"; {owner} has it" if owner and owner != who else ""
    instead = [f"update {id_} -m TEXT" if owner == who else f"assign {id_} --owner {who}"]
    if incident.status is IncidentStatus.ON_HOLD:
        instead.insert(0, f"resume {id_}")
    raise RefusedError(f"{id_} was acknowledged at {spelled(at)}{has}", instead)


def handed_over(
    incident: Incident, at: datetime, team: str | None, owner: str | None
) -> Mapping[str, list[Values]]:
    """The assignment by which a team or a person has an incident; none where they had it then."""
    had = current_team(incident, at), current_owner(incident, at)
    if (team or had[0], owner) == had:
        return {}
    said = {"at": at, "team": team, "owner": owner}
    return {"assignments": [{key: value for key, value in said.items() if value is not None}]}


def held(
    id_: str, incident: Incident, at: datetime, reason: str, note: str | None, taxonomy: Taxonomy
) -> Change:
    """Nothing can be done for now. Raises RefusedError where nobody has taken it, or UnknownWordError.

    An incident that was taken and waits for somebody else may be put on hold, too.
    """
    taken = _WAITS if incident.acknowledged is not None else frozenset[IncidentStatus]()
    require(id_, incident, {IncidentStatus.IN_PROGRESS, *taken}, "put on hold")
    require_begun(id_, incident, at, "put on hold")
    key = known_hold_reason(taxonomy, reason)
    hold = {"from": at, "reason": key, **({"note": plain_text(note, "-m")} if note is not None else {})}
    return Change(
        said=f"on hold: {key}", values={"status": IncidentStatus.ON_HOLD.value}, added={"holds": [hold]}
    )


def resumed(
    id_: str, incident: Incident, at: datetime, who: str | None = None, step: str | None = None
) -> Change:
    """Work goes on. Raises RefusedError where it is not on hold."""
    require(id_, incident, {IncidentStatus.ON_HOLD}, "resumed")
    return Change(
        said="work goes on",
        values={"status": IncidentStatus.IN_PROGRESS.value},
        added=noted(who, at, step),
        nested=holds_ended(incident, at),
    )


def holds_ended(incident: Incident, at: datetime) -> Mapping[tuple[str | int, ...], Values]:
    """What ends every hold that lasts; there is one, but for records that break a rule."""
    return {("holds", index): {"to": at} for index, hold in enumerate(incident.holds) if hold.to is None}


def mitigated(id_: str, incident: Incident, who: str | None, at: datetime, step: str | None) -> Change:
    """The harm is contained, the work goes on. Raises RefusedError where it was, or it is over."""
    require(id_, incident, OPEN, "mitigated")
    require_begun(id_, incident, at, "mitigated")
    was = incident.mitigated
    if was is not None and not any(again.reopened >= was for again in incident.reopenings):
        said = f"{id_} was mitigated at {spelled(was)}"
        raise RefusedError(said, (f"update {id_} -m TEXT", f"resolve {id_} -m TEXT --code KEY --permanent"))
    added = {**noted(who, at, step), **(_contained_anew(who, at, was) if was else {})}
    return Change(said="mitigated", values={"mitigated": at}, added=added)


def _contained_anew(who: str | None, at: datetime, was: datetime) -> Mapping[str, list[Values]]:
    """What keeps the first time in the record: it was reopened since, by hand, and the harm came back."""
    said = {
        "field": "mitigated",
        "was": format_instant(was),
        "reason": "The harm came back.",
        "at": at,
        "by": who,
    }
    return {"corrections": [{key: value for key, value in said.items() if value is not None}]}


def noted(who: str | None, at: datetime, text: str | None) -> Mapping[str, list[Values]]:
    """A step of the work, where something is said of it."""
    if text is None:
        return {}
    return {"steps": [note(who, at, text)]}


def note(who: str | None, at: datetime, text: str) -> Values:
    """Something done or decided. Raises NoTextError where nothing is said."""
    said: dict[str, Any] = {"at": at, **({"by": who} if who else {}), "text": plain_text(text, "-m")}
    return said


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


def spelled(at: datetime) -> str:
    """A time as messages say it."""
    return at.isoformat(timespec="minutes")
