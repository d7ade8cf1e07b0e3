"""Which pages there are, and what stands on them."""

from __future__ import annotations

import re

import pytest

from incidentbook.archive import open_repository
from incidentbook.pages import plan
from incidentbook.pages.review import sections_of
from incidentbook.pages.site import address
from incidentbook.pages.uptime import percent
from incidentbook.publication import attachments, publish
from incidentbook.records import Audience
from sitebed import HOSTILE, NOW, RECORDS, planned, published_site, words_of
from testbed import MakeRepository

SINGLE = {
    "",
    "incidents/",
    "services/",
    "knowledge/",
    "reviews/",
    "maintenance/",
    "improvements/",
    "statistics/",
    "help/",
    "teams/",
    "categories/",
    "handovers/",
    "knowledge/articles/",
    "knowledge/problems/",
}


def test_every_record_has_a_page_that_its_id_names(make_repository: MakeRepository) -> None:
    pages = planned(make_repository(RECORDS))
    assert pages.keys() >= SINGLE | {
        "incidents/INC-2026-0001/",
        "incidents/INC-2026-0003/",
        "incidents/2026-11/",
        "reviews/INC-2026-0001/",
        "maintenance/MNT-2026-0001/",
        "knowledge/problems/PRB-2026-0001/",
        "knowledge/articles/restart-checkout/",
        "services/checkout/",
    }
    assert {path for path, page in pages.items() if page.single} == SINGLE


@pytest.mark.parametrize("audience", [Audience.PUBLIC, Audience.INTERNAL])
@pytest.mark.parametrize("records", [RECORDS, {}], ids=["records", "empty"])
def test_every_page_stands_with_an_h1_and_anchors_that_exist(
    make_repository: MakeRepository, audience: Audience, records: dict[str, str]
) -> None:
    for path, page in planned(make_repository(records), audience).items():
        content = page.content
        assert content.html.count("<h1") == 1, path
        assert content.toc, path
        ids = set(re.findall(r'\bid="([^"]+)"', content.html))
        for item in content.toc:
            assert {item.id, *(child.id for child in item.children)} <= ids, path


def test_every_link_inside_leads_to_a_page_or_an_attachment(make_repository: MakeRepository) -> None:
    for audience in (Audience.PUBLIC, Audience.INTERNAL):
        root = make_repository(RECORDS)
        pages = planned(root, audience)
        files = {one.path for one in plan(publish(open_repository(root), audience), NOW).outputs}
        for path, page in pages.items():
            for href in re.findall(r'\shref="([^"#?]+)', page.content.html):
                if re.match(r"[a-z]+:", href):
                    continue
                depth = path.count("/")
                ups = href.count("../")
                assert ups <= depth, (path, href)
                target = (
                    "/".join(path.split("/")[: depth - ups]) + ("/" if depth > ups else "") + href[3 * ups :]
                )
                assert target in pages or target in files, (path, href)


def test_hostile_words_stay_words_everywhere(make_repository: MakeRepository) -> None:
    hostile = {
        path: text.replace("Checkout answers 502", "HOSTILE").replace(
            "The roll-out leaves old workers", "HOSTILE"
        )
        for path, text in RECORDS.items()
    }
    hostile = {
        path: re.sub(r"title: HOSTILE", lambda _: f"title: '{HOSTILE}'", text)
        for path, text in hostile.items()
    }
    services = f"services:\n  - {{id: checkout, name: '{HOSTILE}', definition: '{HOSTILE}'}}\n"
    people = f"people:\n  - {{handle: duty-one, name: '{HOSTILE}'}}\n"
    root = make_repository({**hostile, "schema/services.yml": services, "schema/people.yml": people})
    shown = 0
    for path, page in planned(root).items():
        html = page.content.html
        assert "<script" not in html, path
        assert not re.search(r"<img[^>]*onerror", html), path
        shown += html.count("&lt;script&gt;")
    assert shown > 10


def test_a_public_site_shows_nothing_internal(make_repository: MakeRepository) -> None:
    pages = planned(make_repository(RECORDS), Audience.PUBLIC)
    assert "incidents/INC-2026-0003/" not in pages
    everything = "".join(page.content.html + str(page.content.search) for page in pages.values())
    for word in (
        "quiet internal matter",
        "Secretly",
        "duty engineer",
        "Database",
        "Rolled back",
        "Service levels",
        "CHG-7",
    ):
        assert word not in everything, word
    assert "We are looking." in everything


@pytest.mark.parametrize("records", [RECORDS, {}], ids=["records", "empty"])
def test_the_public_is_not_told_which_file_to_edit(
    make_repository: MakeRepository, records: dict[str, str]
) -> None:
    root = make_repository(records)
    assert any("schema/" in words_of(page.content.html) for page in planned(root).values())
    for path, page in planned(root, Audience.PUBLIC).items():
        assert not re.search("schema/|[.]yml", words_of(page.content.html)), path


def test_drafts_are_on_the_internal_site_alone(make_repository: MakeRepository) -> None:
    records = {
        path: text.replace("status: published", "status: draft")
        if path.endswith((".review.md", "checkout.md"))
        else text
        for path, text in RECORDS.items()
    }
    drafts = {"reviews/INC-2026-0001/", "knowledge/articles/restart-checkout/"}
    root = make_repository(records)
    assert planned(root).keys() >= drafts
    pages = planned(root, Audience.PUBLIC)
    assert not pages.keys() & drafts
    everything = "".join(page.content.html for page in pages.values())
    for word in ("Restart checkout", "Nobody rehearsed", "Rehearse roll-outs", *drafts):
        assert word not in everything, word


def test_the_front_page(make_repository: MakeRepository) -> None:
    html = planned(make_repository(RECORDS))[""].content.html
    text = words_of(html)
    assert "Degraded performance" in text
    assert text.index("Second word.") < text.index("First word.")
    assert "Move the search index" in text
    assert "Scheduled" in text
    history = html[html.index('id="history"') :]
    assert "Nothing to report." in words_of(history)
    assert "Checkout answers 502" in words_of(history)
    assert 'datetime="2026-11-07"' in history
    assert "The overall state is the worst state" in text


def test_the_page_of_an_incident(make_repository: MakeRepository) -> None:
    html = planned(make_repository(RECORDS))["incidents/INC-2026-0001/"].content.html
    text = words_of(html)
    assert "Lasted 2 h until service was back" in text
    assert "Acknowledged after 5 min, within the target of 15 min." in text
    assert "Major outage 10 Nov 2026, 08:00 to 09:00 1 h" in text.replace("\xa0", " ")
    timeline = words_of(html[html.index('<ol class="ib-timeline"') :])
    order = [
        "Started",
        "Detected",
        "Opened",
        "Acknowledged",
        "Update",
        "Step",
        "Restored",
        "Resolved",
        "Closed",
    ]
    assert [timeline.index(word) for word in order] == sorted(timeline.index(word) for word in order)
    assert "javascript:alert(1)" in text
    assert 'href="javascript' not in html
    assert '<a href="../../incidents/INC-2026-0002/">the earlier one</a>' in html
    assert '<a href="../../incidents/INC-2026-0001/graph.png"' in html
    assert "README.md" not in html
    assert 'id="what-we-saw"' in html


def test_two_records_know_each_other(make_repository: MakeRepository) -> None:
    pages = planned(make_repository(RECORDS))
    assert "INC-2026-0001" in words_of(pages["knowledge/problems/PRB-2026-0001/"].content.html)
    assert "Used in incidents" in words_of(pages["knowledge/articles/restart-checkout/"].content.html)
    assert (
        'href="../../../knowledge/articles/restart-checkout/"'
        in pages["knowledge/problems/PRB-2026-0001/"].content.html
    )


def test_a_review_shows_its_factors_and_actions_under_its_own_headings(
    make_repository: MakeRepository,
) -> None:
    page = planned(make_repository(RECORDS))["reviews/INC-2026-0001/"]
    text = words_of(page.content.html)
    assert text.count("Contributing factors") == 1
    assert (
        text.index("The tests were green.")
        < text.index("Nobody rehearsed")
        < text.index("Rehearse roll-outs")
    )
    assert "Overdue" in text
    assert [item.id for item in page.content.toc] == [
        "course",
        "summary",
        "contributing-factors",
        "actions",
        "incidents",
    ]


def test_a_body_is_cut_at_its_headings() -> None:
    assert sections_of('<p>a</p><h2 id="b">B</h2><p>c</p><h2 id="d">D</h2>') == [
        ("", "<p>a</p>"),
        ("b", '<h2 id="b">B</h2><p>c</p>'),
        ("d", '<h2 id="d">D</h2>'),
    ]


def test_improvements_come_late_ones_first(make_repository: MakeRepository) -> None:
    text = words_of(planned(make_repository(RECORDS))["improvements/"].content.html)
    assert "1 overdue 0 due within 14 days 1 open in all" in text
    assert text.index("Rehearse roll-outs") < text.index("Alert on 502")


def test_months_lead_to_their_neighbours(make_repository: MakeRepository) -> None:
    html = planned(make_repository(RECORDS))["incidents/2026-11/"].content.html
    assert 'href="../../incidents/2026-10/" rel="prev"' in html
    assert 'rel="next"' not in html


def test_an_attachment_that_a_browser_would_run_stays_behind(make_repository: MakeRepository) -> None:
    root = make_repository(RECORDS)
    assert [one.path for _, one in attachments(published_site(root).published)] == [
        "incidents/INC-2026-0001/graph.png"
    ]
    assert not list(attachments(published_site(root, Audience.PUBLIC).published))


def test_pages_are_made_only_when_asked_for_and_always_the_same(make_repository: MakeRepository) -> None:
    root = make_repository(RECORDS)
    first, second = planned(root), planned(root)
    assert "content" not in vars(first["incidents/INC-2026-0001/"])
    assert all(first[path].content == second[path].content for path in first)


@pytest.mark.parametrize(
    ("target", "is_link"),
    [
        ("https://x.invalid/a?b&c", True),
        ("mailto:a@x.invalid", True),
        ("javascript:alert(1)", False),
        (" JavaScript:alert(1)", False),
        ("data:text/html,x", False),
        ("//x.invalid", False),
        ("CHG-1", False),
        ("http://[", False),
    ],
)
def test_only_web_and_mail_addresses_become_links(target: str, is_link: bool) -> None:
    assert ("<a " in address(target, "words")) is is_link


def test_a_share_is_never_rounded_to_all_or_nothing() -> None:
    shown = [percent(share).replace("\u00a0", " ") for share in (1, 0.999999, 0.9995, 0.000001, 0)]
    assert shown == ["100 %", "99.99 %", "99.95 %", "0.01 %", "0 %"]
