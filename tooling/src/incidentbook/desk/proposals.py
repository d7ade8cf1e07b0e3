"""What could be said of a new incident: category, impact, urgency, priority, team and owner, each with why.

Rules of schema/ come first, then what is known of the services, then what similar incidents were given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from incidentbook.archive import Records
from incidentbook.cache import Cache
from incidentbook.desk.owners import least_loaded, propose_owner
from incidentbook.desk.precedents import (
    category_given,
    from_the_past,
    impact_given,
    precedents,
    team_given,
    urgency_given,
)
from incidentbook.desk.proposal import Proposal, ProposalCase, Source, each_once, services_of
from incidentbook.records import Level, ServiceState
from incidentbook.taxonomy import Taxonomy
from incidentbook.taxonomy.routing import Routed, Told, route, team_in_force
from incidentbook.taxonomy.settings import Service

__all__ = ["Proposal", "ProposalCase", "Proposals", "Source", "least_loaded", "propose"]

_LEVELS = (Level.LOW, Level.MEDIUM, Level.HIGH)
_STATES = {
    ServiceState.DEGRADED_PERFORMANCE: 0,
    ServiceState.PARTIAL_OUTAGE: 1,
    ServiceState.MAJOR_OUTAGE: 2,
}


@dataclass(frozen=True, slots=True)
class Proposals:
    """What is proposed of each field, the best first; empty where nothing speaks for anything."""

    category: tuple[Proposal, ...] = ()
    impact: tuple[Proposal, ...] = ()
    urgency: tuple[Proposal, ...] = ()
    priority: tuple[Proposal, ...] = ()
    team: tuple[Proposal, ...] = ()
    owner: tuple[Proposal, ...] = ()
    channel: tuple[Proposal, ...] = ()


def propose(
    records: Records[Any], case: ProposalCase, now: datetime, cache: Cache | None = None
) -> Proposals:
    """Propose what could be said of a new incident; a person decides."""
    taxonomy, at = records.taxonomy, case.opened or now
    services = services_of(case, taxonomy)
    keys = tuple(service.id for service, _ in services)
    routed = route(taxonomy, Told(texts=case.texts, services=keys, channel=case.channel, at=at))
    hits = precedents(records, case, now, cache)
    impact = each_once((*_by_rule(routed.impact), *_by_tier(services), *from_the_past(hits, impact_given)))
    urgency = each_once((*_by_rule(routed.urgency), *from_the_past(hits, urgency_given)))
    team = each_once(
        (
            *_by_rule(routed.team),
            *_by_service(services, taxonomy, at),
            *from_the_past(hits, team_given(taxonomy, at)),
        )
    )
    whose = case.team or _best(team)
    return Proposals(
        category=each_once((*_by_rule(routed.category), *from_the_past(hits, category_given(taxonomy, at)))),
        impact=impact,
        urgency=urgency,
        priority=tuple(by_matrix(case.impact or _best(impact), case.urgency or _best(urgency), taxonomy, at)),
        team=team,
        owner=each_once(propose_owner(records, whose, at, now)) if whose else (),
    )


def _best(proposals: Sequence[Proposal]) -> str | None:
    return proposals[0].value if proposals else None


def _by_rule(routed: Routed[Any] | None) -> Iterator[Proposal]:
    if routed is not None:
        yield Proposal(str(routed.value), Source.RULE, routed.by.reason)


def _by_service(
    services: Iterable[tuple[Service, Any]], taxonomy: Taxonomy, at: datetime
) -> Iterator[Proposal]:
    for service, _ in services:
        team = team_in_force(taxonomy, service.team, at)
        if team is not None:
            yield Proposal(team, Source.SERVICE, f"runs {service.id}")


def _by_tier(services: Iterable[tuple[Service, ServiceState | None]]) -> Iterator[Proposal]:
    """The impact that a state has on a service of its tier, of the service that is worst off.

    A major outage is high, a partial one medium, degraded performance low; of tier 1 one level more, and
    below tier 2 one less. Where nobody says which tier or which state, nothing follows.
    """
    found = []
    for service, state in services:
        if service.tier is not None and state in _STATES:
            raised = 1 if service.tier == 1 else 0 if service.tier == 2 else -1
            level = min(max(_STATES[state] + raised, 0), len(_LEVELS) - 1)
            found.append((level, f"{service.id} is of tier {service.tier} and in {state.replace('_', ' ')}"))
    if found:
        level, reason = max(found, key=lambda one: one[0])
        yield Proposal(_LEVELS[level].value, Source.SERVICE, reason)


def by_matrix(
    impact: str | None, urgency: str | None, taxonomy: Taxonomy, at: datetime
) -> Iterator[Proposal]:
    """The priority that the matrix in force gives."""
    matrix = taxonomy.matrix(at)
    levels = {level.value: level for level in Level}
    if matrix is None or impact not in levels or urgency not in levels:
        return
    priority = matrix.cells.get(levels[impact], {}).get(levels[urgency])
    if priority is not None:
        yield Proposal(priority, Source.MATRIX, f"impact {impact} and urgency {urgency} in the matrix")
