"""The forecast of breaches: counted by hand, and better than a naive guess where it can be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import inf
from random import Random

import pytest

from incidentbook.archive import open_repository
from incidentbook.trends import (
    Experience,
    PastCase,
    TooFew,
    Trial,
    cases_of,
    outlook,
    trial,
)
from incidentbook.trends.cases import Group
from testbed import MakeRepository

START = datetime(2026, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def case(number: int, share: float, *groups: str) -> PastCase:
    opened = START + timedelta(hours=number)
    chain: list[Group] = [()]
    for name in groups:
        chain.append((*chain[-1], name))
    return PastCase(opened, opened + timedelta(hours=1), share if share <= 1 else inf, tuple(chain))


def test_shares_are_of_those_that_lasted_as_long() -> None:
    past = [case(number, share) for number, share in enumerate([0.1, 0.2, 0.3, 0.6, 0.9, 2, 2, 2])]
    experience = Experience(past)
    assert experience.overall == 3 / 8
    assert (experience.lasted((), 0.0).lasted, experience.lasted((), 0.5).lasted) == (8, 5)
    assert experience.lasted((), 0.5).breached == 3
    assert experience.probability([()], 0.0) == (3 + 0.5) / (8 + 1)
    assert experience.probability([()], 0.5) == (3 + 0.5) / (5 + 1)
    assert experience.probability([()], 0.95) == (3 + 0.5) / (3 + 1)


def test_a_narrow_group_is_drawn_to_the_wider_one() -> None:
    slow = [case(number, 2, "P1") for number in range(20)]
    quick = [case(number, 0.5, "P2") for number in range(20)]
    experience = Experience([*slow, *quick])
    overall = experience.probability([()], 0.0)
    assert overall == 0.5
    assert experience.probability([(), ("P1",)], 0.0) == (20 + 20 * overall) / (20 + 20)
    assert experience.probability([(), ("P2",)], 0.0) == (0 + 20 * overall) / (20 + 20)
    assert experience.probability([(), ("P9",)], 0.0) == overall
    assert experience.evidence([(), ("P9",)], 0.0).group == ()
    assert experience.evidence([(), ("P1",)], 0.0).group == ("P1",)


def structured(seed: int, number: int) -> list[PastCase]:
    """P1 mostly misses its target, P2 mostly keeps it: what there is to learn is known."""
    source, found = Random(seed), []
    for at in range(number):
        priority, mean = ("P1", 1.5) if source.random() < 0.3 else ("P2", 0.3)
        found.append(case(at, source.expovariate(1 / mean), priority))
    return found


@pytest.mark.parametrize("seed", range(5))
def test_it_is_better_than_the_naive_guess_where_there_is_something_to_learn(seed: int) -> None:
    tried = trial(structured(seed, 600))
    assert isinstance(tried, Trial)
    assert tried.is_better
    assert tried.overall.brier < 0.8 * tried.overall.naive_brier
    assert all(score is not None and score.brier < score.naive_brier for _, score in tried.looks)


def test_it_comes_close_to_what_is_known_to_be_true() -> None:
    experience = Experience(structured(1, 4000))
    # of an exponential duration with this mean, exp(-(1 - share) / mean) last beyond the target
    assert experience.probability([(), ("P1",)], 0.0) == pytest.approx(0.513, abs=0.05)
    assert experience.probability([(), ("P1",)], 0.5) == pytest.approx(0.717, abs=0.05)
    assert experience.probability([(), ("P2",)], 0.5) == pytest.approx(0.189, abs=0.05)


def test_the_scores_are_means_of_squares_and_logarithms() -> None:
    past = [case(number, 0.0 if number % 2 else 2) for number in range(200)]
    tried = trial(past)
    assert isinstance(tried, Trial)
    first = tried.looks[0][1]
    assert first is not None
    # who was done at once is not open at the first time of asking: all that are asked about miss it
    assert (first.n, first.breached) == (30, 30)
    assert first.naive_brier == pytest.approx((1 - tried.naive) ** 2)
    said = Experience(past[:140]).probability([()], 0.0)
    assert said > 0.98
    assert first.brier == pytest.approx((1 - said) ** 2, rel=0.05)


def test_nothing_is_learned_from_what_was_not_known_then() -> None:
    late = [PastCase(START + timedelta(hours=at), NOW, inf if at % 2 else 0.5, ((),)) for at in range(200)]
    assert trial(late) == TooFew(0, 60)
    assert trial([]) == TooFew(0, 0)


def incident(number: int, opened: datetime, took: timedelta | None) -> tuple[str, str]:
    done = f"resolved: {(opened + took).isoformat()}\n" if took is not None else ""
    return (
        f"incidents/2026/INC-2026-{number:04}.md",
        f"---\ntitle: Trouble\nstatus: {'resolved' if done else 'in_progress'}\nimpact: low\nurgency: low\n"
        f"category: application/defect\nopened: {opened.isoformat()}\n{done}---\n",
    )


def test_open_incidents_are_foreseen_from_the_records(make_repository: MakeRepository) -> None:
    """The target is a day: half of the past ones took two hours, the others two days."""
    files = dict(
        incident(number, START + timedelta(days=number), timedelta(hours=48 if number % 2 else 2))
        for number in range(1, 61)
    )
    files |= dict(
        [incident(61, NOW - timedelta(hours=6), None), incident(62, NOW - timedelta(hours=1), None)]
    )
    files |= dict([incident(63, NOW - timedelta(hours=30), None)])
    found = outlook(open_repository(make_repository(files)), NOW)
    assert (found.cases, found.breached_already) == (61, 1)
    first, second = found.forecasts
    assert (first.case.entry.id, second.case.entry.id) == ("INC-2026-0061", "INC-2026-0062")
    assert first.is_likely
    assert first.probability is not None
    assert first.probability > 0.9
    assert (first.evidence.lasted, first.evidence.breached) == (31, 31)
    assert second.probability == pytest.approx(0.5, abs=0.03)


def test_the_quick_ones_of_today_are_not_learned_from(make_repository: MakeRepository) -> None:
    """Those that are slow are not known yet: who counts the quick ones takes targets for kept."""
    files = dict(incident(number, NOW - timedelta(hours=3), timedelta(hours=1)) for number in range(1, 41))
    found = cases_of(open_repository(make_repository(files)), NOW)
    assert found.past == ()
    assert len(cases_of(open_repository(make_repository(files)), NOW + timedelta(days=1)).past) == 40


def test_too_few_say_so(make_repository: MakeRepository) -> None:
    files = dict(
        incident(number, START + timedelta(days=number), timedelta(hours=2)) for number in range(1, 20)
    )
    files |= dict([incident(61, NOW - timedelta(hours=6), None)])
    found = outlook(open_repository(make_repository(files)), NOW)
    assert not found.is_enough
    assert [one.probability for one in found.forecasts] == [None]
