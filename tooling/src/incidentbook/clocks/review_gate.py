"""Whether a change touches a service that owes a review, and may be merged all the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from incidentbook.archive import Archive, Entry, Records
from incidentbook.clocks.reviews import ReviewDuty, review_duties
from incidentbook.records import Audience, Incident, Maintenance, Problem, ReviewStatus
from incidentbook.taxonomy import Taxonomy
from incidentbook.taxonomy.settings.reviews import GateWaiver

SERVICES = "schema/services.yml"

_OVER = frozenset({"closed", "cancelled"})


@dataclass(frozen=True, slots=True)
class Touch:
    """One thing that a change does to services, other than logging an outage.

    `what` completes "this change ...". `restricted` says that only who may read everything may hear of it.
    """

    path: str
    what: str
    services: frozenset[str]
    restricted: bool = False


@dataclass(frozen=True, slots=True)
class Obstacle:
    """An overdue review of services that a change touches; `waiver` is what lets the change pass."""

    duty: ReviewDuty
    services: tuple[str, ...]
    touches: tuple[Touch, ...]
    waiver: GateWaiver | None = None


def touches(
    before: Archive, after: Archive, moves: Iterable[tuple[str | None, str | None]]
) -> tuple[Touch, ...]:
    """Tell what a change does to which services; `moves` are the paths of each file before and after.

    Logging is never held up, nor is learning. What happens in an outage touches no service: an incident
    that is new or still open may be changed in any way short of closing, a maintenance may begin and
    end. Neither do reviews and articles, and problems until they are resolved.
    """
    found = [*_of_records(before, after, moves), *_of_services(before.taxonomy, after.taxonomy)]
    return tuple(sorted(found, key=lambda touch: (touch.path, touch.what)))


def owed_on_either_side(before: Records[Any], after: Records[Any], now: datetime) -> tuple[ReviewDuty, ...]:
    """Return the reviews that are owed before a change or after it: none may let itself through.

    A change is free to lower an impact or to call an incident a drill, and that counts once it is
    merged. Only a review that it publishes counts at once. Both sides are to be judged by the policies of
    the base.
    """
    owed = {duty.incident.id: duty for duty in review_duties(after, now)}
    for duty in review_duties(before, now):
        known = owed.get(duty.incident.id)
        if known is None or (duty.overdue and not (known.overdue and _services(duty) <= _services(known))):
            owed[duty.incident.id] = duty
    return tuple(duty for duty in owed.values() if not _has_its_review(after, duty.incident.id))


def _services(duty: ReviewDuty) -> frozenset[str]:
    return frozenset(impact.service for impact in duty.incident.record.services)


def _has_its_review(records: Records[Any], incident: str) -> bool:
    return any(one.record.status is ReviewStatus.PUBLISHED for one in records.reviews_of(incident))


def obstacles(
    found: Sequence[Touch],
    duties: Iterable[ReviewDuty],
    waivers: Sequence[GateWaiver],
    taxonomy: Taxonomy,
    now: datetime,
) -> tuple[Obstacle, ...]:
    """Return the overdue reviews of the touched services, those that are due longest first."""
    in_force = [waiver for waiver in waivers if waiver.until >= taxonomy.day_of(now)]
    touched = frozenset[str]().union(*(touch.services for touch in found))
    standing = []
    for duty in duties:
        incident = duty.incident.record
        services = _keys(taxonomy, (impact.service for impact in incident.services), incident.opened)
        common = services & touched if duty.overdue else frozenset()
        if common:
            waived = _waived(duty, common, in_force, taxonomy)
            left = common - waived.keys() or common
            reached = tuple(touch for touch in found if touch.services & left)
            waiver = next(iter(waived.values())) if common == waived.keys() else None
            standing.append(Obstacle(duty, tuple(sorted(left)), reached, waiver))
    return tuple(sorted(standing, key=_longest_due))


def _longest_due(obstacle: Obstacle) -> tuple[date, tuple[str, int, int, str]]:
    return obstacle.duty.due_day or date.max, obstacle.duty.incident.name.sort_key()


def _waived(
    duty: ReviewDuty, services: Iterable[str], waivers: Sequence[GateWaiver], taxonomy: Taxonomy
) -> Mapping[str, GateWaiver]:
    """The first waiver that holds for each service."""
    found = {}
    for service in sorted(services):
        for waiver in waivers:
            named = waiver.service and taxonomy.service(waiver.service)
            by_service = waiver.service is None or service == (named.id if named else waiver.service)
            by_incident = waiver.incident is None or waiver.incident == duty.incident.id
            if by_service and by_incident and (waiver.service or waiver.incident):
                found[service] = waiver
                break
    return found


def _of_records(
    before: Archive, after: Archive, moves: Iterable[tuple[str | None, str | None]]
) -> Iterator[Touch]:
    for old_path, new_path in moves:
        old = before.at(old_path) if old_path else None
        new = after.at(new_path) if new_path else None
        # what cannot be read holds up `check`
        old = old if old is not None and old.readable else None
        if new is None and old is not None:
            yield _touch(f"deletes {old.id}", (before, old))
        elif new is not None and new.readable:
            what = _DEEDS[new.kind](old.record if old is not None and old.kind == new.kind else None, new)
            if what is not None:
                yield _touch(what, (after, new), *([(before, old)] if old is not None else []))


def _of_incident(old: Incident | None, entry: Entry[Any]) -> str | None:
    if old is not None and old.status in _OVER:
        return f"changes {entry.id}, which was {old.status}"
    # one that is logged after the fact may be closed at once
    return f"closes {entry.id}" if old is not None and entry.record.status == "closed" else None


def _of_maintenance(old: Maintenance | None, entry: Entry[Any]) -> str | None:
    if entry.record.status != "scheduled":
        return None  # readers are told what happens, or that it does not
    return f"plans {entry.id}" if old is None else f"changes the plan of {entry.id}"


def _of_problem(old: Problem | None, entry: Entry[Any]) -> str | None:
    if old is not None and old.status == "closed":
        return f"changes {entry.id}, which was closed"
    if entry.record.status not in {"resolved", "closed"} or (old and old.status == entry.record.status):
        return None
    return f"{'closes' if entry.record.status == 'closed' else 'resolves'} {entry.id}"


def _nothing(old: Any, entry: Entry[Any]) -> str | None:  # noqa: ARG001
    return None


_DEEDS: Mapping[str, Callable[[Any, Entry[Any]], str | None]] = {
    "incident": _of_incident,
    "maintenance": _of_maintenance,
    "problem": _of_problem,
    "review": _nothing,
    "article": _nothing,
    "handover": _nothing,
}
"""What a change of a record of each kind does, beyond logging and learning."""


def _touch(what: str, *versions: tuple[Archive, Entry[Any]]) -> Touch:
    services = frozenset[str]()
    for archive, entry in versions:
        named = (getattr(impact, "service", impact) for impact in getattr(entry.record, "services", ()))
        services |= _keys(archive.taxonomy, named, getattr(entry.record, "opened", None))
    restricted = any(entry.record.visibility is Audience.RESTRICTED for _, entry in versions)
    return Touch(versions[0][1].path, what, services, restricted)


def _of_services(before: Taxonomy, after: Taxonomy) -> Iterator[Touch]:
    for key in sorted({service.id for service in before.services}):
        old, new = ([one for one in side.services if one.id == key] for side in (before, after))
        if old != new:
            what = f"{'changes' if new else 'removes'} the service {key}"
            yield Touch(SERVICES, what, frozenset({key}))


def _keys(taxonomy: Taxonomy, names: Iterable[str], at: datetime | None) -> frozenset[str]:
    """The services' own keys, where a record uses aliases."""
    found = ((name, taxonomy.service(name, at) or taxonomy.service(name)) for name in names)
    return frozenset(service.id if service else name for name, service in found)
