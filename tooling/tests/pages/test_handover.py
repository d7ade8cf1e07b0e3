"""The pages of shift notes: for the organisation alone."""

from __future__ import annotations

from incidentbook.archive import open_repository
from incidentbook.pages import plan
from incidentbook.pages.page import Page
from incidentbook.publication import publish
from incidentbook.records import Audience
from sitebed import NOW
from testbed import NEW_INCIDENT, MakeRepository

NOTE = """\
---
status: acknowledged
team: payments
at: 2026-11-20T08:00+00:00
outgoing: duty-one
incoming: duty-two
items:
  - {incident: INC-2026-0001, next_step: "Watch `checkout` until <b>noon</b>", note: See INC-2026-0001.}
  - {incident: INC-2026-0002, owner: duty-three, next_step: Nobody may know.}
acknowledged: 2026-11-20T08:10+00:00
acknowledged_by: duty-two
---
A quiet night.
"""
FILES = {
    "incidents/2026/INC-2026-0001.md": NEW_INCIDENT.replace("status: new", "status: new\nvisibility: public"),
    "incidents/2026/INC-2026-0002.md": NEW_INCIDENT.replace(
        "status: new", "status: new\nvisibility: restricted"
    ),
    "handovers/2026/HND-2026-0001.md": NOTE,
}
PATH = "handovers/HND-2026-0001/"


def planned(
    make: MakeRepository, audience: Audience = Audience.INTERNAL, note: str = NOTE
) -> dict[str, Page]:
    root = make({**FILES, "handovers/2026/HND-2026-0001.md": note})
    return {page.path: page for page in plan(publish(open_repository(root), audience), NOW).pages}


def test_the_page_says_what_was_said(make_repository: MakeRepository) -> None:
    page = planned(make_repository)[PATH]
    html = page.content.html
    assert page.title == "HND-2026-0001 Payments, 2026-11-20 08:00"
    for words in ("First duty engineer", "Second duty engineer", "A quiet night.", "<code>checkout</code>"):
        assert words in html
    assert '<a href="../../incidents/INC-2026-0001/">' in html
    assert "P1" in html
    assert page.content.search[0].tags == ("Handover", "Acknowledged")


def test_what_is_handed_over_of_a_restricted_incident_is_as_secret(make_repository: MakeRepository) -> None:
    html = planned(make_repository)[PATH].content.html
    assert "INC-2026-0002" not in html
    assert "Nobody may know" not in html


def test_the_incident_names_the_note(make_repository: MakeRepository) -> None:
    html = planned(make_repository)["incidents/INC-2026-0001/"].content.html
    assert "Handed over in" in html
    assert f'href="../../{PATH}"' in html


def test_the_list_has_it(make_repository: MakeRepository) -> None:
    html = planned(make_repository)["handovers/"].content.html
    assert f'href="../{PATH}"' in html
    assert "Second duty engineer" in html


def test_the_public_has_no_trace_of_it(make_repository: MakeRepository) -> None:
    pages = planned(make_repository, Audience.PUBLIC, NOTE.replace("team:", "visibility: public\nteam:"))
    assert [path for path in pages if "handover" in path] == []
    assert all("HND-2026-0001" not in page.content.html for page in pages.values())


def test_one_without_a_team_is_of_all(make_repository: MakeRepository) -> None:
    note = NOTE.replace("team: payments\n", "")
    assert planned(make_repository, note=note)[PATH].title == "HND-2026-0001 All teams, 2026-11-20 08:00"
    note = NOTE.replace("team: payments", "title: The night of the sale")
    assert planned(make_repository, note=note)[PATH].title == "HND-2026-0001 The night of the sale"
