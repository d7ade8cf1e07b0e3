"""Columns drawn without a library say what they show, and are as wide as the page."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from incidentbook.charts import Point, columns


def test_a_column_is_as_tall_as_its_share_of_the_highest() -> None:
    chart = columns([Point("Jan", 2), Point("Feb", 4), Point("Mar", None), Point("Apr", 1000)], "By month")
    heights = [int(tall) for tall in re.findall(r'<rect[^>]* height="(\d+)"', chart.svg)]
    assert heights == [2, 2, 0, 98]  # what is little is a hair, and what is nothing is not there
    places = [float(left) for left in re.findall(r'<rect[^>]* x="([\d.]+)%"', chart.svg)]
    assert places == [2.75, 27.75, 52.75, 77.75]
    assert chart.rows == (("Jan", "2"), ("Feb", "4"), ("Mar", "0"), ("Apr", "1,000"))


def test_it_says_in_words_what_it_shows() -> None:
    chart = columns([Point("Jan", 1), Point("Feb", 0)], "By month")
    assert chart.summary == "Most: Jan, 1 incident."
    assert 'role="img" aria-label="By month. Most: Jan, 1 incident."' in chart.svg
    assert "<title>Feb: 0 incidents</title>" in chart.svg


def test_nothing_is_drawn_of_nothing() -> None:
    for points in ([], [Point("Jan", 0)]):
        chart = columns(points, "By month")
        assert chart.summary == ""
        ElementTree.fromstring(chart.svg)


def test_hostile_words_stay_words() -> None:
    chart = columns([Point('<b>"', 1, '<script>"', quiet=True)], '"><script>')
    assert "<script" not in chart.svg
    assert "<b>" not in chart.svg
    ElementTree.fromstring(chart.svg)
    assert 'class="ib-columns-plot__quiet"' in chart.svg
