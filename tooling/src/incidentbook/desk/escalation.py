"""Calls for more skill or authority: by hand, or because a step of schema/escalation.yml is due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from itertools import groupby
from typing import Any

from incidentbook.archive import RecordEntry
from incidentbook.clocks import DueStep
from incidentbook.desk.change import Change, RefusedError
from incidentbook.desk.words import NoTextError, plain_text
from incidentbook.diagnostics import IncidentbookError
from incidentbook.records import KINDS, Incident
from incidentbook.records.incident import EscalationKind
from incidentbook.taxonomy import Taxonomy
from incidentbook.taxonomy.settings.escalation import VENDOR


class UnknownGoalError(IncidentbookError):
    """Somebody is called whom nobody knows."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        close = get_close_matches(name, known, n=1)
        advice = f"did you mean `{close[0]}`? " if close else ""
        super().__init__(
            f"there is no team and no person `{name}`; {advice}A vendor is called as `{VENDOR} NAME`"
        )


@dataclass(frozen=True, kw_only=True)
class Call:
    """Whom somebody wants to call, and why; with `assign` a team has the incident from then on."""

    to: str
    kind: EscalationKind
    reason: str | None = None
    assign: bool = False


def escalated(id_: str, incident: Incident, who: str, at: datetime, call: Call, taxonomy: Taxonomy) -> Change:
    """Call somebody. Raises UnknownGoalError, NoTextError, or RefusedError where the incident is over."""
    to = _one_line(call.to)
    if incident.status not in KINDS["incident"].open_states:
        state = incident.status.replace("_", " ")
        again = (f"reopen {id_} -m WHY",) if incident.status == "resolved" else ()
        raise RefusedError(f"{id_} is {state}, and cannot be escalated", again)
    team = taxonomy.team(to, at)
    if not is_goal(to, at, taxonomy):
        raise UnknownGoalError(to, (*(t.id for t in taxonomy.teams), *(p.handle for p in taxonomy.people)))
    if call.assign and (team is None or call.kind is not EscalationKind.FUNCTIONAL):
        raise RefusedError(
            "--assign hands an incident to a team with more skill: it needs `--kind functional` and a team",
            (f"assign {id_} --owner {to}",) if taxonomy.person(to) is not None else (),
        )
    entry = {
        "at": at,
        "kind": call.kind.value,
        "to": team.id if team else to,
        "by": who,
        "reason": call.reason if call.reason is None else plain_text(call.reason, "-m"),
    }
    added: dict[str, list[dict[str, Any]]] = {
        "escalations": [{key: value for key, value in entry.items() if value is not None}]
    }
    if call.assign and team is not None:
        added["assignments"] = [{"at": at, "team": team.id}]
    return Change(said=f"escalated to {team.id if team else to} by {who}", added=added)


def is_goal(to: str, at: datetime, taxonomy: Taxonomy) -> bool:
    """Whether there is somebody to call: a team, a person, or a vendor who has a name."""
    if to.startswith(VENDOR):
        return bool(to.removeprefix(VENDOR).strip()) and len(to.splitlines()) == 1
    return taxonomy.team(to, at) is not None or taxonomy.person(to) is not None


def _one_line(said: str) -> str:
    text = plain_text(said, "--to")
    if len(text.splitlines()) > 1:
        raise NoTextError("--to", "has a line break, and a name is one line")
    return text


def steps_taken(
    due: Iterable[DueStep], at: datetime, who: str | None
) -> Sequence[tuple[RecordEntry[Incident], Change]]:
    """Write down every step that is due, as escalations of its incident, in their order."""
    found = []
    for _, steps in groupby(due, key=lambda one: one.entry.id):
        mine = list(steps)
        names = ", ".join(one.name for one in mine)
        change = Change(
            said=f"escalated, as {names} {'is' if len(mine) == 1 else 'are'} due",
            added={"escalations": [_taken(one, at, who) for one in mine]},
        )
        found.append((mine[0].entry, change))
    return found


def _taken(one: DueStep, at: datetime, who: str | None) -> dict[str, Any]:
    values = {
        "at": at,
        "kind": one.step.kind.value,
        "to": one.step.to,
        "by": who,
        "reason": f"{one.why[0].upper()}{one.why[1:]}.",
        "step": one.name,
    }
    return {key: value for key, value in values.items() if value is not None}
