"""Where knowledge was of use: the incidents that name an article, or a problem, and what they cost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from incidentbook.archive import RecordEntry
from incidentbook.archive.references import references
from incidentbook.metrics.intervals import length, union
from incidentbook.pages.site import DAYS, Site
from incidentbook.publication.standing import IncidentEntry, end_of, is_open, start_of

_USES = frozenset({"article", "problem", "known_error"})


@dataclass(frozen=True)
class Uses:
    """The incidents that name a record, newest first, and how many of them began lately."""

    incidents: tuple[IncidentEntry, ...]
    lately: int

    @property
    def last(self) -> datetime | None:
        """When the newest began."""
        return start_of(self.incidents[0].record) if self.incidents else None

    @property
    def first(self) -> datetime | None:
        """When the oldest began."""
        return start_of(self.incidents[-1].record) if self.incidents else None

    @property
    def has_open(self) -> bool:
        """Whether one of them is going on."""
        return any(is_open(entry.record) for entry in self.incidents)

    def facts(self) -> tuple[object, ...]:
        """What a page says of all of them, however few it lists."""
        return (len(self.incidents), self.lately, self.first, self.last)


def uses_of(entry: RecordEntry[Any], site: Site) -> Uses:
    """Gather the incidents in which an article, or what is known of a problem, was used."""
    found = {
        source.id: source
        for relation, source in site.published.backlinks(entry.id)
        if relation in _USES and source.kind == "incident"
    }
    incidents = newest_first(cast("Iterable[IncidentEntry]", found.values()), site)
    since = site.now - timedelta(days=DAYS)
    starts = (start_of(one.record) for one in incidents)
    return Uses(incidents, sum(1 for at in starts if at is not None and since <= at <= site.now))


def newest_first(incidents: Iterable[IncidentEntry], site: Site) -> tuple[IncidentEntry, ...]:
    """Sort incidents by when they began; what does not say it stands with the newest."""
    return tuple(
        sorted(
            incidents,
            key=lambda entry: (start_of(entry.record) or site.now, entry.name.sort_key()),
            reverse=True,
        )
    )


def time_lost(incidents: Iterable[IncidentEntry], site: Site) -> timedelta:
    """How long at least one of them was going on: what overlaps counts once."""
    spans = (
        (start, until)
        for entry in incidents
        if (start := start_of(entry.record)) is not None
        and (until := end_of(entry.record) or (site.now if is_open(entry.record) else None)) is not None
    )
    return length(union(spans))


def neighbours(entry: RecordEntry[Any], site: Site, *, but: str = "") -> tuple[RecordEntry[Any], ...]:
    """The records that a record names, or that name it, without those of one kind."""
    named = (site.readable(reference.target) for reference in references(entry.record))
    naming = (source for _, source in site.published.backlinks(entry.id))
    found = {one.id: one for one in (*named, *naming) if one is not None and one.kind != but}
    return tuple(found[id_] for id_ in sorted(found))
