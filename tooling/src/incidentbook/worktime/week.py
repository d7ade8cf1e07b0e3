"""Weekly hours: what may be written, and what it means day by day."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

MINUTES_A_DAY = 24 * 60
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Span = tuple[int, int]
"""Minutes after local midnight, half-open; an end past 1,440 lies on the next day."""

Week = tuple[tuple[Span, ...], ...]
"""The spans that begin on each day, Monday first."""

_HOURS = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)")


class InvalidWeekError(ValueError):
    """Weekly hours that cannot be: the message says which span, and what is wrong with it."""

    def __init__(self, weekday: str, position: int, fault: str) -> None:
        self.weekday, self.position, self.fault = weekday, position, fault
        super().__init__(f"{weekday}: {fault}")


def read_week(hours: Mapping[str, Sequence[str]]) -> Week:
    """Read `{"mon": ("08:00-12:00", "22:00-06:00")}`; an end before the start lies on the next day.

    Raises InvalidWeekError for the first of `week_faults`.
    """
    for fault in week_faults(hours):
        raise fault
    return tuple(
        tuple(_read_span(day, at, text) for at, text in enumerate(hours.get(day, ()))) for day in WEEKDAYS
    )


def week_faults(hours: Mapping[str, Sequence[str]]) -> Iterator[InvalidWeekError]:
    """Find spans that are empty or overlap another one (also over midnight, also from Sunday to Monday).

    A week that is never open is a fault, too.
    """
    spans: list[tuple[int, int, int, int]] = []
    is_whole = True
    for day, name in enumerate(WEEKDAYS):
        for at, text in enumerate(hours.get(name, ())):
            try:
                start, end = _read_span(name, at, text)
            except InvalidWeekError as fault:
                is_whole = False
                yield fault
            else:
                spans.append((day * MINUTES_A_DAY + start, day * MINUTES_A_DAY + end, day, at))
    if not spans:
        if is_whole:
            yield InvalidWeekError("mon", 0, "the week has no open hours")
        return
    spans.sort()
    around = (spans[0][0] + 7 * MINUTES_A_DAY, *spans[0][1:])
    for (_, end, _, _), (start, _, day, at) in pairwise([*spans, around]):
        if start < end:
            name = WEEKDAYS[day]
            yield InvalidWeekError(name, at, f"`{hours[name][at]}` overlaps the span before it")


def _read_span(weekday: str, position: int, text: str) -> Span:
    match = _HOURS.fullmatch(text)
    if match is None:
        raise InvalidWeekError(weekday, position, f"`{text}` is no span such as 09:00-17:30")
    from_hour, from_minute, to_hour, to_minute = map(int, match.groups())
    start, end = from_hour * 60 + from_minute, to_hour * 60 + to_minute
    if start == end:
        raise InvalidWeekError(weekday, position, f"`{text}` is empty; a whole day is 00:00-24:00")
    return (start, end) if end > start else (start, end + MINUTES_A_DAY)


def by_day(week: Week) -> Week:
    """Cut spans at midnight: the minutes that are open on each day, whichever day they began on."""
    pieces: list[list[Span]] = [[] for _ in WEEKDAYS]
    for day, spans in enumerate(week):
        for start, end in spans:
            pieces[day].append((start, min(end, MINUTES_A_DAY)))
            if end > MINUTES_A_DAY:
                pieces[(day + 1) % 7].append((0, end - MINUTES_A_DAY))
    return tuple(tuple(sorted(spans)) for spans in pieces)
