"""Which open incidents are likely to miss their resolution target, learned from past ones."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import inf
from typing import Any

from incidentbook.archive import Records
from incidentbook.trends.cases import Cases, Group, OpenCase, PastCase, cases_of

LEAST_CASES = 30
"""With fewer past incidents than this nothing is foreseen."""

LEAST_AS_LONG = 10
"""Nor where fewer of them lasted as long as the open one has."""

WEIGHT = 20.0
"""What a wider group says counts as much as so many incidents of the narrower one."""

LIKELY = 0.5
"""From here on a breach is called likely."""

_SHOWN = 10
"""A group with fewer incidents that lasted as long is not named as the reason."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Of the past incidents of a group, so many lasted as long, and of these so many missed the target."""

    group: Group
    lasted: int
    breached: int


class Experience:
    """What past incidents say: the share that missed the target, of those that had lasted as long.

    That is the empirical conditional survival of Kaplan and Meier (1958, "Nonparametric estimation from
    incomplete observations", J. American Statistical Association 53), without censoring, for only
    incidents whose due time is over are learned from; time is told as a share of the target. A
    narrow group has few incidents: its share is drawn to that of the next wider one (the
    m-estimate: Cestnik, 1990, "Estimating probabilities: a crucial task in machine learning", ECAI).
    """

    def __init__(self, past: Sequence[PastCase]) -> None:
        self.cases = len(past)
        self.breached = sum(case.is_breached for case in past)
        found: defaultdict[Group, list[float]] = defaultdict(list)
        for case in past:
            for group in case.groups:
                found[group].append(case.share)
        self._shares: Mapping[Group, list[float]] = {group: sorted(shares) for group, shares in found.items()}

    @property
    def overall(self) -> float:
        """The naive guess: the share of all past incidents that missed the target."""
        return self.breached / self.cases if self.cases else 0.0

    def lasted(self, group: Group, share: float) -> Evidence:
        """Count the incidents of a group that had used more of the target than this share."""
        shares = self._shares.get(group, [])
        longer = len(shares) - bisect_right(shares, share)
        breached = len(shares) - bisect_right(shares, 1.0)
        return Evidence(group, longer, min(breached, longer))

    def probability(self, groups: Sequence[Group], share: float) -> float:
        """How likely an incident of these groups, the widest first, is to miss the target from here."""
        found = 0.5
        for at, group in enumerate(groups):
            evidence = self.lasted(group, share)
            weight = WEIGHT if at else 1.0
            found = (evidence.breached + weight * found) / (evidence.lasted + weight)
        return found

    def evidence(self, groups: Sequence[Group], share: float) -> Evidence:
        """What the narrowest group that says something says."""
        found = [self.lasted(group, share) for group in groups]
        return next((one for one in reversed(found) if one.lasted >= _SHOWN), found[0])


@dataclass(frozen=True, slots=True)
class Forecast:
    """How likely one open incident is to miss its target; None where too few have lasted as long."""

    case: OpenCase
    probability: float | None
    evidence: Evidence

    @property
    def is_likely(self) -> bool:
        """Whether it is more likely than not."""
        return self.probability is not None and self.probability >= LIKELY


@dataclass(frozen=True, slots=True)
class Outlook:
    """The open incidents, the likeliest breach first, and the past they are judged by.

    `overall` is the share of `cases` past incidents that missed the target; where these are fewer than
    LEAST_CASES, no forecast has a probability.
    """

    forecasts: tuple[Forecast, ...]
    breached_already: int
    cases: int
    overall: float

    @property
    def is_enough(self) -> bool:
        """Whether there is past enough to foresee anything."""
        return self.cases >= LEAST_CASES


def outlook(records: Records[Any], now: datetime) -> Outlook:
    """Foresee which open incidents will miss their resolution target."""
    return outlook_of(cases_of(records, now))


def outlook_of(cases: Cases) -> Outlook:
    """Foresee the open ones from the past ones."""
    experience = Experience(cases.past)
    enough = experience.cases >= LEAST_CASES
    forecasts = [_forecast(case, experience, enough=enough) for case in cases.open]
    forecasts.sort(key=_order)
    return Outlook(tuple(forecasts), cases.breached_already, experience.cases, experience.overall)


def _forecast(case: OpenCase, experience: Experience, *, enough: bool) -> Forecast:
    widest = experience.lasted((), case.share)
    if not enough or widest.lasted < LEAST_AS_LONG:
        return Forecast(case, None, widest)
    probability = experience.probability(case.groups, case.share)
    return Forecast(case, probability, experience.evidence(case.groups, case.share))


def _order(forecast: Forecast) -> tuple[float, float, tuple[str, int, int, str]]:
    likely = inf if forecast.probability is None else -forecast.probability
    return (likely, forecast.case.clock.due.timestamp(), forecast.case.entry.name.sort_key())
