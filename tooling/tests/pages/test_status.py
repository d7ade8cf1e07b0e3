"""The front page: who is how ill, and what says so."""

from __future__ import annotations

import re

import pytest

from incidentbook.pages.status import MOST_A_DAY, MOST_LINES, MOST_OPEN
from incidentbook.records import Audience
from sitebed import planned, words_of
from testbed import MakeRepository

INCIDENT = """\
---
title: {title}
status: {status}
visibility: public
services: [{services}]
impact: {impact}
urgency: {impact}
opened: 2026-11-20T09:00+00:00
{more}
---
"""


def incident(
    title: str, services: str = "", *, impact: str = "low", status: str = "new", more: str = ""
) -> str:
    return INCIDENT.format(
        title=title, services=services, impact=impact, status=status, more=more or "x-none: 1"
    )


def front(
    make: MakeRepository, *incidents: str, audience: Audience = Audience.INTERNAL, **schema: str
) -> str:
    files = {f"incidents/2026/INC-2026-{number:04}.md": text for number, text in enumerate(incidents, 1)}
    files.update({f"schema/{name}.yml": text for name, text in schema.items()})
    return planned(make(files), audience)[""].content.html


def hero(html: str) -> str:
    return words_of(html[html.index("<header") : html.index("</header>")])


def test_each_state_names_only_the_services_that_are_in_it(make_repository: MakeRepository) -> None:
    html = front(
        make_repository,
        incident("One", "{service: checkout, state: partial_outage}"),
        incident("Two", "{service: find, state: degraded_performance}"),
    )
    assert hero(html).startswith(
        "Partial outage Partial outage: Checkout Degraded performance: Search As of 20 Nov 2026"
    )


def test_one_state_is_not_said_twice(make_repository: MakeRepository) -> None:
    html = front(make_repository, incident("One", "{service: checkout, state: partial_outage}"))
    assert hero(html).startswith("Partial outage Checkout As of")


@pytest.mark.parametrize(
    ("text", "edge"),
    [
        (incident("x", "{service: checkout, state: major_outage}"), "major"),
        (incident("x", "{service: find, state: partial_outage}", impact="high"), "partial"),
        (incident("x", "{service: checkout, state: operational}", impact="high"), "p1"),
        (incident("x", "{service: checkout, state: operational}"), "rank"),
        (
            incident(
                "x", "{service: checkout, state: major_outage}", more="restored: 2026-11-20T10:00+00:00"
            ),
            "rank",
        ),
    ],
    ids=["worst state", "by an alias", "priority where no service is ill", "a small matter", "restored"],
)
def test_a_card_is_coloured_by_how_bad_it_is(make_repository: MakeRepository, text: str, edge: str) -> None:
    """Not by how far the work is: `new` is no alarm and `identified` no relief."""
    html = front(make_repository, text)
    assert re.findall(r"ib-edge--(\w+)", html) == [edge]
    assert '<span class="ib-chip ib-chip--busy">New</span>' in html


def test_the_bars_say_once_what_they_mean(make_repository: MakeRepository) -> None:
    html = front(make_repository, audience=Audience.PUBLIC)
    assert html.count("Each bar is a day") == 1
    assert (
        "In availability, major outage counts in full, partial outage counts by 30\u00a0%; "
        "degraded performance and maintenance do not count." in html
    )


def test_the_legend_follows_the_weights(make_repository: MakeRepository) -> None:
    measures = "weights: {degraded_performance: 0.1}\nmaintenance: true\n"
    assert (
        "In availability, major outage counts in full, partial outage counts by 30\u00a0%, "
        "degraded performance counts by 10\u00a0%." in front(make_repository, measures=measures)
    )


def test_open_incidents_stand_by_their_newest_word(make_repository: MakeRepository) -> None:
    """Who comes again reads first what is new; how bad each is, its colour and its words say."""
    update = "updates: [{{at: 2026-11-20T{}:00+00:00, status: investigating, text: Word.}}]"
    html = front(
        make_repository,
        incident("Oldest word", "{service: checkout, state: major_outage}", more=update.format("09")),
        incident("Newest word", "{service: find, state: degraded_performance}", more=update.format("11")),
        incident("No word", more="started: 2026-11-20T10:00+00:00"),
    )
    titles = re.findall(r"<h3><a[^>]*>([^<]+)</a></h3>", html)
    assert titles == ["Newest word", "No word", "Oldest word"]


def test_what_is_said_later_is_not_the_newest_word(make_repository: MakeRepository) -> None:
    said = (
        "updates:\n"
        "  - {at: 2026-11-20T10:00+00:00, status: identified, text: We found it.}\n"
        "  - {at: 2026-11-20T18:00+00:00, status: resolved, text: All is well again.}"
    )
    update = "updates: [{at: 2026-11-20T11:00+00:00, status: investigating, text: Word.}]"
    html = front(
        make_repository,
        incident("Told too early", "{service: checkout, state: major_outage}", more=said),
        incident("Told last", "{service: find, state: degraded_performance}", more=update),
    )
    text = words_of(html)
    assert "We found it." in text
    assert "All is well again." not in text
    assert "Resolved" not in text
    assert re.findall(r"<h3><a[^>]*>([^<]+)</a></h3>", html) == ["Told last", "Told too early"]


WORSE_BEFORE = (
    "{service: checkout, state: major_outage, from: 2026-11-20T09:00+00:00, to: 2026-11-20T10:00+00:00}, "
    "{service: checkout, state: partial_outage, from: 2026-11-20T10:00+00:00}"
)


@pytest.mark.parametrize(
    ("status", "more", "told"),
    [
        ("in_progress", "", "Checkout · at worst: Major outage Partial outage In progress"),
        (
            "in_progress",
            "restored: 2026-11-20T11:00+00:00",
            "Checkout · 2 h · at worst: Major outage Operational In progress",
        ),
        ("resolved", "resolved: 2026-11-20T11:00+00:00", "Checkout · 2 h Major outage"),
    ],
)
def test_the_history_says_of_what_goes_on_how_it_is_now(
    make_repository: MakeRepository, status: str, more: str, told: str
) -> None:
    html = front(make_repository, incident("One", WORSE_BEFORE, status=status, more=more))
    line = re.search(r'<ul class="ib-events"><li>(.*?)</li>', html)
    assert line
    assert words_of(line[1]).replace("\u00a0", " ").endswith(told)


def test_a_service_that_the_catalogue_does_not_hold_counts_and_is_shown(
    make_repository: MakeRepository,
) -> None:
    html = front(make_repository, incident("One", "{service: fax, state: major_outage}"))
    assert hero(html).startswith("Major outage fax As of")
    services = html[html.index('id="services"') :]
    assert "Not in the catalogue fax Major outage" in words_of(services)
    assert 'href="services/fax/"' not in html


def test_the_public_does_not_learn_of_a_service_from_its_trouble(make_repository: MakeRepository) -> None:
    html = front(
        make_repository, incident("One", "{service: database, state: major_outage}"), audience=Audience.PUBLIC
    )
    assert hero(html).startswith("Operational, with an open incident As of")
    assert "atabase" not in html


def test_many_open_incidents_are_told_in_short(make_repository: MakeRepository) -> None:
    more = "started: 2026-10-{:02}T10:{:02}:00+00:00"
    texts = [
        incident(f"Number {number}", more=more.format(1 + number % 28, number // 28)) for number in range(80)
    ]
    html = front(make_repository, *texts)
    assert html.count("<article") == MOST_OPEN
    also = html[html.index("Also open") : html.index("</section>")]
    assert also.count("<li>") == MOST_LINES
    assert f"{80 - MOST_OPEN - MOST_LINES} more in the list of incidents" in words_of(also)


def test_a_busy_day_leads_to_its_month(make_repository: MakeRepository) -> None:
    html = front(make_repository, *(incident(f"Number {number}") for number in range(MOST_A_DAY + 3)))
    history = html[html.index('id="history"') :]
    assert '<a href="incidents/2026-11/#d20">3 more that day</a>' in history
    assert '<a href="incidents/2026-11/">November 2026</a>' in history


def test_maintenance_to_come_changes_nothing_before_it_begins(make_repository: MakeRepository) -> None:
    window = (
        "---\ntitle: Move\nstatus: scheduled\nvisibility: public\n"
        "planned: {{from: {}, to: 2026-11-21T04:00+00:00}}\n"
        "services: [{{service: checkout, state: major_outage}}]\n---\n"
    )
    for begins, state in (
        ("2026-11-20T12:00:01+00:00", "All systems operational"),
        ("2026-11-20T12:00+00:00", "Maintenance under way"),
    ):
        root = make_repository({"incidents/2026/MNT-2026-0001.md": window.format(begins)})
        html = planned(root, Audience.PUBLIC)[""].content.html
        assert hero(html).startswith(state)
        assert "Move" in words_of(html)


def test_a_site_without_services_and_incidents_says_so(make_repository: MakeRepository) -> None:
    html = front(make_repository, services="services: []\n")
    assert hero(html).startswith("No incident is open As of")
    assert "No services are listed yet" in words_of(html)
    assert "7 Nov 2026 to 20 Nov 2026 Nothing to report." in words_of(html)
