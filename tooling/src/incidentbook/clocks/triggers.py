"""What makes a review required, one function a trigger of the review policy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from incidentbook.archive import Entry, Records
from incidentbook.clocks.sla import ClockName, clocks_of
from incidentbook.clocks.standing import left_out_of_measures
from incidentbook.records import Incident
from incidentbook.taxonomy.settings import Category, ReviewPolicy, ReviewTrigger


@dataclass(frozen=True, slots=True)
class Case:
    """One incident before the policy that was in force when it opened."""

    entry: Entry
    incident: Incident
    policy: ReviewPolicy
    records: Records
    now: datetime

    @property
    def category(self) -> Category | None:
        """Its category as it stood when the incident opened."""
        path = self.incident.category
        found = self.records.taxonomy.category(path, self.incident.opened) if path else None
        return found[0] if found else None


def holding(case: Case) -> tuple[ReviewTrigger, ...]:
    """Return the triggers of the policy that the incident pulls, in the policy's order."""
    return tuple(trigger for trigger in case.policy.required_when if _HOLDS[trigger](case))


def _is_major(case: Case) -> bool:
    return case.incident.major


def _is_p1(case: Case) -> bool:
    return case.records.taxonomy.priority_of(case.incident) == "P1"


def _is_security(case: Case) -> bool:
    return case.category is not None and case.category.security


def _is_data_loss(case: Case) -> bool:
    return case.category is not None and case.category.data_loss


def _is_breached(case: Case) -> bool:
    clocks = clocks_of(case.incident, case.records.taxonomy, case.now)
    return any(clock.name is ClockName.RESOLUTION and clock.is_breached for clock in clocks)


def _is_recurrence(case: Case) -> bool:
    """Whether it is at least the n-th of its kind within the window that ends with its opening."""
    opened = case.incident.opened
    if opened is None:
        return False
    since = opened - case.policy.recurrence_window
    times = [_counted_opening(other) for other in _kin(case.entry, case.records)]
    return sum(1 for at in times if at and since < at <= opened) >= case.policy.recurrence_count


def _counted_opening(entry: Entry) -> datetime | None:
    incident = entry.record
    if not isinstance(incident, Incident) or left_out_of_measures(incident) is not None:
        return None
    return incident.opened


def _kin(entry: Entry, records: Records) -> tuple[Entry, ...]:
    """Return the incidents of the same kind, this one among them.

    Of a kind are those that name the same problem or known error, and those that are linked as
    earlier occurrences, in whatever chain: what somebody said, not what looks alike.
    """
    found = {entry.id: entry}
    waiting = [entry]
    while waiting:
        for other in _next_of_kin(waiting.pop(), records):
            if other.id not in found:
                found[other.id] = other
                waiting.append(other)
    return tuple(found.values())


def _next_of_kin(entry: Entry, records: Records) -> list[Entry]:
    incident = entry.record
    if not isinstance(incident, Incident):
        return []
    kin = [other for relation, other in records.backlinks(entry.id) if relation == "earlier"]
    links = incident.links
    if links is not None:
        kin += [other for other in map(records.get, links.earlier) if other is not None]
        problems = {links.problem, links.known_error} - {None}
        kin += [other for problem in problems for other in records.incidents_of_problem(problem)]
    return kin


_HOLDS: Mapping[ReviewTrigger, Callable[[Case], bool]] = MappingProxyType(
    {
        ReviewTrigger.MAJOR: _is_major,
        ReviewTrigger.PRIORITY_1: _is_p1,
        ReviewTrigger.SECURITY: _is_security,
        ReviewTrigger.DATA_LOSS: _is_data_loss,
        ReviewTrigger.RESOLUTION_BREACHED: _is_breached,
        ReviewTrigger.RECURRENCE: _is_recurrence,
    }
)
