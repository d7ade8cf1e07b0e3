"""What the files of `schema/` say that cannot all be true, such as keys that nobody defines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from incidentbook.diagnostics import Diagnostic, Severity
from incidentbook.source import Document
from incidentbook.taxonomy.taxonomy import Taxonomy

Keys = tuple[str | int, ...]


def incoherences(taxonomy: Taxonomy, documents: Mapping[str, Document]) -> Iterator[Diagnostic]:
    """Find references inside `schema/` that lead nowhere, and keys that are defined twice at a time."""
    for file, keys, value, kind, known in _references(taxonomy):
        if value not in known and file in documents:
            close = get_close_matches(value, sorted(known), n=1)
            yield _error(
                documents[file],
                keys,
                "unknown-reference",
                f"there is no {kind} `{value}`",
                f"did you mean `{close[0]}`?" if close else None,
            )
    yield from _duplicates(taxonomy, documents)
    yield from _unknown_zones(taxonomy, documents)


_Reference = tuple[str, Keys, str, str, set[str]]
"""File, place, value, what it should be the key of, and the keys there are."""


def _references(taxonomy: Taxonomy) -> Iterator[_Reference]:
    yield from _of_services(taxonomy)
    yield from _of_policies(taxonomy)
    people = {person.handle for person in taxonomy.people}
    priorities = {priority.id for priority in taxonomy.priorities}
    calendars = _ids(taxonomy.calendars)
    for index, team in enumerate(taxonomy.teams):
        for place, member in enumerate(team.members):
            yield "teams", ("teams", index, "members", place), member, "person", people
    for index, matrix in enumerate(taxonomy.matrices):
        for impact, row in matrix.cells.items():
            for urgency, value in row.items():
                keys: Keys = ("matrices", index, "cells", impact.value, urgency.value)
                yield "priority", keys, value, "priority", priorities
    for index, review in enumerate(taxonomy.review_policies):
        yield "reviews", ("policies", index, "calendar"), review.calendar, "calendar", calendars


def _of_services(taxonomy: Taxonomy) -> Iterator[_Reference]:
    services = _ids(taxonomy.services)
    people = {person.handle for person in taxonomy.people}
    for index, service in enumerate(taxonomy.services):
        single = (
            ("group", service.group, "group", _ids(taxonomy.groups)),
            ("team", service.team, "team", _ids(taxonomy.teams)),
            ("technical_owner", service.technical_owner, "person", people),
            ("business_owner", service.business_owner, "person", people),
            ("support_hours", service.support_hours, "calendar", _ids(taxonomy.calendars)),
        )
        for key, value, kind, known in single:
            if value is not None:
                yield "services", ("services", index, key), value, kind, known
        for place, needed in enumerate(service.depends_on):
            yield "services", ("services", index, "depends_on", place), needed, "service", services


def _of_policies(taxonomy: Taxonomy) -> Iterator[_Reference]:
    categories = {
        path
        for category in taxonomy.categories
        for path in (category.id, *(f"{category.id}/{below.id}" for below in category.subcategories))
    }
    priorities = {priority.id for priority in taxonomy.priorities}
    for index, policy in enumerate(taxonomy.policies):
        base: Keys = ("policies", index)
        yield "sla", (*base, "calendar"), policy.calendar, "calendar", _ids(taxonomy.calendars)
        for name, values, kind, known in (
            ("service", policy.match.service, "service", _ids(taxonomy.services)),
            ("category", policy.match.category, "category", categories),
            ("priority", policy.match.priority, "priority", priorities),
        ):
            for place, value in enumerate(values):
                yield "sla", (*base, "match", name, place), value, kind, known
        for place, reason in enumerate(policy.pausing):
            yield "sla", (*base, "pausing", place), reason, "hold reason", _ids(taxonomy.hold_reasons)


def _ids(entries: Iterable[object]) -> set[str]:
    return {str(getattr(entry, "id", "")) for entry in entries}


def _duplicates(taxonomy: Taxonomy, documents: Mapping[str, Document]) -> Iterator[Diagnostic]:
    lists: tuple[tuple[str, str, Iterable[object], str], ...] = (
        ("services", "services", taxonomy.services, "id"),
        ("services", "groups", taxonomy.groups, "id"),
        ("categories", "categories", taxonomy.categories, "id"),
        ("categories", "resolution_codes", taxonomy.resolution_codes, "id"),
        ("categories", "channels", taxonomy.channels, "id"),
        ("teams", "teams", taxonomy.teams, "id"),
        ("people", "people", taxonomy.people, "handle"),
        ("priority", "priorities", taxonomy.priorities, "id"),
        ("sla", "policies", taxonomy.policies, "id"),
        ("sla", "hold_reasons", taxonomy.hold_reasons, "id"),
        ("calendars", "calendars", taxonomy.calendars_file.calendars, "id"),
    )
    for file, key, entries, name in lists:
        seen: dict[str, list[tuple[date, date]]] = {}
        for index, entry in enumerate(entries):
            identity = str(getattr(entry, name))
            start = getattr(entry, "valid_from", None) or date.min
            end = getattr(entry, "valid_until", None) or date.max
            if any(
                start < other_end and other_start < end for other_start, other_end in seen.get(identity, ())
            ):
                yield _error(
                    documents[file],
                    (key, index, name),
                    "duplicate-entry",
                    f"`{identity}` is defined twice for the same time",
                    "end the older one with `valid_until` on the day the newer one begins",
                )
            seen.setdefault(identity, []).append((start, end))


def _unknown_zones(taxonomy: Taxonomy, documents: Mapping[str, Document]) -> Iterator[Diagnostic]:
    places: list[tuple[str, Keys, str | None]] = [("incidentbook", ("zone",), taxonomy.settings.zone)]
    for index, calendar in enumerate(taxonomy.calendars_file.calendars):
        places.append(("calendars", ("calendars", index, "zone"), calendar.zone))
    for file, keys, zone in places:
        if zone is not None and not _is_zone(zone):
            yield _error(
                documents[file],
                keys,
                "unknown-zone",
                f"there is no time zone `{zone}`",
                "use an IANA name such as Europe/Berlin or UTC",
            )


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _error(document: Document, keys: Keys, code: str, message: str, help_: str | None) -> Diagnostic:
    return Diagnostic(code, Severity.ERROR, message, document.path, document.span(*keys), help_)
