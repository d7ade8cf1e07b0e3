"""What an import would write, decided before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from incidentbook.archive import Archive, Entry
from incidentbook.diagnostics import IncidentbookError
from incidentbook.edits import append_items, in_order, record_text, with_values
from incidentbook.edits.record_text import field_order
from incidentbook.importers.catalogue import Catalogue
from incidentbook.importers.foreign import Foreign, ForeignImpact, Log
from incidentbook.importers.known import Known
from incidentbook.importers.merge import merge
from incidentbook.records.seal import owned, sealed
from incidentbook.source import Document, read_shape, read_yaml, to_yaml
from incidentbook.source.document import MAX_BYTES
from incidentbook.taxonomy.settings import Services

MAX_VALUES = MAX_BYTES - 10_000
"""What a source may fill of a record: the rest is for its origin and for what people add."""

SERVICES = "schema/services.yml"
_SERVICES_HEAD = "# yaml-language-server: $schema=json/services.schema.json\n"


class BrokenCatalogueError(IncidentbookError):
    """Services cannot be found in the catalogue, or added to it, while it cannot be read."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(f"{SERVICES}:{line}: {message}; mend it first, an import adds services to it")


@dataclass(frozen=True)
class Creation:
    """A record to be written under the next free ID of its kind and year."""

    kind: str
    year: int
    text: str
    services: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Revision:
    """A record to be written again, because its source has more to say."""

    id: str
    path: str
    text: str
    changed: tuple[str, ...]
    services: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Plan:
    """Everything that an import writes; nothing where a second run finds all as it was."""

    creations: tuple[Creation, ...] = ()
    revisions: tuple[Revision, ...] = ()
    unchanged: int = 0
    added_services: tuple[str, ...] = ()
    services_text: str | None = None


def plan_import(foreigners: Iterable[Foreign], archive: Archive, log: Log) -> Plan:
    """Decide what to write for incidents that came in, oldest first; the log says what stays.

    Raises BrokenCatalogueError.
    """
    services_file = _services_file(archive)
    catalogue = Catalogue(archive.taxonomy)
    known = Known(archive)
    made: list[Creation | Revision] = []
    unchanged = 0
    for foreign in foreigners:
        entry = known.find(foreign)
        if known.is_left_alone(foreign, entry, log):
            unchanged += 1
            continue
        values = _imported_values(foreign, catalogue, log)
        if values is None:
            continue
        if entry is None:
            made.append(_creation(foreign, values))
        elif revision := _revision(entry, foreign, values, log):
            made.append(revision)
        else:
            unchanged += 1
    # a service that only records use which stay as they are was taken out of the catalogue by hand
    used = {service for one in made for service in one.services}
    added = [service for service in catalogue.added if service["id"] in used]
    return Plan(
        creations=tuple(one for one in made if isinstance(one, Creation)),
        revisions=tuple(one for one in made if isinstance(one, Revision)),
        unchanged=unchanged,
        added_services=tuple(service["id"] for service in added),
        services_text=append_items(services_file, "services", added) if added else None,
    )


def _services_file(archive: Archive) -> Document:
    try:
        document = read_yaml(SERVICES, archive.tree.read(SERVICES))
    except FileNotFoundError:
        return read_yaml(SERVICES, _SERVICES_HEAD.encode())
    problems = document.diagnostics
    if document.values is not None:
        given = {key: value for key, value in document.values.items() if value is not None}
        problems += read_shape(document, Services, given)[1]
    if problems:
        raise BrokenCatalogueError(problems[0].span.line if problems[0].span else 1, problems[0].message)
    return document


def _imported_values(foreign: Foreign, catalogue: Catalogue, log: Log) -> dict[str, Any] | None:
    """The fields of the record as its file will have them; None where they are more than a file may hold."""
    services = [_service_impact(impact, catalogue) for impact in foreign.services]
    written = to_yaml(in_order(foreign.kind, {**foreign.values, "services": services})).encode()
    if len(written) > MAX_VALUES:
        log.refuse(
            foreign.line, f"the incident has {len(written):,} bytes of text; a record holds {MAX_VALUES:,}"
        )
        return None
    return dict(read_yaml("", written).values or {})


def _service_impact(impact: ForeignImpact, catalogue: Catalogue) -> dict[str, Any]:
    times = {"from": impact.from_, "to": impact.to}
    return {
        "service": catalogue.key_of(impact.service),
        "state": impact.state,
        **{key: time for key, time in times.items() if time is not None},
    }


def _creation(foreign: Foreign, values: Mapping[str, Any]) -> Creation:
    origin = sealed(foreign.origin, owned(foreign.kind, values))
    text = record_text(foreign.kind, {**values, "origin": origin})
    return Creation(foreign.kind, foreign.filed.astimezone(UTC).year, text, _services_of(values))


def _services_of(values: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(impact["service"] for impact in values.get("services", ()))


def _revision(entry: Entry[Any], foreign: Foreign, values: Mapping[str, Any], log: Log) -> Revision | None:
    document, source = entry.document, owned(foreign.kind, values)
    merged = merge(foreign.kind, document, source)
    for key in merged.kept:
        log.keep(foreign.line, f"{entry.id}: `{key}` was changed here and differs from the source; kept")
    if not merged.changes:
        return None
    changes = dict(merged.changes)
    if merged.follows:
        changes["origin"] = sealed((document.values or {}).get("origin"), source)
    text = with_values(document, changes, field_order(foreign.kind))
    changed = tuple(sorted(merged.changes))
    services = _services_of(values) if "services" in changed else frozenset()
    return Revision(entry.id, entry.path, text, changed, services)
