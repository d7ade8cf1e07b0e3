"""The moves of a problem: logged from its incidents, understood, fixed, closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from incidentbook.archive import RecordEntry
from incidentbook.desk.change import Change, RefusedError
from incidentbook.records import Audience, Incident, Problem, ProblemStatus

_OPEN = (ProblemStatus.OPEN, ProblemStatus.KNOWN_ERROR)


@dataclass(frozen=True, kw_only=True)
class NewProblem:
    """What somebody says of a problem that is to be logged."""

    title: str
    owner: str | None = None
    team: str | None = None
    summary: str | None = None
    symptoms: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    category: str | None = None
    workaround: str | None = None


def logged(said: NewProblem, sources: Sequence[RecordEntry[Incident]], at: datetime) -> dict[str, Any]:
    """The fields of a new problem; what is not said is taken from the incidents it is behind.

    A problem behind a restricted incident is restricted, for it tells of the same thing.
    """
    incidents = [entry.record for entry in sources]
    services = said.services or tuple(
        dict.fromkeys(impact.service for incident in incidents for impact in incident.services)
    )
    secret = any(incident.visibility is Audience.RESTRICTED for incident in incidents)
    return {
        "title": said.title,
        "status": ProblemStatus.OPEN.value,
        "summary": said.summary,
        "symptoms": list(said.symptoms or dict.fromkeys(s for one in incidents for s in one.symptoms)),
        "visibility": Audience.RESTRICTED.value if secret else None,
        "services": list(services),
        "category": said.category or next((one.category for one in incidents if one.category), None),
        "owner": said.owner,
        "team": said.team or _last_team(incidents),
        "opened": at,
        "workaround": said.workaround,
    }


def linked(id_: str, incident: Incident, problem_id: str) -> Change:
    """Let an incident name its problem. Raises RefusedError where it names another."""
    present = incident.links.problem if incident.links else None
    if present is not None:
        raise RefusedError(
            f"{id_} names {present} as its problem", (f"show {present}", f"link {id_} --problem {problem_id}")
        )
    return Change(said=f"linked to {problem_id}", nested={("links",): {"problem": problem_id}})


def understood(
    id_: str, problem: Problem, at: datetime, root_cause: str | None, workaround: str | None
) -> Change:
    """Cause and workaround are known: a known error. Raises RefusedError where it is that, or over."""
    if problem.status is ProblemStatus.KNOWN_ERROR:
        raise RefusedError(f"{id_} is a known error already", (f"edit {id_}", f"problem resolve {id_}"))
    _require(id_, problem, (ProblemStatus.OPEN,), "a known error")
    given = {"root_cause": root_cause, "workaround": workaround}
    said = {key: value for key, value in given.items() if value is not None}
    return Change(
        said="a known error", values={"status": ProblemStatus.KNOWN_ERROR.value, "known_error": at, **said}
    )


def fixed(id_: str, problem: Problem, at: datetime, permanent_fix: str | None) -> Change:
    """The cause is gone. Raises RefusedError where it was before."""
    _require(id_, problem, _OPEN, "resolved")
    said = {"permanent_fix": permanent_fix} if permanent_fix is not None else {}
    return Change(said="resolved", values={"status": ProblemStatus.RESOLVED.value, "resolved": at, **said})


def closed(id_: str, problem: Problem, at: datetime) -> Change:
    """Nothing is left to do. Raises RefusedError where it is not resolved."""
    _require(id_, problem, (ProblemStatus.RESOLVED,), "closed")
    return Change(said="closed", values={"status": ProblemStatus.CLOSED.value, "closed": at})


def _require(id_: str, problem: Problem, allowed: Sequence[ProblemStatus], wish: str) -> None:
    if problem.status in allowed:
        return
    instead = {
        ProblemStatus.OPEN: (f"problem resolve {id_} --permanent-fix WHAT",),
        ProblemStatus.KNOWN_ERROR: (f"problem resolve {id_} --permanent-fix WHAT",),
        ProblemStatus.RESOLVED: (f"problem close {id_}",),
        ProblemStatus.CLOSED: ("problem new -m TITLE",),
    }[problem.status]
    raise RefusedError(f"{id_} is {problem.status.replace('_', ' ')}, and cannot be {wish}", instead)


def _last_team(incidents: Sequence[Incident]) -> str | None:
    teams = (one.team for incident in incidents for one in reversed(incident.assignments) if one.team)
    return next(teams, None)
