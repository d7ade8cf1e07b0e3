"""The count model: exact where it can be worked out by hand, and quiet on seeded noise."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, log
from random import Random

import pytest

from incidentbook.trends import FALSE_ALARMS, By, Series, expectations, read
from incidentbook.trends.counts import DISCOUNT
from incidentbook.trends.holm import adjusted

LOOKS = 300
SERIES = 10
Draw = Callable[[Random, float, int], int]


def poisson(source: Random, mean: float) -> int:
    found, passed = 0, source.expovariate(1)
    while passed < mean:
        found += 1
        passed += source.expovariate(1)
    return found


def restless(shape: float) -> Draw:
    """Rates that wander: variance mean + mean squared / shape."""
    return lambda source, mean, _: poisson(source, source.gammavariate(shape, mean / shape))


def clustered(factor: float) -> Draw:
    """Incidents that come in clusters: variance `factor` times the mean."""
    return lambda source, mean, _: poisson(source, source.gammavariate(mean / (factor - 1), factor - 1))


def growing(rate: float) -> Draw:
    """A rate that grows by so much from one window to the next."""
    return lambda source, mean, window: poisson(source, mean * rate**window)


NOISES: dict[str, Draw] = {
    "independent": lambda source, mean, _: poisson(source, mean),
    "clusters of two": clustered(2),
    "clusters of three": clustered(3),
    "wandering": restless(2),
    "wandering far": restless(1),
    "growing by 4 % a window": growing(1.04),
}


def quiet(source: Random, draw: Draw, windows: int, series: int = SERIES) -> list[Series]:
    """The counts of a repository in which nothing has changed: rates from one in ten windows to 30 in one."""
    found = []
    for number in range(series):
        mean = exp(source.uniform(log(0.1), log(30)))
        counts = tuple(draw(source, mean, window) for window in range(windows + 1))
        found.append(Series(By.SERVICE, f"s{number}", f"S{number}", counts))
    return found


def has_alarm(series: list[Series]) -> bool:
    return any(one.verdict == "rising" for one in read(series))


@pytest.mark.parametrize("noise", NOISES)
def test_quiet_repositories_give_an_alarm_in_at_most_one_look_of_twenty(noise: str) -> None:
    source = Random(f"{noise} 7")
    alarms = sum(has_alarm(quiet(source, NOISES[noise], 12)) for _ in range(LOOKS))
    assert alarms <= FALSE_ALARMS * LOOKS


def test_a_short_past_gives_no_more_false_alarms() -> None:
    source = Random(11)
    alarms = sum(has_alarm(quiet(source, NOISES["wandering"], 6)) for _ in range(LOOKS))
    assert alarms <= FALSE_ALARMS * LOOKS


@pytest.mark.parametrize(
    ("before", "after", "least"),
    [(2, 12, 0.6), (5, 20, 0.7), (20, 50, 0.8)],
)
def test_a_planted_shift_is_found(before: float, after: float, least: float) -> None:
    source, found, tries = Random(3), 0, 60
    for _ in range(tries):
        series = quiet(source, NOISES["independent"], 12, SERIES - 1)
        past = tuple(poisson(source, before) for _ in range(12))
        shifted = Series(By.CATEGORY, "shifted", "Shifted", (*past, poisson(source, after)))
        found += any(one.series is shifted and one.verdict == "rising" for one in read([*series, shifted]))
    assert found >= least * tries


def test_the_same_jump_counts_for_less_where_counts_jump_all_the_time() -> None:
    calm = [[5, 6, 5, 4, 5, 6, 5, 5, 4, 6, 5, 5, 14]] * 3
    restless_ones = [[0, 14, 2, 1, 13, 0, 4, 11, 0, 1, 12, 2, 14]] * 3
    assert expectations(calm)[0].probability < 0.005
    assert expectations(restless_ones)[0].probability > 0.05


def test_a_busy_series_is_judged_as_well_as_a_quiet_one() -> None:
    """From 0 up, the first probability of so large a count is too small for a number."""
    usual, shifted = expectations([[3000] * 12 + [3010], [3000] * 12 + [4500]])
    assert usual.probability > 0.3
    assert shifted.probability < 0.001
    assert usual.mean == pytest.approx(3000)
    assert 3050 < usual.most < 3600


def test_probabilities_are_those_of_one_distribution() -> None:
    past = [3, 1, 4, 1, 5, 2]
    tails = [expectations([[*past, count]])[0].probability for count in range(40)]
    assert tails[0] == 1.0
    assert tails == sorted(tails, reverse=True)
    mean = sum(tails[1:])
    weights = [DISCOUNT**age for age in reversed(range(6))]
    rate = sum(weight * count for weight, count in zip(weights, past, strict=True)) / sum(weights)
    assert mean == pytest.approx(rate, rel=0.2)


def test_what_95_of_100_do_not_exceed() -> None:
    past = [3, 1, 4, 1, 5, 2, 2, 3]
    most = expectations([[*past, 0]])[0].most
    assert expectations([[*past, most + 1]])[0].probability <= 0.05
    assert expectations([[*past, most]])[0].probability > 0.05


def test_holm_by_hand() -> None:
    assert adjusted([0.01, 0.04, 0.03, 0.005]) == pytest.approx((0.03, 0.06, 0.06, 0.02))
    assert adjusted([0.9, 0.8]) == (1.0, 1.0)
    assert adjusted([]) == ()
