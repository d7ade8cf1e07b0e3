"""Bars: small, and safe with any words."""

from __future__ import annotations

from incidentbook.charts import Bar, day_bars, meter


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
