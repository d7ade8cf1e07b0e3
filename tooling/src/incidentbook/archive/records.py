"""The read protocol that an archive and what is published of it share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, Generic, Protocol, TypeVar, cast

from incidentbook.archive.references import references
from incidentbook.records import Article, Handover, Incident, Maintenance, Problem, Record, RecordName, Review
from incidentbook.source import Origin
from incidentbook.taxonomy import Taxonomy

R_co = TypeVar("R_co", bound=Record, covariant=True)


class RecordEntry(Protocol[R_co]):
    """One record with its name and place."""

    @property
    def name(self) -> RecordName:
        """Kind and ID."""

    @property
    def path(self) -> str:
        """Where it lies in the repository."""

    @property
    def kind(self) -> str:
        """Name of its row in KINDS."""

    @property
    def id(self) -> str:
        """Its ID: the file name and nothing else."""

    @property
    def readable(self) -> bool:
        """Whether there is a record to be had at all."""

    @property
    def content_hash(self) -> str:
        """The blob name of the file's bytes."""

    @property
    def record(self) -> R_co:
        """The record. Raises UnreadableRecordError where the file holds none."""

    @property
    def body(self) -> str:
        """The Markdown below the front matter."""


E = TypeVar("E", bound="RecordEntry[Any]")

_OF_A_KIND = frozenset({"problem", "known_error", "earlier"})


class Records(Generic[E]):
    """Records that know each other: by ID, by kind, and by who names whom.

    `entries` holds every file that is named as a record, sorted by kind and number, also those
    that cannot be read; the lists by kind hold only readable ones. Of two files with one ID the
    first by path counts.
    """

    def __init__(self, entries: Sequence[E], taxonomy: Taxonomy, origin: Origin) -> None:
        self.entries: tuple[E, ...] = tuple(entries)
        self.taxonomy = taxonomy
        self._origin = origin

    @property
    def revision(self) -> str | None:
        """The commit the records are of, or are based on."""
        return self._origin.revision

    @property
    def dirty(self) -> bool:
        """Whether the records are not those of that commit: something is not committed."""
        return self._origin.dirty

    @property
    def unreadable_incidents(self) -> int:
        """How many files that are named as incidents hold no record; they are in no figure."""
        return sum(1 for entry in self.entries if entry.kind == "incident" and not entry.readable)

    @cached_property
    def _by_id(self) -> dict[str, E]:
        found: dict[str, E] = {}
        for entry in self.entries:
            found.setdefault(entry.id, entry)
        return found

    @cached_property
    def _by_kind(self) -> dict[str, tuple[E, ...]]:
        found: dict[str, list[E]] = {}
        for entry in self._by_id.values():
            if entry.readable:
                found.setdefault(entry.kind, []).append(entry)
        return {kind: tuple(entries) for kind, entries in found.items()}

    def get(self, id_: str) -> E | None:
        """The record of an ID, readable or not."""
        return self._by_id.get(id_)

    def of_kind(self, kind: str) -> tuple[E, ...]:
        """Every readable record of a kind, by number."""
        return self._by_kind.get(kind, ())

    @property
    def incidents(self) -> tuple[RecordEntry[Incident], ...]:
        """Every readable incident, by number."""
        return cast("tuple[RecordEntry[Incident], ...]", self.of_kind("incident"))

    @property
    def reviews(self) -> tuple[RecordEntry[Review], ...]:
        """Every readable review, by the number of its lead incident."""
        return cast("tuple[RecordEntry[Review], ...]", self.of_kind("review"))

    @property
    def problems(self) -> tuple[RecordEntry[Problem], ...]:
        """Every readable problem, by number."""
        return cast("tuple[RecordEntry[Problem], ...]", self.of_kind("problem"))

    @property
    def articles(self) -> tuple[RecordEntry[Article], ...]:
        """Every readable article, by name."""
        return cast("tuple[RecordEntry[Article], ...]", self.of_kind("article"))

    @property
    def maintenance(self) -> tuple[RecordEntry[Maintenance], ...]:
        """Every readable maintenance, by number."""
        return cast("tuple[RecordEntry[Maintenance], ...]", self.of_kind("maintenance"))

    @property
    def handovers(self) -> tuple[RecordEntry[Handover], ...]:
        """Every readable handover, by number."""
        return cast("tuple[RecordEntry[Handover], ...]", self.of_kind("handover"))

    @cached_property
    def _backlinks(self) -> dict[str, tuple[tuple[str, E], ...]]:
        found: dict[str, list[tuple[str, E]]] = {}
        for entry in self._by_id.values():
            if entry.readable:
                for reference in references(entry.record):
                    found.setdefault(reference.target, []).append((reference.relation, entry))
        return {target: tuple(sources) for target, sources in found.items()}

    def backlinks(self, id_: str) -> tuple[tuple[str, E], ...]:
        """Who names a record, each with what it says of it: (relation, entry)."""
        return self._backlinks.get(id_, ())

    @cached_property
    def _reviews_by_incident(self) -> dict[str, tuple[RecordEntry[Review], ...]]:
        found: dict[str, list[RecordEntry[Review]]] = {}
        for entry in self.reviews:
            lead = entry.name.lead_incident
            for incident in dict.fromkeys((lead, *entry.record.incidents)):
                if incident is not None:
                    found.setdefault(incident, []).append(entry)
        return {incident: tuple(entries) for incident, entries in found.items()}

    def reviews_of(self, incident_id: str) -> tuple[RecordEntry[Review], ...]:
        """The reviews that cover an incident: its own, and those of a lead incident that names it."""
        return self._reviews_by_incident.get(incident_id, ())

    def incidents_of_problem(self, problem_id: str) -> tuple[RecordEntry[Incident], ...]:
        """The incidents that name a problem as their cause, or used its workaround."""
        return self._incidents_naming(problem_id, {"problem", "known_error"})

    def kin(self, incident_id: str) -> tuple[RecordEntry[Incident], ...]:
        """The incidents of one kind with this one, itself among them, by the time they were opened.

        Of a kind are those that name the same problem or known error, and those that are linked as
        earlier occurrences, in whatever chain: what somebody said, not what looks alike. An incident
        that does not say when it was opened is left out.
        """
        return self._kin.get(incident_id, ())

    @cached_property
    def _kin(self) -> dict[str, tuple[RecordEntry[Incident], ...]]:
        incidents = {entry.id: entry for entry in self.incidents}
        near: dict[str, list[str]] = {id_: [] for id_ in incidents}
        for id_, entry in incidents.items():
            for reference in references(entry.record):
                if reference.relation in _OF_A_KIND and (
                    reference.relation != "earlier" or reference.target in incidents
                ):
                    near[id_].append(reference.target)
                    near.setdefault(reference.target, []).append(id_)
        found: dict[str, tuple[RecordEntry[Incident], ...]] = {}
        for id_ in incidents:
            if id_ not in found:
                members = _reachable(id_, near)
                opened = {member: incidents[member].record.opened for member in members & incidents.keys()}
                times = sorted((at, member) for member, at in opened.items() if at is not None)
                found |= dict.fromkeys(members, tuple(incidents[member] for _, member in times))
        return found

    def children_of(self, incident_id: str) -> tuple[RecordEntry[Incident], ...]:
        """The incidents that belong to a larger one."""
        return self._incidents_naming(incident_id, {"parent"})

    def followed_by(self, id_: str) -> tuple[RecordEntry[Incident], ...]:
        """The larger incidents whose updates and resolution are those of an incident too, the nearest first.

        An incident that goes on apart (`links.apart`) follows nobody; a circle ends where it began.
        """
        found: dict[str, RecordEntry[Incident]] = {}
        parent = self._parent_of(id_)
        while parent is not None and parent.id != id_ and parent.id not in found:
            found[parent.id] = parent
            parent = self._parent_of(parent.id)
        return tuple(found.values())

    def followers_of(self, id_: str) -> tuple[RecordEntry[Incident], ...]:
        """The incidents that follow a larger one, each before those that follow it in turn."""
        found: dict[str, RecordEntry[Incident]] = {}
        waiting = [id_]
        for larger in waiting:
            for child in self.children_of(larger):
                if child.id != id_ and child.id not in found and not self._is_apart(child):
                    found[child.id] = child
                    waiting.append(child.id)
        return tuple(found.values())

    def _parent_of(self, id_: str) -> RecordEntry[Incident] | None:
        entry = self.get(id_)
        if entry is None or entry.kind != "incident" or not entry.readable or self._is_apart(entry):
            return None
        links = entry.record.links
        parent = self.get(links.parent) if links is not None and links.parent is not None else None
        if parent is None or parent.kind != "incident" or not parent.readable:
            return None
        return cast("RecordEntry[Incident]", parent)

    def _is_apart(self, entry: RecordEntry[Incident]) -> bool:
        """Whether somebody confirmed that an incident goes on without its parent."""
        return entry.record.links is not None and entry.record.links.apart is not None

    def _incidents_naming(self, id_: str, relations: set[str]) -> tuple[RecordEntry[Incident], ...]:
        sources = dict.fromkeys(
            source
            for relation, source in self.backlinks(id_)
            if relation in relations and source.kind == "incident"
        )
        return cast("tuple[RecordEntry[Incident], ...]", tuple(sources))


def _reachable(start: str, near: Mapping[str, Iterable[str]]) -> set[str]:
    """Everything that hangs together with one, in whatever chain."""
    found = {start}
    waiting = [start]
    while waiting:
        for other in near[waiting.pop()]:
            if other not in found:
                found.add(other)
                waiting.append(other)
    return found
