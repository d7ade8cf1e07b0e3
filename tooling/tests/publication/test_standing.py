"""How services are doing at a moment, and what never changes that."""

from __future__ import annotations

from datetime import datetime

import pytest

from incidentbook.pages.site import Site
from incidentbook.publication.standing import Standing, is_all_said, said_until, standing_of
from sitebed import published_site
from testbed import MakeRepository

OPEN = """\
---
title: {title}
status: {status}
services: [{services}]
opened: 2026-11-20T09:00+00:00
{more}
---
"""


def incident(
    services: str, status: str = "in_progress", more: str = "x-none: 1", title: str = "Trouble"
) -> str:
    return OPEN.format(title=title, status=status, services=services, more=more)


def test_what_is_dated_later_is_not_said_yet(make_repository: MakeRepository) -> None:
    updates = """updates:
  - {at: 2026-11-21T09:00+00:00, status: resolved, text: Tomorrow.}
  - {at: 2026-11-20T12:00+00:00, status: identified, text: Now.}
  - {at: 2026-11-20T11:00+00:00, status: investigating, text: Before.}"""
    root = make_repository({"incidents/2026/INC-2026-0001.md": incident("", more=updates)})
    site = published_site(root)
    (entry,) = site.published.incidents
    said = said_until(entry.record.updates, site.now)
    assert [update.text for update in said] == ["Before.", "Now."]
    assert not is_all_said(entry.record.updates, site.now)
    assert is_all_said(said, site.now)


def window(status: str, planned: str, more: str = "x-none: 1") -> str:
    return f"""\
---
title: Work
status: {status}
planned: {planned}
services: [{{service: search, state: major_outage}}]
{more}
---
"""


def standing(site: Site) -> Standing:
    return standing_of(site.published, site.now)


def stand(make: MakeRepository, *files: str, now: str = "2026-11-20T12:00+00:00") -> Standing:
    named = {
        f"incidents/2026/{'MNT' if 'planned:' in text else 'INC'}-2026-{number:04}.md": text
        for number, text in enumerate(files, 1)
    }
    return standing(published_site(make(named), now=datetime.fromisoformat(now)))


def states(standing: Standing) -> dict[str, str]:
    return {one.service.id: one.state for one in standing.services}


def test_all_is_well_where_nothing_is_open(make_repository: MakeRepository) -> None:
    standing = stand(make_repository)
    assert standing.headline == "All systems operational"
    assert set(states(standing).values()) == {"operational"}


def test_the_worst_state_of_any_service_is_the_state_of_the_whole(make_repository: MakeRepository) -> None:
    standing = stand(
        make_repository,
        incident("{service: checkout, state: degraded_performance}"),
        incident("{service: find, state: partial_outage}", title="By its other name"),
    )
    assert states(standing) == {
        "checkout": "degraded_performance",
        "search": "partial_outage",
        "database": "operational",
    }
    assert standing.headline == "Partial outage"
    assert [entry.record.title for entry in standing.open_incidents] == ["By its other name", "Trouble"]


@pytest.mark.parametrize(
    "text",
    [
        incident("{service: checkout, state: major_outage, to: 2026-11-20T11:00+00:00}"),
        incident("{service: checkout, state: major_outage, from: 2026-11-20T13:00+00:00}"),
        incident("{service: checkout, state: major_outage}", more="restored: 2026-11-20T11:30+00:00"),
    ],
    ids=["state ended", "state not begun", "restored"],
)
def test_an_open_incident_whose_services_are_well_is_watched(
    make_repository: MakeRepository, text: str
) -> None:
    standing = stand(make_repository, text)
    assert states(standing)["checkout"] == "operational"
    assert standing.state == "watch"
    assert standing.headline == "Operational, with an open incident"


@pytest.mark.parametrize(
    "text",
    [
        incident("{service: checkout, state: major_outage}", more="drill: true"),
        incident("{service: checkout, state: major_outage}", status="cancelled"),
        incident(
            "{service: checkout, state: major_outage}",
            status="resolved",
            more="resolved: 2026-11-20T11:00+00:00",
        ),
        incident("{service: checkout, state: major_outage}", more="links: {duplicate_of: INC-2026-0009}"),
    ],
    ids=["drill", "cancelled", "resolved", "duplicate"],
)
def test_what_is_no_incident_now_changes_nothing(make_repository: MakeRepository, text: str) -> None:
    twin = incident(
        "{service: search, state: operational}", status="closed", more="closed: 2026-11-20T10:00+00:00"
    )
    files = {f"incidents/2026/INC-2026-{number:04}.md": one for number, one in ((1, text), (9, twin))}
    stood = standing(published_site(make_repository(files)))
    assert stood.headline == "All systems operational"


PLANNED = "{from: 2026-11-20T14:00+00:00, to: 2026-11-20T16:00+00:00}"


@pytest.mark.parametrize(
    ("status", "more", "now", "state"),
    [
        ("scheduled", "x-none: 1", "13:59", "operational"),
        ("in_progress", "x-none: 1", "13:59", "operational"),
        ("scheduled", "x-none: 1", "14:00", "under_maintenance"),
        ("scheduled", "x-none: 1", "16:00", "operational"),
        ("in_progress", "x-none: 1", "18:00", "under_maintenance"),
        ("in_progress", "actual: {from: 2026-11-20T15:00+00:00}", "14:30", "operational"),
        (
            "in_progress",
            "actual: {from: 2026-11-20T14:10+00:00, to: 2026-11-20T15:00+00:00}",
            "15:00",
            "operational",
        ),
        ("completed", "x-none: 1", "15:00", "operational"),
        ("cancelled", "x-none: 1", "15:00", "operational"),
    ],
)
def test_maintenance_changes_a_state_only_while_it_runs(
    make_repository: MakeRepository, status: str, more: str, now: str, state: str
) -> None:
    standing = stand(make_repository, window(status, PLANNED, more), now=f"2026-11-20T{now}+00:00")
    assert states(standing)["search"] == state
    assert bool(standing.running) == (state == "under_maintenance")


def test_maintenance_counts_only_where_nothing_is_worse(make_repository: MakeRepository) -> None:
    running = window("in_progress", PLANNED)
    stood = stand(make_repository, running, now="2026-11-20T15:00+00:00")
    assert stood.headline == "Maintenance under way"
    outage = incident("{service: search, state: partial_outage}")
    assert stand(make_repository, running, outage, now="2026-11-20T15:00+00:00").headline == "Partial outage"


def test_a_retired_service_is_not_shown(make_repository: MakeRepository) -> None:
    schema = "services:\n  - {id: old, name: Old, valid_until: 2026-01-01}\n  - {id: new, name: New}\n"
    stood = standing(published_site(make_repository({"schema/services.yml": schema})))
    assert [one.service.id for one in stood.services] == ["new"]
