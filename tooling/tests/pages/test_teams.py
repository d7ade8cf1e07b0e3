"""The pages of teams: what one runs, has in hand and owes."""

from __future__ import annotations

from incidentbook.pages.teams import desks
from incidentbook.records import Audience
from sitebed import RECORDS, planned, published_site, words_of
from testbed import SCHEMA, MakeRepository

OPEN = """\
---
title: Till is stuck
status: in_progress
services: [{service: checkout, state: partial_outage}]
category: application/defect
impact: high
urgency: high
opened: 2026-11-20T08:30+00:00
acknowledged: 2026-11-20T08:35+00:00
assignments:
  - {at: 2026-11-20T08:31+00:00, team: desk, owner: duty-two}
  - {at: 2026-11-20T08:35+00:00, team: payments, owner: duty-one}
---
"""
WITH = {**RECORDS, "incidents/2026/INC-2026-0004.md": OPEN}


def test_the_public_has_no_pages_of_teams_and_categories(make_repository: MakeRepository) -> None:
    pages = planned(make_repository(WITH), Audience.PUBLIC)
    assert not [path for path in pages if path.startswith(("teams/", "categories/"))]
    for page in pages.values():
        assert "teams/" not in page.content.html
        assert "categories/" not in page.content.html


def test_an_incident_belongs_to_the_team_that_had_it_last(make_repository: MakeRepository) -> None:
    payments, desk = desks(published_site(make_repository(WITH)))
    assert [entry.id for entry in payments.load.entries] == ["INC-2026-0004", "INC-2026-0001"]
    assert not desk.load.entries
    assert [one.service.id for one in payments.services] == ["checkout"]


def test_a_team_by_another_name_is_the_same(make_repository: MakeRepository) -> None:
    teams = SCHEMA["schema/teams.yml"].replace("name: Payments,", "name: Payments, aliases: [till],")
    path = "incidents/2026/INC-2026-0004.md"
    records = {**WITH, "schema/teams.yml": teams, path: OPEN.replace("team: payments", "team: till")}
    payments, _ = desks(published_site(make_repository(records)))
    assert len(payments.load.entries) == 2


def test_what_is_due_and_what_is_late(make_repository: MakeRepository) -> None:
    text = words_of(planned(make_repository(WITH))["teams/payments/"].content.html).replace("\u00a0", " ")
    assert "Open now 1 1 at risk or late" in text
    assert "INC-2026-0004 Till is stuck P1 In progress First duty engineer Resolution At risk due" in text
    assert "Actions promised 1 1 late" in text
    assert "Rehearse roll-outs Overdue due 18 Nov 2026 First duty engineer" in text
    assert "Reviews to write 1 none late" in text
    assert "due once the incident is resolved" in text
    assert "MTTR, 12 months 2 h mean of 1; median 2 h" in text
    assert "First duty engineer duty-one ; 1 open incident in hand" in text


def test_an_action_belongs_to_whoever_promised_it_else_to_the_record(make_repository: MakeRepository) -> None:
    problem = (
        "---\ntitle: p\nstatus: open\nteam: desk\nactions:\n"
        "  - {title: Of the desk}\n  - {title: Of somebody else, owner: duty-three}\n---\n"
    )
    records = {"knowledge/problems/PRB-2026-0001.md": problem}
    payments, desk = desks(published_site(make_repository(records)))
    assert [promised.action.title for promised in desk.actions] == ["Of the desk"]
    assert not payments.actions


def test_whoever_has_left_is_not_listed(make_repository: MakeRepository) -> None:
    people = SCHEMA["schema/people.yml"].replace("one@example.invalid]", "x@x.x], valid_until: 2026-01-01")
    root = make_repository({**RECORDS, "schema/people.yml": people})
    payments, desk = desks(published_site(root))
    assert not payments.members
    assert [handle for handle, _, _ in desk.members] == ["duty-two"]


def test_a_team_that_has_had_nothing_yet(make_repository: MakeRepository) -> None:
    page = planned(make_repository({}))["teams/desk/"]
    assert [item.id for item in page.content.toc] == ["now", "services", "people"]
    text = words_of(page.content.html)
    assert "Nothing is open" in text
    assert "It runs no service" in text


def test_no_team_at_all(make_repository: MakeRepository) -> None:
    pages = planned(make_repository({"schema/teams.yml": "teams: []\n"}))
    assert "No team is listed yet" in words_of(pages["teams/"].content.html)


def test_whom_to_call_stands_on_top(make_repository: MakeRepository) -> None:
    teams = SCHEMA["schema/teams.yml"].replace(
        "line: 1,", "line: 1, on_call: Ring the bell <b>twice</b>., email: desk@example.invalid,"
    )
    html = planned(make_repository({"schema/teams.yml": teams}))["teams/desk/"].content.html
    assert "Ring the bell &lt;b&gt;twice&lt;/b&gt;." in html
    assert 'href="mailto:desk@example.invalid"' in html
    assert html.index("Ring the bell") < html.index('id="now"')


ROTATION = """\
    rotation:
      at: "10:00"
      since: 2026-11-02
      order: [duty-one, duty-two]
      overrides: [{from: 2026-11-20T09:00Z, to: 2026-11-20T18:00Z, who: duty-three, reason: <b>Dentist</b>}]
"""


def test_who_is_on_call_now_and_next(make_repository: MakeRepository) -> None:
    line = "  - {id: payments, name: Payments, line: 2, members: [duty-one]}\n"
    block = "  - id: payments\n    name: Payments\n    members: [duty-one, duty-two, duty-three]\n"
    assert line in SCHEMA["schema/teams.yml"]
    teams = SCHEMA["schema/teams.yml"].replace(line, block + ROTATION)
    root = make_repository({**RECORDS, "schema/teams.yml": teams})
    pages = planned(root)
    html = pages["teams/payments/"].content.html
    text = words_of(html).replace("\u00a0", " ")
    assert "On call now Third duty engineer until 20 Nov 2026, 18:00 UTC , then First duty engineer" in text
    assert "override: &lt;b&gt;Dentist&lt;/b&gt;" in html
    index = words_of(pages["teams/"].content.html).replace("\u00a0", " ")
    assert index.count("On call now") == 1
    public = planned(root, Audience.PUBLIC)
    assert not [path for path, page in public.items() if "Third duty engineer" in page.content.html]
