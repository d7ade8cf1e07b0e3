"""The page of improvements: what is open first, what is done out of the way."""

from __future__ import annotations

from incidentbook.pages.improvements import LONG
from sitebed import RECORDS, planned
from testbed import MakeRepository

PATH = "incidents/2026/INC-2026-0001.review.md"
DONE = "  - {{title: Kept promise {}, type: detect, state: done, done: 2026-11-13, evidence: CHG-7}}\n"


def test_an_action_leads_to_where_it_was_promised(make_repository: MakeRepository) -> None:
    pages = planned(make_repository(RECORDS))
    html = pages["improvements/"].content.html
    assert '<a href="../reviews/INC-2026-0001/#actions">Rehearse roll-outs</a>' in html
    assert 'id="actions"' in pages["reviews/INC-2026-0001/"].content.html


def test_what_is_done_is_folded_away_once_it_is_long(make_repository: MakeRepository) -> None:
    few = planned(make_repository(RECORDS))["improvements/"].content.html
    assert "<details" not in few
    promised = "".join(DONE.format(number) for number in range(LONG))
    text = RECORDS[PATH].replace("actions:\n", f"actions:\n{promised}")
    many = planned(make_repository({**RECORDS, PATH: text}))["improvements/"].content.html
    assert f"<summary>{LONG + 1} actions" in many
    assert many.index("Rehearse roll-outs") < many.index("<details") < many.index("Kept promise 0")
