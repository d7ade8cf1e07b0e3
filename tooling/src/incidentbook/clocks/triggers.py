"""What makes a review required, one function a trigger of the review policy."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, cast

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
    kin = case.records.kin(case.entry.id)
    found = 0
    # backwards from this one, so that a problem with thousands of incidents is not read for each of them
    for index in range(bisect_right(kin, opened, key=_opening) - 1, -1, -1):
        if found >= case.policy.recurrence_count or _opening(kin[index]) <= since:
            break
        found += left_out_of_measures(kin[index].record) is None
    return found >= case.policy.recurrence_count


def _opening(entry: RecordEntry[Incident]) -> datetime:
    return cast("datetime", entry.record.opened)  # kin without one are left out


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
