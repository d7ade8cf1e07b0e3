"""How each service did on each of the last days, drawn and in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from markupsafe import Markup

from incidentbook import charts
from incidentbook.metrics import ServiceDay, Uptime
from incidentbook.pages import times
from incidentbook.pages.site import Site
from incidentbook.pages.words import label
from incidentbook.publication import urls
from incidentbook.records import ServiceState

MAINTENANCE = "maintenance"
ABSENT = "absent"
"""The class of a day on which the service was not in force."""

MOST_TOLD = 300
"""More days than this that have something to tell are told by the script alone, from a few bytes each."""

_WHOLE_DAY = timedelta(days=1)

_LETTERS = {
    ServiceState.DEGRADED_PERFORMANCE: "d",
    ServiceState.PARTIAL_OUTAGE: "p",
    ServiceState.MAJOR_OUTAGE: "m",
}


@dataclass(frozen=True)
class History:
    """One service over the last days, oldest first; `uptime` is None where it was not in force in them.

    `begins` and `ends` bound the days on which it is in force.
    """

    days: tuple[ServiceDay, ...]
    uptime: Uptime | None
    begins: date | None = None
    ends: date | None = None

    @property
    def troubled(self) -> tuple[ServiceDay, ...]:
        """The days on which it was not operational all the time."""
        return tuple(day for day in self.days if day.spent)

    @property
    def told(self) -> int:
        """How many days have something to tell."""
        return sum(1 for day in self.days if day.spent or day.maintenance)

    def state_of(self, day: ServiceDay) -> str:
        """The class of a day's bar: its worst state; maintenance where nothing is worse."""
        if day.spent:
            return day.state.value
        if day.maintenance:
            return MAINTENANCE
        return ABSENT if self._is_absent(day.day) else ServiceState.OPERATIONAL.value

    def _is_absent(self, day: date) -> bool:
        return (self.begins is not None and day < self.begins) or (self.ends is not None and self.ends <= day)


def history_of(service: str, site: Site) -> History:
    """The last days of a service, weighed as schema/measures.yml says."""
    down = site.ledger.downtime
    begins, ends = (_day_of(bound, site) for bound in down.lifetimes.get(service, (None, None)))
    return History(site.days_of(service), site.recently.uptimes.get(service), begins, ends)


def _day_of(bound: datetime | None, site: Site) -> date | None:
    return bound.astimezone(site.zone).date() if bound else None


def draw(history: History, name: str, path: str, *, is_told: bool = True) -> Markup:
    """Draw the days of a service for the page at `path`.

    Each day that has something to tell leads to its part of the page of its month, and says what
    happened, where `is_told`. What the script needs to do the same for all days stands beside it.
    """
    troubled = len(history.troubled)
    told = f"{troubled} with an incident" if troubled else "none with an incident"
    drawn = charts.day_bars(
        [_bar(day, history, path, is_told=is_told) for day in history.days],
        f"{name}, {len(history.days)} days, {told}",
    )
    last = history.days[-1].day.isoformat()
    html = (
        f'<div class="ib-days" data-ib-days="{last} {"".join(_facts(history))}" '
        f'data-ib-months="{urls.up(path)}{urls.INCIDENTS}">{drawn}</div>'
    )
    return Markup(html)  # noqa: S704 -- charts escapes its words; the rest is made of numbers


def _bar(day: ServiceDay, history: History, path: str, *, is_told: bool) -> charts.Bar:
    state = history.state_of(day)
    if not is_told or not (day.spent or day.maintenance):
        return charts.Bar(state)
    return charts.Bar(
        state, f"{times.day_words(day.day)}: {words_of(day)}", urls.up(path) + day_path(day.day)
    )


def day_path(day: date) -> str:
    """Where a day's incidents are listed: its part of the page of its month."""
    return f"{urls.month_path(f'{day.year:04}-{day.month:02}')}#d{day.day}"


def words_of(day: ServiceDay) -> str:
    """What a day was like: `partial outage 3 h, degraded performance 20 min; 2 incidents`."""
    if not day.spent:
        return "maintenance" if day.maintenance else "no incident"
    spent = ", ".join(f"{label(state).lower()} {_held(held)}" for state, held in day.spent.items())
    count = len(day.incidents)
    return f"{spent}; {count} incident{'' if count == 1 else 's'}"


def _held(held: timedelta) -> str:
    return "all day" if held == _WHOLE_DAY else times.duration_words(held)


def _facts(history: History) -> Iterator[str]:
    """The days for the script: `12p180d20,2;` is the 13th, its minutes in each state, its incidents.

    A state without minutes held all day; `w` is maintenance, `x` a day on which the service was not
    in force.
    """
    for index, day in enumerate(history.days):
        state = history.state_of(day)
        if day.spent:
            spent = "".join(f"{_LETTERS[one]}{_minutes(held)}" for one, held in day.spent.items())
            yield f"{index}{spent},{len(day.incidents)};"
        elif state in {MAINTENANCE, ABSENT}:
            yield f"{index}{'w' if state == MAINTENANCE else 'x'};"


def _minutes(held: timedelta) -> str:
    return "" if held == _WHOLE_DAY else str(int(held.total_seconds()) // 60)


@dataclass(frozen=True)
class TroubledDay:
    """A day with trouble as the page of a service tells it."""

    day: date
    state: str
    words: str
    href: str


def troubled_days(history: History) -> tuple[TroubledDay, ...]:
    """The days with trouble in words, newest first: what the bars say to who does not see them."""
    return tuple(
        TroubledDay(day.day, day.state.value, words_of(day), day_path(day.day))
        for day in reversed(history.troubled)
    )


def percent(share: float, digits: int = 2) -> str:
    """`99.95 %`; what is not quite all, or not quite nothing, is never rounded to it."""
    if share in {0, 1}:
        return f"{share:.0%}".replace("%", "\u00a0%")
    step = 10.0**-digits
    return f"{min(max(share * 100, step), 100 - step):.{digits}f}\u00a0%"
