"""Who of a team could take an incident: who is on call, or who has least in hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from incidentbook.archive import Records
from incidentbook.clocks import DutyKind, on_call, usual_turn
from incidentbook.clocks.shifts import is_open, owner_of
from incidentbook.desk.proposal import Proposal, Source
from incidentbook.records import Incident
from incidentbook.taxonomy import Taxonomy, in_force
from incidentbook.taxonomy.settings.routing import Assignee

_TOLD = 2
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Load:
    """What somebody has in hand: the priorities of their open incidents, and when they got one last.

    `weight` counts a P1 of four priorities as 4, a P4 as 1, and one without a priority as 1.
    """

    handle: str
    weight: int
    priorities: tuple[str, ...]
    latest: datetime

    @property
    def said(self) -> str:
        """Say it in words."""
        count = len(self.priorities)
        if not count:
            return "nothing"
        return f"{count} open {'incident' if count == 1 else 'incidents'} ({', '.join(self.priorities)})"


def propose_owner(records: Records[Any], team: str, at: datetime, now: datetime) -> Iterator[Proposal]:
    """Propose who takes an incident of a team, first by what schema/routing.yml asks for."""
    found = (on_call_owner(records.taxonomy, team, at), least_loaded(records, team, at, now))
    wants_load = records.taxonomy.routing.assignee is Assignee.LEAST_LOADED
    yield from (one for one in (reversed(found) if wants_load else found) if one is not None)


def on_call_owner(taxonomy: Taxonomy, team: str, at: datetime) -> Proposal | None:
    """Propose who is on call for a team; None where nobody is, or where they have left."""
    duty = on_call(taxonomy, team, at)
    if duty is None or not _is_there(taxonomy, duty.who, at):
        return None
    until = duty.until.astimezone(taxonomy.zone)
    return Proposal(
        duty.who, Source.ON_CALL, f"on call for {duty.team} until {until:%a %Y-%m-%d %H:%M} ({duty.why})"
    )


def least_loaded(records: Records[Any], team: str, at: datetime, now: datetime) -> Proposal | None:
    """Propose the member of a team who has least in hand; None where the team has nobody to propose.

    Open incidents count by their priority. Bots, whoever has not come or has left, and whoever's turn
    somebody else has taken over are left out. Of two with as much, it is whoever got one longest ago.
    """
    loads = loads_of(records, team, at, now)
    if not loads:
        return None
    first, *others = loads
    told = "; ".join(f"{one.handle} has {one.said}" for one in others[:_TOLD])
    reason = f"has least in hand of {team}: {first.said}{f'; {told}' if told else ''}"
    return Proposal(first.handle, Source.LEAST_LOADED, reason)


def loads_of(records: Records[Any], team: str, at: datetime, now: datetime) -> tuple[Load, ...]:
    """Return what each member of a team who is there has in hand, who has least first."""
    in_hand: dict[str, list[Incident]] = {}
    for entry in records.incidents:
        incident = entry.record
        owner = owner_of(incident)
        if owner is not None and is_open(incident) and (incident.opened or _NEVER) <= now:
            in_hand.setdefault(owner, []).append(incident)
    loads = [
        _load(handle, in_hand.get(handle, []), records.taxonomy)
        for handle in present_members(records.taxonomy, team, at)
    ]
    # the sort is stable: what is left equal stays in the order of the members
    return tuple(sorted(loads, key=lambda load: (load.weight, len(load.priorities), load.latest)))


def present_members(taxonomy: Taxonomy, team: str, at: datetime) -> tuple[str, ...]:
    """Return the members of a team who can be given something at a time."""
    found = taxonomy.team(team, at)
    if found is None:
        return ()
    duty = on_call(taxonomy, team, at)
    away = usual_turn(taxonomy, team, at) if duty and duty.kind is DutyKind.OVERRIDE else None
    return tuple(
        handle
        for handle in dict.fromkeys(found.members)
        if _is_there(taxonomy, handle, at) and (handle != away or (duty is not None and duty.who == away))
    )


def _is_there(taxonomy: Taxonomy, handle: str, at: datetime) -> bool:
    person = taxonomy.person(handle)
    return person is not None and not person.bot and in_force(person, taxonomy.day_of(at))


def _load(handle: str, incidents: list[Incident], taxonomy: Taxonomy) -> Load:
    ranks = {priority.id: len(taxonomy.priorities) - n for n, priority in enumerate(taxonomy.priorities)}
    priorities = [taxonomy.priority_of(incident) or "no priority" for incident in incidents]
    given = [one.at for incident in incidents for one in incident.assignments if one.owner == handle]
    return Load(
        handle,
        sum(ranks.get(priority, 1) for priority in priorities),
        tuple(sorted(priorities)),
        max(given, default=_NEVER),
    )
