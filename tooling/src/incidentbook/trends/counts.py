"""How likely a count of incidents is, given the counts of the periods before it.

Counts of incidents vary more than independent events would, because one cause brings several: a Poisson
model calls that an alarm. So a series is taken as negative binomial, a Poisson whose rate varies by a
gamma distribution (Greenwood and Yule, 1920, "An inquiry into the nature of frequency distributions
representative of multiple happenings", J. Royal Statistical Society 83). Its variance is mean x (1 +
burst + mean x drift): `burst` as where incidents come in clusters, `drift` as where the rate itself wanders
(Cameron and Trivedi, 2013, "Regression Analysis of Count Data", NB1 and NB2).

With the shape r of the gamma distribution known, the success probability of a negative binomial has a beta
distribution as its conjugate (Johnson, Kemp and Kotz, 2005, "Univariate Discrete Distributions", ch. 6), so
that the next count is beta negative binomial: exact, and it carries how little a short past says. The
prior is Jeffreys' (an old count of zero is no rate of zero). Older periods weigh less, as in the discounted
models of West and Harrison (1997, "Bayesian Forecasting and Dynamic Models"), so that slow growth is
followed.

How restless the series are is learned from all of them together: the weights of a grid of (burst, drift)
come from an empirical Bayes mixture, found by expectation maximisation (Laird, 1978, "Nonparametric maximum
likelihood estimation of a mixing distribution", J. American Statistical Association 73). One series of
twelve counts could not tell.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import exp, fsum, lgamma, log

DISCOUNT = 0.9
"""What a period weighs beside the one after it."""

_BURSTS = (0.0, 0.25, 0.5, 1.0, 2.0, 4.0)
_DRIFTS = (0.0, 0.05, 0.2, 0.5, 1.0)
_GRID = tuple((burst, drift) for burst in _BURSTS for drift in _DRIFTS)
_LEAST_EXCESS = 1e-3
"""Of variance over mean: below it a negative binomial is a Poisson, and its shape would be infinite."""

_PRIOR_SERIES = 2.0
"""The prior over the grid counts as much as so many series."""

_ROUNDS = 8
_NEGLIGIBLE = 1e-5


def _prior() -> tuple[float, ...]:
    """Restlessness becomes less likely the more there is of it."""
    weights = [exp(-0.5 * burst - 1.5 * drift) for burst, drift in _GRID]
    total = fsum(weights)
    return tuple(weight / total for weight in weights)


_PRIOR = _prior()


@dataclass(frozen=True, slots=True)
class _Past:
    """What one series says: its discounted length and sum, and how well each point of the grid fits."""

    length: float
    total: float
    shapes: tuple[float, ...]
    fits: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Expectation:
    """What the past of a series makes of its next count.

    `probability` is that of the count that came, or of a larger one; `mean` the rate of the past.
    """

    mean: float
    probability: float
    exceeds: Callable[[int], float] = field(repr=False, compare=False)
    """How likely a count so large, or larger, was to come."""

    @property
    def most(self) -> int:
        """What 95 of 100 such counts do not exceed; worked out where somebody asks, for it takes longest."""
        low, high = 0, 1
        while self.exceeds(high + 1) > 0.05:
            low, high = high, high * 2
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if self.exceeds(middle + 1) <= 0.05 else (middle + 1, high)
        return low


def expectations(series: Sequence[Sequence[int]]) -> tuple[Expectation, ...]:
    """Judge the last count of each series by the counts before it, the oldest first.

    Each has two counts or more. All are judged together: what one says of restlessness counts for all.
    """
    pasts = [_past(counts[:-1]) for counts in series]
    weights = _mixture(pasts)
    return tuple(_expectation(past, weights, counts[-1]) for past, counts in zip(pasts, series, strict=True))


def _past(counts: Sequence[int]) -> _Past:
    weights = [DISCOUNT**age for age in reversed(range(len(counts)))]
    length = fsum(weights)
    total = fsum(weight * count for weight, count in zip(weights, counts, strict=True))
    mean = (total + 0.5) / length
    shapes = tuple(mean / max(burst + drift * mean, _LEAST_EXCESS * max(mean, 1.0)) for burst, drift in _GRID)
    seen: defaultdict[int, float] = defaultdict(float)
    for weight, count in zip(weights, counts, strict=True):
        seen[count] += weight
    logs = [_log_fit(seen, length, total, shape) for shape in shapes]
    best = max(logs)
    return _Past(length, total, shapes, tuple(exp(one - best) for one in logs))


def _log_fit(seen: Mapping[int, float], length: float, total: float, shape: float) -> float:
    """The logarithm of the marginal likelihood of counts, up to what no shape changes."""
    rising = fsum([weight * lgamma(count + shape) for count, weight in seen.items()])
    own = rising - length * lgamma(shape)
    return 0.5 * log(shape) + own + _log_beta(length * shape, total + 0.5)


def _log_beta(one: float, other: float) -> float:
    return lgamma(one) + lgamma(other) - lgamma(one + other)


def _mixture(pasts: Sequence[_Past]) -> tuple[float, ...]:
    """How much each point of the grid explains of all series."""
    weights = _PRIOR
    for _ in range(_ROUNDS):
        sums = [_PRIOR_SERIES * prior for prior in _PRIOR]
        for past in pasts:
            shares = [weight * fit for weight, fit in zip(weights, past.fits, strict=True)]
            whole = fsum(shares)
            sums = [so_far + share / whole for so_far, share in zip(sums, shares, strict=True)]
        whole = fsum(sums)
        weights = tuple(one / whole for one in sums)
    return weights


def _expectation(past: _Past, weights: Sequence[float], count: int) -> Expectation:
    shares = [weight * fit for weight, fit in zip(weights, past.fits, strict=True)]
    whole = fsum(shares)
    parts = [
        (share / whole, shape)
        for share, shape in zip(shares, past.shapes, strict=True)
        if share > _NEGLIGIBLE * whole
    ]

    def exceeds(least: int) -> float:
        found = fsum(share * _at_least(least, past, shape) for share, shape in parts)
        return min(max(found, 0.0), 1.0)

    return Expectation(past.total / past.length, exceeds(count), exceeds)


def _at_least(least: int, past: _Past, shape: float) -> float:
    """The probability that a beta negative binomial count is so large: 1 less the sum of those below.

    Summed from the largest down, whose logarithm is known: from 0 up, the first term of a busy
    series is too small for a number.
    """
    if least <= 0:
        return 1.0
    a, b = past.length * shape, past.total + 0.5
    at = least - 1
    term = exp(
        lgamma(shape + at) - lgamma(at + 1) - lgamma(shape) + _log_beta(a + shape, b + at) - _log_beta(a, b)
    )
    terms = [term]
    while at > 0:
        term *= at * (a + shape + b + at - 1) / ((shape + at - 1) * (b + at - 1))
        at -= 1
        terms.append(term)
    return 1.0 - fsum(terms)
