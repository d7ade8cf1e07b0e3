"""Which services an incident touched, and how long each was in which state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from incidentbook.pages.hypertext import Html, chip, link, text
from incidentbook.pages.site import Site
from incidentbook.pages.times import duration_words, end_tag, time_tag
from incidentbook.publication import urls
from incidentbook.publication.standing import end_of, is_open, start_of, states_at, worse_of
from incidentbook.records import Incident

_WORST_FIRST = ("major_outage", "partial_outage", "degraded_performance", "operational")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A service in one state: from, as far as is known, and until; None while it lasts."""

    service: str
    state: str
    began: datetime | None
    until: datetime | None
    length: timedelta | None


def stretches_of(incident: Incident, site: Site) -> tuple[Stretch, ...]:
    """Gather the states of each service, service by service, in the order of the record.

    A state without times has the incident's own.
    """
    start, end = start_of(incident), end_of(incident)
    if end is None and not is_open(incident):
        end = incident.closed or incident.opened
    by_service: dict[str, list[Stretch]] = {}
    for impact in incident.services:
        service = site.service_id(impact.service)
        began, until = impact.from_ or start, impact.to or end
        length = max((until or site.now) - began, timedelta(0)) if began else None
        stretch = Stretch(service, impact.state.value, began, until, length)
        by_service.setdefault(service, []).append(stretch)
    return tuple([stretch for stretches in by_service.values() for stretch in stretches])


def worst_by_service(stretches: tuple[Stretch, ...]) -> dict[str, str]:
    """The worst state that each service was in."""
    worst: dict[str, str] = {}
    for stretch in stretches:
        known = worst.get(stretch.service, "operational")
        worst[stretch.service] = min(known, stretch.state, key=_WORST_FIRST.index)
    return worst


def state_by_service(incident: Incident, site: Site) -> dict[str, str]:
    """The state into which an open incident puts each service now; nothing of one that is over."""
    if not is_open(incident):
        return {}
    found: dict[str, str] = {}
    for key, state in states_at(incident, site.now).items():
        service = site.service_id(key)
        found[service] = worse_of(found.get(service, state), state)
    return found


def service_link(key: str, site: Site, prefix: str) -> Html:
    """A link to a service's page; only its key where the catalogue does not know it."""
    service = site.taxonomy.service(key)
    if service is None:
        return text(key)
    return link(prefix + urls.service_path(service.id), text(service.name))


def table_of(stretches: tuple[Stretch, ...], site: Site, prefix: str) -> Html:
    """Say how long each service was in which state."""
    rows = []
    named = ""
    totals = _totals(stretches)
    for stretch in stretches:
        name = service_link(stretch.service, site, prefix)
        again = " ib-cell-title--again" if stretch.service == named else ""
        named = stretch.service
        rows.append(
            f'<tr><td class="ib-cell-title{again}">{name}</td>'
            f'<td data-label="State">{chip(stretch.state)}</td>'
            f'<td data-label="When" class="ib-cell-time">{_when(stretch, site)}</td>'
            f'<td data-label="For" class="ib-number">{_length(stretch.length)}</td></tr>\n'
        )
        total = totals.get(stretch.service)
        if total is not None and total[1] == stretch:
            rows.append(
                f'<tr class="ib-total"><td class="ib-cell-title ib-cell-title--again">{name}</td>'
                f'<td data-label="State">Impaired in all</td><td></td>'
                f'<td data-label="For" class="ib-number">{_length(total[0])}</td></tr>\n'
            )
    return Html(
        '<div class="ib-scroll"><table class="ib-table ib-states"><thead><tr><th scope="col">Service</th>'
        '<th scope="col">State</th><th scope="col">When</th><th scope="col" class="ib-number">For</th></tr>'
        f"</thead><tbody>\n{''.join(rows)}</tbody></table></div>\n"
    )


def _totals(stretches: tuple[Stretch, ...]) -> dict[str, tuple[timedelta, Stretch]]:
    """How long each service with several stretches was not operational, overlaps counted once; its last."""
    by_service: dict[str, list[Stretch]] = {}
    for stretch in stretches:
        by_service.setdefault(stretch.service, []).append(stretch)
    found = {}
    for service, mine in by_service.items():
        ill = sorted(
            (one.began, one.began + one.length)
            for one in mine
            if one.state != "operational" and one.began is not None and one.length is not None
        )
        if len(mine) > 1 and ill:
            total, reached = timedelta(0), ill[0][0]
            for began, ended in ill:
                total += max(ended - max(began, reached), timedelta(0))
                reached = max(reached, ended)
            found[service] = (total, mine[-1])
    return found


def _when(stretch: Stretch, site: Site) -> str:
    if stretch.began is None:
        return '<span class="ib-none">not known</span>'
    began = time_tag(stretch.began, site.zone, "plain")
    until = end_tag(stretch.until, stretch.began, site.zone) if stretch.until else "now"
    return f"{began} to {until}"


def _length(length: timedelta | None) -> str:
    return duration_words(length) if length is not None else '<span class="ib-none">not known</span>'
