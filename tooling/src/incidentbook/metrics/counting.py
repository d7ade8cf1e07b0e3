"""One count of a ledger: the incidents of a period, and what they are broken down by."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import product
from typing import TYPE_CHECKING

from incidentbook.archive import RecordEntry
from incidentbook.clocks import left_out_of_measures
from incidentbook.metrics.dimensions import Dimension, Keys, opening_of, owner_of
from incidentbook.metrics.failures import Failure
from incidentbook.metrics.goals import goals_of, service_goals
from incidentbook.metrics.periods import Period, midnight
from incidentbook.metrics.statistics import ArticleUse, Group, Load, Statistics
from incidentbook.metrics.tally import Tally
from incidentbook.records import Action, ArticleStatus, Incident, Problem
from incidentbook.taxonomy.deployments import Deployments

if TYPE_CHECKING:
    from incidentbook.metrics.ledger import Ledger

NO_INCIDENT = "no_incident"
Entry = RecordEntry[Incident]


class Count:
    """What one count adds up, step by step; `statistics` takes them all."""

    def __init__(self, ledger: Ledger, period: Period, dimensions: tuple[Dimension, ...]) -> None:
        self.ledger = ledger
        self.taxonomy = ledger.taxonomy
        self.period = period
        self.dimensions = dimensions
        self.overall = Tally()
        self.tallies: defaultdict[Keys, Tally] = defaultdict(Tally)
        self.today = self.taxonomy.day_of(ledger.now)
        # what is open after now is not known
        self.end = ledger.now if period.to is None else min(period.to, ledger.now)
        self.by_service = tuple(at for at, one in enumerate(dimensions) if one.is_of_service)

    def statistics(self) -> Statistics:
        """Count everything."""
        ledger, period = self.ledger, self.period
        chosen = [entry for entry in ledger.counted if self._is_chosen(opening_of(entry.record))]
        self._count_incidents(chosen)
        self._add_empty_groups(chosen)
        if not ledger.is_public:
            self._count_deployments()
            self._count_actions()
        self._count_backlog()
        overall = self.overall.figures(self.end, is_public=ledger.is_public)
        return Statistics(
            overall=overall,
            groups=tuple(self._group(key) for key in sorted(self.tallies, key=self._order)),
            by=tuple(dimension.name for dimension in self.dimensions),
            left_out=ledger.left_out(period),
            audience=ledger.audience,
            revision=ledger.records.revision,
            dirty=ledger.records.dirty,
            now=ledger.now,
            from_=period.from_,
            to=period.to,
            goals=goals_of(overall, self.taxonomy.measures.goals),
            load=() if ledger.is_public else self._load(chosen),
            articles=self._articles(chosen),
        )

    def _is_chosen(self, at: datetime | None) -> bool:
        return not self.period.is_bounded if at is None else at in self.period

    def _count_incidents(self, chosen: Sequence[Entry]) -> None:
        first = min((one.day for one in self.ledger.deployments), default=None)
        for entry in chosen:
            facts = self.ledger.facts(entry)
            opening = facts.opening
            is_deployed = first is None or opening is None or self.taxonomy.day_of(opening) >= first
            self.overall.add(facts, facts.failures, is_deployed=is_deployed)
            for key in self._keys(entry.record):
                own = [one for one in facts.failures if self._belongs(one, key)]
                self.tallies[key].add(facts, own, is_deployed=is_deployed)

    def _keys(self, incident: Incident) -> Iterator[Keys]:
        if self.dimensions:
            yield from product(*(one.keys(incident, self.taxonomy) for one in self.dimensions))

    def _belongs(self, failure: Failure, key: Keys) -> bool:
        """Whether a failure is one of the services that a group is of."""
        return all(
            key[at] == (failure.service if self.dimensions[at].name == "service" else failure.group)
            for at in self.by_service
        )

    def _add_empty_groups(self, chosen: Sequence[Entry]) -> None:
        """Add the groups of a dimension of time in which nothing opened."""
        if len(self.dimensions) != 1:
            return
        (dimension,) = self.dimensions
        if dimension.order and chosen:
            for part in dimension.order:
                self.tallies.setdefault((part,), Tally())
        if dimension.between is None:
            return
        from_, to = self.period.from_, self.period.to
        ends = [at for entry in chosen if (at := opening_of(entry.record)) is not None]
        last = self.ledger.now if to is None else min(self.ledger.now, to - timedelta(microseconds=1))
        if from_ is not None and from_ <= last:
            ends.append(from_)
        if ends and self.period.is_bounded:
            ends.append(last)
        if ends:
            for part in dimension.between(min(ends), max(ends), self.taxonomy):
                self.tallies.setdefault((part,), Tally())

    def _count_deployments(self) -> None:
        for one in self.ledger.deployments:
            if midnight(one.day, self.taxonomy.zone) in self.period and one.day <= self.today:
                self.overall.deployments = (self.overall.deployments or 0) + one.count
                tally = self.tallies.get(self._key_of(one)) if self.dimensions else None
                if tally is not None:
                    tally.deployments = (tally.deployments or 0) + one.count

    def _key_of(self, deployments: Deployments) -> Keys:
        """The group of deployments; empty where they are of no group, such as those of every service."""
        parts = [
            one.of_deployments(deployments, self.taxonomy) for one in self.dimensions if one.of_deployments
        ]
        return tuple(parts) if len(parts) == len(self.dimensions) and None not in parts else ()

    def _count_actions(self) -> None:
        """Count promises where what they came from belongs: the lead incident, or the problem."""
        records = self.ledger.records
        for review in records.reviews:
            lead = records.get(review.name.lead_incident or "")
            if lead is None or not lead.readable or lead.kind != "incident":
                self.overall.actions_left_out[NO_INCIDENT] += len(review.record.actions)
                continue
            if not self._is_chosen(opening_of(lead.record)):
                continue
            reason = left_out_of_measures(lead.record)
            if reason is not None:
                self.overall.actions_left_out[reason] += len(review.record.actions)
                continue
            self._add_actions(review.record.actions, list(self._keys(lead.record)))
        for problem in records.problems:
            if self._is_chosen(problem.record.opened):
                self._add_actions(problem.record.actions, self._keys_of_problem(problem.record))

    def _keys_of_problem(self, problem: Problem) -> list[Keys]:
        parts = [one.of_problem(problem, self.taxonomy) for one in self.dimensions if one.of_problem]
        return list(product(*parts)) if parts and len(parts) == len(self.dimensions) else []

    def _add_actions(self, actions: Sequence[Action], keys: Sequence[Keys]) -> None:
        for action in actions:
            self.overall.add_action(action, self.today)
            for key in keys:
                self.tallies[key].add_action(action, self.today)

    def _count_backlog(self) -> None:
        """Count what was open at the end: of the period, or of each group of time."""
        timed = [at for at, one in enumerate(self.dimensions) if one.end is not None]
        moments: dict[Keys, datetime] = {}
        for key in self.tallies:
            parts = tuple(key[at] for at in timed)
            if timed and None not in parts:
                moments[parts] = min(self.end, *map(self._end_of, timed, parts))
        ordered = sorted((moment, parts) for parts, moment in moments.items())
        spans = self.ledger.open_spans
        for entry in self.ledger.counted:
            since = opening_of(entry.record)
            if since is None:
                continue
            item = (since, entry.id)
            for start, end in spans.get(entry.id, ()):
                if start <= self.end and (end is None or self.end < end):
                    self.overall.waiting.append(item)
                    for key in self._keys(entry.record) if not timed else ():
                        self.tallies[key].waiting.append(item)
                for moment, parts in ordered[bisect_left(ordered, start, key=lambda one: one[0]) :]:
                    if end is not None and moment >= end:
                        break
                    for key in self._keys_at(entry.record, timed, parts):
                        self.tallies[key].waiting.append(item)
        self.moments = moments
        self.timed = timed

    def _end_of(self, at: int, part: str | None) -> datetime:
        end = self.dimensions[at].end
        return end(part, self.taxonomy) if end is not None and part is not None else self.end

    def _keys_at(self, incident: Incident, timed: Sequence[int], parts: Keys) -> Iterator[Keys]:
        """The groups of an incident, had it opened in these groups of time."""
        own = dict(zip(timed, parts, strict=True))
        yield from product(
            *(
                (own[at],) if at in own else one.keys(incident, self.taxonomy)
                for at, one in enumerate(self.dimensions)
            )
        )

    def _group(self, key: Keys) -> Group:
        at = self.moments.get(tuple(key[place] for place in self.timed)) if self.timed else self.end
        figures = self.tallies[key].figures(at, is_public=self.ledger.is_public)
        aims = None
        if [one.name for one in self.dimensions] == ["service"] and key[0] is not None:
            aims = service_goals(self.taxonomy, key[0])
        return Group(key, figures, goals_of(figures, aims))

    def _order(self, key: Keys) -> tuple[tuple[bool, int, str], ...]:
        """By name, or as the dimension has them; what says nothing comes last."""
        return tuple(
            (part is None, one.order.index(part) if part in one.order else 0, part or "")
            for part, one in zip(key, self.dimensions, strict=True)
        )

    def _load(self, chosen: Sequence[Entry]) -> tuple[Load, ...]:
        had = Counter(owner for entry in chosen if (owner := self.ledger.facts(entry).owner))
        waiting = {id_ for _, id_ in self.overall.waiting}
        owners = (owner_of(entry.record) for entry in self.ledger.counted if entry.id in waiting)
        has = Counter(owner for owner in owners if owner)
        found = []
        for handle in had.keys() | has.keys():
            person = self.taxonomy.person(handle)
            name = person.name if person and person.name else handle
            found.append(Load(handle, name, had[handle], has[handle]))
        return tuple(sorted(found, key=lambda one: (one.name.casefold(), one.handle)))

    def _articles(self, chosen: Sequence[Entry]) -> tuple[ArticleUse, ...]:
        """Every published article, and every other one that was used."""
        used: Counter[str] = Counter()
        for entry in chosen:
            facts = self.ledger.facts(entry)
            if not facts.is_open:
                used.update(set(facts.articles))
        titles = {one.id: one.record.title for one in self.ledger.records.articles}
        shown = {
            one.id for one in self.ledger.records.articles if one.record.status is ArticleStatus.PUBLISHED
        }
        uses = [ArticleUse(id_, titles.get(id_, id_), used[id_]) for id_ in used.keys() | shown]
        return tuple(sorted(uses, key=lambda one: (-one.incidents, one.id)))
