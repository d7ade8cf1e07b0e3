"""Past incidents as examples of how long a resolution takes, measured against what was promised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import inf
from typing import Any

from incidentbook.archive import RecordEntry, Records
from incidentbook.clocks import Clock, ClockName, clocks_of
from incidentbook.records import Incident

Group = tuple[str | None, ...]
"""What incidents have in common, () being every one: (priority,), (priority, category), (..., service)."""


@dataclass(frozen=True, slots=True)
class PastCase:
    """One incident whose target has run out, so that it is known whether it was kept.

    `share` is what the incident used of its target, in working time; infinite where it used more.
    `groups` are those it belongs to, the widest first.
    """

    opened: datetime
    due: datetime
    share: float
    groups: tuple[Group, ...]

    @property
    def is_breached(self) -> bool:
        """Whether the target was missed."""
        return self.share == inf


@dataclass(frozen=True, slots=True)
class OpenCase:
    """An open incident whose resolution clock still moves and whose target is not missed yet."""

    entry: RecordEntry[Incident]
    clock: Clock
    priority: str | None
    groups: tuple[Group, ...]

    @property
    def share(self) -> float:
        """What it has used of its target, in working time."""
        return self.clock.elapsed / self.clock.target if self.clock.target else 1.0


@dataclass(frozen=True, slots=True)
class Cases:
    """The past, by the time of opening; the open ones; and how many open ones have missed it already."""

    past: tuple[PastCase, ...]
    open: tuple[OpenCase, ...]
    breached_already: int


def cases_of(records: Records[Any], now: datetime) -> Cases:
    """Sort incidents with a resolution clock into those to learn from and those to foresee.

    To learn from are only those whose due time is over. Of the ones opened last, the quick are known
    sooner than the slow: to count them as they become known would make targets look kept.
    """
    past: list[PastCase] = []
    waiting: list[OpenCase] = []
    already = 0
    for entry in records.incidents:
        clock = _resolution(clocks_of(entry.record, records.taxonomy, now))
        if clock is None or not clock.target:
            continue
        if clock.due <= now and not clock.paused:
            past.append(_past(entry.record, clock, records))
        if not clock.is_stopped and not clock.is_breached:
            groups = _groups(entry.record, records)
            waiting.append(OpenCase(entry, clock, records.taxonomy.priority_of(entry.record), groups))
        already += clock.is_breached and not clock.is_stopped
    past.sort(key=lambda case: (case.opened, case.due, case.share, case.groups[-1] != ()))
    return Cases(tuple(past), tuple(waiting), already)


def _resolution(clocks: Sequence[Clock]) -> Clock | None:
    return next((clock for clock in clocks if clock.name is ClockName.RESOLUTION), None)


def _past(incident: Incident, clock: Clock, records: Records[Any]) -> PastCase:
    share = inf if clock.is_breached else min(clock.elapsed / clock.target, 1.0)
    return PastCase(clock.start, clock.due, share, _groups(incident, records))


def _groups(incident: Incident, records: Records[Any]) -> tuple[Group, ...]:
    """What an incident has in common with others; from the first that it does not say on, nothing more."""
    taxonomy = records.taxonomy
    impact = next(iter(incident.services), None)
    service = taxonomy.service(impact.service, incident.opened) if impact else None
    names = (
        taxonomy.priority_of(incident),
        incident.category,
        (service.id if service else impact.service) if impact else None,
    )
    found: list[Group] = [()]
    for name in names:
        if name is None:
            break
        found.append((*found[-1], name))
    return tuple(found)
