"""How far a figure could have come out by chance: the bootstrap, without numerical libraries.

Each function draws what a statistic would be of resamples with replacement, as many as there are
samples. The draws of two periods, taken apart, give the interval of their difference by percentiles.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum, sqrt
from random import Random

from incidentbook.metrics.summary import quantile

RESAMPLES = 2000
EXACT_UP_TO = 500
"""More samples than this are not drawn one by one for a mean: its distribution is known well enough."""


def means(samples: Sequence[float], source: Random, count: int = RESAMPLES) -> list[float]:
    """Draw means of resamples.

    Of more than EXACT_UP_TO samples, from the gamma distribution with the mean, the variance and
    the skewness that the bootstrap distribution has: incident times are too skewed for a normal one.
    """
    n = len(samples)
    if n <= EXACT_UP_TO:
        return [fsum(source.choices(samples, k=n)) / n for _ in range(count)]
    mean = fsum(samples) / n
    deviations = [sample - mean for sample in samples]
    variance = fsum(one**2 for one in deviations) / n
    if not variance:
        return [mean] * count
    skewness = fsum(one**3 for one in deviations) / n / variance**1.5 / sqrt(n)
    spread = sqrt(variance / n)
    if abs(skewness) < 1e-6:
        return [source.gauss(mean, spread) for _ in range(count)]
    shape, scale = 4 / skewness**2, spread * skewness / 2
    return [mean + scale * (source.gammavariate(shape, 1) - shape) for _ in range(count)]


def quantiles(ordered: Sequence[float], share: float, source: Random, count: int = RESAMPLES) -> list[float]:
    """Draw quantiles (type 7) of resamples of sorted samples.

    The k-th smallest of n uniform numbers is beta distributed, and a resample picks by uniform
    numbers: so two draws do for a resample, however many samples there are.
    """
    n = len(ordered)
    position = share * (n - 1)
    below = int(position)
    weight = position - below

    def value(uniform: float) -> float:
        return ordered[min(int(uniform * n), n - 1)]

    found = []
    for _ in range(count):
        first = source.betavariate(below + 1, n - below)
        low = value(first)
        if not weight:
            found.append(low)
            continue
        # the smallest of the n - below - 1 numbers above the first
        high = value(first + (1 - first) * source.betavariate(1, n - below - 1))
        found.append(low + (high - low) * weight)
    return found


def shares(hits: int, of: int, source: Random, count: int = RESAMPLES) -> list[float]:
    """Draw shares that there could have been: from the beta distribution of Jeffreys' interval.

    Resamples of hits alone would all be hits: 10 of 10 would come out as certain.
    """
    return [source.betavariate(hits + 0.5, of - hits + 0.5) for _ in range(count)]


def counts(number: int, source: Random, count: int = RESAMPLES) -> list[float]:
    """Draw how many incidents there could have been: Poisson, as for events that do not wait for another."""
    if number > EXACT_UP_TO:
        return [max(source.gauss(number, sqrt(number)), 0.0) for _ in range(count)]
    return [float(_poisson(number, source)) for _ in range(count)]


def _poisson(mean: int, source: Random) -> int:
    """Count arrivals, one after the other at random, until their time is up."""
    found, passed = 0, source.expovariate(1)
    while passed < mean:
        found += 1
        passed += source.expovariate(1)
    return found


def interval(current: Sequence[float], previous: Sequence[float], level: float = 0.95) -> tuple[float, float]:
    """Return the percentile interval of the difference of two sets of draws."""
    differences = sorted(one - other for one, other in zip(current, previous, strict=True))
    tail = (1 - level) / 2
    return quantile(differences, tail), quantile(differences, 1 - tail)
