"""Which services and categories have more incidents than their own past makes likely."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from incidentbook.archive import Records
from incidentbook.trends.counts import Expectation, expectations
from incidentbook.trends.holm import adjusted
from incidentbook.trends.windows import By, Series, Windows, count

FALSE_ALARMS = 0.05
"""At most so often a look at quiet records gives any alarm at all; counted in the tests."""

LEAST_PAST = 6
"""With fewer windows before the last nothing is said of a series."""

WEEKS = 4
"""How long a window is unless somebody says otherwise: each weekday equally often."""


class Verdict(StrEnum):
    """What can be said of one series."""

    RISING = "rising"
    USUAL = "usual"
    NOT_ENOUGH_DATA = "not_enough_data"


@dataclass(frozen=True, slots=True)
class Reading:
    """One series, judged. `chance` is how likely so many incidents, or more, are anywhere among all series
    looked at (Holm); both are None where the past is too short."""

    series: Series
    verdict: Verdict
    expected: Expectation | None
    chance: float | None

    @property
    def count(self) -> int:
        """The incidents of the window in question."""
        return self.series.counts[-1]

    @property
    def past(self) -> tuple[int, ...]:
        """Those of the windows before it, the oldest first."""
        return self.series.counts[:-1]


@dataclass(frozen=True, slots=True)
class Rising:
    """Every series, the least likely first; `judged` of them had enough past."""

    windows: Windows
    readings: tuple[Reading, ...]
    incidents: int
    unnamed: Mapping[By, int]
    left_out: Mapping[str, int]

    @property
    def judged(self) -> int:
        """How many series were looked at together."""
        return sum(one.verdict is not Verdict.NOT_ENOUGH_DATA for one in self.readings)

    @property
    def alarms(self) -> tuple[Reading, ...]:
        """Those that have more than their past makes likely."""
        return tuple(one for one in self.readings if one.verdict is Verdict.RISING)


def rising(
    records: Records[Any],
    now: datetime,
    *,
    weeks: int = WEEKS,
    by: Sequence[By] = (By.SERVICE, By.CATEGORY),
) -> Rising:
    """Judge the last weeks of every series by windows of the same length before them."""
    counted = count(records, now, weeks, by)
    readings = read(counted.series)
    return Rising(counted.windows, readings, counted.incidents, counted.unnamed, counted.left_out)


def read(series: Sequence[Series]) -> tuple[Reading, ...]:
    """Judge the last count of each series, all together."""
    enough = [one for one in series if len(one.counts) > LEAST_PAST]
    expected = expectations([one.counts for one in enough])
    chances = adjusted([one.probability for one in expected])
    judged = [
        Reading(one, Verdict.RISING if chance <= FALSE_ALARMS else Verdict.USUAL, expectation, chance)
        for one, expectation, chance in zip(enough, expected, chances, strict=True)
    ]
    others = [
        Reading(one, Verdict.NOT_ENOUGH_DATA, None, None) for one in series if len(one.counts) <= LEAST_PAST
    ]
    return tuple(sorted((*judged, *others), key=_order))


def _order(reading: Reading) -> tuple[float, float, int, str, str]:
    chance = 2.0 if reading.chance is None else reading.chance
    likely = 2.0 if reading.expected is None else reading.expected.probability
    return (chance, likely, -reading.count, reading.series.by.value, reading.series.key)
