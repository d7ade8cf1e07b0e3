"""The open spans of one year, as stretches of absolute time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from incidentbook.worktime.week import MINUTES_A_DAY, Week

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_MINUTE = 60_000_000
_DAY = MINUTES_A_DAY * _MINUTE
_THURSDAY = 3  # 1 January 1970
_PROBE = 6 * 60 * _MINUTE  # no zone has changed its offset twice within six hours


def to_ticks(instant: datetime) -> int:
    """Microseconds since 1970. Python subtracts two times of one ZoneInfo by the wall clock, hence UTC."""
    return (instant - EPOCH) // MICROSECOND


def to_instant(ticks: int) -> datetime:
    """Return the instant, in UTC, so many microseconds after 1970 began."""
    return EPOCH + timedelta(microseconds=ticks)


def year_start(year: int) -> int:
    """Ticks at which a UTC year begins."""
    return (date(year, 1, 1).toordinal() - _EPOCH_DAY) * _DAY


def open_spans(
    year: int, zone: ZoneInfo, minutes: Week, closed: frozenset[date]
) -> Iterator[tuple[int, int]]:
    """Yield the open spans of a UTC year in order, in ticks; `minutes` are cut at midnight.

    The year is taken apart where the zone's offset changes: within a stretch of one offset the
    wall clock runs evenly, and no hour is repeated or left out.
    """
    shut = {day.toordinal() - _EPOCH_DAY for day in closed}
    for start, end, offset in _stretches(year, zone):
        for day in range((start + offset) // _DAY, (end + offset - 1) // _DAY + 1):
            if day in shut:
                continue
            midnight = day * _DAY - offset
            for from_minute, to_minute in minutes[(day + _THURSDAY) % 7]:
                span_start = max(midnight + from_minute * _MINUTE, start)
                span_end = min(midnight + to_minute * _MINUTE, end)
                if span_start < span_end:
                    yield span_start, span_end


def _stretches(year: int, zone: ZoneInfo) -> Iterator[tuple[int, int, int]]:
    """Yield (start, end, offset from UTC) of each stretch of a year in which the offset stays the same."""
    start, end = year_start(year), year_start(year + 1)
    offset = _offset(start, zone)
    for probe in range(start + _PROBE, end + _PROBE, _PROBE):
        here = min(probe, end - 1)
        if _offset(here, zone) != offset:
            change = _change(here - _PROBE, here, zone)
            yield start, change, offset
            start, offset = change, _offset(here, zone)
    yield start, end, offset


def _change(before: int, after: int, zone: ZoneInfo) -> int:
    """Find the first instant at which the zone has the offset that it has at `after`."""
    new = _offset(after, zone)
    while after - before > 1:
        middle = (before + after) // 2
        if _offset(middle, zone) == new:
            after = middle
        else:
            before = middle
    return after


def _offset(ticks: int, zone: ZoneInfo) -> int:
    offset = to_instant(ticks).astimezone(zone).utcoffset()
    return offset // MICROSECOND if offset is not None else 0
