"""The figures of an archive, whole and by group, with what they left out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product
from types import MappingProxyType
from typing import Any

from incidentbook.archive import Archive, Records
from incidentbook.clocks import left_out_of_measures
from incidentbook.diagnostics import IncidentbookError
from incidentbook.metrics.dimensions import DIMENSIONS, Dimension, Keys, opening_of
from incidentbook.metrics.figures import Figures, Tally, facts_of
from incidentbook.publication import Published, publish
from incidentbook.records import Audience, Incident
from incidentbook.taxonomy import Taxonomy

UNREADABLE = "unreadable"
NO_TIME = "no_time"

Period = tuple[datetime | None, datetime | None]


@dataclass(frozen=True, slots=True)
class Group:
    """The figures of one group; `key` has one part a dimension, None where incidents say nothing."""

    key: Keys
    figures: Figures


@dataclass(frozen=True, slots=True)
class Statistics:
    """Figures with all that is needed to compute them again.

    Incidents count where they opened in the half-open period `from_` to `to` (None is open).
    `left_out` counts incidents that no figure counts, by reason: cancelled, duplicate, drill,
    unreadable, no_time (it cannot be told whether they fall into the period). `audience` is None
    where every record was counted.
    """

    overall: Figures
    groups: tuple[Group, ...]
    by: tuple[str, ...]
    left_out: Mapping[str, int]
    audience: Audience | None
    revision: str | None
    now: datetime
    from_: datetime | None
    to: datetime | None


class UnknownDimensionError(IncidentbookError):
    """Figures were asked for by something that they cannot be broken down by."""

    def __init__(self, name: str) -> None:
        super().__init__(f"figures cannot be broken down by `{name}`; expected {', '.join(DIMENSIONS)}")


def measure(
    records: Records[Any],
    *,
    now: datetime,
    from_: datetime | None = None,
    to: datetime | None = None,
    by: str | Sequence[str] | None = None,
    audience: Audience | None = None,
) -> Statistics:
    """Measure the incidents that opened in a period, in one pass over the records.

    `by` names one dimension, or several that are crossed. `audience` measures an archive as that
    audience sees it (what is published already says so itself); without it every record counts.
    Policies, holds and calendars are internal, so that the public sees no service levels.
    Raises UnknownDimensionError.
    """
    dimensions = _dimensions(by)
    left_out: Counter[str] = Counter()
    unreadable = sum(1 for entry in records.entries if entry.kind == "incident" and not entry.readable)
    if unreadable:
        left_out[UNREADABLE] = unreadable
    if audience is not None and isinstance(records, Archive):
        records = publish(records, audience)
    audience = records.audience if isinstance(records, Published) else audience
    overall = Tally()
    tallies: defaultdict[Keys, Tally] = defaultdict(Tally)
    openings: list[datetime] = []
    for incident in _counted(records, (from_, to), left_out):
        facts = facts_of(incident, records.taxonomy, now)
        overall.add(facts)
        if dimensions:
            for key in product(*(dimension.keys(incident, records.taxonomy) for dimension in dimensions)):
                tallies[key].add(facts)
            openings += filter(None, [opening_of(incident)])
    if len(dimensions) == 1:
        for key in _between(dimensions[0], openings, (from_, to), now, records.taxonomy):
            tallies.setdefault(key, Tally())
    return Statistics(
        overall=overall.figures(),
        groups=tuple(Group(key, tallies[key].figures()) for key in sorted(tallies, key=_order)),
        by=tuple(dimension.name for dimension in dimensions),
        left_out=MappingProxyType(dict(sorted(left_out.items()))),
        audience=audience,
        revision=records.revision,
        now=now,
        from_=from_,
        to=to,
    )


def _dimensions(by: str | Sequence[str] | None) -> tuple[Dimension, ...]:
    names = () if by is None else (by,) if isinstance(by, str) else tuple(by)
    for name in names:
        if name not in DIMENSIONS:
            raise UnknownDimensionError(name)
    return tuple(DIMENSIONS[name] for name in names)


def _between(
    dimension: Dimension, openings: Sequence[datetime], period: Period, now: datetime, taxonomy: Taxonomy
) -> Iterator[Keys]:
    """Yield the groups of a dimension of time, from the first to the last of period or incidents."""
    from_, to = period
    last = now if to is None else min(now, to - timedelta(microseconds=1))
    ends = [*openings]
    if from_ is not None and from_ <= last:
        ends.append(from_)
    if ends and (from_ is not None or to is not None):
        ends.append(last)
    if ends and dimension.between is not None:
        yield from ((key,) for key in dimension.between(min(ends), max(ends), taxonomy))


def _order(key: Keys) -> tuple[tuple[bool, str], ...]:
    """By name; what says nothing comes last."""
    return tuple((part is None, part or "") for part in key)


def _counted(records: Records[Any], period: Period, left_out: Counter[str]) -> Iterator[Incident]:
    """Yield the incidents of a period that count, and count those of it that do not."""
    from_, to = period
    for entry in records.incidents:
        incident = entry.record
        at = opening_of(incident)
        if at is None and (from_ is not None or to is not None):
            left_out[NO_TIME] += 1
            continue
        if at is not None and ((from_ is not None and at < from_) or (to is not None and at >= to)):
            continue
        reason = left_out_of_measures(incident)
        if reason is not None:
            left_out[reason] += 1
            continue
        yield incident
