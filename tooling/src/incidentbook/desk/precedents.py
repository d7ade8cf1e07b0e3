"""What similar past incidents were given: a vote in which the more alike counts for more."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any

from incidentbook.archive import Records
from incidentbook.cache import Cache
from incidentbook.clocks.shifts import team_of
from incidentbook.desk.proposal import Proposal, ProposalCase, Source, services_of
from incidentbook.records import Incident
from incidentbook.similarity import Hit, known_for
from incidentbook.taxonomy import Taxonomy
from incidentbook.taxonomy.routing import category_in_force, team_in_force

_BODY = 2000
"""How much of a body is compared: what it is about stands at its beginning."""

_TOLD = 3
"""How many values of a field are proposed from the past."""

Given = Callable[[Incident], str | None]
"""What an incident was given, in words of today; None where nothing, or what there no longer is."""


@dataclass(frozen=True, slots=True)
class Vote:
    """How many of the similar incidents that were given anything were given this; `share` is by likeness."""

    value: str
    count: int
    of: int
    share: float
    example: str

    @property
    def reason(self) -> str:
        """Say it in words, with the most similar one."""
        if self.of == 1:
            return f"so was the one similar incident, {self.example}"
        return (
            f"{self.count} of {self.of} similar incidents ({round(self.share * 100)} % by likeness), "
            f"such as {self.example}"
        )


def precedents(
    records: Records[Any], case: ProposalCase, now: datetime, cache: Cache | None = None
) -> tuple[Hit, ...]:
    """Return the incidents logged before that are like this one, the nearest first, as far as asked.

    schema/routing.yml says how alike they must be and how many are asked, and may ask for none.
    """
    past = records.taxonomy.routing.past
    text = "\n".join((*case.texts[:-1], case.texts[-1][:_BODY])) if case.texts else ""
    if not past.use or not text.strip():
        return ()
    services = [service.id for service, _ in services_of(case, records.taxonomy)]
    moment = min(now, case.opened) if case.opened else now
    known = known_for(records, text=text, services=services, cache=cache, now=moment, most=past.most)
    found = [hit for hit in (*known.past, *known.open) if hit.score >= past.least]
    found.sort(key=lambda hit: (-hit.score, hit.entry.name.sort_key()))
    return tuple(found[: past.most])


def tally(given: Iterable[tuple[str, float, str | None]]) -> tuple[Vote, ...]:
    """Count what similar incidents were given, what has most likeness behind it first.

    Of each its ID, its likeness and what it was given are told; who was given nothing has no vote.
    """
    cast: dict[str, list[tuple[float, str]]] = {}
    for id_, score, value in given:
        if value is not None:
            cast.setdefault(value, []).append((score, id_))
    weights = {value: sum(score for score, _ in voters) for value, voters in cast.items()}
    of, total = sum(map(len, cast.values())), sum(weights.values()) or 1.0
    found = [
        Vote(value, len(voters), of, weights[value] / total, max(voters, key=itemgetter(0))[1])
        for value, voters in cast.items()
    ]
    return tuple(sorted(found, key=lambda vote: (-vote.share, vote.value)))


def from_the_past(hits: Sequence[Hit], given: Given) -> Iterator[Proposal]:
    """Propose what similar incidents were given."""
    cast = tally((hit.entry.id, hit.score, given(hit.entry.record)) for hit in hits)
    for vote in cast[:_TOLD]:
        yield Proposal(vote.value, Source.PAST, vote.reason)


def category_given(taxonomy: Taxonomy, at: datetime | None) -> Given:
    """The category of an incident, where it is in force at a time."""
    return lambda incident: category_in_force(taxonomy, incident.category, at)


def team_given(taxonomy: Taxonomy, at: datetime | None) -> Given:
    """The team that had an incident last, where there still is such a team at a time."""
    return lambda incident: team_in_force(taxonomy, team_of(incident, taxonomy), at)


def impact_given(incident: Incident) -> str | None:
    """The impact of an incident."""
    return incident.impact.value if incident.impact else None


def urgency_given(incident: Incident) -> str | None:
    """The urgency of an incident."""
    return incident.urgency.value if incident.urgency else None
