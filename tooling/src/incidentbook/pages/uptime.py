"""How each service did on each of the last days, drawn."""

from __future__ import annotations

from dataclasses import dataclass

from incidentbook import charts
from incidentbook.metrics import ServiceDay, Uptime, days_of
from incidentbook.pages import times
from incidentbook.pages.site import DAYS, Site
from incidentbook.pages.words import label
from incidentbook.publication import urls
from incidentbook.records import ServiceState


@dataclass(frozen=True)
class History:
    """One service over the last days, oldest first; `uptime` is None where it was not in force in them."""

    days: tuple[ServiceDay, ...]
    uptime: Uptime | None


def history_of(service: str, site: Site) -> History:
    """The last days of a service, weighed as schema/measures.yml says."""
    days = days_of(site.ledger.downtime, site.published, service, DAYS)
    return History(days, site.recently.uptimes.get(service))


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
