"""What the figures need of one incident, computed once and counted in every group that it belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from incidentbook.archive import RecordEntry, Records
from incidentbook.clocks import ClockName, ClockState, ReviewDuty, clocks_of, is_done, review_duty
from incidentbook.metrics.dimensions import opening_of, owner_of
from incidentbook.metrics.durations import INCIDENT_DURATIONS, NoSample
from incidentbook.metrics.failures import Failure
from incidentbook.metrics.rates import RATES, Case, NoVerdict
from incidentbook.records import Incident


class ReviewOutcome(StrEnum):
    """How a required review stands; `pending` ones are neither published nor due yet."""

    ON_TIME = "on_time"
    LATE = "late"
    OVERDUE = "overdue"
    PENDING = "pending"
    NO_TIME = "no_time"


@dataclass(frozen=True, slots=True)
class Facts:
    """One incident, measured; `samples` are in the order of INCIDENT_DURATIONS, `verdicts` of RATES."""

    id: str
    opening: datetime | None
    is_open: bool
    is_major: bool
    is_reopened: bool
    samples: tuple[float | NoSample, ...]
    failures: tuple[Failure, ...]
    clocks: Mapping[ClockName, ClockState]
    verdicts: tuple[bool | NoVerdict, ...]
    duty: ReviewDuty | None
    review: ReviewOutcome | None
    satisfaction: int | None
    change: str | None
    articles: tuple[str, ...]
    owner: str | None


def facts_of(
    entry: RecordEntry[Incident],
    records: Records[Any],
    now: datetime,
    *,
    failures: tuple[Failure, ...],
    recurs: bool,
    is_public: bool,
) -> Facts:
    """Measure one incident."""
    incident = entry.record
    case = Case(incident, records.taxonomy, recurs)
    clocks = clocks_of(incident, records.taxonomy, now)
    duty = review_duty(entry, records, now, clocks)
    links = incident.links
    return Facts(
        id=entry.id,
        opening=opening_of(incident),
        is_open=not is_done(incident),
        is_major=incident.major,
        is_reopened=bool(incident.reopenings),
        samples=tuple(measure.sample(incident) for measure in INCIDENT_DURATIONS),
        failures=failures,
        clocks={clock.name: clock.state for clock in clocks},
        verdicts=tuple(
            NoVerdict.NOT_PUBLIC if is_public and not rate.is_public else rate.judge(case) for rate in RATES
        ),
        duty=duty,
        review=_outcome(duty) if duty else None,
        satisfaction=incident.satisfaction.score if incident.satisfaction else None,
        change=links.caused_by_change if links else None,
        articles=links.articles if links else (),
        owner=owner_of(incident),
    )


def _outcome(duty: ReviewDuty) -> ReviewOutcome:
    if duty.overdue:
        return ReviewOutcome.OVERDUE
    if duty.is_done:
        if duty.is_on_time is None:
            return ReviewOutcome.NO_TIME
        return ReviewOutcome.ON_TIME if duty.is_on_time else ReviewOutcome.LATE
    return ReviewOutcome.PENDING
