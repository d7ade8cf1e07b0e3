"""What figures can be broken down by."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from incidentbook.records import Incident
from incidentbook.taxonomy import Taxonomy

Keys = tuple[str | None, ...]
Period = tuple[datetime | None, datetime | None]


@dataclass(frozen=True)
class Dimension:
    """One way to break figures down.

    `keys` gives the groups that an incident belongs to: (None,) where it says nothing, several
    where it may belong to several (then the groups add up to more than the whole). `fill` adds
    groups without incidents between those that have some.
    """

    name: str
    title: str
    keys: Callable[[Incident, Taxonomy], Keys]
    fill: Callable[[Sequence[str], Period, Taxonomy], Sequence[str]] = lambda present, _period, _taxonomy: (
        present
    )


def opening_of(incident: Incident) -> datetime | None:
    """When an incident counts: `opened`, else `detected`, else `started`."""
    return incident.opened or incident.detected or incident.started


def _month(incident: Incident, taxonomy: Taxonomy) -> Keys:
    at = opening_of(incident)
    return (f"{at.astimezone(taxonomy.zone):%Y-%m}" if at else None,)


def _services(incident: Incident, taxonomy: Taxonomy) -> Keys:
    found: dict[str, None] = {}
    for impact in incident.services:
        service = taxonomy.service(impact.service, incident.opened) or taxonomy.service(impact.service)
        found[service.id if service else impact.service] = None
    return tuple(found) or (None,)


def _priority(incident: Incident, taxonomy: Taxonomy) -> Keys:
    return (taxonomy.priority_of(incident),)


def _every_month(present: Sequence[str], period: Period, taxonomy: Taxonomy) -> Sequence[str]:
    """All months from the first to the last of the period, or of those that have incidents."""
    start, end = period
    ends = list(present)
    if start is not None and (end is None or start < end):
        ends.append(f"{start.astimezone(taxonomy.zone):%Y-%m}")
    if end is not None and ends:
        ends.append(f"{(end - timedelta(microseconds=1)).astimezone(taxonomy.zone):%Y-%m}")
    if not ends:
        return ()
    last, months = max(ends), []
    year, month = (int(part) for part in min(ends).split("-"))
    while (key := f"{year:04d}-{month:02d}") <= last:
        months.append(key)
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return months


DIMENSIONS: Mapping[str, Dimension] = MappingProxyType(
    {
        dimension.name: dimension
        for dimension in (
            Dimension("month", "Month", _month, _every_month),
            Dimension("service", "Service", _services),
            Dimension("priority", "Priority", _priority),
        )
    }
)
"""Every dimension by its name: a new one is a row here."""
