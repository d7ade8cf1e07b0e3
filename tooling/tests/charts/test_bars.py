"""Bars: small, and safe with any words."""

from __future__ import annotations

from incidentbook.charts import Bar, day_bars, meter


def test_days_of_one_state_share_one_path() -> None:
    days = (
        [Bar("operational")] * 60 + [Bar("major_outage", "<b>1 h", "../x/?a&b")] + [Bar("operational")] * 29
    )
    svg = day_bars(days, "Checkout & co")
    assert '<path class="ib-day--operational" d="M0 1h60M61 1h29"/>' in svg
    assert '<path class="ib-day--major_outage" d="M60 1h1"/>' in svg
    assert svg.count("<path") == 2
    assert svg.count("<rect") == 1
    assert "<title>&lt;b&gt;1 h</title>" in svg
    assert 'href="../x/?a&amp;b"' in svg
    assert 'aria-label="Checkout &amp; co"' in svg
    assert "<b>" not in svg


def test_a_meter_never_overflows() -> None:
    assert 'width="100.0%"' in meter(3.2, "bad")
    assert 'width="0.0%"' in meter(-1, "good")
