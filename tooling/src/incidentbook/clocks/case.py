"""Everything that decides the clocks of one incident, so that somebody can follow it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from incidentbook.archive import RecordEntry, Records
from incidentbook.clocks.cadence import update_due
from incidentbook.clocks.calendars import calendar_of
from incidentbook.clocks.sla import Assessment, Clock, assess
from incidentbook.records import Incident
from incidentbook.records.incident import Hold
from incidentbook.taxonomy import PolicyTrial, Taxonomy
from incidentbook.taxonomy.settings import Calendar
from incidentbook.worktime import WorkCalendar


@dataclass(frozen=True, slots=True)
class SlaCase:
    """One incident before the service levels that were in force when it opened.

    `trials` are the policies in their order, up to the one that matched. `calendar` is what
    schema/ says, `hours` what is counted by; `uncounted_holds` are those whose reason the policy
    does not name, so that they pause nothing. `update_due` is when readers of a major incident must hear
    of it again.
    """

    entry: RecordEntry[Incident]
    assessment: Assessment
    trials: tuple[PolicyTrial, ...]
    priority: str | None
    calendar: Calendar | None
    hours: WorkCalendar | None
    uncounted_holds: tuple[Hold, ...]
    update_due: datetime | None = None

    @property
    def clocks(self) -> tuple[Clock, ...]:
        """The clocks, response first."""
        return self.assessment.clocks

    @property
    def next_due(self) -> datetime | None:
        """The earliest time by which a clock that still moves has, or had, to stop."""
        return min((clock.due for clock in self.clocks if not clock.is_stopped), default=None)


def sla_case(entry: RecordEntry[Incident], records: Records[Any], now: datetime) -> SlaCase:
    """Read the clocks of an incident with all that they follow from."""
    incident, taxonomy = entry.record, records.taxonomy
    found = assess(incident, taxonomy, now)
    policy = found.policy
    calendar = taxonomy.calendar(policy.calendar, incident.opened) if policy else None
    return SlaCase(
        entry=entry,
        assessment=found,
        trials=_trials(incident, taxonomy) if policy else (),
        priority=taxonomy.priority_of(incident),
        calendar=calendar,
        hours=calendar_of(taxonomy, policy.calendar, incident.opened) if policy else None,
        uncounted_holds=tuple(
            hold for hold in incident.holds if policy is not None and hold.reason not in policy.pausing
        ),
        update_due=update_due(entry, records, now),
    )


def _trials(incident: Incident, taxonomy: Taxonomy) -> tuple[PolicyTrial, ...]:
    tried = []
    for trial in taxonomy.policy_trials(incident):
        tried.append(trial)
        if trial.mismatch is None:
            break
    return tuple(tried)
