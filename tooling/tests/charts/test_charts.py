"""Every chart: what stands in the drawing, what stands beside it, and that both are safe to show."""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest

from incidentbook.charts import (
    Chart,
    Kept,
    Point,
    bars_by_period,
    distribution,
    heat_map,
    ranking,
    stacked_attainment,
)

NASTY = '<script>alert("1")</script> & \'"]} \x00\x1b[31m \ud800'
HOURS = [3600.0 * n for n in (1, 1, 2, 3, 50)]

DRAWN: dict[str, Callable[[], Chart]] = {
    "periods": lambda: bars_by_period([Point("Jan", 3), Point(NASTY, 1, href="a/?b=1&c=2")], NASTY),
    "times": lambda: bars_by_period([Point("Jan", 3600), Point("Feb", 90000)], "Median", kind="time"),
    "ranking": lambda: ranking([Point("Checkout", 12), Point(NASTY, 1)], "By service"),
    "distribution": lambda: distribution(HOURS, "Time to restore"),
    "attainment": lambda: stacked_attainment([Kept("P1", 9, 1, 2), Kept(NASTY, 0, 0, 1)], "Kept"),
    "week": lambda: heat_map({(0, 9): 3, (6, 23): 1}, "When"),
    "no periods": lambda: bars_by_period([], "None"),
    "no ranking": lambda: ranking([], "None"),
    "no distribution": lambda: distribution([], "None"),
    "no attainment": lambda: stacked_attainment([], "None"),
    "no week": lambda: heat_map({}, "None"),
    "one": lambda: distribution([60.0], "One"),
    "no value": lambda: bars_by_period([Point("Jan", None)], "None", kind="time"),
}  # fmt: skip


@pytest.fixture(params=DRAWN)
def chart(request: pytest.FixtureRequest) -> Chart:
    return DRAWN[request.param]()


def titles(chart: Chart) -> list[str]:
    return [
        element.text or "" for element in ET.fromstring(chart.svg).iter("{http://www.w3.org/2000/svg}title")
    ]


def texts(chart: Chart) -> list[str]:
    return [
        element.text or "" for element in ET.fromstring(chart.svg).iter("{http://www.w3.org/2000/svg}text")
    ]


def test_a_chart_is_one_image_with_words(chart: Chart) -> None:
    root = ET.fromstring(chart.svg)
    assert root.get("role") == "img"
    if NASTY not in chart.caption + chart.summary:
        assert root.get("aria-label") == f"{chart.caption}. {chart.summary}"
    assert chart.summary


def test_a_chart_runs_nothing_and_loads_nothing(chart: Chart) -> None:
    figure = chart.figure()
    assert "<script" not in figure
    tags = {element.tag.rpartition("}")[2] for element in ET.fromstring(chart.svg).iter()}
    assert tags <= {"svg", "g", "path", "line", "text", "title", "a"}
    assert set(re.findall(r"https?://[^\"]+", figure)) <= {"http://www.w3.org/2000/svg"}


def test_a_chart_takes_its_colours_from_the_page(chart: Chart) -> None:
    used = set(re.findall(r'(?:fill|stroke)="([^"]*)"', chart.svg))
    assert all(
        colour in {"none", "currentColor", "transparent"} or colour.startswith("var(--ib-") for colour in used
    )


def test_two_charts_on_a_page_share_no_id(chart: Chart) -> None:
    assert " id=" not in chart.svg


def test_no_number_is_said_where_there_is_none(chart: Chart) -> None:
    assert "NaN" not in chart.figure()
    assert "undefined" not in chart.figure()


@pytest.mark.parametrize("name", DRAWN)
def test_the_same_values_give_the_same_bytes(name: str) -> None:
    assert DRAWN[name]() == DRAWN[name]()


def test_bars_by_period() -> None:
    chart = bars_by_period(
        [Point("Jan", 3), Point("Feb", 1), Point("Mar", None), Point("Apr", 0)], "By month"
    )
    assert titles(chart) == ["Jan: 3 incidents", "Feb: 1 incident", "Mar: none", "Apr: 0 incidents"]
    assert [text for text in texts(chart) if text.isalpha()] == ["Jan", "Feb", "Mar", "Apr", "incidents"]
    assert chart.rows == (("Jan", "3"), ("Feb", "1"), ("Mar", "none"), ("Apr", "0"))
    assert chart.summary == "Most: Jan, 3 incidents. Last: Apr, 0 incidents."


def test_labels_that_have_no_room_are_left_out_but_the_last_never_is() -> None:
    chart = bars_by_period([Point(f"2026-{n:03}", n) for n in range(60)], "Many")
    written = [text for text in texts(chart) if text.startswith("2026-")]
    assert 3 <= len(written) <= 12
    assert written[-1] == "2026-059"


@pytest.mark.parametrize(
    ("seconds", "unit", "ticks"),
    [
        ([90, 240], "minutes", ["0", "1", "2", "3", "4"]),
        ([4 * 3600], "hours", ["0", "1", "2", "3", "4"]),
        ([7 * 86400], "days", ["0", "2", "4", "6", "8"]),
        ([60 * 86400], "weeks", ["0", "5", "10"]),
    ],
)
def test_the_axis_of_times_is_in_the_unit_that_gives_small_numbers(
    seconds: list[float], unit: str, ticks: list[str]
) -> None:
    chart = bars_by_period([Point(str(n), value) for n, value in enumerate(seconds)], "Times", kind="time")
    assert unit in texts(chart)
    assert [tick for tick in ticks if tick not in texts(chart)] == []


def test_large_counts_have_short_ticks() -> None:
    assert "10k" in texts(bars_by_period([Point("Jan", 24_000)], "Many"))


def test_ranking_writes_each_value_beside_its_bar() -> None:
    chart = ranking(
        [Point("Checkout", 12), Point("A service with a very long name indeed, longer than its room", 1)],
        "By service",
    )
    assert {"Checkout", "12", "1"} <= set(texts(chart))
    assert any(text.endswith("…") for text in texts(chart))
    assert chart.rows[1][0] == "A service with a very long name indeed, longer than its room"


def test_links() -> None:
    root = ET.fromstring(
        ranking([Point("Checkout", 12, href="services/checkout/?a=1&b=2")], "By service").svg
    )
    links = list(root.iter("{http://www.w3.org/2000/svg}a"))
    assert [link.get("href") for link in links] == ["services/checkout/?a=1&b=2"]


def test_a_distribution_counts_every_time_once() -> None:
    chart = distribution([0, 59, 60, 3599, 3600, 86400, 10**9, -5], "Times")
    assert sum(int(count) for _, count in chart.rows) == 7
    assert ("0 to 1m", "2") in chart.rows
    assert ("1h to 2h", "1") in chart.rows
    assert titles(chart) == [
        f"{name}: {count} incident{'s' if count != '1' else ''}" for name, count in chart.rows if count != "0"
    ]


def test_a_distribution_shows_median_and_mean() -> None:
    chart = distribution(HOURS, "Times")
    assert {"median 2h", "mean 11h 24m"} <= set(texts(chart))
    assert chart.summary == "Half of 5 incidents within 2h; the mean is 11h 24m, the longest 2d 2h."


def test_attainment() -> None:
    chart = stacked_attainment(
        [Kept("P1", 9, 1, 2), Kept("P2", 4, 0), Kept("P3", 0, 0, 1), Kept("P4", 9999, 1)], "Kept"
    )
    assert titles(chart)[:3] == [
        "P1: 9 met, 75 % of 12",
        "P1: 1 breached, 8 % of 12",
        "P1: 2 running, 17 % of 12",
    ]
    assert [row[-1] for row in chart.rows] == ["90.0 %", "100 %", "none", "99.9 %"]
    assert chart.summary == "99.9 % of 10,014 kept; least in P1, 90.0 %."


def test_a_map_of_the_week() -> None:
    chart = heat_map({(0, 9): 3, (6, 23): 1}, "When")
    assert {"Monday, 09:00 to 10:00: 3 incidents", "Sunday, 23:00 to 24:00: 1 incident"} <= set(titles(chart))
    assert chart.rows[0] == ("Monday", "0", "0", "3", "0", "0", "0")
    assert chart.summary == "Most on Monday (3 of 4 incidents); 75 % on weekdays between 08:00 and 18:00."


def test_a_figure_holds_the_values_in_a_table() -> None:
    chart = ranking([Point("<b>", 12)], "By service", heading="Service")
    assert '<th scope="row">&lt;b&gt;</th><td>12</td>' in chart.figure()
    assert "<table" not in chart.figure(table=False)
