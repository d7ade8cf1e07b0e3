"""What all files for machines share: the records, the moment, and each announcement made once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from incidentbook.archive import RecordEntry
from incidentbook.feeds.addresses import Addresses
from incidentbook.feeds.announcements import (
    Announcement,
    announce,
    changed_of,
    created_of,
    published_at,
    was_announced,
)
from incidentbook.publication import Published, Urls
from incidentbook.publication.standing import Standing
from incidentbook.records import Maintenance, Review
from incidentbook.taxonomy.settings import Service

NOT_IN_FORCE = "not_in_service"
"""The state of a service that is gone, or still to come."""


class Briefing:
    """Published records at one moment, as machines are told of them."""

    def __init__(
        self, published: Published, now: datetime, standing: Standing, urls: Urls, addresses: Addresses
    ) -> None:
        self.published = published
        self.taxonomy = published.taxonomy
        self.zone = published.taxonomy.zone
        self.name = published.taxonomy.settings.name
        self.now = now
        self.standing = standing
        self.urls = urls
        self.addresses = addresses
        self._told: dict[tuple[str, str | None], Announcement] = {}
        self._keys: dict[str, str] = {}

    @cached_property
    def catalogue(self) -> Sequence[tuple[Service, str]]:
        """Every service that has a page, each once, with its state; none where it is not in force now."""
        states = {one.service.id: one.state for one in self.standing.services}
        keys = dict.fromkeys(service.id for service in self.taxonomy.services)
        found = (self.taxonomy.service(key, self.now) or self.taxonomy.service(key) for key in keys)
        return [(service, states.get(service.id, NOT_IN_FORCE)) for service in found if service is not None]

    @cached_property
    def incidents(self) -> Sequence[RecordEntry[Any]]:
        """Every incident of which readers were told, the newest first."""
        found = (entry for entry in self.published.incidents if was_announced(entry.record))
        created = self._created
        return sorted(found, key=lambda entry: (created[entry.id], entry.name.sort_key()), reverse=True)

    @cached_property
    def maintenance(self) -> Sequence[RecordEntry[Maintenance]]:
        """Every maintenance, by number."""
        return self.published.maintenance

    @cached_property
    def newest(self) -> Sequence[RecordEntry[Any]]:
        """Incidents, maintenance and published reviews, what changed last first."""
        found: list[tuple[datetime, RecordEntry[Any]]] = [
            (changed_of(entry, self._created[entry.id], self.published, self.now), entry)
            for entry in (*self.incidents, *self.maintenance)
        ]
        found += [
            (at, entry)
            for entry in self.published.reviews
            if (at := published_at(entry.record)) is not None and at <= self.now
        ]
        found.sort(key=lambda one: (one[0], one[1].name.sort_key()), reverse=True)
        return [entry for _, entry in found]

    @cached_property
    def first(self) -> datetime | None:
        """When the oldest of them began."""
        return min(self._created.values(), default=None)

    @cached_property
    def _created(self) -> dict[str, datetime]:
        entries: Sequence[RecordEntry[Any]] = (*self.published.incidents, *self.published.maintenance)
        return {entry.id: created_of(entry, self.now) for entry in entries}

    def told(self, entry: RecordEntry[Any], beside: Collection[str] = ()) -> Announcement:
        """What readers know of a record; what records `beside` it tell in the same place, is left to them."""
        larger = self.followed_beside(entry, beside)
        found = self._told.get((entry.id, larger))
        if found is None:
            left_out = (larger,) if larger is not None else ()
            found = self._told[entry.id, larger] = announce(entry, self.published, self.now, left_out)
        return found

    def followed_beside(self, entry: RecordEntry[Any], beside: Collection[str]) -> str | None:
        """The nearest larger incident that a record follows, among those told in the same place."""
        if not beside or entry.kind != "incident":
            return None
        larger = (one.id for one in self.published.followed_by(entry.id))
        return next((id_ for id_ in larger if id_ in beside), None)

    def service_id(self, key: str) -> str:
        """The catalogue's own key of a service that a record may name by an alias."""
        found = self._keys.get(key)
        if found is None:
            service = self.taxonomy.service(key)
            found = self._keys[key] = service.id if service else key
        return found

    def services_of(self, entry: RecordEntry[Any]) -> tuple[str, ...]:
        """The keys of the services that a record, or what a review is of, is about, each once."""
        records = [entry.record]
        if isinstance(entry.record, Review):
            ids = dict.fromkeys((entry.name.lead_incident or "", *entry.record.incidents))
            records = [found.record for id_ in ids if (found := self.published.get(id_)) is not None]
        return tuple(
            dict.fromkeys(self.service_id(one.service) for record in records for one in record.services)
        )

    def service_names(self, entry: RecordEntry[Any]) -> tuple[str, ...]:
        """What people call those services."""
        found = ((self.taxonomy.service(key), key) for key in self.services_of(entry))
        return tuple(service.name if service else key for service, key in found)
