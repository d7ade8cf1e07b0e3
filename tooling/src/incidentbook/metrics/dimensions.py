"""What figures can be broken down by."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from incidentbook.records import Incident
from incidentbook.records.parts import ServiceImpact
from incidentbook.taxonomy import Taxonomy
from incidentbook.taxonomy.settings import Service

Keys = tuple[str | None, ...]


@dataclass(frozen=True)
class Dimension:
    """One way to break figures down.

    `keys` gives the groups that an incident belongs to: (None,) where it says nothing, several
    where it may belong to several (then the groups add up to more than the whole). `between`
    gives, for dimensions of time, every group from one moment to another, so that a month
    without incidents is shown as well.
    """

    name: str
    title: str
    keys: Callable[[Incident, Taxonomy], Keys]
    between: Callable[[datetime, datetime, Taxonomy], Sequence[str]] | None = None


def opening_of(incident: Incident) -> datetime | None:
    """When an incident counts: `opened`, else `detected`, else `started`."""
    return incident.opened or incident.detected or incident.started


def _month(incident: Incident, taxonomy: Taxonomy) -> Keys:
    at = opening_of(incident)
    return (_month_of(taxonomy.day_of(at)) if at else None,)


def _month_of(day: date) -> str:
    return f"{day:%Y-%m}"


def _quarter(incident: Incident, taxonomy: Taxonomy) -> Keys:
    at = opening_of(incident)
    return (_quarter_of(taxonomy.day_of(at)) if at else None,)


def _quarter_of(day: date) -> str:
    return f"{day.year:04d}-Q{(day.month + 2) // 3}"


def _every(name: Callable[[date], str]) -> Callable[[datetime, datetime, Taxonomy], Sequence[str]]:
    """Name every month, or what months add up to, from one moment to another."""

    def between(first: datetime, last: datetime, taxonomy: Taxonomy) -> Sequence[str]:
        start, end = taxonomy.day_of(first), taxonomy.day_of(last)
        months = range(start.year * 12 + start.month - 1, end.year * 12 + end.month)
        return tuple(dict.fromkeys(name(date(month // 12, month % 12 + 1, 1)) for month in months))

    return between


def _service(impact: ServiceImpact, incident: Incident, taxonomy: Taxonomy) -> Service | None:
    """The service by its key or another name, also one that was not in force when the incident opened."""
    return taxonomy.service(impact.service, incident.opened) or taxonomy.service(impact.service)


def _services(incident: Incident, taxonomy: Taxonomy) -> Keys:
    found = ((impact.service, _service(impact, incident, taxonomy)) for impact in incident.services)
    return tuple(dict.fromkeys(service.id if service else key for key, service in found)) or (None,)


def _groups(incident: Incident, taxonomy: Taxonomy) -> Keys:
    found = (_service(impact, incident, taxonomy) for impact in incident.services)
    return tuple(dict.fromkeys(service.group if service else None for service in found)) or (None,)


def _category(incident: Incident, taxonomy: Taxonomy) -> Keys:
    """The first of the two levels."""
    if incident.category is None:
        return (None,)
    top = incident.category.partition("/")[0]
    found = taxonomy.category(top, incident.opened) or taxonomy.category(top)
    return (found[0].id if found else top,)


def _team(incident: Incident, _taxonomy: Taxonomy) -> Keys:
    """The team that had it last."""
    return (next((one.team for one in reversed(incident.assignments) if one.team), None),)


def _location(incident: Incident, _taxonomy: Taxonomy) -> Keys:
    return (incident.location,)


def _channel(incident: Incident, _taxonomy: Taxonomy) -> Keys:
    return (incident.reporter.channel if incident.reporter else None,)


def _priority(incident: Incident, taxonomy: Taxonomy) -> Keys:
    return (taxonomy.priority_of(incident),)


DIMENSIONS: Mapping[str, Dimension] = MappingProxyType(
    {
        dimension.name: dimension
        for dimension in (
            Dimension("month", "Month", _month, _every(_month_of)),
            Dimension("quarter", "Quarter", _quarter, _every(_quarter_of)),
            Dimension("service", "Service", _services),
            Dimension("group", "Service group", _groups),
            Dimension("category", "Category", _category),
            Dimension("priority", "Priority", _priority),
            Dimension("team", "Team", _team),
            Dimension("location", "Location", _location),
            Dimension("channel", "Channel", _channel),
        )
    }
)
"""Every dimension by its name: a new one is a row here."""
