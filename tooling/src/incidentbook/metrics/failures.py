"""Which services an incident made fail, how long after their last failure, and what came back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from incidentbook.archive import RecordEntry
from incidentbook.metrics.dimensions import opening_of, service_of
from incidentbook.metrics.durations import NoSample, harm_began
from incidentbook.records import Incident, ServiceState
from incidentbook.taxonomy import Taxonomy

Entries = Iterable[RecordEntry[Incident]]


@dataclass(frozen=True, slots=True)
class Failure:
    """A service that failed in an incident; `since_last` is in seconds, or says why it is not known."""

    service: str
    group: str | None
    since_last: float | NoSample


def failing_services(incident: Incident, taxonomy: Taxonomy) -> Mapping[str, datetime | None]:
    """Return when each service of an incident began to fail: left the state operational.

    Several states of one service are one failure, which starts with the first.
    """
    found: dict[str, datetime | None] = {}
    for impact in incident.services:
        if impact.state is ServiceState.OPERATIONAL:
            continue
        service = service_of(impact, incident, taxonomy)
        key = service.id if service else impact.service
        start, earlier = impact.from_ or harm_began(incident), found.get(key)
        found[key] = min(start, earlier) if start and earlier else start or earlier
    return found


def failures(entries: Entries, taxonomy: Taxonomy) -> Mapping[str, tuple[Failure, ...]]:
    """Return the failures of each incident by its ID, with the time since the service's last failure.

    A child is no failure of its own for a service that its parent names, too.
    """
    failing = {entry.id: failing_services(entry.record, taxonomy) for entry in entries}
    parents = {entry.id: entry.record.links.parent for entry in entries if entry.record.links}
    starts: dict[str, list[tuple[datetime, str]]] = {}
    for id_, services in failing.items():
        for key, start in services.items():
            if start is not None and not _is_part(key, id_, parents, failing):
                starts.setdefault(key, []).append((start, id_))
    before: dict[tuple[str, str], float] = {}
    for key, found in starts.items():
        found.sort()
        for (last, _), (start, id_) in pairwise(found):
            before[key, id_] = (start - last).total_seconds()

    def since_last(key: str, start: datetime | None, id_: str) -> float | NoSample:
        if start is None:
            return NoSample.NO_START
        if _is_part(key, id_, parents, failing):
            return NoSample.PART_OF_PARENT
        return before.get((key, id_), NoSample.FIRST_FAILURE)

    groups = {service.id: service.group for service in reversed(taxonomy.services)}
    return {
        id_: tuple(
            Failure(key, groups.get(key), since_last(key, start, id_)) for key, start in services.items()
        )
        for id_, services in failing.items()
    }


def _is_part(
    key: str,
    id_: str,
    parents: Mapping[str, str | None],
    failing: Mapping[str, Mapping[str, datetime | None]],
) -> bool:
    parent = parents.get(id_)
    return parent is not None and parent != id_ and key in failing.get(parent, ())


def recurring(entries: Entries) -> frozenset[str]:
    """Return the IDs of the incidents of which there was one of the same kind before.

    Of a kind are incidents that name the same problem or known error, and those linked as earlier
    occurrences, in whatever chain: what somebody said, not what looks alike. One that names an
    earlier occurrence which is not here recurs as well.
    """
    kinds = _Kinds()
    found = set()
    openings: dict[str, datetime] = {}
    for entry in entries:
        links, opening = entry.record.links, opening_of(entry.record)
        if opening is not None:
            openings[entry.id] = opening
        if links is None:
            continue
        if links.earlier:
            found.add(entry.id)
        for named in (links.problem, links.known_error, *links.earlier):
            if named is not None:
                kinds.join(entry.id, named)
    members: dict[str, list[tuple[datetime, str]]] = {}
    for id_, opening in openings.items():
        if id_ in kinds:
            members.setdefault(kinds.kind_of(id_), []).append((opening, id_))
    for alike in members.values():
        found.update(id_ for _, id_ in sorted(alike)[1:])
    return frozenset(found)


class _Kinds:
    """IDs that were said to be of a kind: a forest whose roots name the kinds."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def __contains__(self, id_: str) -> bool:
        return id_ in self._above

    def kind_of(self, id_: str) -> str:
        top = id_
        while self._above.setdefault(top, top) != top:
            top = self._above[top]
        while self._above[id_] != top:
            self._above[id_], id_ = top, self._above[id_]
        return top

    def join(self, one: str, other: str) -> None:
        self._above[self.kind_of(one)] = self.kind_of(other)
