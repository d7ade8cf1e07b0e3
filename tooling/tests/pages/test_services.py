"""Services: measured as schema/measures.yml says, and shown for as long as they are in force."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from incidentbook.metrics import Ledger, last_days
from incidentbook.records import Audience
from sitebed import NOW, planned, published_site, words_of
from testbed import MakeRepository

SERVICES = """\
services:
  - {id: checkout, name: Checkout, availability_goal: 99.9}
  - {id: telex, name: Telex, definition: Until everybody had a telephone., valid_until: 2026-06-01}
  - {id: drones, name: Drones, valid_from: 2027-02-01, depends_on: [checkout]}
  - {id: till, name: Old till, valid_until: 2026-03-01}
  - {id: till, name: New till, valid_from: 2026-03-01}
"""

SLOW = """\
---
title: Slow
status: resolved
visibility: public
services:
  - {service: checkout, state: degraded_performance}
  - {service: telex, state: major_outage}
opened: 2026-11-19T00:00+00:00
resolved: 2026-11-20T00:00+00:00
---
"""


@pytest.fixture
def root(make_repository: MakeRepository) -> Path:
    return make_repository({"schema/services.yml": SERVICES, "incidents/2026/INC-2026-0001.md": SLOW})


@pytest.mark.parametrize("audience", [Audience.PUBLIC, Audience.INTERNAL])
def test_only_services_in_force_are_live(root: Path, audience: Audience) -> None:
    pages = planned(root, audience)
    listed, _, elsewhere = pages["services/"].content.html.partition('id="elsewhere"')
    for html in (pages[""].content.html.partition('id="history"')[0], listed):
        text = words_of(html)
        assert "Checkout" in text
        assert "New till" in text
        for name in ("Telex", "Drones", "Old till"):
            assert name not in text, name
    assert "Telex until 1 Jun 2026" in words_of(elsewhere)
    assert "Drones from 1 Feb 2027" in words_of(elsewhere)
    assert "till" not in re.sub("until", "", words_of(elsewhere))


def test_a_service_that_is_over_or_to_come_says_so(root: Path) -> None:
    pages = planned(root)
    assert "Retired 1 Jun 2026" in words_of(pages["services/telex/"].content.html)
    assert "From 1 Feb 2027" in words_of(pages["services/drones/"].content.html)
    assert "Operational" not in words_of(pages["services/telex/"].content.html)
    assert pages["services/till/"].title == "New till"
    assert "Needed by" not in words_of(pages["services/checkout/"].content.html)


@pytest.mark.parametrize(("weight", "words"), [(0, "2h 9m left of 2h 9m"), (0.5, "9h 51m too much of 2h 9m")])
def test_states_weigh_what_the_settings_say(root: Path, weight: float, words: str) -> None:
    (root / "schema" / "measures.yml").write_text(f"weights: {{degraded_performance: {weight}}}\n")
    site = published_site(root)
    uptime = Ledger(site.published, NOW).availability(last_days(site.taxonomy, NOW)).uptimes["checkout"]
    html = planned(root)["services/checkout/"].content.html
    assert f"Error budget, 90 days {words}" in words_of(html)
    assert uptime.share == pytest.approx(1 - weight / 89.5)
    shown = re.search(r"([0-9.]+)\s%\savailable", words_of(html))
    assert shown is not None
    assert float(shown[1]) == pytest.approx((uptime.share or 0) * 100, abs=0.005)
    assert ("missed" in words_of(html)) is (weight > 0)
