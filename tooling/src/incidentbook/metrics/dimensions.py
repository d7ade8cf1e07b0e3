"""What figures can be broken down by."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from types import MappingProxyType

from incidentbook.diagnostics import IncidentbookError
from incidentbook.records import Incident, Problem
from incidentbook.records.parts import ServiceImpact
from incidentbook.taxonomy import Taxonomy
from incidentbook.taxonomy.deployments import Deployments
from incidentbook.taxonomy.settings import Service

Keys = tuple[str | None, ...]
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, kw_only=True)
class Dimension:
    """One way to break figures down.

    `keys` gives the groups that an incident belongs to: (None,) where it says nothing, several
    where it may belong to several (then the groups add up to more than the whole). `between`
    gives, for dimensions of time, every group from one moment to another, so that a month
    without incidents is shown as well; `end` then gives the moment at which a group is over.
    `of_problem` and `of_deployments` place what is no incident; what they do not place is in no
    group. `is_of_service` means that the groups are those of a service, or of its group.
    """

    name: str
    title: str
    keys: Callable[[Incident, Taxonomy], Keys]
    between: Callable[[datetime, datetime, Taxonomy], Sequence[str]] | None = None
    end: Callable[[str, Taxonomy], datetime] | None = None
    of_problem: Callable[[Problem, Taxonomy], Keys] | None = None
    of_deployments: Callable[[Deployments, Taxonomy], str | None] | None = None
    is_of_service: bool = False
    order: tuple[str, ...] = ()


def opening_of(incident: Incident) -> datetime | None:
    """When an incident counts: `opened`, else `detected`, else `started`."""
    return incident.opened or incident.detected or incident.started


def service_of(impact: ServiceImpact, incident: Incident, taxonomy: Taxonomy) -> Service | None:
    """The service by its key or another name, also one that was not in force when the incident opened."""
    return taxonomy.service(impact.service, incident.opened) or taxonomy.service(impact.service)


def owner_of(incident: Incident) -> str | None:
    """The person who had it last."""
    return next((one.owner for one in reversed(incident.assignments) if one.owner), None)


def _calendar(name: str, title: str, months: int, label: Callable[[date], str]) -> Dimension:
    """A dimension of time whose groups are so many months long, counted from January."""

    def day_label(at: datetime | None, taxonomy: Taxonomy) -> Keys:
        return (label(taxonomy.day_of(at)) if at else None,)

    def between(first: datetime, last: datetime, taxonomy: Taxonomy) -> Sequence[str]:
        start, end = taxonomy.day_of(first), taxonomy.day_of(last)
        span = range(start.year * 12 + start.month - 1, end.year * 12 + end.month)
        return tuple(dict.fromkeys(label(date(month // 12, month % 12 + 1, 1)) for month in span))

    def end(key: str, taxonomy: Taxonomy) -> datetime:
        year, _, part = key.partition("-")
        after = int(year) * 12 + (int(part.removeprefix("Q")) if part else 1) * months
        return datetime.combine(date(after // 12, after % 12 + 1, 1), time(), taxonomy.zone).astimezone(UTC)

    return Dimension(
        name=name,
        title=title,
        keys=lambda incident, taxonomy: day_label(opening_of(incident), taxonomy),
        between=between,
        end=end,
        of_problem=lambda problem, taxonomy: day_label(problem.opened, taxonomy),
        of_deployments=lambda deployments, _: label(deployments.day),
    )


def _quarter_of(day: date) -> str:
    return f"{day.year:04d}-Q{(day.month + 2) // 3}"


def _weekday(incident: Incident, taxonomy: Taxonomy) -> Keys:
    at = opening_of(incident)
    return (WEEKDAYS[taxonomy.day_of(at).weekday()] if at else None,)


def _hour(incident: Incident, taxonomy: Taxonomy) -> Keys:
    at = opening_of(incident)
    return (f"{at.astimezone(taxonomy.zone):%H}" if at else None,)


def _services(incident: Incident, taxonomy: Taxonomy) -> Keys:
    found = ((impact.service, service_of(impact, incident, taxonomy)) for impact in incident.services)
    return tuple(dict.fromkeys(service.id if service else key for key, service in found)) or (None,)


def _services_of_problem(problem: Problem, taxonomy: Taxonomy) -> Keys:
    return tuple(dict.fromkeys(_own_key(key, taxonomy) for key in problem.services)) or (None,)


def _own_key(key: str, taxonomy: Taxonomy) -> str:
    service = taxonomy.service(key)
    return service.id if service else key


def _groups(incident: Incident, taxonomy: Taxonomy) -> Keys:
    found = (service_of(impact, incident, taxonomy) for impact in incident.services)
    return tuple(dict.fromkeys(service.group if service else None for service in found)) or (None,)


def _group_of(key: str, taxonomy: Taxonomy) -> str | None:
    service = taxonomy.service(key)
    return service.group if service else None


def _groups_of_problem(problem: Problem, taxonomy: Taxonomy) -> Keys:
    return tuple(dict.fromkeys(_group_of(key, taxonomy) for key in problem.services)) or (None,)


def _category_path(record: Incident | Problem, taxonomy: Taxonomy) -> str | None:
    """Both levels, by their own keys."""
    path = record.category
    if path is None:
        return None
    found = taxonomy.category(path, record.opened) or taxonomy.category(path)
    if found is None:
        return path
    return f"{found[0].id}/{found[1].id}" if found[1] else found[0].id


def _category(record: Incident | Problem, taxonomy: Taxonomy) -> Keys:
    """The first of the two levels; it may be known where the second is not."""
    if record.category is None:
        return (None,)
    top = record.category.partition("/")[0]
    found = taxonomy.category(top, record.opened) or taxonomy.category(top)
    return (found[0].id if found else top,)


def _team(incident: Incident, _taxonomy: Taxonomy) -> Keys:
    """The team that had it last."""
    return (next((one.team for one in reversed(incident.assignments) if one.team), None),)


def _problem(incident: Incident, _taxonomy: Taxonomy) -> Keys:
    links = incident.links
    return (links.problem or links.known_error if links else None,)


DIMENSIONS: Mapping[str, Dimension] = MappingProxyType(
    {
        dimension.name: dimension
        for dimension in (
            _calendar("month", "Month", 1, lambda day: f"{day:%Y-%m}"),
            _calendar("quarter", "Quarter", 3, _quarter_of),
            _calendar("year", "Year", 12, lambda day: f"{day:%Y}"),
            Dimension(name="weekday", title="Weekday", keys=_weekday, order=WEEKDAYS),
            Dimension(name="hour", title="Hour", keys=_hour, order=tuple(f"{hour:02}" for hour in range(24))),
            Dimension(
                name="service",
                title="Service",
                keys=_services,
                of_problem=_services_of_problem,
                of_deployments=lambda one, taxonomy: one.service and _own_key(one.service, taxonomy),
                is_of_service=True,
            ),
            Dimension(
                name="group",
                title="Service group",
                keys=_groups,
                of_problem=_groups_of_problem,
                of_deployments=lambda one, taxonomy: (
                    _group_of(one.service, taxonomy) if one.service else None
                ),
                is_of_service=True,
            ),
            Dimension(name="category", title="Category", keys=_category, of_problem=_category),
            Dimension(
                name="subcategory",
                title="Subcategory",
                keys=lambda incident, taxonomy: (_category_path(incident, taxonomy),),
                of_problem=lambda problem, taxonomy: (_category_path(problem, taxonomy),),
            ),
            Dimension(
                name="priority",
                title="Priority",
                keys=lambda incident, taxonomy: (taxonomy.priority_of(incident),),
            ),
            Dimension(name="team", title="Team", keys=_team, of_problem=lambda problem, _: (problem.team,)),
            Dimension(
                name="owner",
                title="Owner",
                keys=lambda incident, _: (owner_of(incident),),
                of_problem=lambda problem, _: (problem.owner,),
            ),
            Dimension(name="location", title="Location", keys=lambda incident, _: (incident.location,)),
            Dimension(
                name="channel",
                title="Channel",
                keys=lambda incident, _: (incident.reporter.channel if incident.reporter else None,),
            ),
            Dimension(name="problem", title="Problem", keys=_problem),
        )
    }
)
"""Every dimension by its name: a new one is a row here."""


class UnknownDimensionError(IncidentbookError):
    """Figures were asked for by something that they cannot be broken down by."""

    def __init__(self, name: str) -> None:
        super().__init__(f"figures cannot be broken down by `{name}`; expected {', '.join(DIMENSIONS)}")


def dimensions_named(by: str | Sequence[str] | None) -> tuple[Dimension, ...]:
    """Find dimensions by name. Raises UnknownDimensionError."""
    names = () if by is None else (by,) if isinstance(by, str) else tuple(by)
    for name in names:
        if name not in DIMENSIONS:
            raise UnknownDimensionError(name)
    return tuple(DIMENSIONS[name] for name in dict.fromkeys(names))
