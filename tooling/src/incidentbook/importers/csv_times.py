"""Times as people's tools export them: in any order of day and month, with or without an offset."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from incidentbook.diagnostics import IncidentbookError
from incidentbook.importers.foreign import quote
from incidentbook.records.fields import EARLIEST_YEAR, LATEST_YEAR
from incidentbook.source import format_instant

_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d{1,9})?)?"
_HALF = r"(?: ?(?P<half>[AaPp])\.?[Mm]\.?)?"
_OFFSET = r"(?: ?(?P<offset>[Zz]|UTC|GMT|[+-]\d{2}:?\d{2}))?"
_END = rf"[T ,]+{_CLOCK}{_HALF}{_OFFSET}"
_WEEKDAY = r"(?:[A-Za-z]{3,9},? )?"
_YEAR_FIRST = re.compile(
    rf"(?P<year>\d{{4}})[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}}){_END}", re.ASCII
)
_NUMBERS = re.compile(rf"(?P<a>\d{{1,2}})[-/.](?P<b>\d{{1,2}})[-/.](?P<c>\d{{4}}|\d{{2}}){_END}", re.ASCII)
_DAY_NAME = re.compile(
    rf"{_WEEKDAY}(?P<day>\d{{1,2}})[-/. ](?P<name>[A-Za-z]{{3,9}})[-/., ]+(?P<year>\d{{4}}|\d{{2}}){_END}",
    re.ASCII,
)
_NAME_DAY = re.compile(
    rf"{_WEEKDAY}(?P<name>[A-Za-z]{{3,9}})\.?[ -](?P<day>\d{{1,2}}),?[ -](?P<year>\d{{4}}|\d{{2}}){_END}",
    re.ASCII,
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july",
         "aug august", "sep sept september", "oct october", "nov november", "dec december"), start=1,
    )
    for name in names.split()
}  # fmt: skip
_EXPECTED = "expected a date and a time of day, such as 2026-11-21 14:05"
_PIVOT = 70
"""Of years with two digits, those from here on are of the last century."""


class DateOrder(StrEnum):
    """What stands first in a date of numbers."""

    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"
    YEAR_FIRST = "year-first"


class AmbiguousDatesError(IncidentbookError):
    """Every date of the file could be read in two ways."""

    def __init__(self, source: str, text: str, line: int) -> None:
        super().__init__(
            f"{source}:{line}: no date of the file tells day from month, such as {quote(text)}; "
            "say --date-order day-first, month-first or year-first"
        )


class ContradictingDatesError(IncidentbookError):
    """Some dates can only be day first, others only month first."""

    def __init__(self, source: str, day: tuple[str, int], month: tuple[str, int]) -> None:
        super().__init__(
            f"{source}: {quote(day[0])} (line {day[1]:,}) can only be day first, and {quote(month[0])} "
            f"(line {month[1]:,}) only month first; --date-order says which is right, the others are refused"
        )


class NoZoneError(IncidentbookError):
    """A time does not say how far it is from UTC."""

    def __init__(self, source: str, text: str, line: int) -> None:
        super().__init__(
            f"{source}:{line}: {quote(text)} does not say in which time zone it is; "
            "--timezone names it, such as --timezone Europe/Berlin or --timezone UTC"
        )


class UnknownZoneError(IncidentbookError):
    """There is no such time zone."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"there is no time zone {quote(name)}; use an IANA name such as Europe/Berlin or UTC"
        )


class Moment(NamedTuple):
    """A point in time, and how a record writes it."""

    at: datetime
    text: str


class _Reading(NamedTuple):
    """A time taken apart; `parts` are the numbers of its date in the order in which they stand."""

    parts: tuple[int, int, int]
    order: DateOrder | None
    clock: tuple[int, int, int]
    offset: str | None


def zone_of(name: str) -> ZoneInfo:
    """The zone of a name. Raises UnknownZoneError."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UnknownZoneError(name) from None


@dataclass
class TimeReader:
    """Reads every time of one file; all of them must have been shown to it first.

    Times without an offset are in `zone`. `order` is found out from the file where it is not given.
    """

    source: str
    zone: ZoneInfo | None = None
    order: DateOrder | None = None
    _known: dict[str, Moment | str] = field(default_factory=dict)
    _odd: dict[str, list[tuple[str, int]]] = field(default_factory=dict)

    def learn(self, lines: Mapping[str, int]) -> None:
        """Read all the times of the file, each given with the first line on which it stands.

        Raises AmbiguousDatesError, ContradictingDatesError or NoZoneError.
        """
        readings = {text: _take_apart(text) for text in lines}
        if self.order is None:
            self.order = self._inferred(readings, lines)
        if self.zone is None:
            for text, reading in readings.items():
                if reading is not None and reading.offset is None:
                    raise NoZoneError(self.source, text, lines[text])
        for text, reading in readings.items():
            self._known[text] = _EXPECTED if reading is None else self._moment(text, lines[text], reading)

    def read(self, text: str) -> Moment | str:
        """The moment that a text means, or what is wrong with it."""
        return self._known[text]

    def _inferred(
        self, readings: Mapping[str, _Reading | None], lines: Mapping[str, int]
    ) -> DateOrder | None:
        day = month = either = ""
        for text, reading in readings.items():
            if reading is None or reading.order is not None:
                continue
            first, second, _ = reading.parts
            if 12 < first <= 31 and 1 <= second <= 12:
                day = day or text
            elif 12 < second <= 31 and 1 <= first <= 12:
                month = month or text
            elif first != second:
                either = either or text
        if day and month:
            raise ContradictingDatesError(self.source, (day, lines[day]), (month, lines[month]))
        if either and not day and not month:
            raise AmbiguousDatesError(self.source, either, lines[either])
        # where every date is such as 05/05/2016, both are right
        return DateOrder.MONTH_FIRST if month else DateOrder.DAY_FIRST

    def _date(self, reading: _Reading) -> tuple[int, int, int]:
        first, second, third = reading.parts
        match reading.order or self.order:
            case DateOrder.YEAR_FIRST:
                year, month, day = first, second, third
            case DateOrder.MONTH_FIRST:
                month, day, year = first, second, third
            case _:
                day, month, year = first, second, third
        if year < 100:
            year += 2000 if year < _PIVOT else 1900
        return year, month, day

    def _moment(self, text: str, line: int, reading: _Reading) -> Moment | str:
        try:
            naive = datetime(*self._date(reading), *reading.clock)  # noqa: DTZ001  the zone follows
            given = _offset(reading.offset) if reading.offset else None
        except ValueError as error:
            return f"not a time: {error}"
        if not EARLIEST_YEAR <= naive.year <= LATEST_YEAR:
            return f"the year is {naive.year}; expected {EARLIEST_YEAR} to {LATEST_YEAR}"
        if given is not None:
            at = naive.replace(tzinfo=given)
        else:
            assert self.zone is not None  # noqa: S101
            at = self._in_zone(text, line, naive, self.zone)
        return Moment(at, format_instant(at))

    def _in_zone(self, text: str, line: int, naive: datetime, zone: tzinfo) -> datetime:
        """A time of day in its zone; of two it is the first, and one that is skipped is moved on."""
        at = naive.replace(tzinfo=zone)
        first, second = at.utcoffset(), at.replace(fold=1).utcoffset()
        assert first is not None and second is not None  # noqa: S101  every zone has offsets
        if first > second:
            self._odd.setdefault(
                "that the clocks go through twice; the first of the two was taken", []
            ).append((text, line))
        elif first < second:
            self._odd.setdefault("that the clocks skip; the time after it was taken", []).append((text, line))
            at = (naive - first).replace(tzinfo=UTC).astimezone(zone)
            first = second
        # zones of long ago have seconds in their offsets, and records have none
        return at.replace(tzinfo=timezone(first)) if not first.seconds % 60 else at.astimezone(UTC)

    def remarks(self) -> list[str]:
        """What was decided about times that exist twice, or not at all."""
        return [
            f"{len(times):,} time{'s are' if len(times) != 1 else ' is'} in an hour {what} "
            f"(first: {quote(times[0][0])}, line {times[0][1]:,})"
            for what, times in sorted(self._odd.items())
        ]


def _take_apart(text: str) -> _Reading | None:
    if match := _YEAR_FIRST.fullmatch(text):
        parts = (int(match["year"]), int(match["month"]), int(match["day"]))
        return _reading(match, parts, DateOrder.YEAR_FIRST)
    if match := _NUMBERS.fullmatch(text):
        return _reading(match, (int(match["a"]), int(match["b"]), int(match["c"])), None)
    match = _DAY_NAME.fullmatch(text) or _NAME_DAY.fullmatch(text)
    month = _MONTHS.get(match["name"].lower()) if match else None
    if match and month:
        return _reading(match, (int(match["day"]), month, int(match["year"])), DateOrder.DAY_FIRST)
    return None


def _reading(match: re.Match[str], parts: tuple[int, int, int], order: DateOrder | None) -> _Reading | None:
    hour = int(match["hour"])
    if match["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match["half"] in "Pp" else 0)
    return _Reading(parts, order, (hour, int(match["minute"]), int(match["second"] or 0)), match["offset"])


def _offset(text: str) -> tzinfo:
    """The offset that a time says. Raises ValueError."""
    if text[0] not in "+-":
        return UTC
    away = timedelta(hours=int(text[1:3]), minutes=int(text[-2:]))
    if away >= timedelta(days=1):
        raise ValueError(f"there is no offset {text}")
    return timezone(-away if text[0] == "-" else away)
