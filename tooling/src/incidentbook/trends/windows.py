"""Incidents counted in windows of the same length, back from now, for each service and category."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from incidentbook.archive import RecordEntry, Records
from incidentbook.clocks import left_out_of_measures
from incidentbook.records import Incident
from incidentbook.taxonomy import Taxonomy, in_force

MOST_PAST = 12
"""So many windows before the one that is judged count at most: what lies further back was another time."""

UNREADABLE = "unreadable"
NO_TIME = "no_time"

Entry = RecordEntry[Incident]


class By(StrEnum):
    """What incidents are counted by."""

    SERVICE = "service"
    CATEGORY = "category"
    SUBCATEGORY = "subcategory"


@dataclass(frozen=True, slots=True)
class Windows:
    """Half-open windows of whole weeks that end now; `past` so many before the last."""

    end: datetime
    weeks: int
    past: int

    @property
    def length(self) -> timedelta:
        """How long each is."""
        return timedelta(weeks=self.weeks)

    @property
    def start(self) -> datetime:
        """When the last one began."""
        return self.end - self.length

    @property
    def first(self) -> datetime:
        """When the first one began."""
        return self.end - self.length * (self.past + 1)

    def place_of(self, at: datetime) -> int | None:
        """Which window a time falls into, 0 being the oldest; None outside."""
        if not self.first <= at < self.end:
            return None
        return int((at - self.first) / self.length)


@dataclass(frozen=True, slots=True)
class Series:
    """The counts of one service or category, the oldest window first; the last is the one in question."""

    by: By
    key: str
    name: str
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted: `unnamed` says how many incidents of the last window are in no series of a kind."""

    windows: Windows
    series: tuple[Series, ...]
    incidents: int
    unnamed: Mapping[By, int]
    left_out: Mapping[str, int]


def opening_of(incident: Incident) -> datetime | None:
    """When an incident counts: `opened`, else `detected`, else `started`."""
    return incident.opened or incident.detected or incident.started


def count(records: Records[Any], now: datetime, weeks: int, by: Sequence[By]) -> Counted:
    """Count the incidents of every service and category in the windows that the records reach back to.

    A series that is younger than the records begins with the first whole window of its own.
    """
    counted = [entry for entry in records.incidents if left_out_of_measures(entry.record) is None]
    times = [at for entry in counted if (at := opening_of(entry.record)) is not None]
    windows = _windows(min((at for at in times if at < now), default=now), now, weeks)
    placed = [
        (place, entry.record)
        for entry in counted
        if (at := opening_of(entry.record)) is not None and (place := windows.place_of(at)) is not None
    ]
    series = [one for kind in by for one in _series_of(kind, placed, windows, records.taxonomy)]
    recent = [incident for place, incident in placed if place == windows.past]
    unnamed = {kind: sum(not _KEYS[kind](one, records.taxonomy) for one in recent) for kind in by}
    return Counted(
        windows, tuple(series), len(recent), MappingProxyType(unnamed), _left_out(records, windows)
    )


def _windows(first: datetime, now: datetime, weeks: int) -> Windows:
    whole = int((now - first) / timedelta(weeks=weeks))
    return Windows(now, weeks, max(min(whole - 1, MOST_PAST), 0))


def _series_of(
    by: By, placed: Sequence[tuple[int, Incident]], windows: Windows, taxonomy: Taxonomy
) -> Iterator[Series]:
    """Every series of today's catalogue, and every other that had an incident."""
    counter: Counter[tuple[str, int]] = Counter()
    for place, incident in placed:
        counter.update((key, place) for key in _KEYS[by](incident, taxonomy))
    today = taxonomy.day_of(windows.end)
    known = {key: name for key, name, _ in _catalogue(by, taxonomy, today)}
    since = {key: begun for key, _, begun in _catalogue(by, taxonomy, today) if begun is not None}
    for key in sorted(known.keys() | {key for key, _ in counter}):
        first = _first_whole(since.get(key), windows, taxonomy)
        # incidents before its own beginning are a slip of somebody, or of the catalogue: they count
        first = min([first, *(place for other, place in counter if other == key)])
        counts = tuple(counter[key, place] for place in range(first, windows.past + 1))
        yield Series(by, key, known.get(key, key), counts)


def _first_whole(since: date | None, windows: Windows, taxonomy: Taxonomy) -> int:
    if since is None:
        return 0
    begun = datetime.combine(since, time(), taxonomy.zone)
    gone = max((begun - windows.first) / windows.length, 0.0)
    return min(int(gone) + (gone > int(gone)), windows.past)


def _catalogue(by: By, taxonomy: Taxonomy, today: date) -> Iterator[tuple[str, str, date | None]]:
    """Key, name and first day of all that is in force."""
    if by is By.SERVICE:
        yield from ((one.id, one.name, one.valid_from) for one in taxonomy.services if in_force(one, today))
        return
    for category in taxonomy.categories:
        if in_force(category, today):
            if by is By.CATEGORY:
                yield category.id, category.name, category.valid_from
            else:
                for one in category.subcategories:
                    if in_force(one, today):
                        begun = max(filter(None, (category.valid_from, one.valid_from)), default=None)
                        yield f"{category.id}/{one.id}", f"{category.name}: {one.name}", begun


def _services(incident: Incident, taxonomy: Taxonomy) -> tuple[str, ...]:
    found = (
        (
            impact.service,
            taxonomy.service(impact.service, incident.opened) or taxonomy.service(impact.service),
        )
        for impact in incident.services
    )
    return tuple(dict.fromkeys(service.id if service else key for key, service in found))


def _category(incident: Incident, taxonomy: Taxonomy) -> tuple[str, ...]:
    if incident.category is None:
        return ()
    top = incident.category.partition("/")[0]
    found = taxonomy.category(top, incident.opened) or taxonomy.category(top)
    return (found[0].id if found else top,)


def _subcategory(incident: Incident, taxonomy: Taxonomy) -> tuple[str, ...]:
    path = incident.category
    if path is None or "/" not in path:
        return ()
    found = taxonomy.category(path, incident.opened) or taxonomy.category(path)
    return (f"{found[0].id}/{found[1].id}" if found and found[1] else path,)


_KEYS: Mapping[By, Callable[[Incident, Taxonomy], tuple[str, ...]]] = MappingProxyType(
    {By.SERVICE: _services, By.CATEGORY: _category, By.SUBCATEGORY: _subcategory}
)


def _left_out(records: Records[Any], windows: Windows) -> Mapping[str, int]:
    counter: Counter[str] = Counter()
    if records.unreadable_incidents:
        counter[UNREADABLE] = records.unreadable_incidents
    for entry in records.incidents:
        reason, at = left_out_of_measures(entry.record), opening_of(entry.record)
        if at is None:
            counter[NO_TIME] += 1
        elif reason is not None and windows.place_of(at) is not None:
            counter[reason.value] += 1
    return MappingProxyType(dict(sorted(counter.items())))
