"""Which files for machines a site has: one call, nothing written."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from hashlib import blake2b
from typing import Any

from incidentbook.feeds.addresses import ATOM, BADGE, CALENDAR, JSON_FEED, of_service
from incidentbook.feeds.atom import as_atom
from incidentbook.feeds.badges import badge
from incidentbook.feeds.briefing import Briefing
from incidentbook.feeds.icalendar import as_calendar, shown
from incidentbook.feeds.items import Items
from incidentbook.feeds.json_feed import as_json_feed
from incidentbook.feeds.records_api import Entries, Figures, records_api
from incidentbook.feeds.statuspage import statuspage
from incidentbook.publication import Output
from incidentbook.publication.urls import service_path
from incidentbook.taxonomy.settings import Service


def outputs(briefing: Briefing, statistics: Figures) -> Iterator[Output]:
    """Plan every file; what is in it is made when it is asked for."""
    yield from statuspage(briefing)
    yield from records_api(briefing, statistics)
    items = Items(briefing)
    yield from _feeds(briefing.name, "", items.of_site(), items, briefing)
    calendar = shown(briefing)
    yield _calendar(briefing.name, CALENDAR, calendar, briefing)
    yield _badge(briefing.name, BADGE, briefing.standing.state, briefing.standing.headline)
    listed = items.by_service()
    for service, state in briefing.catalogue:
        yield from _of_service(service, state, listed[service.id], calendar, items)


def _of_service(
    service: Service, state: str, listed: Entries, calendar: Entries, items: Items
) -> Iterator[Output]:
    briefing = items.briefing
    title = f"{briefing.name}: {service.name}"
    yield from _feeds(title, service_path(service.id), listed, items, briefing)
    own = [entry for entry in calendar if service.id in briefing.services_of(entry)]
    yield _calendar(title, of_service(service.id, CALENDAR), own, briefing)
    words = state.replace("_", " ").capitalize()
    yield _badge(service.name, of_service(service.id, BADGE), state, words)


def _feeds(title: str, about: str, listed: Entries, items: Items, briefing: Briefing) -> Iterator[Output]:
    """The feeds of a page, beside it."""
    for name, write in ((ATOM, as_atom), (JSON_FEED, as_json_feed)):
        place = about + name

        def make(place: str = place, write: Any = write) -> bytes:
            beside = frozenset(entry.id for entry in listed)
            found = [items.item(entry, place, beside) for entry in listed]
            made: bytes = write(title, about, place, found, briefing)
            return made

        yield Output(place, make)


def _calendar(title: str, place: str, entries: Entries, briefing: Briefing) -> Output:
    return Output(place, partial(as_calendar, f"{title}: maintenance", place, entries, briefing))


def _badge(name: str, place: str, state: str, words: str) -> Output:
    key = blake2b(f"{name}\0{state}\0{words}".encode(), digest_size=16).hexdigest()
    return Output(place, partial(badge, name, state, words), key)
