"""The hand-overs of a rotation: on local days at a wall-clock time, whatever the clock does meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from incidentbook.clocks.calendars import calendar_of
from incidentbook.taxonomy import Taxonomy
from incidentbook.taxonomy.settings.people import Team
from incidentbook.taxonomy.settings.rotation import Rotation, Turn, Weekday
from incidentbook.worktime import ClosedDays

DAY = timedelta(days=1)
_WEEKDAYS = tuple(Weekday)


@dataclass(frozen=True, slots=True)
class Plan:
    """The rotation of a team, while it is in force: from its first hand-over, or that of the team's entry."""

    team: str
    rotation: Rotation
    zone: ZoneInfo
    taxonomy: Taxonomy
    from_: datetime
    until: datetime

    @property
    def first_day(self) -> date:
        """The local day of the first hand-over."""
        return first_hand_over(self.rotation)

    @property
    def days_a_turn(self) -> int:
        """How many days one turn lasts."""
        return 7 if self.rotation.turn is Turn.WEEK else 1

    def hand_over(self, day: date) -> datetime:
        """Return the instant, in UTC, of the hand-over on a local day.

        Of a time that the clock repeats the first counts. One that it leaves out comes later by as much:
        02:30 is 03:30 on the night on which 02:00 is followed by 03:00.
        """
        hour, minute = map(int, self.rotation.at.split(":"))
        return datetime(day.year, day.month, day.day, hour, minute, tzinfo=self.zone).astimezone(UTC)

    def day_of(self, at: datetime) -> date:
        """Return the local day whose time of hand-over was the last one, at an instant."""
        day = at.astimezone(self.zone).date() + DAY
        while self.hand_over(day) > at:
            day -= DAY
        return day

    def turn_at(self, at: datetime) -> tuple[str, datetime, datetime]:
        """Return whose turn it is at an instant, from when, and until when."""
        number = (self.day_of(at) - self.first_day).days // self.days_a_turn
        day = self.first_day + timedelta(days=number * self.days_a_turn)
        who = self.rotation.order[number % len(self.rotation.order)]
        return who, self.hand_over(day), self.hand_over(day + timedelta(days=self.days_a_turn))

    def is_holiday(self, day: date) -> bool:
        """Tell whether a local day is one of the holidays on which somebody of their own is on call."""
        duty = self.rotation.holidays
        if duty is None:
            return False
        calendar = calendar_of(self.taxonomy, duty.calendar, self.hand_over(day))
        return day in _closed_days(calendar.closed, day.year)


# the same few years are asked for day by day
@lru_cache(maxsize=64)
def _closed_days(closed: ClosedDays, year: int) -> frozenset[date]:
    return closed.in_years((year,))


def first_hand_over(rotation: Rotation) -> date:
    """Return the first local day of hand-over on or after `since`: before it nobody is on call."""
    if rotation.turn is Turn.DAY:
        return rotation.since
    ahead = _WEEKDAYS.index(rotation.day) - rotation.since.weekday()
    return rotation.since + timedelta(days=ahead % 7)


def plans_of(taxonomy: Taxonomy, key: str) -> Iterator[Plan]:
    """Yield the rotations of a team, by key or alias: one for each time for which schema/ tells of it."""
    own = [team for team in taxonomy.teams if team.id == key]
    for team in (*own, *(team for team in taxonomy.teams if key in team.aliases)):
        plan = plan_of(team, taxonomy)
        if plan is not None:
            yield plan


def plan_of(team: Team, taxonomy: Taxonomy) -> Plan | None:
    """Return the rotation of one entry of schema/teams.yml; None where it has none."""
    rotation = team.rotation
    if rotation is None:
        return None
    whole = Plan(
        team.id,
        rotation,
        _zone(rotation, taxonomy),
        taxonomy,
        _beginning(team.valid_from or date.min, taxonomy.zone),
        _beginning(team.valid_until or date.max, taxonomy.zone),
    )
    return replace(whole, from_=max(whole.from_, whole.hand_over(whole.first_day)))


def _beginning(day: date, zone: ZoneInfo) -> datetime:
    # at the ends of the calendar there is no other zone's day to count from
    at_an_end = day in {date.min, date.max}
    return datetime(day.year, day.month, day.day, tzinfo=UTC if at_an_end else zone).astimezone(UTC)


def _zone(rotation: Rotation, taxonomy: Taxonomy) -> ZoneInfo:
    """The zone of the hand-over; that of the repository where none has this name, as the check says."""
    try:
        return ZoneInfo(rotation.zone) if rotation.zone else taxonomy.zone
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return taxonomy.zone
