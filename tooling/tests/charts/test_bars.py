"""Bars and columns: small, and safe with any words."""

from __future__ import annotations

from incidentbook.charts import Bar, Column, columns, day_bars, meter, segments


def test_days_with_nothing_to_say_share_one_path() -> None:
    svg = day_bars([Bar("operational")] * 89 + [Bar("major_outage", "<b>1 h", "../x/?a&b")], "Checkout & co")
    assert svg.count("<path") == 1
    assert svg.count("<rect") == 1
    assert "<title>&lt;b&gt;1 h</title>" in svg
    assert 'href="../x/?a&amp;b"' in svg
    assert 'aria-label="Checkout &amp; co"' in svg
    assert "<b>" not in svg


def test_a_meter_never_overflows() -> None:
    assert 'width="100.0%"' in meter(3.2, "bad")
    assert 'width="0.0%"' in meter(-1, "good")


def test_segments_keep_a_short_stretch_visible() -> None:
    assert 'width="0.60%"' in segments([(0.5, 0.5, "major_outage", "1 s")])


def test_columns_reach_to_a_round_number() -> None:
    data = [Column("Jan", 7, "seven"), Column("Feb", None, "none")]
    html = columns(data, "Things", lambda value: f"{value:g}")
    assert "<span>8</span><span>4</span><span>0</span>" in html
    assert 'height="87.50"' in html
    assert 'height="0.00"' in html


def test_columns_of_nothing_stand_still() -> None:
    assert "<svg" in columns([], "Nothing", str)
