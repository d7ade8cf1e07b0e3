"""How good the forecast of breaches is: against the naive guess, on incidents that it has not seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import fsum, log

from incidentbook.trends.breaches import LEAST_CASES, Experience
from incidentbook.trends.cases import PastCase

TRAINING = 0.7
"""The first 70 % of the incidents, by when they were opened, are learned from."""

LOOKS = (0.0, 0.25, 0.5, 0.75)
"""When the forecast is asked for: at the start, and when such a share of the target has been used."""

_SURE = 1e-3
"""No forecast is taken for surer than this in the logarithmic score, which would be infinite."""


@dataclass(frozen=True, slots=True)
class Score:
    """The mean of two proper scores over `n` forecasts, of ours and of the naive guess; less is better.

    The quadratic one is that of Brier (1950, "Verification of forecasts expressed in terms of
    probability", Monthly Weather Review 78), the logarithmic one that of Good (1952, "Rational decisions",
    J. Royal Statistical Society B 14). Both are best for whoever says what they believe (Gneiting and
    Raftery, 2007, "Strictly proper scoring rules, prediction, and estimation").
    """

    n: int
    breached: int
    brier: float
    naive_brier: float
    logarithmic: float
    naive_logarithmic: float


@dataclass(frozen=True, slots=True)
class Trial:
    """The forecast tried on incidents opened later than all it learned from.

    `naive` is the overall share that it had learned from; `looks` are scores at each of LOOKS (None where
    no incident was open so long), `overall` that of all forecasts together.
    """

    learned: int
    tried: int
    naive: float
    looks: tuple[tuple[float, Score | None], ...]
    overall: Score

    @property
    def is_better(self) -> bool:
        """Whether ours is better than the naive guess by both scores."""
        score = self.overall
        return score.brier < score.naive_brier and score.logarithmic < score.naive_logarithmic


@dataclass(frozen=True, slots=True)
class TooFew:
    """Nothing was tried: the incidents to learn from, or to try on, are fewer than LEAST_CASES."""

    learned: int
    tried: int


def trial(past: Sequence[PastCase]) -> Trial | TooFew:
    """Learn from the first incidents what was known when the others began, and score it on these.

    `past` is sorted by the time of opening.
    """
    at = int(len(past) * TRAINING)
    tried = past[at:]
    # what ran out later than the first of the others began was not known then
    learned = [case for case in past[:at] if case.due <= tried[0].opened] if tried else []
    if min(len(learned), len(tried)) < LEAST_CASES:
        return TooFew(len(learned), len(tried))
    experience = Experience(learned)
    forecasts = {look: list(_forecasts(tried, experience, look)) for look in LOOKS}
    every = [one for some in forecasts.values() for one in some]
    return Trial(
        learned=len(learned),
        tried=len(tried),
        naive=experience.overall,
        looks=tuple((look, _score(some, experience.overall)) for look, some in forecasts.items()),
        overall=_sure(_score(every, experience.overall)),
    )


def _forecasts(
    tried: Sequence[PastCase], experience: Experience, look: float
) -> Iterator[tuple[float, bool]]:
    """The forecast for each incident that was open when it was asked for, and what came."""
    for case in tried:
        if case.share > look:
            yield experience.probability(case.groups, look), case.is_breached


def _score(forecasts: Sequence[tuple[float, bool]], naive: float) -> Score | None:
    if not forecasts:
        return None
    n = len(forecasts)
    return Score(
        n=n,
        breached=sum(came for _, came in forecasts),
        brier=fsum((said - came) ** 2 for said, came in forecasts) / n,
        naive_brier=fsum((naive - came) ** 2 for _, came in forecasts) / n,
        logarithmic=fsum(_surprise(said, came=came) for said, came in forecasts) / n,
        naive_logarithmic=fsum(_surprise(naive, came=came) for _, came in forecasts) / n,
    )


def _surprise(said: float, *, came: bool) -> float:
    """The logarithmic score, in nats."""
    bounded = min(max(said, _SURE), 1 - _SURE)
    return -log(bounded if came else 1 - bounded)


def _sure(score: Score | None) -> Score:
    assert score is not None  # noqa: S101  who is tried is open at its start
    return score
