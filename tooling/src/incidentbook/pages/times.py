"""Times and durations in words: deterministic, in the repository's zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LONG_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


_UTC = frozenset({"UTC", "UCT", "GMT", "Universal", "Zulu", "Greenwich", "GMT0", "GMT+0", "GMT-0"})
"""Names of UTC in the time zone database, each also as `Etc/...`; times.js knows the same."""


def is_utc(zone: str) -> bool:
    """Whether a zone is UTC by another name or its own."""
    return zone.removeprefix("Etc/") in _UTC


def day_words(day: date) -> str:
    """`20 Nov 2026`."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def short_day_words(day: date) -> str:
    """`20 Nov`, where the year is plain."""
    return f"{day.day} {_MONTHS[day.month - 1]}"


def weekday_words(day: date) -> str:
    """`Friday, 20 November 2026`."""
    return f"{_DAYS[day.weekday()]}, {day.day} {_LONG_MONTHS[day.month - 1]} {day.year}"


def month_words(month: str, *, short: bool = False) -> str:
    """`March 2026`, or `Mar 26`, of `2026-03`."""
    year, number = month.split("-")
    if short:
        return f"{_MONTHS[int(number) - 1]} {year[2:]}"
    return f"{_LONG_MONTHS[int(number) - 1]} {year}"


@lru_cache(maxsize=4096)
def duration_words(length: timedelta) -> str:
    """Two units at most: `3 d 4 h`, `1 h 23 min`, `12 min`, `40 s`."""
    seconds = int(abs(length).total_seconds())
    if seconds < 60:
        return f"{seconds} s"
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if days:
        return _two(days, "d", hours % 24, "h")
    if hours:
        return _two(hours, "h", minutes % 60, "min")
    return f"{minutes} min"


def seconds_words(seconds: float) -> str:
    """The same of a number of seconds, as figures have it."""
    return duration_words(timedelta(seconds=seconds))


def _two(large: int, large_unit: str, small: int, small_unit: str) -> str:
    # No-break spaces: a duration is one word to a reader.
    whole = f"{large:,}\u00a0{large_unit}"
    return f"{whole} {small}\u00a0{small_unit}" if small else whole


def time_tag(instant: datetime, zone: ZoneInfo, style: str = "full") -> Markup:
    """A `<time>` in the repository's zone whose title says it in UTC.

    Styles: `full` (20 Nov 2026, 10:00 CET), `plain` (without the zone's name), `clock` (10:00),
    `day` (20 Nov 2026).
    """
    local, utc = instant.astimezone(zone), instant.astimezone(UTC)
    clock = local.isoformat()[11:16]
    if style == "clock":
        words = clock
    elif style == "day":
        words = day_words(local)
    elif style == "plain":
        words = f"{day_words(local)}, {clock}"
    else:
        words = f"{day_words(local)}, {clock} {escape(local.tzname())}"
    # Pieces of numbers, not of anybody's words. A page has dozens: Markup.format and strftime cost
    # a third of its making.
    whole = utc.isoformat()
    day, minute = whole[:10], whole[11:16]
    second = f":{utc.second:02}" if utc.second else ""
    return Markup(  # noqa: S704
        f'<time datetime="{day}T{minute}{second}Z" title="{day} {minute} UTC">{words}</time>'
    )


def end_tag(instant: datetime, begin: datetime | None, zone: ZoneInfo) -> Markup:
    """A `<time>` that ends a stretch: its day only where that is not the day on which it began."""
    same_day = begin is not None and begin.astimezone(zone).date() == instant.astimezone(zone).date()
    return time_tag(instant, zone, "clock" if same_day else "plain")


def day_tag(day: date) -> Markup:
    """A `<time>` for a calendar date."""
    return _date_tag(day, day_words(day))


def weekday_tag(day: date) -> Markup:
    """A `<time>` for a calendar date with its weekday."""
    return _date_tag(day, weekday_words(day))


def _date_tag(day: date, words: str) -> Markup:
    return Markup(f'<time datetime="{day.isoformat()}">{words}</time>')  # noqa: S704 -- numbers and our words
