"""Which channel is told what: subscriptions held against records."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from incidentbook.archive import Records
from incidentbook.history import EventType
from incidentbook.notices.notify.news import News
from incidentbook.records import Incident
from incidentbook.taxonomy import Taxonomy
from incidentbook.taxonomy.settings.notifications import Subscription


@dataclass(frozen=True, slots=True)
class _About:
    """By what a subscription chooses, of the record that something is about."""

    services: frozenset[str]
    groups: frozenset[str]
    teams: frozenset[str]
    priority: str | None
    is_major: bool
    is_drill: bool


def is_wanted(news: News, wanted: Iterable[Subscription], records: Records[Any]) -> bool:
    """Tell whether any subscription asks for it.

    `records` are all that people of the organisation may read: who is told is decided by more than what
    they are told. What is in none of them is told to nobody.
    """
    entry = records.get(news.subject) or records.get(news.record.id)
    if entry is None:
        return False
    about = _about(news, entry.record, records.taxonomy)
    return any(_fits(news, one, about, records.taxonomy) for one in wanted)


def is_of_major(news: News, record: Any) -> bool:
    """Whether something is about a major incident; that one is major no longer, or was, is too."""
    return isinstance(record, Incident) and (record.major or news.topic in _DECLARATIONS)


_DECLARATIONS = frozenset({EventType.MAJOR_DECLARED.value, EventType.MAJOR_STOOD_DOWN.value})


def _about(news: News, record: Any, taxonomy: Taxonomy) -> _About:
    named = [getattr(one, "service", one) for one in getattr(record, "services", ())]
    services = [(taxonomy.service(key), key) for key in named]
    teams = {getattr(record, "team", None), *(service.team for service, _ in services if service)}
    is_incident = isinstance(record, Incident)
    if isinstance(record, Incident):
        teams |= {one.team for one in record.assignments[-1:]}
    return _About(
        services=frozenset(service.id if service else key for service, key in services),
        groups=frozenset(service.group for service, _ in services if service and service.group),
        teams=frozenset(team for team in teams if team),
        priority=taxonomy.priority_of(record) if is_incident else None,
        is_major=is_of_major(news, record),
        is_drill=bool(getattr(record, "drill", False)),
    )


def _fits(news: News, wanted: Subscription, about: _About, taxonomy: Taxonomy) -> bool:
    services = {service.id if (service := taxonomy.service(key)) else key for key in wanted.services}
    team = taxonomy.team(wanted.team) if wanted.team else None
    return (
        _is_topic(news, wanted)
        and (not services or not services.isdisjoint(about.services))
        and (not wanted.groups or not about.groups.isdisjoint(wanted.groups))
        and (not wanted.priorities or about.priority in wanted.priorities)
        and (not wanted.kinds or news.record.kind in wanted.kinds)
        and (not wanted.team or (team.id if team else wanted.team) in about.teams)
        and (not wanted.called or news.calls in _called(wanted, taxonomy))
        and (about.is_major or not wanted.major)
        and (wanted.drills or not about.is_drill)
    )


def _called(wanted: Subscription, taxonomy: Taxonomy) -> frozenset[str]:
    """Whose calls a subscription is for, by every name that a call may give them."""
    teams = [team for key in wanted.called if (team := taxonomy.team(key)) is not None]
    return frozenset((*wanted.called, *(key for team in teams for key in (team.id, *team.aliases))))


def _is_topic(news: News, wanted: Subscription) -> bool:
    if news.is_due:
        return news.topic in {sort.value for sort in wanted.due}
    return news.topic in wanted.events if wanted.events else not wanted.due
