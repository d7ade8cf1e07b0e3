"""Entries of `schema/` that are in force never, or two at one time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from incidentbook.diagnostics import Severity
from incidentbook.taxonomy.taxonomy import Taxonomy

Keys = tuple[str | int, ...]


class Fault(NamedTuple):
    """Something wrong with an entry: file, place, code, message, advice, how much it weighs."""

    file: str
    keys: Keys
    code: str
    message: str
    help: str | None
    severity: Severity = Severity.ERROR


class _List(NamedTuple):
    """One list of entries: its file and place, and the field by which they are known; empty if by none."""

    file: str
    keys: Keys
    entries: Sequence[Any]
    name: str = "id"


def version_faults(taxonomy: Taxonomy) -> Iterator[Fault]:
    """Find entries that nobody can mean, because of the time in which they are in force."""
    for listed in _lists(taxonomy):
        yield from _empty_times(listed)
        yield from _duplicates(listed) if listed.name else _never_reached(listed)


def _lists(taxonomy: Taxonomy) -> Iterator[_List]:
    yield _List("services", ("services",), taxonomy.services)
    yield _List("services", ("groups",), taxonomy.groups)
    yield _List("categories", ("categories",), taxonomy.categories)
    for index, category in enumerate(taxonomy.categories):
        yield _List("categories", ("categories", index, "subcategories"), category.subcategories)
    yield _List("categories", ("resolution_codes",), taxonomy.resolution_codes)
    yield _List("categories", ("channels",), taxonomy.channels)
    yield _List("teams", ("teams",), taxonomy.teams)
    yield _List("people", ("people",), taxonomy.people, "handle")
    yield _List("priority", ("priorities",), taxonomy.priorities)
    yield _List("priority", ("matrices",), taxonomy.matrices, "")
    yield _List("sla", ("policies",), taxonomy.policies)
    yield _List("sla", ("hold_reasons",), taxonomy.hold_reasons)
    yield _List("calendars", ("calendars",), taxonomy.calendars_file.calendars)
    yield _List("reviews", ("policies",), taxonomy.review_policies, "")
    yield _List("escalation", ("paths",), taxonomy.escalations.paths)


def time_of(entry: Any) -> tuple[date, date]:
    """Return the first day on which an entry is in force, and the first on which it no longer is."""
    start: date | None = getattr(entry, "valid_from", None)
    end: date | None = getattr(entry, "valid_until", None)
    return start or date.min, end or date.max


def _empty_times(listed: _List) -> Iterator[Fault]:
    for index, entry in enumerate(listed.entries):
        start, end = time_of(entry)
        if start >= end:
            yield Fault(
                listed.file,
                (*listed.keys, index, "valid_until"),
                "never-in-force",
                f"`valid_until` is {end}, and `valid_from` is {start}: it is in force on no day",
                "`valid_until` is the first day on which an entry no longer counts",
            )


def _never_reached(listed: _List) -> Iterator[Fault]:
    """Of entries without a name the first in force counts."""
    for index, entry in enumerate(listed.entries):
        start, end = time_of(entry)
        if start < end and any(
            earlier_start <= start and end <= earlier_end
            for earlier_start, earlier_end in map(time_of, listed.entries[:index])
        ):
            yield Fault(
                listed.file,
                (*listed.keys, index),
                "never-in-force",
                "this is never in force: an entry above it is in force all the while",
                "end the one above with `valid_until` on the day this one begins",
            )


def _duplicates(listed: _List) -> Iterator[Fault]:
    seen: dict[str, list[tuple[date, date]]] = {}
    for index, entry in enumerate(listed.entries):
        identity = str(getattr(entry, listed.name))
        start, end = time_of(entry)
        names = dict.fromkeys((identity, *getattr(entry, "aliases", ())))
        for name in names:
            if any(start < other_end and other_start < end for other_start, other_end in seen.get(name, ())):
                own = name == identity
                yield Fault(
                    listed.file,
                    (*listed.keys, index, listed.name)
                    if own
                    else (*listed.keys, index, "aliases", entry.aliases.index(name)),
                    "duplicate-entry",
                    f"`{name}` is defined twice for the same time",
                    "end the older one with `valid_until` on the day the newer one begins"
                    if own
                    else "an alias belongs to one entry, and is nobody else's key",
                )
        for name in names:
            seen.setdefault(name, []).append((start, end))
