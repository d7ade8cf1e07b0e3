"""Every incident measured once, to be counted in any period and by anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from types import MappingProxyType
from typing import Any

from incidentbook.archive import Archive, RecordEntry, Records
from incidentbook.clocks import LeftOut, ReviewDuty, left_out_of_measures
from incidentbook.metrics.availability import Availability, availability_of
from incidentbook.metrics.backlog import Spans, open_spans
from incidentbook.metrics.counting import Count
from incidentbook.metrics.dimensions import dimensions_named, opening_of
from incidentbook.metrics.downtime import Downtime, downtime
from incidentbook.metrics.facts import Facts, facts_of
from incidentbook.metrics.failures import Failure, failures, recurring
from incidentbook.metrics.intervals import Interval
from incidentbook.metrics.periods import Period
from incidentbook.metrics.statistics import Statistics
from incidentbook.publication import Published, publish
from incidentbook.records import Audience, Incident
from incidentbook.taxonomy.deployments import Deployments

UNREADABLE = "unreadable"
NO_TIME = "no_time"


class Ledger:
    """The records of one audience at one time, measured as far as somebody asks.

    A page or a report that shows many figures keeps one: each incident is measured once, however
    many periods and groups it is counted in. `audience` measures an archive as that audience sees
    it (what is published already says so itself); without it every record counts. Policies, holds
    and calendars are internal, so that the public sees no service levels. `deployments` stand in
    for those of schema/deployments.csv.
    """

    def __init__(
        self,
        records: Records[Any],
        now: datetime,
        audience: Audience | None = None,
        deployments: Sequence[Deployments] | None = None,
    ) -> None:
        self._unreadable = records.unreadable_incidents
        if audience is not None and isinstance(records, Archive):
            records = publish(records, audience)
        self.records = records
        self.taxonomy = records.taxonomy
        self.audience = records.audience if isinstance(records, Published) else audience
        self.now = now
        self.deployments = self.taxonomy.deployments if deployments is None else tuple(deployments)
        self._facts: dict[str, Facts] = {}
        self._measured: dict[tuple[str, ...], Statistics] = {}

    @property
    def is_public(self) -> bool:
        """Whether the reader sees public fields only."""
        return self.audience is Audience.PUBLIC

    @cached_property
    def counted(self) -> tuple[RecordEntry[Incident], ...]:
        """Every incident that is not cancelled, a duplicate or a drill, by number."""
        return tuple(entry for entry in self.records.incidents if left_out_of_measures(entry.record) is None)

    @cached_property
    def _left_out(self) -> tuple[tuple[datetime | None, LeftOut], ...]:
        found = ((opening_of(e.record), left_out_of_measures(e.record)) for e in self.records.incidents)
        return tuple((at, reason) for at, reason in found if reason is not None)

    @cached_property
    def _failures(self) -> Mapping[str, tuple[Failure, ...]]:
        return failures(self.counted, self.taxonomy)

    @cached_property
    def recurring(self) -> frozenset[str]:
        """IDs of the incidents of which there was one of the same kind before."""
        return recurring(self.counted)

    @cached_property
    def downtime(self) -> Downtime:
        """When the page and each service were not well."""
        return downtime(self.records, self.now)

    def facts(self, entry: RecordEntry[Incident]) -> Facts:
        """Measure one of the counted incidents."""
        found = self._facts.get(entry.id)
        if found is None:
            found = self._facts[entry.id] = facts_of(
                entry,
                self.records,
                self.now,
                failures=self._failures[entry.id],
                recurs=entry.id in self.recurring,
                is_public=self.is_public,
            )
        return found

    @cached_property
    def open_spans(self) -> Mapping[str, Spans]:
        """When each counted incident was open; without those of which that cannot be told."""
        found = ((entry.id, open_spans(entry.record)) for entry in self.counted)
        return {id_: spans for id_, spans in found if spans is not None}

    def duties(self) -> Iterator[ReviewDuty]:
        """Every review that must be written, or was, by incident ID."""
        for entry in self.counted:
            duty = self.facts(entry).duty
            if duty is not None:
                yield duty

    def open_at(self, moment: datetime) -> int:
        """How many counted incidents were open at a moment that has passed."""
        return sum(
            1
            for spans in self.open_spans.values()
            if any(start <= moment and (end is None or moment < end) for start, end in spans)
        )

    def availability(self, window: Interval) -> Availability:
        """Measure the page and every service over a window, as far as `now` knows it."""
        return availability_of(self.downtime, self.taxonomy, window)

    def measure(
        self,
        *,
        from_: datetime | None = None,
        to: datetime | None = None,
        by: str | Sequence[str] | None = None,
    ) -> Statistics:
        """Count the incidents that opened in a period, and break them down.

        `by` names one dimension, or several that are crossed. Raises UnknownDimensionError.
        What was asked before is not counted again: a page and the API show the same figures.
        """
        period, dimensions = Period(from_, to), dimensions_named(by)
        # as text, for the same moment in another zone is equal, and is shown otherwise
        asked = (repr(period), *(dimension.name for dimension in dimensions))
        if asked not in self._measured:
            self._measured[asked] = Count(self, period, dimensions).statistics()
        return self._measured[asked]

    def left_out(self, period: Period) -> Mapping[str, int]:
        """Count the incidents of a period that no figure counts, by reason."""
        counter: Counter[str] = Counter()
        if self._unreadable:
            counter[UNREADABLE] = self._unreadable
        for at, reason in self._left_out:
            if at is None and period.is_bounded:
                counter[NO_TIME] += 1
            elif at is None or at in period:
                counter[reason] += 1
        if period.is_bounded:
            timeless = sum(1 for entry in self.counted if opening_of(entry.record) is None)
            counter.update({NO_TIME: timeless} if timeless else {})
        return MappingProxyType(dict(sorted(counter.items())))


def measure(
    records: Records[Any],
    *,
    now: datetime,
    from_: datetime | None = None,
    to: datetime | None = None,
    by: str | Sequence[str] | None = None,
    audience: Audience | None = None,
) -> Statistics:
    """Measure the incidents that opened in a period; whoever asks more than once keeps a Ledger.

    Raises UnknownDimensionError.
    """
    return Ledger(records, now, audience).measure(from_=from_, to=to, by=by)
