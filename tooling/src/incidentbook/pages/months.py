"""The months of the site: what happened in each, day by day."""

from __future__ import annotations

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from itertools import pairwise
from typing import Any

from incidentbook.archive import RecordEntry
from incidentbook.pages import events, times
from incidentbook.pages.page import Content, Page, SearchEntry, TocItem
from incidentbook.pages.site import DAYS, Site
from incidentbook.publication import urls
from incidentbook.publication.standing import (
    OPERATIONAL,
    UNDER_MAINTENANCE,
    IncidentEntry,
    is_running,
    severest,
    start_of,
    worse_of,
)

MOST_GOING_ON = 4
"""More incidents than this that merely go on from earlier days are counted, not listed."""


_Held = list[tuple[RecordEntry[Any], events.Span]]
"""What a month holds, each with the days that it touched, the first perhaps in a month before."""


@dataclass(frozen=True)
class _Days:
    """A month by day of the month: what began, and what went on from a day before."""

    began: Mapping[int, list[RecordEntry[Any]]]
    went_on: Mapping[int, list[RecordEntry[Any]]]


@dataclass(frozen=True)
class CalendarDay:
    """A day of the month's calendar: how many incidents began, in the colour of the worst that day saw."""

    number: int
    state: str
    count: int
    words: str
    is_ahead: bool


@dataclass(frozen=True)
class DayPart:
    """A day with what happened, or a run of quiet days; the newest of a run is `last`."""

    first: date
    last: date
    lines: str = ""
    count: str = ""
    went_on: tuple[RecordEntry[Any], ...] = ()
    more: int = 0

    @property
    def anchors(self) -> tuple[int, ...]:
        """The days of a run beside its newest, each of which something may link."""
        return tuple(range(self.first.day, self.last.day))


def month_of(entry: IncidentEntry, site: Site) -> str:
    """The month in which an incident began, in the repository's zone: 2026-03."""
    return (start_of(entry.record) or site.now).astimezone(site.zone).strftime("%Y-%m")


def by_month(site: Site) -> dict[str, list[IncidentEntry]]:
    """The incidents that began in each month, the newest first."""
    newest = sorted(
        site.published.incidents,
        key=lambda e: (start_of(e.record) or site.now, e.name.sort_key()),
        reverse=True,
    )
    months: dict[str, list[IncidentEntry]] = {}
    for entry in newest:
        months.setdefault(month_of(entry, site), []).append(entry)
    return months


def pages(site: Site) -> list[Page]:
    """Plan a page for each month in which something began, and for those that the uptime bars lead to."""
    months = _months(site)
    names: list[str | None] = [None, *sorted(months), None]
    return [
        _page(month, months[month], (earlier, later), site)
        for (earlier, month), (_, later) in pairwise(pairwise(names))
        if month is not None
    ]


def latest(site: Site, count: int) -> tuple[str, ...]:
    """The last months that have a page, the newest first; of what lies ahead none."""
    begun = (month for month in _named(_spans(site), site) if month <= _name(site.today))
    return tuple(sorted(begun, reverse=True)[:count])


def _spans(site: Site) -> _Held:
    return [
        *((entry, events.span_of(entry, site)) for entry in site.published.incidents),
        *((entry, events.window_span(entry, site)) for entry in site.published.maintenance),
    ]


def _named(spans: _Held, site: Site) -> set[str]:
    """The months that have a page. One through which something merely went on may have none."""
    found = {_name(span.first) for _, span in spans}
    if spans or site.standing.services:
        found.update(_name(site.today - timedelta(days=back)) for back in range(DAYS))
    return found


def _months(site: Site) -> dict[str, _Held]:
    """What each month with a page holds."""
    spans = _spans(site)
    found: dict[str, _Held] = {month: [] for month in sorted(_named(spans, site))}
    for entry, span in spans:
        found[_name(span.first)].append((entry, span))
    names = list(found)
    for entry, span in spans:
        if _name(span.first) != _name(span.last):
            for month in names[
                bisect_right(names, _name(span.first)) : bisect_right(names, _name(span.last))
            ]:
                found[month].append((entry, span))
    return found


def _by_day(month: str, held: _Held, site: Site) -> _Days:
    began: dict[int, list[RecordEntry[Any]]] = {}
    went_on: dict[int, list[RecordEntry[Any]]] = {}
    first = _first(month)
    last = min(_last(month), site.today)
    for entry, span in held:
        if span.first >= first:
            began.setdefault(span.first.day, []).append(entry)
        after = max(first, span.first + timedelta(days=1))
        for ahead in range((min(last, span.last) - after).days + 1):
            went_on.setdefault(after.day + ahead, []).append(entry)
    return _Days(began, went_on)


def _name(day: date) -> str:
    return f"{day.year:04}-{day.month:02}"


def _page(month: str, held: _Held, neighbours: tuple[str | None, str | None], site: Site) -> Page:
    path = urls.month_path(month)
    words = times.month_words(month)
    count = _begun(month, held)
    return Page(
        path=path,
        kind="month",
        title=f"Incidents of {words}",
        description=f"{count} incident{'' if count == 1 else 's'} of {site.name} in {words}, day by day.",
        make=partial(_content, month, held, neighbours, site, path),
        section=urls.INCIDENTS,
        key=_key(month, held, neighbours, site),
    )


def _begun(month: str, held: _Held) -> int:
    """How many incidents began in a month."""
    return sum(entry.kind == "incident" and _name(span.first) == month for entry, span in held)


def _key(month: str, held: _Held, neighbours: tuple[str | None, str | None], site: Site) -> str:
    """Name what a month is made of: a day that passes alters only this month, and those of what goes on.

    How far the month has come is told by the last day of it that has begun: the day before its first
    while it lies ahead, its last when it is over.
    """
    first, last = _first(month), _last(month)
    before = first - timedelta(days=1)
    entries = tuple(entry for entry, _ in held)
    return site.key(
        *entries,
        facts=(
            month,
            neighbours,
            max(before, min(site.today, last)),
            [(max(before, span.first), min(span.last, last)) for _, span in held],
            events.states_now(entries, site),
            [e.id for e in entries if e.kind == "maintenance" and is_running(e.record, site.now)],
        ),
        # what has no time of its own stands where now is
        by_time=any(events.began_at(entry, site) == site.now for entry in entries),
    )


def _content(
    month: str, held: _Held, neighbours: tuple[str | None, str | None], site: Site, path: str
) -> Content:
    days = _by_day(month, held, site)
    first = _first(month)
    incidents = _begun(month, held)
    kinds = [entry.kind for entry, span in held if span.first >= first]
    return site.fill(
        "month.html",
        path,
        [TocItem("days", "Days")],
        [SearchEntry(f"Incidents of {times.month_words(month)}", "", tags=("Month",))],
        month=month,
        offset=first.weekday() + 1,
        calendar=tuple(_calendar(month, days, site)),
        parts_of_month=tuple(_parts(month, days, site, path)),
        incidents=incidents,
        carried=sum(entry.kind == "incident" for entry in days.went_on.get(1, ())),
        windows=kinds.count("maintenance"),
        earlier=neighbours[0],
        later=neighbours[1],
    )


def _first(month: str) -> date:
    year, number = map(int, month.split("-"))
    return date(year, number, 1)


def _last(month: str) -> date:
    first = _first(month)
    return first.replace(day=monthrange(first.year, first.month)[1])


def _calendar(month: str, days: _Days, site: Site) -> Iterator[CalendarDay]:
    first = _first(month)
    for number in range(1, monthrange(first.year, first.month)[1] + 1):
        day = first.replace(day=number)
        began, went_on = days.began.get(number, ()), days.went_on.get(number, ())
        count = sum(entry.kind == "incident" for entry in began)
        words = f"{times.weekday_words(day)}: {_count(began) or 'nothing began'}"
        if went_on:
            words += f", {len(went_on)} went on"
        yield CalendarDay(number, _worst((*began, *went_on)), count, words, day > site.today and not began)


def _worst(entries: Iterable[RecordEntry[Any]]) -> str:
    """The worst state that anything of a day named; it may have held for a part of the day only."""
    worst = OPERATIONAL
    for entry in entries:
        if entry.kind == "maintenance":
            worst = worse_of(worst, UNDER_MAINTENANCE)
        elif (state := severest(entry.record)) is not None:
            worst = worse_of(worst, state)
    return "maintenance" if worst == UNDER_MAINTENANCE else worst


def _count(entries: Sequence[RecordEntry[Any]]) -> str:
    """`3 incidents, 1 maintenance`."""
    incidents = sum(entry.kind == "incident" for entry in entries)
    windows = len(entries) - incidents
    parts = []
    if incidents:
        parts.append(f"{incidents:,} incident{'' if incidents == 1 else 's'}")
    if windows:
        parts.append(f"{windows} maintenance")
    return ", ".join(parts)


def _parts(month: str, days: _Days, site: Site, path: str) -> Iterator[DayPart]:
    """The days, newest first, as far as they have begun or hold something; quiet ones gathered."""
    first = _first(month)
    quiet: list[date] = []
    for number in range(monthrange(first.year, first.month)[1], 0, -1):
        day = first.replace(day=number)
        began, went_on = days.began.get(number, []), days.went_on.get(number, [])
        if not began and not went_on:
            if day <= site.today:
                quiet.append(day)
            continue
        if quiet:
            yield DayPart(quiet[-1], quiet[0])
            quiet = []
        yield _day_part(day, began, went_on, site, path)
    if quiet:
        yield DayPart(quiet[-1], quiet[0])


def _day_part(
    day: date, began: list[RecordEntry[Any]], went_on: list[RecordEntry[Any]], site: Site, path: str
) -> DayPart:
    ordered = sorted(began, key=lambda entry: (events.began_at(entry, site), entry.id), reverse=True)
    lasting = sorted(went_on, key=lambda entry: (events.began_at(entry, site), entry.id), reverse=True)
    return DayPart(
        day,
        day,
        events.listed(ordered, site, urls.up(path)),
        _count(ordered),
        tuple(lasting[:MOST_GOING_ON]),
        max(len(lasting) - MOST_GOING_ON, 0),
    )
