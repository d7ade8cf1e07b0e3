"""Periods of time by name, and the one before."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from incidentbook.diagnostics import IncidentbookError

_NAMED = re.compile(r"(?P<year>\d{4})(?:-(?:Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?")


class UnknownPeriodError(IncidentbookError):
    """What should name a month, a quarter or a year does not."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"`{text}` is no period; expected a month (2026-10), a quarter (2026-Q4) or a year (2026)"
        )


@dataclass(frozen=True, slots=True)
class Period:
    """A half-open time; None is open."""

    from_: datetime | None
    to: datetime | None

    @property
    def is_bounded(self) -> bool:
        """Whether anything can lie outside."""
        return self.from_ is not None or self.to is not None

    def __contains__(self, at: datetime) -> bool:
        return (self.from_ is None or self.from_ <= at) and (self.to is None or at < self.to)


def named_period(text: str, zone: tzinfo) -> Period:
    """Return the month, quarter or year of a name, in a zone. Raises UnknownPeriodError."""
    match = _NAMED.fullmatch(text)
    if match is None or not 1970 <= int(match["year"]) < 2200:
        raise UnknownPeriodError(text)
    months = int(match["year"]) * 12
    if match["month"]:
        return _months(months + int(match["month"]) - 1, 1, zone)
    if match["quarter"]:
        return _months(months + int(match["quarter"]) * 3 - 3, 3, zone)
    return _months(months, 12, zone)


def last_whole(months: int, now: datetime, zone: tzinfo) -> Period:
    """Return the last month (1), quarter (3) or year (12) that is over."""
    today = now.astimezone(zone)
    return _months((today.year * 12 + today.month - 1) // months * months - months, months, zone)


def months_of(text: str) -> int:
    """Return how many months a period of this name has. Raises UnknownPeriodError."""
    match = _NAMED.fullmatch(text)
    if match is None:
        raise UnknownPeriodError(text)
    return 1 if match["month"] else 3 if match["quarter"] else 12


def period_before(from_: datetime, to: datetime, zone: tzinfo) -> Period:
    """Return the period of the same length that ends where another begins.

    Whole months follow whole months and whole days whole days of the zone, whatever their length
    in hours.
    """
    first, last = from_.astimezone(zone), to.astimezone(zone)
    if _is_midnight(first) and _is_midnight(last):
        if first.day == last.day == 1:
            count = (last.year - first.year) * 12 + last.month - first.month
            return _months(first.year * 12 + first.month - 1 - count, count, zone)
        return Period(midnight(first.date() - (last.date() - first.date()), zone), from_)
    return Period(from_ - (to - from_), from_)


def days_ending(last: date, days: int, zone: tzinfo, now: datetime) -> tuple[datetime, datetime]:
    """Return so many whole days of a zone, up to and including the last, as far as `now` has come."""
    start = midnight(last - timedelta(days=days - 1), zone)
    return start, max(min(midnight(last + timedelta(days=1), zone), now), start)


def midnight(day: date, zone: tzinfo) -> datetime:
    """The beginning of a day, in UTC: Python takes two times of one zone apart by the wall clock."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _is_midnight(local: datetime) -> bool:
    return local.time() == time()


def _months(first: int, count: int, zone: tzinfo) -> Period:
    """So many months from a month counted since the year 0."""
    start, end = (midnight(date(month // 12, month % 12 + 1, 1), zone) for month in (first, first + count))
    return Period(start, end)
