"""The answers of `/api/v2/`, as Atlassian Statuspage gives them, field by field."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property, partial
from types import MappingProxyType
from typing import Any

import msgspec

from incidentbook.archive import RecordEntry
from incidentbook.feeds.announcements import Announcement, Message
from incidentbook.feeds.briefing import Briefing
from incidentbook.feeds.statuspage_components import Components
from incidentbook.feeds.texts import Texts, legal
from incidentbook.publication import Output
from incidentbook.publication.standing import OPERATIONAL, UNDER_MAINTENANCE, WATCH, is_open
from incidentbook.publication.urls import path_of
from incidentbook.records import MaintenanceStatus, ServiceState

FOLDER = "api/v2/"
NEWEST = 50
"""How many incidents, or maintenance windows, Statuspage lists."""

_INDICATORS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        OPERATIONAL: ("none", "All Systems Operational"),
        # `maintenance`, which Statuspage says here too, is a word that many clients do not know
        UNDER_MAINTENANCE: ("none", "Service Under Maintenance"),
        ServiceState.DEGRADED_PERFORMANCE.value: ("minor", "Partially Degraded Service"),
        ServiceState.PARTIAL_OUTAGE.value: ("major", "Partial System Outage"),
        ServiceState.MAJOR_OUTAGE.value: ("critical", "Major Service Outage"),
    }
)

Answer = dict[str, Any]
Happening = RecordEntry[Any]


def statuspage(briefing: Briefing) -> Iterable[Output]:
    """Every file of the API; all of them tell of this moment, so that each build makes them."""
    api = _Api(briefing)
    answers: dict[str, Callable[[str], Answer]] = {
        "summary.json": api.summary,
        "status.json": api.rolled_up,
        "components.json": api.all_components,
        "incidents.json": api.incidents,
        "incidents/unresolved.json": api.unresolved,
        "scheduled-maintenances.json": api.maintenances,
        "scheduled-maintenances/upcoming.json": api.upcoming,
        "scheduled-maintenances/active.json": api.active,
    }
    for name, answer in answers.items():
        yield Output(FOLDER + name, partial(_encoded, answer, FOLDER + name))


def _encoded(answer: Callable[[str], Answer], place: str) -> bytes:
    return msgspec.json.encode(answer(place))


class _Api:
    """What the answers share: each record is told of once."""

    def __init__(self, briefing: Briefing) -> None:
        self._briefing = briefing
        self._addresses = briefing.addresses

    # -- answers ------------------------------------------------------------------------------------

    def summary(self, place: str) -> Answer:
        return {
            **self._page(place),
            "components": self._components.all,
            "incidents": self._objects(self._open, place),
            "scheduled_maintenances": self._objects(self._ahead, place),
            "status": self._status,
        }

    def rolled_up(self, place: str) -> Answer:
        return {**self._page(place), "status": self._status}

    def all_components(self, place: str) -> Answer:
        return {**self._page(place), "components": self._components.all}

    def incidents(self, place: str) -> Answer:
        return {**self._page(place), "incidents": self._objects(self._briefing.incidents[:NEWEST], place)}

    def unresolved(self, place: str) -> Answer:
        return {**self._page(place), "incidents": self._objects(self._open, place)}

    def maintenances(self, place: str) -> Answer:
        newest = sorted(self._planned, key=self._beginning, reverse=True)[:NEWEST]
        return {**self._page(place), "scheduled_maintenances": self._objects(newest, place)}

    def upcoming(self, place: str) -> Answer:
        found = [entry for entry in self._ahead if self._briefing.told(entry).status == "scheduled"]
        return {**self._page(place), "scheduled_maintenances": self._objects(found, place)}

    def active(self, place: str) -> Answer:
        found = [entry for entry in self._ahead if self._briefing.told(entry).status != "scheduled"]
        return {**self._page(place), "scheduled_maintenances": self._objects(found, place)}

    # -- what they are made of ----------------------------------------------------------------------

    @cached_property
    def _components(self) -> Components:
        return Components(self._briefing)

    @cached_property
    def _open(self) -> Sequence[Happening]:
        return [entry for entry in self._briefing.incidents if is_open(entry.record)]

    @cached_property
    def _planned(self) -> Sequence[Happening]:
        """Maintenance that was not called off; without a time there is nothing to tell."""
        return [
            entry
            for entry in self._briefing.maintenance
            if entry.record.status is not MaintenanceStatus.CANCELLED and self._briefing.told(entry).window
        ]

    @cached_property
    def _ahead(self) -> Sequence[Happening]:
        """Maintenance that is under way or to come, the next first."""
        found = (entry for entry in self._planned if self._briefing.told(entry).status != "completed")
        return sorted(found, key=self._beginning)

    def _beginning(self, entry: Happening) -> tuple[datetime, Any]:
        announcement = self._briefing.told(entry)
        return (announcement.window or (announcement.created,))[0], entry.name.sort_key()

    @cached_property
    def _status(self) -> Answer:
        state = self._briefing.standing.state
        if state == WATCH:
            return {"indicator": "minor", "description": self._briefing.standing.headline}
        indicator, description = _INDICATORS[state]
        return {"indicator": indicator, "description": description}

    def _page(self, place: str) -> Answer:
        settings = self._briefing.taxonomy.settings
        return {
            "page": {
                "id": self._addresses.page_id,
                "name": settings.name,
                "url": self._addresses.root(place).rstrip("/"),
                "time_zone": settings.zone,
                "updated_at": self._components.time(self._changed),
            }
        }

    @cached_property
    def _changed(self) -> datetime:
        times = [
            self._briefing.told(entry).updated for entry in (*self._briefing.incidents[:NEWEST], *self._open)
        ]
        newest = self._components.newest_change
        times += [newest] if newest else []
        return max((at for at in times if at <= self._briefing.now), default=self._briefing.now)

    # -- objects ------------------------------------------------------------------------------------

    def _objects(self, entries: Iterable[Happening], place: str) -> list[Answer]:
        texts = Texts(self._briefing.urls, self._addresses, place)
        return [self._object(self._briefing.told(entry), texts, place) for entry in entries]

    def _object(self, told: Announcement, texts: Texts, place: str) -> Answer:
        entry, time = told.entry, self._components.time
        found: Answer = {
            "id": self._addresses.code(entry.kind, entry.id),
            "name": legal(entry.record.title),
            "status": told.status,
            "created_at": time(told.created),
            "updated_at": time(told.updated),
            "monitoring_at": time(told.monitoring) if told.monitoring else None,
            "resolved_at": time(told.resolved) if told.resolved else None,
            "impact": told.impact,
            "shortlink": self._addresses.of_page(path_of(entry.name), place),
            "started_at": time(told.started),
            "page_id": self._addresses.page_id,
            "incident_updates": self._updates(told, texts),
            "components": self._components.of(entry),
        }
        if told.window is not None:
            found["scheduled_for"], found["scheduled_until"] = map(time, told.window)
        return found

    def _updates(self, told: Announcement, texts: Texts) -> list[Answer]:
        """The newest first, as Statuspage lists them."""
        found = []
        before: Mapping[str, str] = {}
        for message in told.messages:
            states = self._components.states(told.entry, message.at, message.status)
            found.append(self._update(told, message, before, states, texts))
            before = states
        return found[::-1]

    def _update(
        self,
        told: Announcement,
        message: Message,
        before: Mapping[str, str],
        states: Mapping[str, str],
        texts: Texts,
    ) -> Answer:
        at = self._components.time(message.at)
        entry = told.entry
        return {
            "id": self._addresses.code("update", entry.id, message.key),
            "status": message.status,
            "body": texts.plain(message.text, message.source or entry),
            "incident_id": self._addresses.code(entry.kind, entry.id),
            "created_at": at,
            "updated_at": at,
            "display_at": at,
            "affected_components": [
                {
                    "code": self._components.code(service),
                    "name": service.name,
                    "old_status": before.get(service.id, OPERATIONAL),
                    "new_status": states[service.id],
                }
                for service in self._components.services(entry)
            ],
            # what a larger incident says was delivered as its own
            "deliver_notifications": message.is_written and message.source is None,
            "custom_tweet": None,
            "tweet_id": None,
        }
