"""The measures that count: how many incidents of those that could."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from incidentbook.clocks import is_done
from incidentbook.records import Incident, IncidentStatus
from incidentbook.records.incident import EscalationKind
from incidentbook.taxonomy import Taxonomy


class NoVerdict(StrEnum):
    """Why an incident that counts is not among those that a rate is of."""

    NOT_RESOLVED = "not_resolved"
    NO_ASSIGNMENT = "no_assignment"
    NO_LINE = "no_line"
    NO_RESOLVER = "no_resolver"
    UNKNOWN_HANDLE = "unknown_handle"
    NOT_CLOSED = "not_closed"
    NO_CONFIRMATION = "no_confirmation"
    NOT_PUBLIC = "not_public"


@dataclass(frozen=True, slots=True)
class Case:
    """One incident to be judged; `recurs` tells whether there was one of its kind before."""

    incident: Incident
    taxonomy: Taxonomy
    recurs: bool


@dataclass(frozen=True, kw_only=True)
class RateMeasure:
    """One rate: a new one is a row of RATES.

    `of` says in words which incidents it is of. What rests on fields that the public does not see
    has no figure there: a zero would be a lie.
    """

    name: str
    title: str
    of: str
    definition: str
    judge: Callable[[Case], bool | NoVerdict]
    is_public: bool = False


def _reopened(case: Case) -> bool | NoVerdict:
    if case.incident.reopenings:
        return True
    return False if is_done(case.incident) else NoVerdict.NOT_RESOLVED


def _reassigned(case: Case) -> bool | NoVerdict:
    assignments = case.incident.assignments
    if not assignments:
        return NoVerdict.NO_ASSIGNMENT
    teams = [one.team for one in assignments if one.team]
    had = teams or [one.owner for one in assignments if one.owner]
    return len(set(had)) > 1


def _first_line(case: Case) -> bool | NoVerdict:
    if not is_done(case.incident):
        return NoVerdict.NOT_RESOLVED
    if any(one.kind is EscalationKind.FUNCTIONAL for one in case.incident.escalations):
        return False
    lines = [_line(one.team, case) for one in case.incident.assignments if one.team]
    if any(line is not None and line > 1 for line in lines):
        return False
    return True if lines and None not in lines else NoVerdict.NO_LINE


def _line(team: str, case: Case) -> int | None:
    found = case.taxonomy.team(team, case.incident.opened) or case.taxonomy.team(team)
    return found.line if found else None


def _knowledge(case: Case) -> bool | NoVerdict:
    if not is_done(case.incident):
        return NoVerdict.NOT_RESOLVED
    return bool(case.incident.links and case.incident.links.articles)


def _automated(case: Case) -> bool | NoVerdict:
    incident = case.incident
    if not is_done(incident):
        return NoVerdict.NOT_RESOLVED
    if incident.resolved_by is None:
        return NoVerdict.NO_RESOLVER
    person = case.taxonomy.person(incident.resolved_by)
    return person.bot if person else NoVerdict.UNKNOWN_HANDLE


def _unconfirmed(case: Case) -> bool | NoVerdict:
    if case.incident.status is not IncidentStatus.CLOSED:
        return NoVerdict.NOT_CLOSED
    confirmation = case.incident.confirmation
    return NoVerdict.NO_CONFIRMATION if confirmation is None else not confirmation.confirmed


RATES: tuple[RateMeasure, ...] = (
    RateMeasure(
        name="major",
        title="Major",
        of="incidents",
        definition="The major incident process ran.",
        judge=lambda case: case.incident.major,
        is_public=True,
    ),
    RateMeasure(
        name="reopened",
        title="Reopened",
        of="incidents that were resolved at least once",
        definition="A resolution did not hold.",
        judge=_reopened,
    ),
    RateMeasure(
        name="reassigned",
        title="Reassigned",
        of="incidents that were assigned",
        definition="More than one team had it; where no team is named, more than one person.",
        judge=_reassigned,
    ),
    RateMeasure(
        name="escalated",
        title="Escalated",
        of="incidents",
        definition="Somebody called for more skill (functional) or more authority (hierarchical).",
        judge=lambda case: bool(case.incident.escalations),
    ),
    RateMeasure(
        name="resolved_at_first_line",
        title="Resolved at first line",
        of="resolved incidents whose teams all have a line in teams.yml",
        definition="Only teams of line 1 had it, and nobody called for more skill.",
        judge=_first_line,
    ),
    RateMeasure(
        name="recurring",
        title="Recurring",
        of="incidents",
        definition="One of the same kind opened before: same problem or known error, or linked as earlier.",
        judge=lambda case: case.recurs,
    ),
    RateMeasure(
        name="caused_by_change",
        title="Caused by a change",
        of="incidents",
        definition="The record names the change that caused it.",
        judge=lambda case: bool(case.incident.links and case.incident.links.caused_by_change),
    ),
    RateMeasure(
        name="knowledge_used",
        title="Resolved with an article",
        of="resolved incidents",
        definition="The record links a knowledge article that was used.",
        judge=_knowledge,
    ),
    RateMeasure(
        name="resolved_by_automation",
        title="Resolved by automation",
        of="resolved incidents whose resolver is in people.yml",
        definition="The resolver is a bot; the rest were resolved by people.",
        judge=_automated,
    ),
    RateMeasure(
        name="closed_unconfirmed",
        title="Closed as unconfirmed",
        of="closed incidents that say whether the user confirmed",
        definition="The user was asked and did not answer; the rest were confirmed.",
        judge=_unconfirmed,
    ),
)
"""Every rate, by the name that it has in JSON."""
