"""The front page: who is how ill, and what says so."""

from __future__ import annotations

import re

import pytest

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
