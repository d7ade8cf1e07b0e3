"""The records that one audience may read."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from incidentbook.archive import Archive, Entry, RecordEntry, Records
from incidentbook.publication.redaction import altered, kept, may_read, redact
from incidentbook.records import (
    KINDS,
    Article,
    ArticleStatus,
    Audience,
    Handover,
    Incident,
    Maintenance,
    Problem,
    Record,
    RecordName,
    Review,
    ReviewStatus,
    kind_of,
)
from incidentbook.records.parts import Links, Update
from incidentbook.source import Origin
from incidentbook.taxonomy import Taxonomy
from incidentbook.taxonomy.settings import Measures, Services


@dataclass(frozen=True, eq=False)
class PublishedEntry:
    """One record as an audience may read it; the body is read only when asked for."""

    name: RecordName
    path: str
    record: Any
    content_hash: str
    """The blob name of its file; what is made of records is made anew where one of theirs changed."""

    _body: Callable[[], str]

    @property
    def kind(self) -> str:
        """Name of its row in KINDS."""
        return self.name.kind

    @property
    def id(self) -> str:
        """Its ID."""
        return self.name.id

    @property
    def readable(self) -> bool:
        """Always: what cannot be read is not published."""
        return True

    @property
    def body(self) -> str:
        """The Markdown below the front matter; empty where the audience may not read it."""
        return self._body()


class Published(Records[PublishedEntry]):
    """What pages, feeds and the API see of an archive; nothing else of it reaches an audience."""

    def __init__(
        self,
        entries: tuple[PublishedEntry, ...],
        taxonomy: Taxonomy,
        origin: Origin,
        audience: Audience,
        attachments: Callable[[str], tuple[str, ...]],
        read_attachment: Callable[[str], bytes],
        unreadable_incidents: int,
        apart: frozenset[str] = frozenset(),
    ) -> None:
        super().__init__(entries, taxonomy, origin)
        self.audience = audience
        self._attachments = attachments
        self._read_attachment = read_attachment
        self._unreadable_incidents = unreadable_incidents
        self._apart = apart

    @property
    def unreadable_incidents(self) -> int:
        """How many files of the archive hold no incident: a number, for what they are is not known."""
        return self._unreadable_incidents

    def _is_apart(self, entry: RecordEntry[Incident]) -> bool:
        """Why an incident goes on without its parent is internal; that it does, is not."""
        return entry.id in self._apart

    def attachments(self, id_: str) -> tuple[str, ...]:
        """Paths of the files that belong to a record and that the audience may read."""
        return self._attachments(id_) if self.get(id_) is not None else ()

    def read_attachment(self, id_: str, path: str) -> bytes:
        """The bytes of one of a record's attachments. Raises KeyError for any other path."""
        if path not in self.attachments(id_):
            raise KeyError(path)
        return self._read_attachment(path)


def publish(archive: Archive, audience: Audience) -> Published:
    """Take from an archive what an audience may read.

    A restricted record is in no build. The public sees public records, drills and drafts
    left out, without internal fields, internal updates, people and attachments, and without references
    to records or services that it may not know of. A review is public only where its lead incident is;
    a handover never is.
    """
    taxonomy = _published_taxonomy(archive.taxonomy, audience)
    readable = {
        entry.id: entry
        for kind in KINDS
        for entry in archive.of_kind(kind)
        if _is_published(entry.record, audience)
    }
    known = {
        id_
        for id_, entry in readable.items()
        if entry.name.lead_incident is None or entry.name.lead_incident in readable
    }

    @cache
    def may_name(service: str) -> bool:
        """A service of the catalogue that was taken out is hidden; one that is in neither, a slip."""
        if taxonomy.service(service) is not None:
            return True
        return audience is Audience.INTERNAL and archive.taxonomy.service(service) is None

    entries = tuple(
        PublishedEntry(
            entry.name,
            entry.path,
            _without_unknown(redact(entry.record, audience), known, may_name),
            entry.content_hash,
            _body_of(entry, audience),
        )
        for entry in archive.entries
        if entry.id in known and readable[entry.id] is entry
    )
    return Published(
        entries,
        taxonomy,
        archive.tree,
        audience,
        archive.attachments if audience is Audience.INTERNAL else lambda _id: (),
        archive.tree.read,
        archive.unreadable_incidents,
        frozenset(id_ for id_ in known if _is_apart(readable[id_].record)),
    )


def _is_published(record: Record, audience: Audience) -> bool:
    if not may_read(audience, kind_of(record).widest):
        return False
    if audience is Audience.PUBLIC and _is_unfinished(record):
        return False
    return may_read(audience, record.visibility)


def _is_unfinished(record: Record) -> bool:
    """Tell whether a record is not, or not yet, meant for the world, whatever its visibility will be."""
    match record:
        case Incident():
            return record.drill
        case Review():
            return record.status is not ReviewStatus.PUBLISHED
        case Article():
            return record.status is ArticleStatus.DRAFT
    return False


def _is_apart(record: Record) -> bool:
    return isinstance(record, Incident) and record.links is not None and record.links.apart is not None


def _body_of(entry: Entry[Any], audience: Audience) -> Callable[[], str]:
    return (lambda: entry.body) if may_read(audience, KINDS[entry.kind].body) else str


def _without_unknown(record: Record, known: Collection[str], may_name: Callable[[str], bool]) -> Record:
    """Take out what names a record, a service or an update that the audience may not know of."""
    changes: dict[str, Any] = {}
    match record:
        case Incident() | Maintenance():
            changes["services"] = kept(record.services, lambda impact: may_name(impact.service))
            changes["updates"] = _known_corrections(record.updates)
            changes["links"] = _known_links(record.links, known)
        case Problem():
            changes["services"] = kept(record.services, may_name)
            changes["links"] = _known_links(record.links, known)
        case Review():
            changes["incidents"] = kept(record.incidents, known.__contains__)
        case Article():
            changes["services"] = kept(record.services, may_name)
            changes["replaced_by"] = record.replaced_by if record.replaced_by in known else None
        case Handover():
            # what comes next in an incident is as secret as the incident
            changes["items"] = kept(record.items, lambda item: item.incident in known)
    return altered(record, changes)


def _known_corrections(updates: tuple[Update, ...]) -> tuple[Update, ...]:
    corrected = {update.corrects for update in updates if update.corrects is not None}
    dangling = corrected - {update.id for update in updates} if corrected else corrected
    if not dangling:
        return updates
    return tuple(
        altered(update, {"corrects": None}) if update.corrects in dangling else update for update in updates
    )


def _known_links(links: Links | None, known: Collection[str]) -> Links | None:
    if links is None:
        return None
    changes: dict[str, Any] = {}
    for name in ("problem", "known_error", "duplicate_of", "parent"):
        id_ = getattr(links, name)
        if id_ is not None and id_ not in known:
            changes[name] = None
    if changes.get("parent", links.parent) is None:
        changes["apart"] = None  # why it does not follow one that nobody here may know of
    for name in ("articles", "earlier"):
        changes[name] = kept(getattr(links, name), known.__contains__)
    return altered(links, changes)


def _published_measures(taxonomy: Taxonomy, shown: Services, audience: Audience) -> Measures:
    """The goals of services that the audience may know of, and of no other."""
    measures = redact(taxonomy.measures_file, audience)
    if audience is not Audience.PUBLIC:
        return measures
    names = {service.id for service in shown.services}
    services = kept(measures.goals.services, lambda goals: goals.service in names)
    return altered(measures, {"goals": altered(measures.goals, {"services": services})})


def _published_taxonomy(taxonomy: Taxonomy, audience: Audience) -> Taxonomy:
    services = redact(taxonomy.services_file, audience)
    if audience is Audience.PUBLIC:
        # the name of a group tells of what is in it
        shown = {service.group for service in services.services}
        services = replace(services, groups=tuple(group for group in services.groups if group.id in shown))
    return replace(
        taxonomy,
        settings=redact(taxonomy.settings, audience),
        services_file=services,
        categories_file=redact(taxonomy.categories_file, audience),
        teams_file=redact(taxonomy.teams_file, audience),
        people_file=redact(taxonomy.people_file, audience),
        priorities_file=redact(taxonomy.priorities_file, audience),
        sla_file=redact(taxonomy.sla_file, audience),
        calendars_file=redact(taxonomy.calendars_file, audience),
        reviews_file=redact(taxonomy.reviews_file, audience),
        intake_file=redact(taxonomy.intake_file, audience),
        routing_file=redact(taxonomy.routing_file, audience),
        escalation_file=redact(taxonomy.escalation_file, audience),
        major_file=redact(taxonomy.major_file, audience),
        notifications_file=redact(taxonomy.notifications_file, audience),
        measures_file=_published_measures(taxonomy, services, audience),
        deployments=taxonomy.deployments if audience is Audience.INTERNAL else (),
    )
