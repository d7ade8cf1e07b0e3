"""Who is on call for each team, who comes next, and whether whoever it is can be called at all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from incidentbook.clocks import Duty, on_call, rota
from incidentbook.taxonomy import Taxonomy, in_force
from incidentbook.taxonomy.settings import Team


@dataclass(frozen=True, slots=True)
class OnCall:
    """One team at an instant. `duty` is None where no rotation says who; `next` is the duty after it.

    `rota` is what was asked for ahead; a team without a rotation has none.
    """

    team: Team
    duty: Duty | None
    next: Duty | None
    rota: tuple[Duty, ...] = ()


def gather_on_call(
    taxonomy: Taxonomy, teams: Iterable[Team], at: datetime, weeks: int = 0
) -> tuple[OnCall, ...]:
    """Ask the rotation of each team who is on call at an instant, and for so many weeks from it."""
    return tuple(_of_team(taxonomy, team, at, weeks) for team in teams)


def _of_team(taxonomy: Taxonomy, team: Team, at: datetime, weeks: int) -> OnCall:
    duty = on_call(taxonomy, team.id, at)
    following = on_call(taxonomy, team.id, duty.until) if duty else None
    ahead = rota(taxonomy, team.id, at, at + timedelta(weeks=weeks))
    return OnCall(team, duty, following, ahead)


def teams_at(taxonomy: Taxonomy, at: datetime) -> tuple[Team, ...]:
    """Every team that there is at an instant, in the order of the file."""
    day = taxonomy.day_of(at)
    return tuple(team for team in taxonomy.teams if in_force(team, day))


def who_of(taxonomy: Taxonomy, duty: Duty) -> str:
    """Say who is on call by name and handle."""
    person = taxonomy.person(duty.who)
    return f"{person.name} ({duty.who})" if person and person.name else duty.who


def fault_of(taxonomy: Taxonomy, duty: Duty, at: datetime) -> str:
    """Say why whoever is on call cannot be called at an instant; empty where nothing is known of it."""
    person = taxonomy.person(duty.who)
    if person is None:
        return "unknown: no such handle in schema/people.yml"
    day = taxonomy.day_of(at)
    if person.valid_until is not None and person.valid_until <= day:
        return f"has left: not there since {person.valid_until}"
    if person.valid_from is not None and day < person.valid_from:
        return f"not yet there: comes on {person.valid_from}"
    return ""
