"""The records that one audience may read."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Any

from incidentbook.archive import Archive, Entry, Records
from incidentbook.publication.redaction import may_read, redact
from incidentbook.records import (
    KINDS,
    Article,
    Audience,
    Incident,
    Maintenance,
    Problem,
    Record,
    RecordName,
    Review,
)
from incidentbook.records.parts import Links
from incidentbook.taxonomy import Taxonomy


@dataclass(frozen=True, eq=False)
class PublishedEntry:
    """One record as an audience may read it; the body is read only when asked for."""

    name: RecordName
    path: str
    record: Any
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
        revision: str | None,
        audience: Audience,
        attachments: Callable[[str], tuple[str, ...]],
        read_attachment: Callable[[str], bytes],
    ) -> None:
        super().__init__(entries, taxonomy, revision)
        self.audience = audience
        self._attachments = attachments
        self._read_attachment = read_attachment

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

    A restricted record is in no build. The public sees public records without internal fields,
    internal updates, people, drills, attachments, and without references to records or services
    that it may not know of. A review is public only where its lead incident is.
    """
    services = {service.id for service in archive.taxonomy.services if may_read(audience, service.visibility)}
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
    entries = tuple(
        PublishedEntry(
            entry.name,
            entry.path,
            _without_unknown(redact(entry.record, audience), known, services, audience),
            _body_of(entry, audience),
        )
        for entry in archive.entries
        if entry.id in known and readable[entry.id] is entry
    )
    return Published(
        entries,
        _published_taxonomy(archive.taxonomy, audience),
        archive.revision,
        audience,
        archive.attachments if audience is Audience.INTERNAL else lambda _id: (),
        archive.tree.read,
    )


def _is_published(record: Record, audience: Audience) -> bool:
    if isinstance(record, Incident) and record.drill and audience is Audience.PUBLIC:
        return False
    return may_read(audience, record.visibility)


def _body_of(entry: Entry[Any], audience: Audience) -> Callable[[], str]:
    return (lambda: entry.body) if may_read(audience, KINDS[entry.kind].body) else str


def _without_unknown(
    record: Record, known: Collection[str], services: Collection[str], audience: Audience
) -> Record:
    """Take out what names a record, or a service, that the audience may not know of."""
    if audience is not Audience.PUBLIC:
        return _without_unpublished(record, known)
    match record:
        case Incident() | Maintenance():
            record = replace(
                record, services=tuple(item for item in record.services if item.service in services)
            )
        case Problem() | Article():
            record = replace(record, services=tuple(key for key in record.services if key in services))
    return _without_unpublished(record, known)


def _without_unpublished(record: Record, known: Collection[str]) -> Record:
    match record:
        case Incident() | Problem() | Maintenance():
            return replace(record, links=_known_links(record.links, known)) if record.links else record
        case Review():
            return replace(record, incidents=tuple(id_ for id_ in record.incidents if id_ in known))
        case Article():
            return replace(record, replaced_by=record.replaced_by if record.replaced_by in known else None)


def _known_links(links: Links, known: Collection[str]) -> Links:
    def one(id_: str | None) -> str | None:
        return id_ if id_ in known else None

    return replace(
        links,
        problem=one(links.problem),
        known_error=one(links.known_error),
        duplicate_of=one(links.duplicate_of),
        parent=one(links.parent),
        articles=tuple(id_ for id_ in links.articles if id_ in known),
        earlier=tuple(id_ for id_ in links.earlier if id_ in known),
    )


def _published_taxonomy(taxonomy: Taxonomy, audience: Audience) -> Taxonomy:
    return replace(
        taxonomy,
        settings=redact(taxonomy.settings, audience),
        services_file=redact(taxonomy.services_file, audience),
        categories_file=redact(taxonomy.categories_file, audience),
        teams_file=redact(taxonomy.teams_file, audience),
        people_file=redact(taxonomy.people_file, audience),
        priorities_file=redact(taxonomy.priorities_file, audience),
        sla_file=redact(taxonomy.sla_file, audience),
        calendars_file=redact(taxonomy.calendars_file, audience),
        reviews_file=redact(taxonomy.reviews_file, audience),
    )
