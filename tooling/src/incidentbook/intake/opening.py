"""A new incident from outside: what is known of it, and what had to be assumed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from incidentbook.records import Audience, IncidentStatus, ServiceState
from incidentbook.taxonomy import Taxonomy
from incidentbook.taxonomy.routing import Routed, Told, route
from incidentbook.taxonomy.settings import Service


@dataclass(frozen=True, kw_only=True)
class Opening:
    """A record to be made: its fields, its body, and a line for each thing that was assumed."""

    values: Mapping[str, Any]
    body: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Amendment:
    """Top-level fields of a record to be changed (None removes one), and in a few words what that is."""

    changes: Mapping[str, Any]
    summary: str


@dataclass(frozen=True)
class Silence:
    """Nothing is to be done, for a reason; `is_done` where it has been, by an earlier delivery."""

    reason: str
    is_done: bool = False


Response = Opening | Amendment | Silence


def seen_by_default(opening: Opening, taxonomy: Taxonomy) -> Opening:
    """The record with the visibility that schema/incidentbook.yml gives new ones, where it says another."""
    usual = taxonomy.settings.defaults.visibility
    if usual is Audience.INTERNAL or "visibility" in opening.values:
        return opening
    return replace(opening, values={**opening.values, "visibility": usual})


def new_incident(**fields: Any) -> dict[str, Any]:
    """The fields of a new incident; what is None or empty is left out when it is written."""
    return {"status": IncidentStatus.NEW, **fields}


def services_named(taxonomy: Taxonomy, at: datetime, words: Iterable[str]) -> list[str]:
    """Keys of the services that are named by one of some words: key, name or alias, in any spelling."""
    wanted = {_plain(word) for word in words} - {""}
    found = [service.id for service in in_force(taxonomy, at) if wanted & _names(service)]
    return list(dict.fromkeys(found))


def services_mentioned(taxonomy: Taxonomy, at: datetime, text: str) -> list[str]:
    """Keys of the services whose key, name or alias stands in a text."""
    haystack = f"-{_plain(text)}-"
    return [
        service.id
        for service in in_force(taxonomy, at)
        if any(f"-{name}-" in haystack for name in _names(service))
    ]


def in_force(taxonomy: Taxonomy, at: datetime) -> list[Service]:
    """The services that there are at a time, in the order of the file."""
    return [service for service in taxonomy.services if taxonomy.service(service.id, at) == service]


def _names(service: Service) -> set[str]:
    return {_plain(name) for name in (service.id, service.name, *service.aliases)} - {""}


def _plain(text: str) -> str:
    return re.sub(r"\W+|_+", "-", text.casefold()).strip("-")


def suffering(
    keys: Iterable[str], state: ServiceState, since: datetime | None = None
) -> list[dict[str, Any]]:
    """The list of services of a record."""
    return [{"service": key, "state": state, **({"from": since} if since else {})} for key in keys]


def category_paths(taxonomy: Taxonomy, at: datetime | None) -> list[str]:
    """Every category and subcategory in force, in the order of the file."""
    paths = [
        path
        for category in taxonomy.categories
        for path in (category.id, *(f"{category.id}/{below.id}" for below in category.subcategories))
    ]
    return [path for path in dict.fromkeys(paths) if taxonomy.category(path, at)]


def assumed_category(
    taxonomy: Taxonomy, wanted: str | None, key: str, told: Told
) -> tuple[str | None, tuple[str, ...]]:
    """The category that the settings say, else what a routing rule says, else the first there is.

    With it comes a line where it is not said by the settings of the intake.
    """
    at = told.at
    if wanted and taxonomy.category(wanted, at):
        return wanted, ()
    routed = route(taxonomy, told).category
    if routed is not None:
        return routed.value, (f"category: `{routed.value}`, by {_rule(routed)}",)
    first = next(iter(category_paths(taxonomy, at)), None)
    if first is None:
        return None, ()
    return first, (
        f"category: `{first}`, the first there is; `{key}` in schema/intake.yml says a better one",
    )


def routed_team(taxonomy: Taxonomy, told: Told) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The state and the assignment of a report that a routing rule gives to a team, and a line about it."""
    routed = route(taxonomy, told).team
    if routed is None:
        return {}, ()
    given = {"status": IncidentStatus.ASSIGNED, "assignments": [{"at": told.at, "team": routed.value}]}
    return given, (f"team: `{routed.value}`, by {_rule(routed)}",)


def _rule(routed: Routed[str]) -> str:
    return f"rule {routed.by.number} of schema/routing.yml"


def reporter(taxonomy: Taxonomy, channel: str, **who: str | None) -> dict[str, str]:
    """How it came in and from whom; a channel that schema/categories.yml lacks is left out."""
    entry = taxonomy.channel(channel)
    said = {key: text for key, text in who.items() if text}
    if entry is not None:
        return {"channel": entry.id, **said}
    return said or {"name": channel}
