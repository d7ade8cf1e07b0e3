"""The list of improvements: what is late first, what is done last, and how much of it is done."""

from __future__ import annotations

import re

from sitebed import RECORDS, planned, words_of
from testbed import MakeRepository

PATH = "incidents/2026/INC-2026-0001.review.md"
ACTIONS = """\
actions:
  - {title: Dropped one, state: dropped, reason: Nobody needs `it`.}
  - {title: Done late, type: detect, state: done, due: 2026-11-12, done: 2026-11-13, evidence: CHG-7}
  - {title: Done in time, state: done, due: 2026-11-14, done: 2026-11-14}
  - {title: Some day, owner: duty-two}
  - {title: Due in a month, due: 2026-12-20}
  - {title: Due soon, due: 2026-12-04}
  - {title: Late, type: prevent, owner: duty-one, due: 2026-11-18}
"""


def improvements(make_repository: MakeRepository) -> str:
    text = re.sub(r"actions:\n(  - .*\n)+", ACTIONS, RECORDS[PATH])
    return planned(make_repository({**RECORDS, PATH: text}))["improvements/"].content.html


def test_an_action_leads_to_where_it_was_promised(make_repository: MakeRepository) -> None:
    pages = planned(make_repository(RECORDS))
    html = pages["improvements/"].content.html
    assert '<a href="../reviews/INC-2026-0001/#actions">Rehearse roll-outs</a>' in html
    assert 'id="actions"' in pages["reviews/INC-2026-0001/"].content.html


def test_what_is_late_comes_first_and_what_is_over_last(make_repository: MakeRepository) -> None:
    html = improvements(make_repository)
    order = re.findall(r'#actions">([^<]*)<', html)
    assert order == [
        "Late",
        "Due soon",
        "Due in a month",
        "Some day",
        "Done in time",
        "Done late",
        "Dropped one",
    ]
    assert "Dropped: Nobody needs <code>it</code>." in html


def test_the_figures_count_the_rows_to_which_they_lead(make_repository: MakeRepository) -> None:
    html = improvements(make_repository)
    figures = html.split('<ul class="ib-figures')[1].split("</ul>")[0]
    assert re.findall(r'href="\?([^"]*)"', figures) == [
        "state=overdue",
        "state=soon",
        "state=open",
        "state=done",
        "kept=on_time",
    ]
    said = words_of(figures)
    assert "1 overdue 1 due within 14 days 4 open in all" in said
    assert "33\u00a0%" in figures and "done 2 of 6 promised" in said
    assert "1 of 2 that had a day" in said
