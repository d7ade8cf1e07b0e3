"""Major incidents: declared and stood down by who may, with the people who lead them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from typing import Any

from incidentbook.clocks.cadence import next_update_due
from incidentbook.desk.change import Change, RefusedError
from incidentbook.records import KINDS, Incident
from incidentbook.taxonomy import Taxonomy, may_declare, qualifies, who_may_declare


@dataclass(frozen=True, kw_only=True)
class Leading:
    """Who does what; what nobody said stays as the record, or schema/major.yml, has it."""

    manager: str | None = None
    communications: str | None = None
    scribe: str | None = None
    team: tuple[str, ...] = ()


def declared(
    id_: str,
    incident: Incident,
    who: str,
    at: datetime,
    said: Leading,
    on_call: str | None,
    taxonomy: Taxonomy,
) -> Change:
    """Declare an incident major. Raises RefusedError where it is over, or major, or `who` may not.

    `on_call` is who of the team of incident managers is on call. Why it is major by schema/major.yml is
    written down beside the decision. One that was stood down may be declared again.
    """
    if incident.status not in KINDS["incident"].open_states:
        state = incident.status.replace("_", " ")
        again = (f"reopen {id_} -m WHY",) if incident.status == "resolved" else (f"new --earlier {id_}",)
        raise RefusedError(f"{id_} is {state}, and cannot be declared major", again)
    if incident.major:
        raise RefusedError(
            f"{id_} is major already", (f"update {id_} -m TEXT", f"major stand-down {id_} -m WHY")
        )
    _refuse_too_early(id_, incident, at, "declared major")
    _refuse_who_may_not(id_, who, at, "declare it major", taxonomy)
    _refuse_unknown(said, taxonomy)
    reasons = qualifies(incident, taxonomy)
    because = (
        f": {'; '.join(reasons)}" if reasons else ", by judgement: nothing in schema/major.yml asks for it"
    )
    roles = _roles(incident, said, on_call, taxonomy)
    return Change(
        said=f"declared major by {who}",
        values={
            "major": True,
            # counted from the last declaration: the first one stands in the decisions
            "declared": at,
            **({"roles": roles} if roles else {}),
        },
        added={
            "decisions": [
                *_first_declaration(incident),
                {"at": at, "by": who, "text": f"Declared major{because.removesuffix('.')}."},
            ]
        },
    )


def stood_down(
    id_: str, incident: Incident, who: str, at: datetime, reason: str, taxonomy: Taxonomy
) -> Change:
    """Stand a major incident down.

    Raises RefusedError where it is not major, or final, or was not declared yet, or `who` may not.
    `declared` stays, so that the record says that somebody decided, and nobody is asked again.
    """
    if not incident.major:
        raise RefusedError(f"{id_} is not major", (f"major declare {id_}",))
    if incident.status in ("closed", "cancelled"):
        raise RefusedError(f"{id_} is {incident.status}: what it was, it was")
    _refuse_too_early(id_, incident, at, "stood down")
    _refuse_who_may_not(id_, who, at, "stand it down", taxonomy)
    begun = max((at for at in (incident.opened, incident.started, incident.detected) if at), default=None)
    since = {} if incident.declared or begun is None else {"declared": begun}
    return Change(
        said=f"stood down by {who}",
        values={"major": False, **since},
        added={"decisions": [{"at": at, "by": who, "text": f"Stood down: {reason}"}]},
    )


def _refuse_too_early(id_: str, incident: Incident, at: datetime, deed: str) -> None:
    """Refuse what would come before the last declaration; without one, before the opening."""
    since = incident.declared or (incident.opened if incident.major else None)
    if since is not None and at < since:
        before = "declared major" if incident.declared else "opened"
        raise RefusedError(
            f"{id_} was not {deed} at {at.isoformat()}, for it was {before} at {since.isoformat()}"
        )


def _first_declaration(incident: Incident) -> list[dict[str, Any]]:
    """A declaration that stands in no decision, and whose time would be lost."""
    first = incident.declared
    if first is None or any(decision.at == first for decision in incident.decisions):
        return []
    return [{"at": first, "text": "Declared major."}]


def _refuse_who_may_not(id_: str, who: str, at: datetime, wish: str, taxonomy: Taxonomy) -> None:
    if may_declare(who, taxonomy, at):
        return
    able = who_may_declare(taxonomy, at)
    names = f"{', '.join(able)} may" if able else "nobody is left who may: look at schema/major.yml"
    raise RefusedError(
        f"{who} may not {wish}; {names}",
        (f"escalate {id_} --to {able[0]} --kind hierarchical",) if able else (),
    )


def _refuse_unknown(said: Leading, taxonomy: Taxonomy) -> None:
    for handle in (said.manager, said.communications, said.scribe, *said.team):
        if handle is not None and taxonomy.person(handle) is None:
            close = get_close_matches(handle, [person.handle for person in taxonomy.people], n=1)
            advice = f", did you mean `{close[0]}`?" if close else ""
            raise RefusedError(f"schema/people.yml has no `{handle}`{advice}")


def _roles(incident: Incident, said: Leading, on_call: str | None, taxonomy: Taxonomy) -> dict[str, Any]:
    have, rules = incident.roles, taxonomy.major
    found: dict[str, Any] = {
        "incident_manager": said.manager or (have and have.incident_manager) or on_call,
        "communications_lead": said.communications
        or (have and have.communications_lead)
        or rules.communications,
        "scribe": said.scribe or (have and have.scribe),
        "team": list(dict.fromkeys((*(have.team if have else ()), *rules.team, *said.team))),
    }
    return {key: value for key, value in found.items() if value}


def update_due_once_declared(
    incident: Incident, at: datetime, taxonomy: Taxonomy, *larger: Incident
) -> datetime | None:
    """When readers must hear of an incident, if it was declared major at a time."""
    from dataclasses import replace  # noqa: PLC0415

    major = replace(incident, major=True, declared=at)
    return next_update_due(major, taxonomy, *larger, until=at)
