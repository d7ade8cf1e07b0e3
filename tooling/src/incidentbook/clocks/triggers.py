"""What makes a review required, one function a trigger of the review policy."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from incidentbook.archive import RecordEntry, Records
from incidentbook.clocks.sla import Clock, ClockName, clocks_of
from incidentbook.clocks.standing import left_out_of_measures
from incidentbook.records import Incident
from incidentbook.taxonomy.settings import Category, ReviewPolicy, ReviewTrigger


@dataclass(frozen=True, slots=True)
class Case:
    """One incident before the policy that was in force when it opened."""

    entry: RecordEntry[Incident]
    incident: Incident
    policy: ReviewPolicy
    records: Records[Any]
    now: datetime
    known_clocks: tuple[Clock, ...] | None = None

    @property
    def clocks(self) -> tuple[Clock, ...]:
        """Its clocks, which whoever asks may have read before."""
        if self.known_clocks is not None:
            return self.known_clocks
        return clocks_of(self.incident, self.records.taxonomy, self.now)

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
    return any(clock.name is ClockName.RESOLUTION and clock.is_breached for clock in case.clocks)


def _is_recurrence(case: Case) -> bool:
    """Whether it is at least the n-th of its kind within the window that ends with its opening."""
    opened = case.incident.opened
    if opened is None:
        return False
    since = opened - case.policy.recurrence_window
    times = [_counted_opening(other) for other in _kin(case.entry, case.records)]
    return sum(1 for at in times if at and since < at <= opened) >= case.policy.recurrence_count


def _counted_opening(entry: RecordEntry[Incident]) -> datetime | None:
    incident = entry.record
    return incident.opened if left_out_of_measures(incident) is None else None


def _kin(entry: RecordEntry[Incident], records: Records[Any]) -> tuple[RecordEntry[Incident], ...]:
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


def _next_of_kin(entry: RecordEntry[Incident], records: Records[Any]) -> Iterator[RecordEntry[Incident]]:
    links = entry.record.links
    near = [source for relation, source in records.backlinks(entry.id) if relation == "earlier"]
    if links is not None:
        near += [records.get(id_) for id_ in links.earlier]
        for problem in (links.problem, links.known_error):
            if problem is not None:
                near += records.incidents_of_problem(problem)
    return (other for other in near if other is not None and other.kind == "incident" and other.readable)


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
