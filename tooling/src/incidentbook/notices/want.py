"""What is wanted of people: one thing, and all that one record wants."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum
from typing import Any

from incidentbook.archive import Records
from incidentbook.records import Incident, RecordName


class Level(IntEnum):
    """How bad it is: still to be kept, or past."""

    AT_RISK = 1
    LATE = 2


@dataclass(frozen=True, slots=True)
class Want:
    """One thing that somebody must do.

    `key` tells it from the others of its record, and holds nothing that a person wrote. `subject` is what
    somebody did write, such as the title of an action. `do` says how, with code between backticks. `who`
    are handles, `team` a key; `path` is the file that it is done in. `calls` is whom an escalation step
    calls: a team's key, a handle, or a vendor in words.
    """

    key: str
    level: Level
    what: str
    due: datetime | date
    do: str
    path: str
    who: tuple[str, ...] = ()
    team: str | None = None
    subject: str = ""
    calls: str | None = None


@dataclass(frozen=True, slots=True)
class Attention:
    """A record and what it wants, the worst first. A review counts to the incident that it lies beside."""

    record: str
    kind: str
    title: str
    standing: str
    path: str
    wants: tuple[Want, ...]

    @property
    def level(self) -> Level:
        """The worst of it."""
        return max(want.level for want in self.wants)


@dataclass(frozen=True, slots=True)
class Moment:
    """What is looked at, and when; `today` is the day in the repository's zone."""

    records: Records[Any]
    now: datetime
    today: date


Found = tuple[RecordName, Want]


def working_on(incident: Incident) -> tuple[str, ...]:
    """Who leads an incident, if it is major, and who has it."""
    manager = incident.roles.incident_manager if incident.roles and incident.major else None
    owner = next((one.owner for one in reversed(incident.assignments) if one.owner), None)
    return tuple(dict.fromkeys(who for who in (manager, owner) if who))


def team_of(incident: Incident) -> str | None:
    """The team that was last given an incident."""
    return next((one.team for one in reversed(incident.assignments) if one.team), None)
