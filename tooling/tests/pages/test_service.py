"""The page of a service: what may reach it, and that it stays small whatever its history."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from incidentbook.pages.dependencies import Dependencies
from incidentbook.pages.page import Page
from incidentbook.records import Audience
from sitebed import NOW, planned, published_site, words_of
from testbed import MakeRepository

CHAIN = """\
services:
  - {id: app, name: Mobile app, depends_on: [api, shop]}
  - {id: api, name: Public API, depends_on: [identity]}
  - {id: identity, name: Sign-in, depends_on: [store], aliases: [login]}
  - {id: store, name: Session store, depends_on: [api]}
  - {id: shop, name: Shop, depends_on: [gone, nowhere]}
  - {id: gone, name: Gone, valid_until: 2026-01-01}
"""

TROUBLE = """\
---
title: {title}
status: {status}
services: [{services}]
opened: 2026-11-20T09:00+00:00
visibility: public
{more}
---
"""


def trouble(services: str, title: str = "Nobody can sign in", status: str = "new", more: str = "") -> str:
    return TROUBLE.format(title=title, status=status, services=services, more=more or "x-none: 1")


def site_of(
    make: MakeRepository, *texts: str, audience: Audience = Audience.INTERNAL, **schema: str
) -> dict[str, Page]:
    files = {f"incidents/2026/INC-2026-{number:04}.md": text for number, text in enumerate(texts, 1)}
    files["schema/services.yml"] = CHAIN
    files.update({f"schema/{name}.yml": text for name, text in schema.items()})
    return planned(make(files), audience)


def page(pages: dict[str, Page], key: str) -> str:
    return words_of(pages[f"services/{key}/"].content.html)


def test_the_latest_word_is_the_latest_until_now(make_repository: MakeRepository) -> None:
    words = (
        "updates:\n"
        "  - {at: 2026-11-20T11:00+00:00, status: identified, text: Known., visibility: public}\n"
        "  - {at: 2026-11-20T12:10+00:00, status: monitoring, text: Mended., visibility: public}"
    )
    record = trouble("{service: identity, state: major_outage}", more=words)
    root = make_repository({"incidents/2026/INC-2026-0001.md": record, "schema/services.yml": CHAIN})
    now, later = (planned(root, now=NOW + timedelta(minutes=minutes)) for minutes in (0, 10))
    assert "Known." in page(now, "identity")
    assert "Mended." not in page(now, "identity")
    assert "Mended." in page(later, "identity")
    assert now["services/identity/"].key != later["services/identity/"].key


def test_an_open_incident_upstream_is_told_with_the_way_it_takes(make_repository: MakeRepository) -> None:
    pages = site_of(make_repository, trouble("{service: login, state: major_outage}"))
    assert "May be affected through Sign-in ." in page(pages, "api")
    assert (
        "May be affected through Sign-in . Mobile app needs Public API, which needs Sign-in. "
        "Major outage INC-2026-0001 Nobody can sign in" in page(pages, "app")
    )
    assert "May be affected" not in page(pages, "identity")
    assert "May be affected" not in page(pages, "shop")
    # three need each other in a circle
    assert "Session store needs Public API, which needs Sign-in." in page(pages, "store")


def test_trouble_upstream_changes_no_state(make_repository: MakeRepository) -> None:
    pages = site_of(make_repository, trouble("{service: identity, state: major_outage}"))
    head = pages["services/app/"].content.html.partition("</header>")[0]
    assert "Operational" in words_of(head)
    assert "No incident and no maintenance at this moment." in page(pages, "app")
    front = words_of(pages[""].content.html)
    assert "Mobile app Operational May be affected through Sign-in" in front
    assert front.startswith("Major outage Sign-in As of")


def test_what_was_restored_is_still_told_upstream_until_it_is_over(make_repository: MakeRepository) -> None:
    watched = trouble(
        "{service: identity, state: major_outage}",
        more="restored: 2026-11-20T10:00+00:00",
        status="in_progress",
    )
    assert "Operational INC-2026-0001" in page(site_of(make_repository, watched), "api")
    over = trouble(
        "{service: identity, state: major_outage}", more="resolved: 2026-11-20T10:00+00:00", status="resolved"
    )
    assert "May be affected" not in page(site_of(make_repository, over), "api")


def test_dependencies_are_told_both_ways(make_repository: MakeRepository) -> None:
    pages = site_of(make_repository, trouble("{service: identity, state: partial_outage}"))
    assert "Needs Session store Needed by Public API" in page(pages, "identity")
    assert "Needs Sign-in Partial outage Needed by Mobile app Session store" in page(pages, "api")
    assert "Gone" not in page(pages, "shop")


def test_the_public_learns_no_dependency(make_repository: MakeRepository) -> None:
    pages = site_of(
        make_repository, trouble("{service: identity, state: major_outage}"), audience=Audience.PUBLIC
    )
    for key in ("app", "api", "store"):
        assert "May be affected" not in page(pages, key)
        assert "Needs" not in page(pages, key)


def test_a_service_that_needs_itself_does_no_harm(make_repository: MakeRepository) -> None:
    services = "services:\n  - {id: app, name: App, depends_on: [app, other]}\n  - {id: other, name: Other}\n"
    root = make_repository(
        {
            "schema/services.yml": services,
            "incidents/2026/INC-2026-0001.md": trouble("{service: app, state: major_outage}"),
        }
    )
    site = published_site(root)
    app, other = site.taxonomy.services
    dependencies = Dependencies(site)
    assert dependencies.upstream(app) == ()
    assert dependencies.needs(app) == (other,)
    assert dependencies.needed_by(other) == (app,)


def test_a_page_does_not_grow_with_its_history(make_repository: MakeRepository) -> None:
    """A tenth of the records, and nearly the same page: what it leaves out, a list holds."""

    def size(count: int) -> tuple[int, str]:
        texts = [
            trouble(
                "{service: shop, state: partial_outage}",
                title=f"Trouble {number:04}",
                status="resolved",
                more=f"started: 2025-0{1 + number % 9}-10T09:00+00:00\nresolved: 2025-10-10T10:00+00:00",
            )
            for number in range(count)
        ]
        html = site_of(make_repository, *texts)["services/shop/"].content.html
        return len(html), html

    small, _ = size(30)
    large, html = size(300)
    assert large < small * 1.02
    assert '<a href="../../incidents/?service=shop">300 incidents of this service</a>' in html


def test_what_helps_stands_on_the_page_the_catalogue_s_runbooks_first(
    make_repository: MakeRepository,
) -> None:
    article = "---\ntitle: {}\nstatus: {}\ntype: {}\nservices: [{}]\nvisibility: public\n---\n# Steps\n"
    problem = "---\ntitle: {}\nstatus: {}\nservices: [login]\n{}---\n"
    files = {
        "schema/services.yml": (
            "services:\n  - {id: identity, name: Sign-in, aliases: [login], runbooks: [z]}\n"
        ),
        "knowledge/articles/a.md": article.format("How to a", "published", "how-to", "identity"),
        "knowledge/articles/b.md": article.format("Runbook b", "published", "runbook", "login"),
        "knowledge/articles/c.md": article.format("Draft c", "draft", "runbook", "identity"),
        "knowledge/articles/z.md": article.format("Runbook z", "published", "runbook", ""),
        "knowledge/problems/PRB-2026-0001.md": problem.format("Unexplained", "open", ""),
        "knowledge/problems/PRB-2026-0002.md": problem.format(
            "Explained", "known_error", "workaround: Wait.\n"
        ),
        "knowledge/problems/PRB-2026-0003.md": problem.format("Long fixed", "closed", ""),
    }
    text = words_of(planned(make_repository(files))["services/identity/"].content.html)
    order = ["Explained", "Unexplained", "Runbook z", "Runbook b", "How to a"]
    assert [text.index(f"{words} ") for words in order] == sorted(text.index(f"{words} ") for words in order)
    assert "Draft c" not in text
    assert "Long fixed" not in text


def test_open_actions_of_reviews_and_problems_stand_on_the_page(make_repository: MakeRepository) -> None:
    review = (
        "---\nstatus: published\nactions:\n"
        "  - {title: Late one, type: prevent, owner: duty-one, due: 2026-11-01}\n"
        "  - {title: Done one, type: prevent, state: done, done: 2026-11-01}\n---\n"
    )
    problem = (
        "---\ntitle: Cause\nstatus: open\nservices: [shop]\n"
        "actions: [{title: Next one, type: detect, owner: duty-one, due: 2026-12-01}]\n---\n"
    )
    files = {
        "schema/services.yml": CHAIN,
        "incidents/2026/INC-2026-0001.md": trouble("{service: shop, state: major_outage}"),
        "incidents/2026/INC-2026-0001.review.md": review,
        "knowledge/problems/PRB-2026-0001.md": problem,
    }
    pages = planned(make_repository(files))
    text = page(pages, "shop")
    assert re.search(r"Late one Overdue .* Next one", text)
    assert "Done one" not in text
    assert "Late one" not in page(pages, "app")


@pytest.mark.parametrize(("hours", "is_same"), [(2, True), (24, False)])
def test_a_page_is_made_again_when_its_bars_move_on(
    make_repository: MakeRepository, hours: int, is_same: bool
) -> None:
    over = trouble(
        "{service: shop, state: major_outage}", status="resolved", more="resolved: 2026-11-20T09:30+00:00"
    )
    root = make_repository({"schema/services.yml": CHAIN, "incidents/2026/INC-2026-0001.md": over})
    now, later = (planned(root, now=NOW + timedelta(hours=ahead)) for ahead in (0, hours))
    for key in ("app", "shop", "api"):
        path = f"services/{key}/"
        assert now[path].key
        assert (now[path].key == later[path].key) is is_same
        assert (now[path].content.html == later[path].content.html) is is_same


def test_trouble_upstream_makes_its_dependants_pages_anew(make_repository: MakeRepository) -> None:
    well = site_of(make_repository, trouble("{service: gone, state: operational}"))
    ill = site_of(make_repository, trouble("{service: identity, state: major_outage}"))
    for key, changes in (("app", True), ("api", True), ("identity", True), ("shop", False)):
        path = f"services/{key}/"
        assert (well[path].key != ill[path].key) is changes
        assert (well[path].content.html != ill[path].content.html) is changes
