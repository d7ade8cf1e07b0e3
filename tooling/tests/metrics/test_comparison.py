"""Two periods beside each other: differences, intervals and what may be said of them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from random import Random
from statistics import fmean, median, pstdev
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from incidentbook.metrics import Period, UnknownPeriodError, bootstrap, named_period, period_before
from incidentbook.metrics.periods import last_whole
from testbed import MakeRepository, RunCli

BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def incident(day: datetime, hours: float) -> str:
    return f"""\
---
title: Down
status: resolved
opened: {day.isoformat()}
acknowledged: {(day + timedelta(minutes=5)).isoformat()}
resolved: {(day + timedelta(hours=hours)).isoformat()}
impact: high
urgency: high
services: [{{service: checkout, state: partial_outage}}]
---
"""


def repository(make_repository: MakeRepository, september: list[float], october: list[float]) -> Any:
    files = {}
    for month, hours in ((9, september), (10, october)):
        for n, length in enumerate(hours):
            opened = datetime(2026, month, n % 28 + 1, 8, tzinfo=UTC)
            files[f"incidents/2026/INC-2026-{month}{n:03}.md"] = incident(opened, length)
    return make_repository(files)


def changes(run_cli: RunCli, repo: Any, *arguments: str) -> dict[tuple[str, str], dict[str, Any]]:
    outcome = run_cli("stats", "--format", "json", *arguments, repo=repo)
    assert (outcome.code, outcome.err) == (0, "")
    comparison = json.loads(outcome.out)["comparison"]
    return {(one["name"], one["statistic"]): one for one in comparison["changes"]}


def test_what_clearly_grew_is_up(run_cli: RunCli, make_repository: MakeRepository) -> None:
    repo = repository(make_repository, [1.0, 1.2, 1.4, 1.1] * 5, [4.0, 5.0, 4.5, 6.0] * 5)
    found = changes(run_cli, repo, "--period", "2026-10", "--compare")
    restore = found["time_to_restore", "mean"]
    assert restore["difference"] == pytest.approx((4.875 - 1.175) * 3600)
    assert 0 < restore["low"] < restore["difference"] < restore["high"]
    assert restore["trend"] == "up"
    assert found["time_to_restore", "median"]["trend"] == "up"
    # the same number of incidents in both
    assert found["incidents", "per_day"]["trend"] == "unclear"
    assert found["resolution_attainment", "share"]["trend"] == "down"
    backwards = changes(run_cli, repo, "--period", "2026-09", "--compare", "2026-10")
    assert backwards["time_to_restore", "mean"]["trend"] == "down"


def test_chance_is_no_trend(run_cli: RunCli, make_repository: MakeRepository) -> None:
    repo = repository(make_repository, [1.0, 30.0, 2.0, 3.0] * 4, [2.0, 4.0, 1.0, 40.0] * 4)
    found = changes(run_cli, repo, "--period", "2026-10", "--compare")
    restore = found["time_to_restore", "mean"]
    assert restore["low"] < 0 < restore["high"]
    assert restore["trend"] == "unclear"


def test_of_few_samples_nothing_is_said(run_cli: RunCli, make_repository: MakeRepository) -> None:
    repo = repository(make_repository, [1.0] * 3, [9.0] * 30)
    found = changes(run_cli, repo, "--period", "2026-10", "--compare")
    assert found["time_to_restore", "mean"]["trend"] == "too_few"
    assert found["time_to_restore", "mean"]["low"] is None
    nothing = changes(run_cli, repo, "--period", "2026-09", "--compare", "2026-08")
    assert {one["trend"] for one in nothing.values()} == {"too_few"}
    assert nothing["time_to_restore", "mean"]["difference"] is None


def test_the_same_question_has_the_same_answer(run_cli: RunCli, make_repository: MakeRepository) -> None:
    repo = repository(make_repository, [1.0, 3.0] * 8, [2.0, 5.0] * 8)
    arguments = ("stats", "--period", "2026-10", "--compare", "--format", "csv")
    assert run_cli(*arguments, repo=repo).out == run_cli(*arguments, repo=repo).out


def test_without_a_period_the_last_month_counts(run_cli: RunCli, make_repository: MakeRepository) -> None:
    repo = repository(make_repository, [1.0] * 3, [9.0] * 4)
    document = json.loads(run_cli("stats", "--format", "json", "--compare", repo=repo).out)
    assert (document["from"], document["overall"]["incidents"]) == ("2026-10-01T00:00:00+00:00", 4)
    assert document["comparison"]["overall"]["incidents"] == 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--compare", "soon"), "`soon` is no period"),
        (("--period", "2026-13"), "`2026-13` is no period"),
        (("--period", "2026-10", "--from", "2026-10-01"), "leave out --from"),
        (("--compare", "--to", "2026-10-01"), "add --from"),
        (("--compare", "--from", "2027-10-01"), "has not begun"),
        (("--compare", "--format", "openmetrics"), "no place for two periods"),
    ],
)
def test_what_cannot_be_compared(
    run_cli: RunCli, make_repository: MakeRepository, arguments: tuple[str, ...], message: str
) -> None:
    outcome = run_cli("stats", *arguments, repo=make_repository())
    assert outcome.code == 2
    assert message in " ".join(outcome.err.split())


@pytest.mark.parametrize(
    ("from_", "to", "before"),
    [
        # whole months follow whole months, whatever their length
        ("2026-03-01T00:00+01:00", "2026-04-01T00:00+02:00", "2026-02-01T00:00+01:00"),
        ("2026-01-01T00:00+01:00", "2026-04-01T00:00+02:00", "2025-10-01T00:00+02:00"),
        # whole days follow whole days over the change of the clock
        ("2026-03-25T00:00+01:00", "2026-04-04T00:00+02:00", "2026-03-15T00:00+01:00"),
        ("2026-03-25T10:30+01:00", "2026-03-25T12:00+01:00", "2026-03-25T09:00+01:00"),
    ],
)
def test_the_period_before(from_: str, to: str, before: str) -> None:
    assert period_before(at(from_), at(to), BERLIN) == Period(at(before), at(from_))


def test_periods_by_name() -> None:
    assert named_period("2026-Q4", BERLIN) == Period(
        at("2026-10-01T00:00+02:00"), at("2027-01-01T00:00+01:00")
    )
    assert named_period("2026", BERLIN) == Period(at("2026-01-01T00:00+01:00"), at("2027-01-01T00:00+01:00"))
    now = at("2026-01-01T00:00+01:00")
    assert last_whole(1, now, BERLIN) == named_period("2025-12", BERLIN)
    assert last_whole(3, now, BERLIN) == named_period("2025-Q4", BERLIN)
    assert last_whole(12, now, BERLIN) == named_period("2025", BERLIN)
    for wrong in ("2026-Q5", "2026-00", "1800", "26-10", ""):
        with pytest.raises(UnknownPeriodError):
            named_period(wrong, BERLIN)


SKEWED = sorted(Random(3).lognormvariate(8, 1.5) for _ in range(700))


def resampled(statistic: Any, samples: list[float], count: int = 3000) -> list[float]:
    source = Random(11)
    return [statistic(source.choices(samples, k=len(samples))) for _ in range(count)]


@pytest.mark.parametrize("size", [11, 40, 700])
def test_drawn_medians_are_those_of_resamples(size: int) -> None:
    samples = sorted(Random(5).sample(SKEWED, size))
    drawn = bootstrap.quantiles(samples, 0.5, Random(7), 3000)
    truth = resampled(median, samples)
    assert fmean(drawn) == pytest.approx(fmean(truth), rel=0.02)
    assert pstdev(drawn) == pytest.approx(pstdev(truth), rel=0.06)


def test_drawn_means_of_many_samples_are_as_skewed_as_those_of_resamples() -> None:
    assert len(SKEWED) > bootstrap.EXACT_UP_TO
    drawn = sorted(bootstrap.means(SKEWED, Random(7), 3000))
    truth = sorted(resampled(fmean, SKEWED))
    for share in (0.025, 0.5, 0.975):
        position = int(share * 3000)
        assert drawn[position] == pytest.approx(truth[position], rel=0.03)


def test_samples_that_are_all_the_same_leave_no_doubt() -> None:
    assert set(bootstrap.means([5.0] * 900, Random(1))) == {5.0}
    assert set(bootstrap.quantiles([5.0] * 12, 0.9, Random(1))) == {5.0}


def test_counts_scatter_as_arrivals_do() -> None:
    for number in (20, 2000):
        drawn = bootstrap.counts(number, Random(1), 3000)
        assert fmean(drawn) == pytest.approx(number, rel=0.02)
        assert pstdev(drawn) == pytest.approx(number**0.5, rel=0.06)
