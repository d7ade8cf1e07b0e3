"""How each service did on each of the last days, drawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from incidentbook import charts
from incidentbook.metrics import Downtime, ServiceDay, days_of, downtime, service_availability
from incidentbook.pages import times, urls
from incidentbook.pages.site import Site
from incidentbook.pages.words import label
from incidentbook.records import ServiceState

DAYS = 90


@dataclass(frozen=True)
class History:
    """One service over the last days, oldest first; `availability` is a share, None where unknown."""

    days: tuple[ServiceDay, ...]
    availability: float | None


def downtime_of(site: Site) -> Downtime:
    """Gather the downtime of every service, once for all that show it."""
    return downtime(site.published, site.now)


def history_of(service: str, down: Downtime, site: Site) -> History:
    """The last days of a service."""
    first = site.today - timedelta(days=DAYS - 1)
    window = (datetime.combine(first, time(), site.zone).astimezone(UTC), site.now)
    return History(days_of(down, site.published, service, DAYS), service_availability(down, service, window))


def draw(history: History, name: str, path: str, site: Site) -> str:
    """Draw the days of a service for the page at `path`; a day with an incident leads to it."""
    bars = [_bar(day, path, site) for day in history.days]
    troubled = sum(bool(day.incidents) for day in history.days)
    return charts.day_bars(bars, f"{name}: {len(history.days)} days, {troubled} with an incident")


def _bar(day: ServiceDay, path: str, site: Site) -> charts.Bar:
    if day.state is ServiceState.OPERATIONAL:
        if day.maintenance:
            return charts.Bar("maintenance", f"{times.day_words(day.day)}: maintenance")
        return charts.Bar("operational")
    spent = ", ".join(f"{label(state)} {times.duration_words(held)}" for state, held in day.spent.items())
    entries = [entry for id_ in day.incidents if (entry := site.readable(id_)) is not None]
    words = f"{times.day_words(day.day)}: {spent}. {'; '.join(entry.record.title for entry in entries)}"
    return charts.Bar(
        day.state.value, words, urls.up(path) + urls.path_of(entries[0].name) if entries else None
    )


def percent(share: float, digits: int = 2) -> str:
    """`99.95 %`; what is not quite all, or not quite nothing, is never rounded to it."""
    if share in {0, 1}:
        return f"{share:.0%}".replace("%", "\u00a0%")
    step = 10.0**-digits
    return f"{min(max(share * 100, step), 100 - step):.{digits}f}\u00a0%"
