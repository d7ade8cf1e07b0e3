"""Incidents that come again and again without a problem record, in groups, each with its evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush
from typing import Any

from incidentbook.archive import RecordEntry, Records
from incidentbook.clocks import left_out_of_measures
from incidentbook.publication.standing import IncidentEntry, end_of, start_of
from incidentbook.records import Incident, Problem
from incidentbook.similarity.neighbours import is_useful, spelled
from incidentbook.similarity.ranking import Effort, Index, Match, build_index, nearest_to, parted
from incidentbook.similarity.terms import Document, document_with_body

DAYS = 90
"""How far back is looked, unless said otherwise: the window of the usual rule for a third recurrence."""

LEAST_MEMBERS = 3
"""Twice may be chance."""

LIKE = 0.35
"""So like the one in the middle each member of a group is at least."""

_LIKE_A_PROBLEM = 0.25
_LEAST_WORDS = 2
"""Two incidents that share a service and a category alone are not the same trouble."""

_COMMON, _FEW = 1 / 3, 10
"""What a third of all incidents say, and more than a few, tells nothing: "this incident is resolved"."""

_MOST = 400
_EFFORT = Effort(postings=20_000, candidates=400)
_MOSTLY = 0.6
"""What this share of a group has counts as what it has in common."""


@dataclass(frozen=True, slots=True)
class Group:
    """Incidents that look like one trouble, the earliest first, and what speaks for it.

    `middle` is the one that all others are like, by `likeness` (0 to 1) in the mean. `words` most of them
    use; `services` (keys) most touch; `category` is that of most. `lost` is the time in which any of them
    went on. `problem` stands already and reads like them.
    """

    incidents: tuple[IncidentEntry, ...]
    middle: IncidentEntry
    likeness: float
    words: tuple[str, ...]
    services: tuple[str, ...]
    category: str | None
    lost: timedelta
    problem: RecordEntry[Problem] | None


def recurring(
    records: Records[Any], now: datetime, *, days: int = DAYS, least: int = LEAST_MEMBERS
) -> tuple[Group, ...]:
    """Group what recurred in the last days and names no problem; the most frequent first.

    Every member is like the middle of its group, so that no chain of small likenesses makes one great
    group. Incidents that are linked as earlier occurrences belong together whatever they say. A group has
    at least `least` members, on more than one day: many at once are one trouble. Children of a larger
    incident count with it.
    """
    counted = [entry for entry in records.incidents if left_out_of_measures(entry.record) is None]
    asked = [entry for entry in counted if _is_asked(entry.record, now, days)]
    if len(asked) < least:
        return ()
    ground = _Ground.of(records, counted, asked)
    found = (
        _group(middle, members, ground, now)
        for middle, members in grouped(_alike(ground, records), least)
        if _on_several_days(members, ground, records)
    )
    return tuple(sorted(found, key=lambda group: (-len(group.incidents), -group.lost, group.middle.id)))


def _is_asked(incident: Incident, now: datetime, days: int) -> bool:
    links, opened = incident.links, incident.opened
    if links is not None and (links.problem or links.known_error or links.parent):
        return False
    return opened is not None and now - timedelta(days=days) <= opened <= now


@dataclass(frozen=True)
class _Ground:
    """What is grouped, by number; how rare words are is known from all incidents."""

    asked: Sequence[IncidentEntry]
    documents: Sequence[Document]
    first: int
    index: Index
    telling: frozenset[str]
    problems: Mapping[str, RecordEntry[Problem]]
    problem_index: Index

    @classmethod
    def of(
        cls, records: Records[Any], counted: Iterable[IncidentEntry], asked: Sequence[IncidentEntry]
    ) -> _Ground:
        ids = {entry.id for entry in asked}
        others = [document_with_body(entry) for entry in counted if entry.id not in ids]
        documents = [document_with_body(entry) for entry in asked]
        problems = {entry.id: entry for entry in records.problems if is_useful(entry.record)}
        known = [document_with_body(entry) for entry in problems.values()]
        index = build_index([*others, *documents, *known])
        before, problem_index = parted(index, len(others) + len(documents))
        among = parted(before, len(others))[1]
        telling = _telling(before.postings, len(others) + len(documents))
        return cls(asked, documents, len(others), among, telling, problems, problem_index)


def _telling(postings: Mapping[str, Sequence[int]], total: int) -> frozenset[str]:
    """The words that are not in everything; no phrases, services or categories."""
    most = max(_FEW, total * _COMMON)
    return frozenset(
        term for term, having in postings.items() if len(having) <= most and not {" ", ":"} & set(term)
    )


def _alike(ground: _Ground, records: Records[Any]) -> list[dict[int, float]]:
    """By number, who is like whom, and how much; each pair both ways."""
    alike: list[dict[int, float]] = [{} for _ in ground.asked]
    number_of = {entry.id: number for number, entry in enumerate(ground.asked)}
    for number, entry in enumerate(ground.asked):
        for match in nearest_to(ground.index, ground.first + number, _MOST, least=LIKE, effort=_EFFORT):
            if sum(1 for term in match.shared if term in ground.telling) >= _LEAST_WORDS:
                other = number_of[match.id]
                alike[number][other] = alike[other][number] = match.score
        for kin in records.kin(entry.id):
            if kin.id in number_of and kin.id != entry.id:
                alike[number][number_of[kin.id]] = 1.0
    return alike


def grouped(alike: Sequence[Mapping[int, float]], least: int) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Yield (middle, members): the one that is most like the most others, with these; then of those left."""
    taken: set[int] = set()

    def weight(number: int) -> float:
        return sum(score for other, score in sorted(alike[number].items()) if other not in taken)

    waiting = [(-weight(number), number) for number in range(len(alike))]
    heapify(waiting)
    while waiting:
        before, number = heappop(waiting)
        if number in taken:
            continue
        now = -weight(number)
        if now != before:  # some of its own were taken meanwhile
            heappush(waiting, (now, number))
            continue
        members = tuple(sorted({number, *(other for other in alike[number] if other not in taken)}))
        if len(members) >= least:
            taken.update(members)
            yield number, members


def _on_several_days(members: Iterable[int], ground: _Ground, records: Records[Any]) -> bool:
    zone = records.taxonomy.zone
    opened = (ground.asked[number].record.opened for number in members)
    return len({at.astimezone(zone).date() for at in opened if at is not None}) > 1


def _group(middle: int, members: Sequence[int], ground: _Ground, now: datetime) -> Group:
    entries = sorted(
        (ground.asked[number] for number in members), key=lambda one: (one.record.opened or now, one.id)
    )
    vector = ground.index.vectors[ground.first + middle]
    others = [ground.index.vectors[ground.first + number] for number in members if number != middle]
    scores = [sum(share * other.get(term, 0.0) for term, share in vector.items()) for other in others]
    common = {term for term in vector if _share(sum(term in other for other in others), others) >= _MOSTLY}
    shared = sorted(common, key=lambda term: (-vector[term], term))
    match = Match(ground.asked[middle].id, 1.0, tuple(shared))
    words, services, same_category = spelled(match, ground.documents[middle].words)
    problem = nearest_to(
        ground.problem_index, ground.first + middle, 1, least=_LIKE_A_PROBLEM, effort=_EFFORT
    )
    return Group(
        tuple(entries),
        ground.asked[middle],
        min(_share(sum(scores), others), 1.0),
        words,
        services,
        ground.asked[middle].record.category if same_category else None,
        _lost((entry.record for entry in entries), now),
        ground.problems[problem[0].id] if problem else None,
    )


def _share(count: float, of: Sequence[object]) -> float:
    return count / len(of) if of else 0.0


def _lost(incidents: Iterable[Incident], now: datetime) -> timedelta:
    """The time in which any of them went on; two at once are one loss."""
    spans = sorted(
        (start, min(end_of(incident) or now, now))
        for incident in incidents
        if (start := start_of(incident)) is not None
    )
    total, until = timedelta(0), None
    for start, end in spans:
        begun = start if until is None else max(start, until)
        if end > begun:
            total += end - begun
            until = end
    return total
