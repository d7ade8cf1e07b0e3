"""The page of an article: when to use it and what to do first, before the steps."""

from __future__ import annotations

from datetime import datetime

from incidentbook.records import Audience
from sitebed import RECORDS, planned, words_of
from testbed import MakeRepository

ARTICLE = """\
---
title: Restart checkout
status: published
type: runbook
visibility: public
symptoms: ["`502` for one request in five"]
do_first: Save the **logs**.
owner: duty-one
team: payments
services: [checkout]
reviewed: 2026-05-01
review_by: 2026-11-01
---
Breathe.

## Look

1. Look.
"""
RETIRED = """\
---
title: Restart everything
status: retired
type: runbook
replaced_by: restart-checkout
review_by: 2020-01-01
---
Old.
"""
PATH = "knowledge/articles/restart-checkout/"
FILE = "knowledge/articles/restart-checkout.md"
WITH = {**RECORDS, FILE: ARTICLE, "knowledge/articles/restart-everything.md": RETIRED}


def test_what_to_do_first_stands_before_the_steps(make_repository: MakeRepository) -> None:
    page = planned(make_repository(WITH))[PATH]
    html = page.content.html
    order = [
        'id="when"',
        "<code>502</code>",
        'id="first"',
        "<strong>logs</strong>",
        'id="steps"',
        'id="look"',
    ]
    assert [html.index(part) for part in order] == sorted(html.index(part) for part in order)
    assert [item.id for item in page.content.toc] == ["when", "first", "steps", "used", "about"]
    assert [item.id for item in page.content.toc[2].children] == ["look"]
    assert '<h3 id="look">' in html


def test_it_says_who_keeps_it_and_that_its_review_is_overdue(make_repository: MakeRepository) -> None:
    root = make_repository(WITH)
    text = words_of(planned(root)[PATH].content.html)
    assert "Review overdue" in text
    assert "should have tried this again by 1 Nov 2026" in text
    assert "First duty engineer, Payments" in text
    assert '<a href="../../../teams/payments/">Payments</a>' in planned(root)[PATH].content.html
    earlier = words_of(planned(root, now=datetime.fromisoformat("2026-11-01T23:59+00:00"))[PATH].content.html)
    assert "overdue" not in earlier


def test_the_public_does_not_see_who_and_until_when(make_repository: MakeRepository) -> None:
    text = words_of(planned(make_repository(WITH), Audience.PUBLIC)[PATH].content.html)
    assert "Last reviewed 1 May 2026" in text
    for word in ("overdue", "again", "duty engineer", "Payments", "Internal"):
        assert word not in text, word


def test_it_names_the_incidents_that_used_it(make_repository: MakeRepository) -> None:
    text = words_of(planned(make_repository(WITH))[PATH].content.html)
    assert "1 time in all, 1 in the last 90 days." in text
    assert "INC-2026-0001 Checkout answers 502" in text


def test_a_retired_one_says_what_to_read_instead(make_repository: MakeRepository) -> None:
    pages = planned(make_repository(WITH))
    html = pages["knowledge/articles/restart-everything/"].content.html
    assert "it is retired" in html
    assert 'Read <a href="../../../knowledge/articles/restart-checkout/">Restart checkout</a> instead' in html
    assert "overdue" not in html
    assert "Replaces Restart everything" in words_of(pages[PATH].content.html)


def test_a_retired_one_without_a_successor_sends_to_its_owner(make_repository: MakeRepository) -> None:
    text = RETIRED.replace("replaced_by: restart-checkout", "team: desk")
    pages = planned(make_repository({"knowledge/articles/restart-everything.md": text}))
    shown = words_of(pages["knowledge/articles/restart-everything/"].content.html)
    assert "Nothing has taken its place; ask Service desk" in shown


def test_a_long_use_is_counted_and_not_listed(make_repository: MakeRepository) -> None:
    used = {
        f"incidents/2026/INC-2026-{number:04}.md": (
            f"---\ntitle: Number {number}\nstatus: new\nopened: 2026-10-{number:02}T09:00+00:00\n"
            "links: {articles: [restart-checkout]}\n---\n"
        )
        for number in range(1, 15)
    }
    html = planned(make_repository({FILE: ARTICLE, **used}))[PATH].content.html
    assert "14 times in all, 14 in the last 90 days; the newest 10 are listed." in words_of(html)
    assert "INC-2026-0005" in html
    assert "INC-2026-0004" not in html


def test_a_body_that_begins_with_a_heading_keeps_its_own_order(make_repository: MakeRepository) -> None:
    page = planned(make_repository(RECORDS))[PATH]
    assert [item.id for item in page.content.toc] == ["steps-1", "used", "about"]
    assert page.content.html.count("<h2") == 3
