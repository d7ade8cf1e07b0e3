"""Five figures of a set of durations."""

from __future__ import annotations

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidentbook.metrics import summarize
from incidentbook.metrics.summary import NONE

seconds = st.floats(0, 1e8, allow_nan=False)


def test_nothing_is_none_and_never_zero() -> None:
    assert summarize([]) == NONE
    assert (NONE.n, NONE.mean_s, NONE.median_s, NONE.p90_s, NONE.total_s) == (0, None, None, None, None)


def test_one_sample_is_all_of_them() -> None:
    found = summarize([60.0])
    assert (found.n, found.mean_s, found.median_s, found.p90_s, found.total_s) == (1, 60, 60, 60, 60)


def test_the_ninetieth_percentile_lies_between_two_samples() -> None:
    assert summarize(range(11)).p90_s == 9
    assert summarize([0.0, 10.0]).p90_s == 9
    assert summarize([10.0, 0.0, 5.0]).median_s == 5
    assert summarize([0.0, 1.0, 2.0, 5.0]).median_s == 1.5


@given(st.lists(seconds, min_size=2))
def test_python_says_the_same(samples: list[float]) -> None:
    found = summarize(samples)
    assert found.mean_s == pytest.approx(statistics.fmean(samples))
    assert found.median_s == pytest.approx(statistics.median(samples))
    assert found.p90_s == pytest.approx(statistics.quantiles(samples, n=10, method="inclusive")[8])
