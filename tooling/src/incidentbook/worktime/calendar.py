"""A working calendar: weekly hours in a zone, less closed days, with the hours of each year added up once."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from incidentbook.worktime.closed import ClosedDays
from incidentbook.worktime.layout import MICROSECOND, open_spans, to_instant, to_ticks, year_start
from incidentbook.worktime.week import MINUTES_A_DAY, Week, by_day

HORIZON = datetime(2300, 1, 1, tzinfo=UTC)
"""No calendar looks further: an amount of time that does not fit before it ends here."""

_ALL_WEEK: Week = (((0, MINUTES_A_DAY),),) * 7


class WorkCalendar:
    """When time counts: while the local wall clock stands within the weekly hours, on no closed day.

    So an hour that the clock repeats in autumn counts twice, an hour that it leaves out in
    spring not at all, and a span over midnight stops where a closed day begins. Without `week`
    every hour is open. The open spans of a year are laid out when the year is first asked for;
    after that every question is a binary search, however long the time.

    Raises ValueError for a week that is never open, ZoneInfoNotFoundError for an unknown zone.
    """

    def __init__(self, zone: str = "UTC", week: Week | None = None, closed: ClosedDays | None = None) -> None:
        if week is not None and not any(week):
            message = "a calendar must be open at some time of the week"
            raise ValueError(message)
        self.zone = ZoneInfo(zone)
        self.week = week or _ALL_WEEK
        self.closed = closed or ClosedDays()
        self.is_always = self.week == _ALL_WEEK and self.closed == ClosedDays()
        self._minutes = by_day(self.week)
        self._closed_days: dict[int, frozenset[date]] = {}
        # Years laid out so far; open time is counted from the start of the year laid out first.
        self._years = range(0)
        self._from = self._until = 0  # the same years, in ticks
        self._floor = self._total = 0
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._before: list[int] = []  # open time before each span
        self._through: list[int] = []  # and with it

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Working time from `start` to `end`; negative where `end` comes first."""
        if self.is_always:
            return timedelta(microseconds=to_ticks(end) - to_ticks(start))
        return timedelta(microseconds=self._counted(to_ticks(end)) - self._counted(to_ticks(start)))

    def add(self, start: datetime, amount: timedelta) -> datetime:
        """Return the first instant, in UTC, at which `amount` of working time has passed since `start`.

        The answer is never later than HORIZON. Raises ValueError for a negative amount.
        """
        if amount < timedelta(0):
            message = "an amount of working time to add cannot be negative"
            raise ValueError(message)
        if not amount or start >= HORIZON:
            return start.astimezone(UTC)
        if self.is_always:
            return min(to_instant(to_ticks(start)) + amount, HORIZON)
        goal = self._counted(to_ticks(start)) + amount // MICROSECOND
        further = 1
        while self._total < goal and self._years.stop < HORIZON.year:
            self._lay_out(self._years.start, min(self._years.stop + further, HORIZON.year))
            further *= 2
        if self._total < goal:
            return HORIZON
        at = bisect_left(self._through, goal)
        return to_instant(self._starts[at] + goal - self._before[at])

    def is_open(self, instant: datetime) -> bool:
        """Tell whether time counts at this instant."""
        ticks = to_ticks(instant)
        self._cover(ticks)
        at = bisect_right(self._starts, ticks) - 1
        return at >= 0 and ticks < self._ends[at]

    def is_working_day(self, day: date) -> bool:
        """Tell whether hours begin on this day of the calendar's zone, and it is not closed."""
        return bool(self.week[day.weekday()]) and day not in self._closed_in(day.year)

    def working_day_after(self, instant: datetime, count: int) -> date:
        """Return the `count`-th working day after the local day of `instant`."""
        day = instant.astimezone(self.zone).date()
        while count > 0 and day.year < HORIZON.year:
            day += timedelta(days=1)
            count -= self.is_working_day(day)
        return day

    def end_of(self, day: date) -> datetime:
        """Return the instant, in UTC, at which this day of the calendar's zone is over."""
        midnight = datetime.combine(day + timedelta(days=1), datetime.min.time(), self.zone)
        return midnight.astimezone(UTC)

    def _counted(self, ticks: int) -> int:
        """Working time from the start of the year that was laid out first to this instant."""
        self._cover(ticks)
        at = bisect_right(self._starts, ticks) - 1
        if at < 0:
            return self._floor
        return self._before[at] + min(ticks, self._ends[at]) - self._starts[at]

    def _cover(self, ticks: int) -> None:
        if self._from <= ticks < self._until:
            return
        year = to_instant(ticks).year
        if not self._years:
            self._years = range(year, year)
        self._lay_out(min(year, self._years.start), max(year + 1, self._years.stop))

    def _lay_out(self, start_year: int, stop_year: int) -> None:
        """Widen the table to these years; what was counted before keeps its value."""
        for year in range(self._years.stop, stop_year):
            for start, end in self._spans(year):
                self._starts.append(start)
                self._ends.append(end)
                self._before.append(self._total)
                self._total += end - start
                self._through.append(self._total)
        earlier = [span for year in range(start_year, self._years.start) for span in self._spans(year)]
        self._floor -= sum(end - start for start, end in earlier)
        before, through, total = [], [], self._floor
        for start, end in earlier:
            before.append(total)
            total += end - start
            through.append(total)
        self._starts[:0] = [start for start, _ in earlier]
        self._ends[:0] = [end for _, end in earlier]
        self._before[:0] = before
        self._through[:0] = through
        self._years = range(start_year, stop_year)
        self._from, self._until = year_start(start_year), year_start(stop_year)

    def _spans(self, year: int) -> list[tuple[int, int]]:
        # The days at both ends of a UTC year may be those of its neighbours by the local calendar.
        closed = frozenset().union(*(self._closed_in(near) for near in (year - 1, year, year + 1)))
        return list(open_spans(year, self.zone, self._minutes, closed))

    def _closed_in(self, year: int) -> frozenset[date]:
        if year not in self._closed_days:
            self._closed_days[year] = self.closed.in_years((year,))
        return self._closed_days[year]
